"""What becomes of one weight: of a nudge, of a step, of many steps, of a loop over samples."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from backprop_studio.core.claims.change import seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backprop_studio.core.base.arrays import Array

Reaches: TypeAlias = Literal["loss", "prediction", "nothing"]
"""How far a nudge comes."""

Direction: TypeAlias = Literal["grows", "shrinks", "zero", "lost"]
"""
Where a step leads: against the gradient; nowhere, as that is 0; or nowhere because the step is lost
beside the weight.
"""

Course: TypeAlias = Literal["breaks", "rises", "falls", "equal", "mixed"]
"""
What many steps do to the loss: numbers leave float64; each makes it larger; it is smaller in the
end, as far as that is shown; it is the same; or it is larger, but not at each step.
"""

LoopEnd: TypeAlias = Literal["diverges", "worse", "known", "new"]
"""
What a loop over samples leads to: the rate is too large for it; the mean loss is no smaller for
another reason; a prediction for an input among the samples, or for another one.
"""

Corner: TypeAlias = Literal["shared", "extra", "alike", "beyond"]
"""
How a nudge's change of a squared distance differs from what the slope promises, two strips along
the square's sides: they "shared" a corner that is lost once, or a corner comes on top, as an
"extra"; both are shown "alike"; or the square is not that of one side, as the prediction jumps
"beyond" the target.
"""


LoopStart: TypeAlias = Literal["slower", "plain"]
"""
How a loop over samples begins: where the steps before it did, with a smaller rate for larger
inputs; or otherwise.
"""


def reaches(in_prediction: float, in_loss: float) -> Reaches:
    """Return how far a nudge comes, by what it changes.

    Examples
    --------
    >>> reaches(0.2, -0.76), reaches(0.2, 0.0), reaches(0.0, 0.0)
    ('loss', 'prediction', 'nothing')
    """
    if not in_prediction:
        return "nothing"
    return "loss" if in_loss else "prediction"


def direction(gradient: float, before: float, after: float) -> Direction:
    """Return where a step leads a weight.

    Examples
    --------
    >>> direction(-8.0, 1.0, 1.8), direction(0.0, 1.0, 1.0), direction(1e-20, 1.0, 1.0)
    ('grows', 'zero', 'lost')
    """
    if gradient == 0:
        return "zero"
    if before == after:
        return "lost"
    return "grows" if after > before else "shrinks"


def course(losses: Sequence[float], *, breaks: bool = False) -> Course:
    """Return what steps do to a loss.

    Parameters
    ----------
    losses : (K,) float
        Before the first step and after each.
    breaks : bool
        Whether the numbers left float64 after these.

    Examples
    --------
    >>> course([4.0, 0.16, 0.0064]), course([1.0, 1.0]), course([1.0, 0.5, 2.0])
    ('falls', 'equal', 'mixed')
    """
    if breaks:
        return "breaks"
    first, last = seen(losses[0]), seen(losses[-1])
    if first == last:
        return "equal"
    if last < first:
        return "falls"
    return "rises" if all(b > a for a, b in pairwise(losses)) else "mixed"


def loop_start(
    weights: tuple[float, float], rates: tuple[float, float], x: float, xs: Array
) -> LoopStart:
    """Return how a loop over samples begins.

    Parameters
    ----------
    weights, rates : (float, float)
        With which the steps before it began, and the loop.
    x : float
        The input of the steps before it.
    xs : (N,) float64
        The inputs of the loop.

    Examples
    --------
    >>> loop_start((1.0, 1.0), (0.1, 0.01), 2.0, np.array([1.0, 3.0]))
    'slower'
    >>> loop_start((1.0, 0.5), (0.1, 0.01), 2.0, np.array([1.0, 3.0]))
    'plain'
    """
    is_slower = rates[1] < rates[0] and np.abs(xs).max() > abs(x)
    return "slower" if weights[0] == weights[1] and is_slower else "plain"


def loop_end(
    losses: Array, factors: Array, *, is_known: bool = False, breaks: bool = False
) -> LoopEnd:
    """Return what a loop over samples leads to.

    Parameters
    ----------
    losses : (E,) float64
        The mean loss before the first epoch and after each.
    factors : (N,) float64
        By which the update of each sample multiplies the distance to its own best weight.
    is_known, breaks : bool
        Whether the input of the prediction is one of the samples'; whether numbers left float64.

    Examples
    --------
    >>> loop_end(np.array([2.0, 1.0]), np.array([0.9]))
    'new'
    >>> loop_end(np.array([1.0, 2.0]), np.array([-1.1])), loop_end(np.ones(2), np.array([0.5]))
    ('diverges', 'worse')
    """
    if breaks or (losses[-1] > losses[0] and abs(np.prod(factors)) > 1):
        return "diverges"
    if not losses[-1] < losses[0]:
        return "worse"
    return "known" if is_known else "new"


def corner(distances: tuple[float, float], promised: float, came: float) -> Corner:
    """Return what makes the difference between a square's change and what its slope promises.

    Parameters
    ----------
    distances : (float, float)
        From the target, before and after the nudge.
    promised, came : float
        Slope times nudge, and the change itself.

    Examples
    --------
    >>> corner((2.0, 1.8), -0.8, -0.76), corner((2.0, 2.2), 0.8, 0.84)
    ('shared', 'extra')
    >>> corner((2.0, 2.0), -8e-9, -8e-9), corner((0.1, 0.3), -0.08, 0.08)
    ('alike', 'beyond')
    """
    before, after = distances
    if seen(promised) == seen(came):
        return "alike"
    if (promised < 0) != (after < before):
        return "beyond"
    return "shared" if after < before else "extra"
