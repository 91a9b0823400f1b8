"""Example tensors of rank 0 to 4, and the meaning of their axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from backprop_studio.core.base.arrays import frozen
from backprop_studio.core.base.i18n import N_

if TYPE_CHECKING:
    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.network.tensor_params import TensorsGroup


@dataclass(frozen=True)
class TensorExample:
    """A tensor and how it lies in memory.

    Attributes
    ----------
    rank : int
        How many axes.
    title : str
        English key of its name: scalar, vector, matrix, image, video.
    axes : tuple of str
        English keys of the axes' names, one each.
    shape : tuple of int
    strides : tuple of int
        How many numbers further in memory the next entry along each axis lies.
    count : int
        How many numbers.
    bytes : int
        Eight for each.
    dtype : str
        As torch calls it.
    values : float64 array of that shape
        From 0 to 1.
    """

    rank: int
    title: str
    axes: tuple[str, ...]
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    count: int
    bytes: int
    dtype: str
    values: Array


@dataclass(frozen=True)
class TensorsRecord:
    """Examples of rank 0 to 4.

    Attributes
    ----------
    seed : int
    examples : tuple of TensorExample
        In the order of their rank.
    """

    seed: int
    examples: tuple[TensorExample, ...]


def tensor_ranks(sizes: TensorsGroup) -> TensorsRecord:
    """Make a scalar, a vector, a matrix, an image and a video.

    Parameters
    ----------
    sizes : TensorsGroup
        Of the vector, the matrix, the image and the video, whose pictures are as large; its seed
        draws the numbers, evenly from 0 to 1.

    Examples
    --------
    >>> from backprop_studio.core.network.tensor_params import TensorsGroup
    >>> for it in tensor_ranks(TensorsGroup()).examples:
    ...     print(it.rank, it.title, it.shape, it.strides, it.count)
    0 scalar () () 1
    1 vector (4,) (1,) 4
    2 matrix (3, 4) (4, 1) 12
    3 image (4, 6, 3) (18, 3, 1) 72
    4 video (5, 4, 6, 3) (72, 18, 3, 1) 360
    """
    image = (sizes.height, sizes.width, sizes.channels)
    picture = (N_("height"), N_("width"), N_("channel"))
    kinds: list[tuple[str, tuple[str, ...], tuple[int, ...]]] = [
        (N_("scalar"), (), ()),
        (N_("vector"), (N_("entry"),), (sizes.length,)),
        (N_("matrix"), (N_("row"), N_("column")), (sizes.rows, sizes.columns)),
        (N_("image"), picture, image),
        (N_("video"), (N_("time"), *picture), (sizes.frames, *image)),
    ]
    generator = torch.Generator().manual_seed(sizes.seed)
    examples = []
    for title, axes, shape in kinds:
        tensor = torch.rand(shape, generator=generator, dtype=torch.float64)
        examples.append(
            TensorExample(
                rank=tensor.dim(),
                title=title,
                axes=axes,
                shape=tuple(tensor.shape),
                strides=tensor.stride(),
                count=tensor.numel(),
                bytes=tensor.numel() * tensor.element_size(),
                dtype=str(tensor.dtype),
                values=frozen(tensor.numpy()),
            )
        )
    return TensorsRecord(sizes.seed, tuple(examples))
