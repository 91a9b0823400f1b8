"""What is to be said of a tape beside its graph, and the graph in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message

if TYPE_CHECKING:
    from backprop_studio.core.tape.records import Tape

_ENDINGS = {
    "freed": (
        "tape.freed",
        N_("what the nodes saved was freed by backward(): give retain_graph=True to keep it"),
    ),
    "changed": (
        "tape.changed",
        N_("no gradient flows: a tensor that a node saved was changed in place"),
    ),
    "no_scalar": (
        "tape.no_scalar",
        N_("no gradient flows from a tensor that is no single number, unless one is given for it"),
    ),
    "failed": ("tape.failed", N_("no gradient flows: a backward pass failed ({reason})")),
}


def remark(tape: Tape) -> Message | None:
    """Return why a tape has no gradients; None if it has some.

    Examples
    --------
    >>> from backprop_studio.core.tape.records import TapeNode, Tape
    >>> tape = Tape(nodes=(TapeNode(id="n0", name="AddBackward0"),), output="n0", ending="freed")
    >>> remark(tape).code
    'tape.freed'
    """
    if tape.ending == "whole":
        return None
    code, text = _ENDINGS[tape.ending]
    return Message.of(code, text, reason=tape.reason)


def listing(tape: Tape) -> str:
    """Return a tape's nodes as lines of text, what each uses in brackets.

    Examples
    --------
    >>> from backprop_studio.core.tape.records import TapeEdge, TapeNode, Tape
    >>> nodes = (
    ...     TapeNode(id="n0", kind="leaf", name="AccumulateGrad", labels=("x",), shapes=((2,),)),
    ...     TapeNode(id="n1", name="SumBackward0"),
    ... )
    >>> print(listing(Tape(nodes=nodes, edges=(TapeEdge(tail="n0", head="n1"),), output="n1")))
    n0  AccumulateGrad  x  (2,)
    n1  SumBackward0(n0)
    """
    lines = []
    for node in tape.nodes:
        inputs = ", ".join(edge.tail for edge in tape.inputs_of(node.id))
        name = f"{node.repeats} × {node.name}" if node.repeats else node.name
        words = [node.id, f"{name}({inputs})" if inputs else name, ", ".join(node.labels)]
        words.append(", ".join(str(shape) for shape in node.shapes if shape))
        lines.append("  ".join(filter(None, words)))
    return "\n".join(lines)
