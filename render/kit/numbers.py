"""The numbers of a lesson: all that was computed, and a table of those that were shown."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.render.kit.item import Item, write_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.render.kit.told import Told
    from backprop_studio.render.messages.results import BeatMark

_BOM = "\ufeff"
"""Without it Excel takes Chinese for something else."""

_BEGINS_FORMULA = ("=", "+", "-", "@")
"""What a spreadsheet works out instead of showing it."""

_AS_TEXT = "\t"
"""Before a text, it is nothing to be worked out, and nothing is seen of it."""


def _write(told: Told, folder: Path) -> None:
    (film,) = told.films
    text = json.dumps(film.sheet, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_text(folder / f"{told.name}.numbers.json", text)
    table = numbers_table(film.sheet["shown"], film.beats, told.language)
    write_text(folder / f"{told.name}.numbers.csv", table)


def numbers_table(
    shown: Sequence[dict[str, Any]], beats: Sequence[BeatMark], language: Language
) -> str:
    """Return the numbers that a lesson shows as a table in CSV, in the order in which they appear.

    Parameters
    ----------
    shown : sequence of dict
        As an answer sheet has them: beat, name, text and value.

    Notes
    -----
    A text that begins like a formula (``= + - @``) and is no number has a tab before it, so that no
    spreadsheet runs what somebody has typed; without the blank in front it is what was typed.
    """
    tr = translator(language)
    captions = {beat.name: beat.caption for beat in beats}
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    heading = (N_("beat"), N_("caption"), N_("name"), N_("shown"), N_("value"))
    rows.writerow([tr(it) for it in heading])
    for it in shown:
        value = "" if it["value"] is None else repr(it["value"])
        caption = _text(captions.get(it["beat"], ""))
        shown_text = it["text"] if _is_number(it["text"]) else _text(it["text"])
        rows.writerow([it["beat"], caption, _text(it["name"]), shown_text, value])
    return _BOM + stream.getvalue()


def _text(text: str) -> str:
    """Return a text as no spreadsheet takes it for a formula."""
    return _AS_TEXT + text if text.startswith(_BEGINS_FORMULA) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


NUMBERS = Item((".numbers.json", ".numbers.csv"), _write, of_whole=False, needs_material=True)
