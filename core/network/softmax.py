"""Softmax and cross-entropy of one sample, step by step, and where the naive formula overflows.

The largest number of float64 is about e^709.78, so e^z of a larger logit is infinite, and infinity
divided by infinity is no number. Subtracting the largest logit first changes no probability, as
e^(z - m) / sum e^(z - m) = e^z / sum e^z, and leaves no exponent above 0; the loss is then written
with log-sum-exp, m + log sum e^(z - m). Goodfellow, Bengio, Courville, "Deep Learning" (2016),
sections 4.1 and 6.2.2.3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

from backprop_studio.core.base.arrays import Array, frozen
from backprop_studio.core.claims.softmax import SAME
from backprop_studio.core.network.passes import as_array, single_thread

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class FloatRange:
    """Range of a floating-point type.

    Attributes
    ----------
    largest : float
        Its largest number; what is larger becomes infinite.
    smallest : float
        Its smallest number above 0; what is below half of it becomes 0.
    largest_exponent : float
        e^z of a larger z is infinite.
    """

    largest: float
    smallest: float
    largest_exponent: float


def float_range(kind: torch.dtype) -> FloatRange:
    """Return what a floating-point type of torch can hold.

    Parameters
    ----------
    kind : torch.dtype
        Such as ``torch.float32``, in which networks compute if nobody says otherwise.

    Examples
    --------
    >>> [round(float_range(kind).largest_exponent, 2) for kind in (torch.float32, torch.float64)]
    [88.72, 709.78]
    """
    info = torch.finfo(kind)
    return FloatRange(info.max, info.smallest_normal * info.eps, math.log(info.max))


@dataclass(frozen=True)
class NaiveSoftmax:
    """Softmax without the shift, as float64 has it: inf and nan are what really comes out.

    Attributes
    ----------
    exponentials : (n,) float64
        e^z.
    total : float
        Their sum.
    probabilities : (n,) float64
        e^z / sum.
    loss : float
        -log of the target's probability.
    gradient : (n,) float64
        dL/dz as autograd finds it along these steps.
    overflows : bool
        Whether the sum is infinite.
    underflows : bool
        Whether the target's probability is 0, or the sum is, so that the loss is infinite or none.
    is_right : bool
        Whether loss, probabilities and gradient are finite.
    """

    exponentials: Array
    total: float
    probabilities: Array
    loss: float
    gradient: Array
    overflows: bool
    underflows: bool
    is_right: bool


@dataclass(frozen=True)
class SoftmaxRecord:
    """Softmax with the shift, step by step, with loss and gradient; nothing overflows.

    Attributes
    ----------
    logits : (n,) float64
        z, the last layer's outputs.
    target : int
        The true class, counted from 0.
    one_hot : (n,) float64
        y: 1 for the true class, 0 for the others.
    largest : float
        m, the largest logit.
    shifted : (n,) float64
        z - m.
    exponentials : (n,) float64
        e^(z - m), from 0 to 1.
    total : float
        Their sum, from 1 to n.
    probabilities : (n,) float64
        p, their shares.
    log_sum_exp : float
        m + log total, which is log sum e^z.
    log_probabilities : (n,) float64
        z - log_sum_exp, which is log p, finite even where p is 0 in float64.
    loss : float
        L = -log p of the true class, in nats, by torch's ``cross_entropy``.
    gradient : (n,) float64
        dL/dz by autograd; p - t up to the last digit.
    naive : NaiveSoftmax
        The same logits without the shift.
    """

    logits: Array
    target: int
    one_hot: Array
    largest: float
    shifted: Array
    exponentials: Array
    total: float
    probabilities: Array
    log_sum_exp: float
    log_probabilities: Array
    loss: float
    gradient: Array
    naive: NaiveSoftmax

    @property
    def naive_holds(self) -> bool:
        """Whether the naive formula gives the same, as far as six decimals of p can tell.

        It may be finite and still wrong: the smallest numbers of float64 have few digits left.
        """
        shares = self.naive.probabilities
        return self.naive.is_right and bool(np.abs(shares - self.probabilities).max() < SAME)


def softmax_cross_entropy(logits: Sequence[float], target: int) -> SoftmaxRecord:
    """Return softmax, cross-entropy and its gradient for one sample.

    Parameters
    ----------
    logits : sequence of float
        Two or more numbers.
    target : int
        The true class, counted from 0.

    Examples
    --------
    >>> record = softmax_cross_entropy([0.0, 0.0], target=0)
    >>> record.probabilities.tolist(), record.gradient.tolist(), round(record.loss, 6)
    ([0.5, 0.5], [-0.5, 0.5], 0.693147)

    Logits of a thousand: the naive formula ends in nan, the shifted one does not.

    >>> large = softmax_cross_entropy([1000.0, 999.0], target=1)
    >>> large.naive.probabilities.tolist(), large.naive.overflows
    ([nan, nan], True)
    >>> large.probabilities.round(4).tolist(), round(large.loss, 4)
    ([0.7311, 0.2689], 1.3133)
    """
    with single_thread():
        z = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
        loss = F.cross_entropy(z, torch.tensor(target))
        (gradient,) = torch.autograd.grad(loss, z)
        naive = _naive(z, target)
        fixed = z.detach()
        largest = fixed.max()
        shifted = fixed - largest
        exponentials = torch.exp(shifted)
        total = exponentials.sum()
        log_sum_exp = largest + torch.log(total)
        return SoftmaxRecord(
            logits=as_array(fixed),
            target=target,
            one_hot=frozen([float(k == target) for k in range(len(logits))]),
            largest=largest.item(),
            shifted=as_array(shifted),
            exponentials=as_array(exponentials),
            total=total.item(),
            probabilities=as_array(exponentials / total),
            log_sum_exp=log_sum_exp.item(),
            log_probabilities=as_array(fixed - log_sum_exp),
            loss=loss.item(),
            gradient=as_array(gradient),
            naive=naive,
        )


def _naive(z: Tensor, target: int) -> NaiveSoftmax:
    exponentials = torch.exp(z)
    total = exponentials.sum()
    probabilities = exponentials / total
    loss = -torch.log(probabilities[target])
    (gradient,) = torch.autograd.grad(loss, z)
    found = torch.cat([probabilities.detach(), loss.detach().reshape(1), gradient])
    return NaiveSoftmax(
        exponentials=as_array(exponentials),
        total=total.item(),
        probabilities=as_array(probabilities),
        loss=loss.item(),
        gradient=as_array(gradient),
        overflows=math.isinf(total.item()),
        underflows=total.item() == 0 or probabilities[target].item() == 0,
        is_right=bool(torch.isfinite(found).all()),
    )
