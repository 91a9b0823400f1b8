"""Pieces that programs are written of: literals, functions of a formula, calls of optimizers."""

from __future__ import annotations

import re
from pprint import pformat
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_NUMBERS = 20_000
"""Of data and weights: more is no program that anybody reads."""

_STRING = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")

_WIDTH = 96
_LEAST = 40

_CLASSES = {"adagrad": "Adagrad", "rmsprop": "RMSprop", "adam": "Adam", "adamw": "AdamW"}


def literal(before: str, value: object, behind: str = "") -> str:
    r"""Return a value as Python writes it, between two texts, broken where lines grow too long.

    Examples
    --------
    >>> literal("x = torch.tensor(", [1.0, 2.0], ")")
    'x = torch.tensor([1.0, 2.0])'
    >>> print(literal("", ["a", "it's", 'say "a"', "\n"]))
    ["a", "it's", 'say "a"', '\n']
    """
    width = max(_WIDTH - len(before) - len(behind), _LEAST)
    text = pformat(value, width=width, compact=True, sort_dicts=False)
    text = _STRING.sub(_in_double_quotes, text)
    return before + text.replace("\n", "\n" + " " * len(before)) + behind


def too_many(count: int) -> Message | None:
    """Return why there is no program with so many numbers written out; None if there can be one."""
    if count <= MOST_NUMBERS:
        return None
    text = N_(
        "its data and weights are {count} numbers, and a program to be read has at most {most}"
    )
    return Message.of("code.too_large", text, count=count, most=MOST_NUMBERS)


def _in_double_quotes(found: re.Match[str]) -> str:
    """Return a string of Python in double quotes, if it needs no other signs for that."""
    text = found.group()
    is_plain = text[0] == "'" and '"' not in text and "\\" not in text
    return f'"{text[1:-1]}"' if is_plain else text


def function_text(formula: Mapping[str, Any], name: str = "f") -> str:
    """Return the function that computes a formula of the answer sheet with torch.

    Examples
    --------
    >>> print(function_text({"text": "w^2", "names": ["w"]}))
    def f(w):
        return w**2
    <BLANKLINE>
    """
    from backprop_studio.core.formula import parse_formula
    from backprop_studio.core.formula.torch_text import tracked_torch

    names = list(formula["names"])
    tree = parse_formula(formula["text"], names).tree
    return f"def {name}({', '.join(names)}):\n    return {tracked_torch(tree, names)}\n"


def optimizer_text(spec: Mapping[str, Any], tensors: str, rate: str = "") -> str:
    """Return the call that makes torch's optimizer.

    Parameters
    ----------
    spec : mapping
        An optimizer as the answer sheet has it.
    tensors : str
        What it moves.
    rate : str
        What its learning rate is called, if it is not written out.

    Examples
    --------
    >>> optimizer_text({"name": "nesterov", "learning_rate": 0.1, "momentum": 0.9}, "[w]")
    'torch.optim.SGD([w], lr=0.1, momentum=0.9, nesterov=True)'
    """
    given = {name: spec[name] for name in ("momentum", "alpha", "eps") if _is_set(spec, name)}
    if spec["name"] == "nesterov":
        given["nesterov"] = True
    if spec.get("beta1") is not None:
        given["betas"] = (spec["beta1"], spec["beta2"])
    given |= {name: spec[name] for name in ("lr_decay",) if _is_set(spec, name) and spec[name]}
    # AdamW's own is not 0.
    if _is_set(spec, "weight_decay") and (spec["weight_decay"] or spec["name"] == "adamw"):
        given["weight_decay"] = spec["weight_decay"]
    words = [tensors, f"lr={rate or repr(spec['learning_rate'])}"]
    words += [f"{name}={value!r}" for name, value in given.items()]
    return f"torch.optim.{_CLASSES.get(spec['name'], 'SGD')}({', '.join(words)})"


def numbers_of(spec: Mapping[str, Any]) -> dict[str, float]:
    """Return the numbers that an optimizer was given."""
    return {name: it for name, it in spec.items() if it is not None and name != "name"}


def _is_set(spec: Mapping[str, Any], name: str) -> bool:
    return spec.get(name) is not None
