"""Program of the lesson about softmax and cross-entropy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.render.kit.programs.texts import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOLD = '''\
def tell(name, logits):
    """Note softmax, cross-entropy and its gradient, step by step and as torch does it."""
    z = torch.tensor(logits, requires_grad=True)
    loss = F.cross_entropy(z, target)
    (gradient,) = torch.autograd.grad(loss, z)
    note(name, {"logits": z, "loss": loss, "gradient": gradient})
    note(f"{name}.one_hot", F.one_hot(target, len(z)).double())

    # The largest logit is taken off first, so that no exponent is above 0.
    fixed = z.detach()
    shifted = fixed - fixed.max()
    exponentials = torch.exp(shifted)
    total = exponentials.sum()
    log_sum_exp = fixed.max() + torch.log(total)
    note(name, {"largest": fixed.max(), "shifted": shifted})
    note(name, {"exponentials": exponentials, "total": total})
    note(name, {"probabilities": exponentials / total, "log_sum_exp": log_sum_exp})
    note(f"{name}.log_probabilities", fixed - log_sum_exp)

    # Without that, as the formula stands: large logits end in inf and nan.
    exponentials = torch.exp(z)
    total = exponentials.sum()
    probabilities = exponentials / total
    loss = -torch.log(probabilities[target])
    (gradient,) = torch.autograd.grad(loss, z)
    note(f"{name}.naive", {"exponentials": exponentials, "total": total, "loss": loss})
    note(f"{name}.naive", {"probabilities": probabilities, "gradient": gradient})


'''


def softmax_text(sheet: Mapping[str, Any]) -> str:
    """Return the program of softmax and cross-entropy."""
    return "\n".join(
        [
            f"target = torch.tensor({sheet['softmax']['target']!r})  # counted from 0",
            "",
            "",
            _TOLD + literal('tell("softmax", ', sheet["softmax"]["logits"], ")"),
            literal('tell("moved", ', sheet["moved"]["logits"], ")"),
            """
# What the two floating-point types can hold.
for name in ("float32", "float64"):
    info = torch.finfo(getattr(torch, name))
    note(f"ranges.{name}.largest", info.max)
    note(f"ranges.{name}.smallest", info.smallest_normal * info.eps)
    note(f"ranges.{name}.largest_exponent", math.log(info.max))
""",
        ]
    )
