"""What the film of a training step says: of answers, of a nudge, of gradients on their way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from backprop_studio.core.claims.change import decimals_apart, seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

SHARE_DECIMALS = 3
"""With which probabilities are shown."""

AGREES = 0.02
"""Of a gradient: what a nudge measured is as good as that."""

Answer: TypeAlias = Literal["wrong", "right", "tie", "off", "all_off", "hits"]
"""
What a network answers to a sample. Of classes: another one, the target, or none that is ahead of
all others, as far as that is shown. Of numbers: its only output is not the target, or some of
several are not; or all are, as far as they are shown.
"""

Activated: TypeAlias = Literal["identity", "passed", "cut", "bent"]
"""What becomes of z: there is no activation; a relu lets it through, or gives 0; another one."""

Passes: TypeAlias = Literal["linear", "passes", "no_input", "flat"]
"""
How far a nudge comes in its unit: to z, which is a as there is no activation; to z and on to a;
not even to z; or to z and no further.
"""

Reaction: TypeAlias = Literal["rises", "falls", "same"]
"""What the loss does, as far as that is shown."""

Slopes: TypeAlias = Literal["plain", "stops", "flows"]
"""
What slopes do to a gradient on its way back: there is no activation; some of them are 0; or none.
"""

Most: TypeAlias = Literal["one", "several", "zero"]
"""Whether one gradient is the largest, as far as they are shown; or all are 0."""

Course: TypeAlias = Literal["known", "learned", "lost", "still_wrong"]
"""What became of the answer to a sample: was it right before training, and is it after?"""


NextAnswer: TypeAlias = Literal["right", "still_right", "lost", "same", "another", "tie"]
"""
What a classifier answers after a step: the target, now or as before; the target no more; wrong, the
same class as before or another one; or no class is ahead.
"""


def class_answer(probabilities: npt.ArrayLike, target: int) -> Answer:
    """Return what a classifier answers.

    Examples
    --------
    >>> class_answer([0.2, 0.5, 0.3], 0), class_answer([0.2, 0.5, 0.3], 1)
    ('wrong', 'right')
    >>> class_answer([0.2, 0.40001, 0.4], 1)
    'tie'
    """
    shown = np.round(np.asarray(probabilities, dtype=np.float64), SHARE_DECIMALS)
    ahead = np.flatnonzero(shown == shown.max())
    if len(ahead) != 1:
        return "tie"
    return "right" if int(ahead[0]) == target else "wrong"


def number_answer(outputs: Sequence[float], targets: Sequence[float]) -> Answer:
    """Return what a network answers whose targets are numbers.

    Examples
    --------
    >>> number_answer([0.75], [0.01]), number_answer([1.0, 0.5], [1.0, 0.0])
    ('off', 'all_off')
    >>> number_answer([1.0], [1.0])
    'hits'
    """
    pairs = zip(outputs, targets, strict=True)
    if all(decimals_apart(float(output), float(target)) is None for output, target in pairs):
        return "hits"
    return "off" if len(outputs) == 1 else "all_off"


def activated(activation: str, z: float) -> Activated:
    """Return what an activation makes of a number.

    Examples
    --------
    >>> activated("relu", 1.36), activated("relu", -0.16), activated("tanh", 1.0)
    ('passed', 'cut', 'bent')
    """
    if activation == "identity":
        return "identity"
    if activation == "relu":
        return "passed" if z > 0 else "cut"
    return "bent"


def passes(activation: str, dz: float, da: float) -> Passes:
    """Return how far a nudge comes in its unit.

    Examples
    --------
    >>> passes("relu", 0.01, 0.01), passes("relu", 0.01, 0.0), passes("identity", 0.01, 0.01)
    ('passes', 'flat', 'linear')
    """
    if dz == 0:
        return "no_input"
    if activation == "identity":
        return "linear"
    return "passes" if da else "flat"


def reaction(before: float, after: float) -> Reaction:
    """Return what the loss does.

    Examples
    --------
    >>> reaction(1.0324, 1.0398), reaction(1.0324, 1.0324)
    ('rises', 'same')
    """
    if decimals_apart(before, after) is None:
        return "same"
    return "rises" if after > before else "falls"


def agrees(ratio: float, gradient: float) -> bool:
    """Return whether a nudge has measured a gradient.

    Examples
    --------
    >>> agrees(0.7316, 0.7323), agrees(0.5, 0.7323), agrees(0.0, 0.0)
    (True, False, False)
    """
    return gradient != 0 and abs(ratio - gradient) <= AGREES * abs(gradient)


def slopes(activation: str, da_dz: npt.ArrayLike) -> Slopes:
    """Return what slopes do to a gradient on its way back.

    Examples
    --------
    >>> slopes("relu", [1.0, 0.0]), slopes("tanh", [0.5]), slopes("identity", [1.0])
    ('stops', 'flows', 'plain')
    """
    if activation == "identity":
        return "plain"
    return "flows" if np.asarray(da_dz).all() else "stops"


def most(gradients: Sequence[float]) -> Most:
    """Return whether one gradient is the largest.

    Parameters
    ----------
    gradients : sequence of float
        The largest first, at least two of them where there are two.

    Examples
    --------
    >>> most([0.7323, -0.7285]), most([0.5, -0.5]), most([0.0, 0.0])
    ('one', 'several', 'zero')
    """
    sizes = [seen(abs(it)) for it in gradients]
    if not gradients or gradients[0] == 0:
        return "zero"
    return "several" if len(sizes) > 1 and sizes[0] == sizes[1] else "one"


def next_answer(before: Answer, after: Answer, *, same: bool) -> NextAnswer:
    """Return what a classifier answers after a step.

    Parameters
    ----------
    same : bool
        Whether it is the class that it said before.

    Examples
    --------
    >>> next_answer("wrong", "wrong", same=False), next_answer("wrong", "right", same=False)
    ('another', 'right')
    >>> next_answer("right", "wrong", same=False), next_answer("wrong", "tie", same=True)
    ('lost', 'tie')
    """
    if after == "tie":
        return "tie"
    if after == "right":
        return "still_right" if before == "right" else "right"
    if before == "right":
        return "lost"
    return "same" if before == "wrong" and same else "another"


def course(first: Answer, last: Answer) -> Course:
    """Return what became of an answer.

    Examples
    --------
    >>> course("wrong", "right"), course("tie", "wrong"), course("right", "right")
    ('learned', 'still_wrong', 'known')
    """
    if last == "right":
        return "known" if first == "right" else "learned"
    return "lost" if first == "right" else "still_wrong"
