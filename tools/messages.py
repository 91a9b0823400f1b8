"""Keep the translation catalogues in step with the code.

``python tools/messages.py`` collects every text marked with ``N_``, ``_`` or ``tr``, brings
``core/locale/LANGUAGE/LC_MESSAGES/backprop_studio.po`` up to date and compiles it.
``--check`` writes nothing and fails if that would change a file, or if a translation is missing,
doubtful, or has other ``{placeholders}`` than the English text.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from backprop_studio.core.base.i18n import DOMAIN, LANGUAGES, LOCALE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[1]
ROOMS = ("cli", "core", "gui", "notebook", "render", "scenes")
KEYWORDS = {"N_": None, "_": None, "tr": None, "word": None}


def collect() -> Catalog:
    """Return all texts that the code marks, with the files they stand in."""
    texts = Catalog(project="Backprop Studio", fuzzy=False)
    for room in ROOMS:
        found = extract_from_dir(
            ROOT / room,
            method_map=[("**.py", "python")],
            keywords=KEYWORDS,
            comment_tags=("i18n:",),
        )
        for file, _line, text, comments, context in found:
            # Without line numbers: a catalogue changes when a text does, not when a line moves.
            texts.add(text, None, [(f"{room}/{file}", None)], (), comments, context=context)
        for file in sorted((ROOT / room).rglob("*.py")):
            for text in inside_f_strings(file.read_text(encoding="utf-8")):
                texts.add(
                    text, None, [(f"{room}/{file.relative_to(ROOT / room).as_posix()}", None)]
                )
    return texts


def inside_f_strings(source: str) -> Iterator[str]:
    """Yield the texts that are marked inside of f-strings, where Babel does not look."""
    strings = (it for it in ast.walk(ast.parse(source)) if isinstance(it, ast.JoinedStr))
    for node in (inner for string in strings for inner in ast.walk(string)):
        match node:
            case ast.Call(
                func=ast.Name(id=name) | ast.Attribute(attr=name),
                args=[ast.Constant(value=str(text)), *_],
            ) if name in KEYWORDS:
                yield text


def placeholders(text: str) -> set[str]:
    """Return the ``{names}`` a text is filled with."""
    return set(re.findall(r"\{\w+[^{}]*\}", text))


def faults(catalogue: Catalog) -> list[str]:
    """Say what is wrong with the translations themselves."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        if not message.string:
            found.append(f"no translation of {message.id!r}")
        elif message.fuzzy:
            found.append(f"doubtful translation of {message.id!r}")
        elif placeholders(message.id) != placeholders(message.string):
            found.append(f"other placeholders in the translation of {message.id!r}")
    return found


def compiled(catalogue: Catalog) -> bytes:
    """Return the catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def written(catalogue: Catalog) -> bytes:
    """Return the catalogue as translators read it."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, sort_by_file=True, ignore_obsolete=True)
    return out.getvalue()


def wants_check(arguments: Sequence[str] | None = None) -> bool:
    """Read the command line; anything but ``--check`` ends here, before a file is touched."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    return bool(parser.parse_args(arguments).check)


def main(arguments: Sequence[str] | None = None) -> int:
    """Update or check the catalogue of every language but English, which is the key."""
    check = wants_check(arguments)
    texts = collect()
    problems = []
    for language in LANGUAGES:
        if language == "en":
            continue
        source = LOCALE_FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        target = source.with_suffix(".mo")
        old = source.read_bytes() if source.exists() else b""
        catalogue = read_po(io.BytesIO(old), locale=language, domain=DOMAIN)
        catalogue.project, catalogue.fuzzy = texts.project, False
        catalogue.header_comment = f"# Backprop Studio, {language}. MIT, as the project."
        catalogue.last_translator = catalogue.language_team = "Backprop Studio contributors"
        catalogue.update(texts, no_fuzzy_matching=True, update_creation_date=False)
        outputs = {source: written(catalogue), target: compiled(catalogue)}
        if check:
            problems += [
                f"{path.relative_to(ROOT)} is behind the code: run make messages"
                for path, content in outputs.items()
                if not path.exists() or path.read_bytes() != content
            ]
        else:
            source.parent.mkdir(parents=True, exist_ok=True)
            for path, content in outputs.items():
                path.write_bytes(content)
        problems += [f"{source.relative_to(ROOT)}: {fault}" for fault in faults(catalogue)]
        print(f"{language}: {len(catalogue)} texts")
    print(*problems, sep="\n", end="\n" if problems else "", file=sys.stderr)
    return 1 if check and problems else 0


if __name__ == "__main__":
    sys.exit(main())
