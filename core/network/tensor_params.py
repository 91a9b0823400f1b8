"""Parameters of the lesson on tensors. Nothing here loads torch."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backprop_studio.core.base.fields import Seed, param
from backprop_studio.core.base.graph_limits import MAX_SIZE
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams

Size = Annotated[int, Field(ge=1, le=MAX_SIZE)]


class TensorsGroup(LessonParams):
    """Sizes of a vector, a matrix, an image and a video."""

    length: Size = param(4, N_("Entries of the vector"), N_("The size of its one axis."))
    rows: Size = param(3, N_("Rows of the matrix"), N_("The size of its first axis."))
    columns: Size = param(4, N_("Columns of the matrix"), N_("The size of its second axis."))
    height: Size = param(
        4, N_("Height of the image"), N_("In pixels; the pictures of the video are as high.")
    )
    width: Size = param(
        6, N_("Width of the image"), N_("In pixels; the pictures of the video are as wide.")
    )
    channels: Size = param(
        3, N_("Channels of the image"), N_("Numbers per pixel, such as red, green and blue.")
    )
    frames: Size = param(5, N_("Pictures of the video"), N_("The size of the axis of time."))
    seed: Seed = param(0, N_("Seed"), N_("The same seed draws the same numbers again."))
