"""Steps of a computation: ``v = b*c; u = a + v; J = 3*u``.

A lecturer gives the steps, and each becomes one node of a graph, however much is computed in it.
Or the lecturer gives a formula, and each of its operations becomes a step. Equal operations in two
places stay two steps: the graph shows what is written, and so does torch; who wants them shared
gives them a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from backprop_studio.core.formula import Formula
from backprop_studio.core.formula.tokens import MAX_TOKENS
from backprop_studio.core.formula.tree import (
    Binary,
    Call,
    Constant,
    Negative,
    Node,
    Number,
    Variable,
    variables,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_LETTERS = ("u", "v", "w", "s", "t", "p", "q", "r")
"""Names of intermediates, the one nearest to the result first."""

_INDEXED = ("v", "u", "s", "q", "h")
"""What more intermediates than that are called, with an index: the first that is free."""

_OPERATORS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"}

_RESULTS = ("J", "L", "y", "f", "z")


@dataclass(frozen=True)
class Step:
    """One assignment.

    Attributes
    ----------
    name : str
        What stands to the left of the equals sign.
    formula : Formula
        What stands to the right; its names are the inputs it uses, in order of appearance.
    """

    name: str
    formula: Formula

    @property
    def text(self) -> str:
        """The assignment as it can be typed in again."""
        return f"{self.name} = {self.formula.text}"


@dataclass(frozen=True)
class Steps:
    """Assignments, each of variables and of steps before it; the last is the result.

    Attributes
    ----------
    names : tuple of str
        The declared variables, in their order; the steps may use fewer.
    steps : tuple of Step
        At least one.

    Examples
    --------
    >>> from backprop_studio.core.graphs.reading import parse_steps
    >>> steps = parse_steps("v = b*c; u = a + v; J = 3*u", ["a", "b", "c"])
    >>> steps.result, steps.text
    ('J', 'v = b*c; u = a + v; J = 3*u')
    """

    names: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def result(self) -> str:
        """The name of the last step."""
        return self.steps[-1].name

    @property
    def text(self) -> str:
        """All assignments, as they can be typed in again."""
        return "; ".join(step.text for step in self.steps)


def formula_steps(formula: Formula, result: str = "") -> Steps:
    """Take a formula apart into one step per operation, in the order in which it is computed.

    Intermediates are called u, v, w, s, t, p, q, r from the result backwards, without letters with
    which a variable begins, as lecture notes do; more of them are called v_1, v_2, ... forwards,
    as the literature on automatic differentiation does (A. Griewank and A. Walther, "Evaluating
    Derivatives", 2008), or with another letter that no variable has. What has no variable in it,
    such as 2*pi, is one constant and no step.

    Parameters
    ----------
    formula : Formula
        What is taken apart.
    result : str
        What its value is called; by default the first free one of J, L, y, f, z.

    Examples
    --------
    >>> from backprop_studio.core.formula import parse_formula
    >>> formula_steps(parse_formula("a*b + sin(a)^2", ["a", "b"])).text
    'u = a*b; w = sin(a); v = w^2; J = u + v'
    >>> formula_steps(parse_formula("(w*x - y)^2", ["w", "x", "y"])).text
    'v = w*x; u = v - y; J = u^2'
    """
    taken = set(formula.names)
    initials = {name[0] for name in taken}
    result = result or next(_free((*_RESULTS, *_indexed("J")), taken | initials))
    taken.add(result)
    tree = _copied(formula.tree)
    inner = [node for node in _from_result(tree) if _is_operation(node)][1:]
    ordered = list(_forwards(tree))
    letters = tuple(_free(_LETTERS, taken | initials))
    if len(inner) <= len(letters):
        pairs = zip(inner, letters, strict=False)
    else:
        letter = next(_free(_INDEXED, initials), _INDEXED[0])
        pairs = zip(ordered[:-1], _free(_indexed(letter), taken), strict=False)
    # By identity: two equal operations are two steps, and the copy has no node in two places.
    names = {id(node): name for node, name in pairs}
    steps = [Step(names.get(id(node), result), _small(node, names)) for node in ordered]
    if not ordered:  # a variable or a constant alone
        steps = [Step(result, Formula(tree, variables(tree)))]
    return Steps(formula.names, tuple(steps))


def _indexed(letter: str) -> Iterator[str]:
    return (f"{letter}_{k}" for k in range(1, 10 * MAX_TOKENS))


def _free(names: Iterable[str], taken: Collection[str]) -> Iterator[str]:
    return (name for name in names if name not in taken)


def operands(node: Node) -> tuple[Node, ...]:
    """Return what an operation is computed of.

    Examples
    --------
    >>> operands(Binary("+", Variable("a"), Number(1.0)))
    (Variable(name='a'), Number(value=1.0))
    """
    if isinstance(node, Negative):
        return (node.operand,)
    if isinstance(node, Binary):
        return (node.left, node.right)
    return node.arguments if isinstance(node, Call) else ()


def rebuilt(node: Node, parts: Iterable[Node]) -> Node:
    """Return an operation with other operands.

    Examples
    --------
    >>> rebuilt(Negative(Number(1.0)), [Variable("a")])
    Negative(operand=Variable(name='a'))
    """
    given = tuple(parts)
    if isinstance(node, Negative):
        return Negative(*given)
    if isinstance(node, Binary):
        return Binary(node.operator, *given)
    return Call(node.function, given) if isinstance(node, Call) else node


def is_constant(node: Node) -> bool:
    """Whether no variable is in it.

    Examples
    --------
    >>> is_constant(Negative(Number(1.0))), is_constant(Variable("a"))
    (True, False)
    """
    return not variables(node)


def _copied(node: Node) -> Node:
    return rebuilt(node, map(_copied, operands(node)))


def _is_operation(node: Node) -> bool:
    return not isinstance(node, Variable | Number | Constant) and not is_constant(node)


def _from_result(tree: Node) -> Iterator[Node]:
    """Yield the nodes from the result backwards: all of one distance before those behind."""
    level = [tree]
    while level:
        yield from level
        level = [part for node in level for part in operands(node)]


def _forwards(node: Node) -> Iterator[Node]:
    """Yield the operations as they are computed, left before right."""
    if _is_operation(node):
        for part in operands(node):
            yield from _forwards(part)
        yield node


def _small(node: Node, names: dict[int, str]) -> Formula:
    """Return one operation, in which those below it stand by their names."""
    parts = [Variable(names[id(part)]) if id(part) in names else part for part in operands(node)]
    tree = rebuilt(node, parts)
    return Formula(tree, variables(tree))


# The inputs of a step, each by a name of its own: what an edge of the graph stands for


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
