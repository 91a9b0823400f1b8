"""Parameters of the lesson on tensors. Nothing here loads torch."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backprop_studio.core.base.graph_limits import MAX_SIZE
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams

__all__ = ["TensorsGroup"]

Size = Annotated[int, Field(ge=1, le=MAX_SIZE)]


class TensorsGroup(LessonParams):
    """Sizes of a vector, a matrix, an image and a video."""

    length: Size = Field(
        4,
        title=N_("Entries of the vector"),
        description=N_("The size of its one axis."),
    )
    rows: Size = Field(
        3,
        title=N_("Rows of the matrix"),
        description=N_("The size of its first axis."),
    )
    columns: Size = Field(
        4,
        title=N_("Columns of the matrix"),
        description=N_("The size of its second axis."),
    )
    height: Size = Field(
        4,
        title=N_("Height of the image"),
        description=N_("In pixels; the pictures of the video are as high."),
    )
    width: Size = Field(
        6,
        title=N_("Width of the image"),
        description=N_("In pixels; the pictures of the video are as wide."),
    )
    channels: Size = Field(
        3,
        title=N_("Channels of the image"),
        description=N_("Numbers per pixel, such as red, green and blue."),
    )
    frames: Size = Field(
        5,
        title=N_("Pictures of the video"),
        description=N_("The size of the axis of time."),
    )
    seed: int = Field(
        0,
        ge=0,
        lt=2**31,
        title=N_("Seed"),
        description=N_("The same seed draws the same numbers again."),
    )
