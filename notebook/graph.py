"""The graph that torch recorded of somebody's own code: a picture, and plain data."""

from __future__ import annotations

import io
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import InputError, OutputError
from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.core.base.messages import os_reason, sentence
from backprop_studio.core.tape.words import listing, remark
from backprop_studio.notebook.kernel import new_id, run
from backprop_studio.notebook.options import Look, checked, speaking
from backprop_studio.render.messages.jobs import TapeJob

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from PIL.Image import Image
    from torch import Tensor, nn

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.core.base.parameters import Theme
    from backprop_studio.core.tape.records import Tape, TapeEdge, TapeNode
    from backprop_studio.notebook.lesson import Lesson

PIXELS_PER_POINT = 2
"""Pixels of the picture for each that a notebook shows it with."""


class Graph:
    """What torch recorded of a tensor, as :func:`graph` returns it.

    A notebook shows its picture. It is drawn by a worker process, which gets plain data only.

    Attributes
    ----------
    language, theme : str
        How it is drawn.
    """

    def __init__(self, tape: Tape, drawn: Tape, look: Look) -> None:
        self._tape, self._drawn = tape, drawn
        self.language = look.language
        self.theme = look.theme

    @property
    def nodes(self) -> tuple[TapeNode, ...]:
        """All functions and leaves, each behind what it uses, with names and shapes of torch's.

        Examples
        --------
        >>> import torch
        >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
        >>> found = graph((x * x).sum())
        >>> [(node.name, node.shapes) for node in found.nodes]
        [('AccumulateGrad', ((2,),)), ('MulBackward0', ((2,),)), ('SumBackward0', ((),))]
        >>> found.nodes[0].labels, found.nodes[0].gradient.values, x.grad
        (('x',), (2.0, 4.0), None)
        """
        return self._tape.nodes

    def lesson(self) -> Lesson:
        """Return the lesson on this graph: its tape is played, and then walked back.

        Examples
        --------
        >>> import torch
        >>> x = torch.tensor(3.0, requires_grad=True)
        >>> graph(x**2).lesson()
        <Lesson autograd_graph: graph>
        """
        from backprop_studio.notebook.opening import lesson

        look: dict[str, Any] = {"language": self.language, "theme": self.theme}
        return lesson("autograd_graph", graph=self._drawn.model_dump_json(), **look)

    @property
    def edges(self) -> tuple[TapeEdge, ...]:
        """What goes from node to node, with the gradient that comes back along it."""
        return self._tape.edges

    @property
    def remark(self) -> str:
        """Why no gradient flows; empty if it does."""
        said = remark(self._tape)
        return sentence(said, translator(self.language)) if said else ""

    def __repr__(self) -> str:
        """List what is drawn, with what each node uses in brackets."""
        return "\n".join(filter(None, [listing(self._drawn), self.remark]))

    def _repr_png_(self) -> bytes:
        """Return the picture, for notebooks."""
        return self._png

    def _repr_mimebundle_(self, **_asked: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return picture and list, and how large the picture is meant to be, for notebooks."""
        width, height = (length // PIXELS_PER_POINT for length in self.still().size)
        size = {"width": width, "height": height}
        return {"image/png": self._png, "text/plain": repr(self)}, {"image/png": size}

    def still(self, path: str | os.PathLike[str] | None = None) -> Image:
        """Return the picture, and write it into a file if one is named.

        Parameters
        ----------
        path : str or path, optional
            Its ending is the format: .png, .jpg, .webp, .pdf.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        from PIL import Image

        picture = Image.open(io.BytesIO(self._png))
        if path is not None:
            target = Path(path).expanduser()
            try:
                picture.save(target)
            except (OSError, ValueError) as error:
                text = N_("{file} cannot be written: {reason}")
                reason = os_reason(error) if isinstance(error, OSError) else str(error)
                raise OutputError("graph.unwritten", text, file=target, reason=reason) from error
        return picture

    @cached_property
    def _png(self) -> bytes:
        look = {"language": self.language, "theme": self.theme}
        _, picture = run(TapeJob(id=new_id(), tape=self._drawn, **look))
        return picture


def graph(
    y: Tensor,
    *,
    names: Mapping[str, Tensor] | nn.Module | None = None,
    gradient: Tensor | None = None,
    language: Language = "en",
    theme: Theme = "dark",
) -> Graph:
    """Return the graph that torch recorded of a tensor, whatever code computed it.

    Functions are called as torch calls them, with their shapes, what they saved, and the gradients
    that flow back. Nothing is changed: neither ``.grad`` nor the graph, and no hook is run. A
    graph of more than 60 nodes is folded: repeated blocks, modules, branches.

    Parameters
    ----------
    y : Tensor
        Where the way back begins, such as a loss.
    names : mapping or nn.Module, optional
        What tensors are called; by default as the variables of the code that calls this.
    gradient : Tensor, optional
        dL/dy, if y is no single number; without it no gradient flows.
    language : {"en", "zh"}
        Of what is said.
    theme : {"dark", "light", "print"}
        Colours.

    Raises
    ------
    InputError
        If y is no tensor, or torch has recorded nothing of it.

    Examples
    --------
    >>> import torch
    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> graph(x**2)
    n0  AccumulateGrad  x
    n1  PowBackward0(n0)
    """
    from backprop_studio.core.tape.folding import folded
    from backprop_studio.core.tape.reading import read_tape
    from backprop_studio.notebook.names import named, names_in

    look = checked(Look, {"language": language, "theme": theme})
    if names is None:
        found = names_in(sys._getframe(1))
    elif hasattr(names, "named_parameters"):
        found = dict(names.named_parameters())
    else:
        found = dict(named(names))
    with speaking(look.language):
        _check_tensor("y", y)
        if gradient is not None:
            _check_tensor("gradient", gradient)
        tape = read_tape(y, found, gradient)
    return Graph(tape, folded(tape), look)


def _check_tensor(name: str, value: object) -> None:
    import torch

    if not isinstance(value, torch.Tensor):
        text = N_("wrong value for {field}: a {kind}; expected a tensor")
        raise InputError("model.tensor", text, field=name, kind=type(value).__name__)
