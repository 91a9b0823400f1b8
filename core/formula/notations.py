r"""Formulas in the notations of LaTeX and Python, written as this program reads them."""

from __future__ import annotations

import re

_PLAIN = str.maketrans("{}[]", "()()")
_LATEX = (
    (r"\\(?:left|right|big|Big|bigl|bigr|,|;|:|!|quad|displaystyle)(?![A-Za-z])", ""),
    (r"\\(?:mathrm|operatorname|text|mathbf|boldsymbol)\*?\{(\w+)\}", r"\1 "),
    (r"\\(?:cdot|times|ast)(?![A-Za-z])", "*"),
    (r"\\div(?![A-Za-z])", "/"),
    (r"\\[lr]vert(?![A-Za-z])|\\\|", "|"),
    (r"\\ln(?![A-Za-z])", "log"),
    (r"\\sigma(?![A-Za-z])", "sigmoid"),
    (r"\\([A-Za-z]+)", r"\1 "),
)
"""Commands and what they become, in this order."""

LATEX = re.compile(r"[\\${}]")
"""Signs that only LaTeX has."""

_GROUP = r"(\{(?:[^{}]|\{[^{}]*\})*\}|\w)"
_FRACTION = re.compile(rf"\\[dt]?frac\s*{_GROUP}\s*{_GROUP}")
_ATOM = re.compile(r"\w+")

_MODULES = re.compile(
    r"(?<![\w.])(?:np|numpy|torch|math|tf|jnp|F|nn\.functional|torch\.nn\.functional)\."
    r"(?:nn\.functional\.|special\.|math\.)?(?=[A-Za-z])"
)
PYTHON = re.compile(rf"{_MODULES.pattern}|\w+\.pow\(")
"""What names something that Python imports."""

_RENAMED = {"power": "pow", "absolute": "abs", "maximum": "max", "minimum": "min", "fabs": "abs"}
_POWER = re.compile(r"(?<![A-Za-z])pow\(([^(),]*),\s*([^(),]*)\)|(\w+)\.pow\(([^()]*)\)")


def from_latex(text: str) -> str:
    r"""Return a formula of LaTeX in the notation of the keyboard, as far as that is known.

    Examples
    --------
    >>> from_latex(r"\frac{1}{w}"), from_latex(r"e^{-w^{2}} \cdot \sin w")
    ('1/w', 'e^(-w^2) * sin w')
    """
    text = text.strip().strip("$")
    while found := _FRACTION.search(text):
        top, bottom = (_grouped(it) for it in found.groups())
        rest = text[found.end() :]
        is_alone = not rest.strip() or re.match(r"\s*[-+)}\]|]", rest)
        fraction = f"{top}/{bottom}"
        text = f"{text[: found.start()]}{fraction if is_alone else f'({fraction})'}{rest}"
    text = re.sub(r"\\sqrt\s*(\w)", r"\\sqrt{\1}", text)
    for pattern, plain in _LATEX:
        text = re.sub(pattern, plain, text)
    text = re.sub(r"\^\{(\w+)\}", r"^\1", text)
    text = re.sub(r"([A-Za-z]) +(?=[({])", r"\1", text.translate(_PLAIN))
    return " ".join(text.split())


def _grouped(text: str) -> str:
    inner = text[1:-1].strip() if text.startswith("{") else text
    return inner if _ATOM.fullmatch(inner) else f"({inner})"


def from_python(text: str) -> str:
    """Return a formula of numpy's or torch's without their names.

    Examples
    --------
    >>> from_python("np.exp(-w**2)"), from_python("torch.pow(w, 3) + w.pow(2)")
    ('exp(-w**2)', 'w^3 + w^2')
    """
    text = _MODULES.sub("", text)
    for name, plain in _RENAMED.items():
        text = re.sub(rf"(?<![A-Za-z]){name}\(", f"{plain}(", text)
    return _POWER.sub(lambda it: f"{it[1] or it[3]}^{_exponent(it[2] or it[4])}", text)


def _exponent(text: str) -> str:
    return text if _ATOM.fullmatch(text) else f"({text})"
