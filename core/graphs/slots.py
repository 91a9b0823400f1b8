"""The inputs of a step, each by a name of its own: what an edge of the graph stands for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from backprop_studio.core.formula import Formula
from backprop_studio.core.formula.tree import Binary, Call, Negative, Node, Variable
from backprop_studio.core.graphs.steps import is_constant, operands, rebuilt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_studio.core.graphs.steps import Step

_OPERATORS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"}


@dataclass(frozen=True)
class Slot:
    """An input that a gradient can flow to.

    Attributes
    ----------
    name : str
        What the step's formula calls it; another name than the source's only where an operation
        takes the same source twice.
    source : str
        The variable or step whose value it is.
    place : int
        Where it stands among all inputs, counted from 0.
    """

    name: str
    source: str
    place: int


@dataclass(frozen=True)
class ConstantInput:
    """An input without a variable, such as 3 or 2*pi.

    Attributes
    ----------
    id : str
        The step's name and a number from 1, ``J:1``.
    tree : Node
    place : int
    """

    id: str
    tree: Node
    place: int


@dataclass(frozen=True)
class SlottedStep:
    """A step and its inputs.

    Attributes
    ----------
    step : Step
    formula : Formula
        The step's, with the slots' names.
    slots : tuple of Slot
    constants : tuple of ConstantInput
    """

    step: Step
    formula: Formula
    slots: tuple[Slot, ...]
    constants: tuple[ConstantInput, ...]


def slotted(step: Step) -> SlottedStep:
    """Give every edge that ends in a step a name.

    A single operation has an edge for each operand; a step of several operations has one for each
    different input and each constant.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> from backprop_studio.core.graphs.steps import Step
    >>> found = slotted(Step("J", parse_formula("x*x", ["x"])))
    >>> found.formula.text, [slot.source for slot in found.slots]
    ('x*x_2', ['x', 'x'])
    """
    tree = step.formula.tree
    parts = list(_compound_inputs(tree)) if _is_compound(tree) else list(operands(tree) or (tree,))
    taken = set(step.formula.names)
    slots: list[Slot] = []
    for place, part in enumerate(parts):
        if isinstance(part, Variable):
            name = part.name
            if any(slot.source == part.name for slot in slots):
                name = next(it for k in count(2) if (it := f"{part.name}_{k}") not in taken)
                taken.add(name)
                parts[place] = Variable(name)
            slots.append(Slot(name, part.name, place))
    if operands(tree) and not _is_compound(tree):
        tree = rebuilt(tree, parts)
    constants = [(place, part) for place, part in enumerate(parts) if is_constant(part)]
    return SlottedStep(
        step,
        Formula(tree, tuple(slot.name for slot in slots)),
        tuple(slots),
        tuple(
            ConstantInput(f"{step.name}:{k}", part, place)
            for k, (place, part) in enumerate(constants, start=1)
        ),
    )


def operation_name(tree: Node) -> str:
    """Return what a step does, in a word.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> [operation_name(parse_formula(it, "ab").tree) for it in ("a*b", "-a", "sin(a)", "a*b + 1")]
    ['multiply', 'negate', 'sin', 'compound']
    """
    if _is_compound(tree):
        return "compound"
    if isinstance(tree, Binary):
        return _OPERATORS[tree.operator]
    if isinstance(tree, Call):
        return tree.function
    return "negate" if isinstance(tree, Negative) else "copy"


def renamed(tree: Node, names: dict[str, str]) -> Node:
    """Return a tree with other names.

    Examples
    --------
    >>> renamed(Negative(Variable("x_2")), {"x_2": "x"})
    Negative(operand=Variable(name='x'))
    """
    if isinstance(tree, Variable):
        return Variable(names.get(tree.name, tree.name))
    return rebuilt(tree, (renamed(part, names) for part in operands(tree)))


def _is_compound(tree: Node) -> bool:
    """Whether several operations, at least one of a variable inside another, are in it."""
    if is_constant(tree):
        return False
    return any(operands(part) and not is_constant(part) for part in operands(tree))


def _compound_inputs(tree: Node) -> Iterator[Node]:
    """Yield the different variables and all the constants, from left to right."""
    seen: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Variable):
            if node.name not in seen:
                yield node
            seen.add(node.name)
        elif is_constant(node):
            yield node
        else:
            waiting += reversed(operands(node))
