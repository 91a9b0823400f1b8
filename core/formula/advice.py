"""What is said of a formula that cannot be read: what stands there, and what may be meant."""

from __future__ import annotations

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message, did_you_mean, listed
from backprop_studio.core.base.validation_messages import nearest_name
from backprop_studio.core.formula.tokens import Token, write_instead
from backprop_studio.core.formula.tree import CONSTANTS, FUNCTIONS

MAX_SHOWN = 40
"""Characters of a name or number in a message."""

_WRITTEN = {
    **dict.fromkeys(["lg", "log10", "log_10"], "log({x})/log(10)"),
    **dict.fromkeys(["log2", "log_2", "ld"], "log({x})/log(2)"),
    "sec": "1/cos({x})",
    "csc": "1/sin({x})",
    "cot": "1/tan({x})",
    "sinh": "(exp({x}) - exp(-{x}))/2",
    "cosh": "(exp({x}) + exp(-{x}))/2",
    "tg": "tan({x})",
    "sgn": "sign({x})",
    "cbrt": "{x}^(1/3)",
    "square": "{x}^2",
    "pow": "{x}^2",
}
"""Functions that are not there, and what is written for them of a variable."""

_CODE = Message.of("formula.code", N_("a formula is only what is computed, such as x^2"))


def no_operator(before: Token, token: Token, after: Token | None) -> Message:
    """Return why an expression cannot go on with a token.

    Parameters
    ----------
    before, token, after : Token
        After the last one comes nothing.

    Examples
    --------
    >>> words = no_operator(Token("name", "x", 1), Token("number", "3", 3), None).words()
    >>> words.rpartition("; ")[2]
    'for a product write x*3'
    """
    if token.kind == "close":
        return Message.of("formula.closed", N_("this bracket was never opened"))
    if token.kind == "comma":
        words = N_(
            "a comma stands only between the values of min and max; write {number} with a point"
        )
        return Message.of("formula.commas", words, number=_with_point(before, after))
    left = "(...)" if before.kind == "close" else short(before.text)
    words = N_("expected an operator, found {found}; for a product write {product}")
    found = short(token.text)
    return Message.of("formula.no_operator", words, found=found, product=f"{left}*{found}")


def _with_point(before: Token, after: Token | None) -> str:
    """Return the number that a comma may have been meant for, with a point."""
    is_number = after is not None and before.kind == after.kind == "number"
    if is_number and after is not None and after.text.isdecimal():
        return f"{before.text}.{after.text}"
    return "0.5"


def no_operand(token: Token) -> Message:
    """Return why no number, name or bracket begins with a token.

    Examples
    --------
    >>> no_operand(Token("close", ")", 2)).words()
    'expected a number, a name or a bracket, found )'
    """
    if token.kind == "end":
        words = N_("expected a number, a name or a bracket, but the formula ends here")
        return Message.of("formula.ends", words)
    if token.text == "+":
        words = N_(
            "expected a number, a name or a bracket, found +; "
            "a plus sign stands only between two of them"
        )
        return Message.of("formula.plus", words)
    words = N_("expected a number, a name or a bracket, found {found}")
    return Message.of("formula.no_operand", words, found=short(token.text))


def meant_by(name: str, names: tuple[str, ...], *, is_called: bool) -> Message:
    """Return what may be meant by a name that is unknown, but never another function.

    Parameters
    ----------
    names : tuple of str
        The variables.
    is_called : bool
        Whether a bracket follows, so that it is meant for a function.

    Examples
    --------
    >>> meant_by("x", ("w",), is_called=False).words()
    'the variable here is w'
    >>> meant_by("lg", ("w",), is_called=True).words()
    'write log(w)/log(10)'
    """
    if name == "lambda":
        return _CODE
    if name in _WRITTEN:
        return write_instead(_WRITTEN[name].format(x=names[0] if names else "2"))
    for function in FUNCTIONS:
        value = name.removeprefix(function)
        if value != name and (value in names or value.isdecimal()):
            return write_instead(f"{function}({short(value)})")
    product = _split(name, (*names, *CONSTANTS))
    if product:
        words = N_("for a product write {product}")
        return Message.of("formula.product", words, product=short("*".join(product)))
    # A function that only looks alike is another one: arctan is not tan.
    same = next((it for it in (*FUNCTIONS, *CONSTANTS) if it == name.lower()), None)
    near = same or (None if len(name) == 1 else nearest_name(name, names))
    if near:
        return did_you_mean(near)
    if is_called or not names:
        words = N_("variables here are {names}, functions {functions}")
        known = listed(names) if names else Message.of("formula.none", N_("none"))
        return Message.of("formula.known", words, names=known, functions=listed(FUNCTIONS))
    if len(names) == 1:
        return Message.of("formula.variable", N_("the variable here is {name}"), name=names[0])
    words = N_("the variables here are {names}")
    return Message.of("formula.variables", words, names=listed(names))


def short(text: str) -> str:
    """Return a name or number as a message shows it.

    Examples
    --------
    >>> len(short("9" * 100))
    40
    """
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def _split(word: str, names: tuple[str, ...]) -> list[str]:
    """Cut a word into known names and a number at its end, or return nothing."""
    parts: list[str] = []
    rest = word
    while rest and not rest.isdecimal():
        part = max((name for name in names if rest.startswith(name)), key=len, default="")
        if not part:
            return []
        parts.append(part)
        rest = rest[len(part) :]
    return [*parts, rest] if rest else parts
