"""One notation and one colour for one thing: what a lesson has drawn, read back."""

from __future__ import annotations

import re

from backprop_studio.scenes.paint.style import THEMES, hex_of
from backprop_studio.scenes.parts.charts.plot import Plot

THEME = THEMES["dark"]
COLOURED = re.compile(r'#text\(fill: rgb\("(#[0-9a-f]{6})"\)\)\[\$?(.*?)\$?\](?=[^\]]|$)')
LETTERS = re.compile(r"[A-Za-z]+")

SYMBOLS = {
    THEME.target: {"t"},
    THEME.loss: {"L", "ell", "ln", "quad", "wide", "times", "dots", "c", "sum"},
}
"""Letters of what is written in a colour; words in quotation marks are no symbols."""

CURVES = {
    THEME.loss: {"loss", "losses", "error", "errors", "train", "held_out"},
    THEME.target: {"sample", "target", "goal"},
    THEME.gradient: {"slope", "slopes", "secant", "other", "tangent", "end", "at", "chord"},
}
"""Names of what plots draw in a colour; the other meanings are no lines."""

SIGNS = {THEME.positive, THEME.negative}


def texts(run):
    return {text for moment in run.moments for text in moment.texts}


def check_written(run):
    """Letters keep to the colours of what they stand for."""
    for text in texts(run):
        assert "^((" not in text, "an index stands below"
        for code, content in COLOURED.findall(text):
            allowed = next((it for c, it in SYMBOLS.items() if hex_of(c) == code), None)
            if allowed is not None:
                plain = re.sub(r'#part\("[^"]*"\)|"[^"]*"|#"[^"]*"', "", content)
                found = set(LETTERS.findall(plain.replace("mat", "").replace("dots.v", "")))
                assert found <= allowed, (code, content)


def check_drawn(run):
    """Curves of a colour are those that the colour means."""
    for moment in run.moments:
        for part in moment.parts:
            if not isinstance(part, Plot):
                continue
            for label, item in part.items.items():
                if item.colour in CURVES:
                    assert label in CURVES[item.colour], (label, item.kind)
                # Steps and slopes have a sign; other lines have none.
                assert item.colour not in SIGNS or item.kind != "curve", label
