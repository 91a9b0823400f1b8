"""The loop of every training: one update after the other, up to a number that is not finite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

import numpy as np

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt
    import torch

Reason: TypeAlias = Literal["weights", "optimizer", "loss", "gradient"]


@dataclass(frozen=True)
class Divergence:
    """The first step of a run whose numbers float64 cannot hold.

    Attributes
    ----------
    step : int
        The first step with inf or nan; the run's last kept step is the one before.
    reason : str
        What was not finite first: weights or biases, what the optimizer remembers, the loss (of the
        batch, or at a kept step of all samples or the held-out ones), or a gradient's length.
    """

    step: int
    reason: Reason

    @classmethod
    def first(
        cls, step: int, **parts: Iterable[float | npt.NDArray[np.float64]]
    ) -> Divergence | None:
        """Return the divergence of a step, or None where all numbers are finite.

        Parameters
        ----------
        step : int
            Which step it is.
        **parts
            Numbers and arrays under their reason, in the order in which they are looked at.

        Examples
        --------
        >>> Divergence.first(3, weights=[1.0], loss=[np.inf], gradient=[np.nan])
        Divergence(step=3, reason='loss')
        """
        for reason, numbers in parts.items():
            if not all(np.isfinite(it).all() for it in numbers):
                return cls(step, cast("Reason", reason))
        return None


def counted_updates(optimizer: torch.optim.Optimizer, steps: int) -> Iterator[int]:
    """Yield how many updates were made, from 0 to ``steps``, and make the next in between.

    Whoever loops leaves in ``.grad`` what the next update is made of, and stops early where a
    number is not finite.

    Examples
    --------
    The curriculum's one weight, L = (2 w - 4)^2:

    >>> import torch
    >>> w = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    >>> for step in counted_updates(torch.optim.SGD([w], lr=0.1), 2):
    ...     print(step, round(w.item(), 2))
    ...     w.grad = 4 * (2 * w.detach() - 4)
    0 1.0
    1 1.8
    2 1.96
    """
    for step in range(steps + 1):
        if step:
            optimizer.step()
        yield step


def too_large_at_start() -> InputError:
    """Return the error of a network whose first loss or gradient is not finite.

    Examples
    --------
    >>> too_large_at_start().message.code
    'training.too_large'
    """
    text = N_(
        "the network's values are too large to compute with even before the first step; "
        "choose smaller inputs, targets or weights"
    )
    return InputError("training.too_large", text)
