"""What the tensors of a file belong to: fully connected layers, and layers of other kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from backprop_studio.core.network.weights.container import Tensor

DENSE, UNKNOWN = "dense", "unknown"

_KINDS = {
    "convolution": N_("{part}: convolution"),
    "batch_norm": N_("{part}: batch normalisation"),
    "layer_norm": N_("{part}: layer normalisation"),
    "scale": N_("{part}: scale in one dimension"),
    "embedding": N_("{part}: embedding"),
    "lstm": N_("{part}: LSTM"),
    "gru": N_("{part}: GRU"),
    "rnn": N_("{part}: recurrent layer"),
    "attention": N_("{part}: attention"),
    UNKNOWN: N_("{part}: layer of an unknown kind"),
}
_STATISTICS = {"running_mean", "running_var", "moving_mean", "moving_variance"}
_GATES = {4: "lstm", 3: "gru"}
_EMBEDDING = re.compile("emb|wte|wpe|vocab", re.IGNORECASE)
_NUMBER = re.compile("([0-9]+)")
_SECOND = re.compile(r"_\d+$")
"""Keras numbers the second of a kind: dense, dense_1."""


@dataclass(frozen=True)
class Part:
    """The tensors whose names begin alike.

    Attributes
    ----------
    name : str
        Their common beginning, empty of a single layer.
    tensors : dict
        By the last word of their names.
    """

    name: str
    tensors: Mapping[str, Tensor]

    @property
    def weight(self) -> Tensor | None:
        """The matrix."""
        return self.tensors.get("weight") or self.tensors.get("kernel")

    @property
    def bias(self) -> Tensor | None:
        """The vector that is added."""
        return self.tensors.get("bias")

    @property
    def kind(self) -> str:
        """What layer it is: ``dense``, or one that cannot be shown."""
        names, weight = self.tensors.keys(), self.weight
        if names & _STATISTICS:
            return "batch_norm"
        if any(it.startswith("in_proj") for it in names):
            return "attention"
        if any(it.startswith(("weight_hh", "recurrent_kernel")) for it in names):
            return self._recurrent()
        if "embeddings" in names or ("weight" in names and self._is_embedding()):
            return "embedding"
        if names & {"gamma", "beta"}:
            return "layer_norm"
        if weight is None or len(names - {"weight", "kernel", "bias"}):
            return UNKNOWN
        if len(weight.shape) >= 3:
            return "convolution"
        if len(weight.shape) == 1:
            return "layer_norm" if self.bias else "scale"
        return DENSE if len(weight.shape) == 2 else UNKNOWN

    @property
    def ends(self) -> tuple[int, int] | None:
        """How many numbers it takes and gives; None where its tensors do not tell."""
        if self.kind in {"batch_norm", "layer_norm", "scale"}:
            size = max(max(it.shape, default=0) for it in self.tensors.values())
            return size, size
        hidden = next(
            (it for name, it in self.tensors.items() if name.startswith("weight_hh")), None
        )
        first = self.tensors.get("weight_ih_l0")
        if hidden is None or first is None or len(first.shape) < 2:
            return None
        return first.shape[1], hidden.shape[-1]

    def _recurrent(self) -> str:
        """Return which recurrent layer it is, by how many gates stand above each other."""
        for rows, columns in (self._shape("weight_hh"), self._shape("recurrent_kernel")[::-1]):
            if columns:
                return _GATES.get(rows // columns, "rnn")
        return "rnn"

    def _shape(self, beginning: str) -> tuple[int, int]:
        found = (it.shape for name, it in self.tensors.items() if name.startswith(beginning))
        shape = next((it for it in found if len(it) == 2), [0, 0])
        return shape[0], shape[1]

    def _is_embedding(self) -> bool:
        return self.bias is None and bool(_EMBEDDING.search(words(self.name)[-1]))


def words(name: str) -> list[str]:
    """Return the words of a name between dots or strokes.

    Examples
    --------
    >>> words("model.0.weight"), words("dense_1/kernel")
    (['model', '0', 'weight'], ['dense_1', 'kernel'])
    """
    return re.split(r"[./]", name)


def parts_of(tensors: Mapping[str, Tensor]) -> list[Part]:
    """Return what a file holds, by name; the beginning that all names share is left away.

    What belongs to an attention, such as its last projection, is no part of its own.

    Examples
    --------
    >>> from backprop_studio.core.network.weights.container import Tensor
    >>> names = ("net.1.weight", "net.1.bias", "net.2.weight")
    >>> [it.name for it in parts_of({it: Tensor(it, "F32", [1], b"") for it in names})]
    ['1', '2']
    """
    groups: dict[str, dict[str, Tensor]] = {}
    for name, tensor in sorted(tensors.items()):
        beginning, kind = re.fullmatch(r"(?s)(?:(.*)[./])?([^./]*)", name).groups()  # type: ignore[union-attr]
        groups.setdefault(beginning or "", {})[kind.partition(":")[0]] = tensor
    shared = _shared([words(it)[:-1] for it in groups]) if len(groups) > 1 else []
    length = sum(len(it) + 1 for it in shared)
    parts = [Part(name[length:], kinds) for name, kinds in groups.items()]
    wholes = tuple(f"{it.name}." for it in parts if it.kind == "attention")
    return [it for it in parts if not it.name.startswith(wholes)] if wholes else parts


def _shared(names: list[list[str]]) -> list[str]:
    """Return the words that all names begin with."""
    alike = [len(set(column)) == 1 for column in zip(*names, strict=False)]
    return names[0][: (*alike, False).index(False)]


def kinds_told(parts: Iterable[Part]) -> list[Message]:
    """Return what parts are, each in words.

    Examples
    --------
    >>> from backprop_studio.core.network.weights.container import Tensor
    >>> vector = Tensor("bn.running_mean", "F32", [4], b"")
    >>> [it.words() for it in kinds_told([Part("bn", {"running_mean": vector})])]
    ['bn: batch normalisation']
    """
    return [Message.of(f"part.{it.kind}", _KINDS[it.kind], part=it.name) for it in parts]


def pattern(name: str) -> str:
    """Return a name without what numbers say; names of one pattern are in the order of these.

    Examples
    --------
    >>> pattern("layers.10"), pattern("dense"), pattern("dense_2")
    ('layers.0', 'dense', 'dense')
    """
    return _NUMBER.sub("0", _SECOND.sub("", name))


def natural(name: str) -> list[tuple[int, str]]:
    """Return a key that puts 2 before 10; digits are compared as texts, however many there are.

    Examples
    --------
    >>> sorted(["fc10", "fc2"], key=natural)
    ['fc2', 'fc10']
    """
    found = (part.lstrip("0") if k % 2 else part for k, part in enumerate(_NUMBER.split(name)))
    return [(len(part) if k % 2 else 0, part) for k, part in enumerate(found)]
