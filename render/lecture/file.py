"""The lecture file: data only, checked to the last key before anything is drawn.

Whoever opens a lecture may not know who wrote it. So it holds no code, and no path in it leads out
of its own folder, whether by ``..``, by ``~`` or by a link.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, Field, PlainValidator, ValidationError

from backprop_studio.core.base.errors import InputError, ParameterError
from backprop_studio.core.base.i18n import LANGUAGES, N_, Language
from backprop_studio.core.base.messages import Message, listed
from backprop_studio.core.base.parameters import Theme
from backprop_studio.core.base.user_files import read_text, toml_values
from backprop_studio.core.base.validation_messages import shown, validation_message
from backprop_studio.render.catalogue import require_scene
from backprop_studio.render.files.data_paths import PATH_KEYS
from backprop_studio.render.messages.frame_format import FrameShape, Quality
from backprop_studio.render.messages.jobs import HandoutCount
from backprop_studio.render.messages.voices import SILENT, Voice, voice_choice, with_own_path
from backprop_studio.render.workers.batch import labelled, labelling

FORMAT = 1
MAX_PARTS = 200
MAX_DEPTH = 30
"""Of the tables and lists in a part's parameters."""

MAX_TITLE = 200
"""Letters."""

KIND = N_("lecture file")

M = TypeVar("M", bound=BaseModel)


def _each_once(languages: tuple[str, ...]) -> tuple[str, ...]:
    if not languages or len(set(languages)) < len(languages):
        text = N_("expected one or more of {allowed}, each once")
        raise ParameterError("languages.wrong", text, allowed=listed(LANGUAGES))
    return languages


def _title(value: Any) -> Any:
    """Check a title here: of a union, pydantic complains in words of its own."""
    for language, title in (value if isinstance(value, dict) else {None: value}).items():
        if language not in (None, *LANGUAGES):
            text = N_("expected a text for each of {allowed}")
            raise ParameterError("title.language", text, allowed=listed(LANGUAGES))
        if not isinstance(title, str):
            text = N_("expected a text, or a table with one for each language")
            raise ParameterError("title.no_text", text)
        if len(title) > MAX_TITLE:
            text = N_("expected at most {allowed} letters, found {found}")
            raise ParameterError("title.long", text, allowed=MAX_TITLE, found=len(title))
        _written(title, "\n")
    return value


_NO_XML = "\ufffe\uffff"
"""What is no character in XML, and so can be on no slide."""


def _written(text: str, breaks: str = "\n\r\t") -> str:
    """Return a text that each kind of file can hold as it is.

    Parameters
    ----------
    breaks : str
        The control characters that may be in it.
    """
    if any((unicodedata.category(it) == "Cc" and it not in breaks) or it in _NO_XML for it in text):
        said = N_("expected letters that can be seen, found a control character")
        raise ParameterError("title.control", said)
    return text


Title: TypeAlias = Annotated[str | dict[Language, str], PlainValidator(_title)]
"""One text for all languages, or a table with one for each."""


MAX_WORDS = 20_000
"""Letters of what is said in a beat."""

_SENTENCE_END = re.compile(r"(?<=[.?!])\s+|(?<=[。？！])\s*")


def _script(value: Any) -> Any:
    """Check a script here, as it is a union too."""
    text = N_("expected, for each of {allowed}, a table with a text or a list of sentences by beat")
    error = ParameterError("script.wrong", text, allowed=listed(LANGUAGES))
    if not isinstance(value, dict) or not value.keys() <= set(LANGUAGES):
        raise error
    for beats in value.values():
        if not isinstance(beats, dict):
            raise error
        for said in beats.values():
            sentences = [said] if isinstance(said, str) else said
            if not isinstance(sentences, list) or not all(isinstance(it, str) for it in sentences):
                raise error
            if (found := sum(map(len, sentences))) > MAX_WORDS:
                long = N_("expected at most {allowed} letters, found {found}")
                raise ParameterError("script.long", long, allowed=MAX_WORDS, found=found)
            _written("".join(sentences))
    return value


Script: TypeAlias = Annotated[dict[Language, dict[str, str | list[str]]], PlainValidator(_script)]
"""Own words by language and beat."""


def sentences_of(script: Script, language: Language) -> dict[str, tuple[str, ...]]:
    """Return own words in a language as sentences by beat; a text is cut where sentences end.

    Examples
    --------
    >>> sentences_of({"en": {"loss": "It is 0.5. Why?"}, "zh": {}}, "en")
    {'loss': ('It is 0.5.', 'Why?')}
    """
    found = {}
    for beat, said in script.get(language, {}).items():
        parts = _SENTENCE_END.split(said) if isinstance(said, str) else said
        found[beat] = tuple(" ".join(it.split()) for it in parts if it.strip())
    return found


class _Data(BaseModel, frozen=True, extra="forbid", strict=True):
    pass


class Part(_Data):
    """One lesson of a lecture.

    Attributes
    ----------
    scene : str
        Id in the catalogue.
    title : str or dict
        On the card before the lesson; empty is the scene's own.
    notes : str
        For the speaker.
    params : dict
        The scene's parameters; paths in it are absolute once the file is read.
    theme, frame : str or None
        Instead of the lecture's own.
    script : dict
        Own words by language and beat, a text or its sentences, instead of the scene's.
    """

    scene: str
    title: Title = ""
    notes: Annotated[str, AfterValidator(_written)] = ""
    params: dict[str, Any] = Field(default_factory=dict)
    theme: Theme | None = None
    frame: FrameShape | None = None
    script: Script = Field(default_factory=dict)


class Header(_Data):
    """What a lecture says about itself."""

    format: Literal[1]
    title: Title
    languages: Annotated[tuple[Language, ...], Field(strict=False), AfterValidator(_each_once)] = (
        "en",
    )
    quality: Quality = "m"
    theme: Theme = "dark"
    frame: FrameShape = "16:9"
    captions: Literal["on", "off"] = "on"
    voice: Voice = SILENT
    handout: HandoutCount = 3


class Lecture(_Data):
    """A lecture as its file describes it.

    Attributes
    ----------
    header : Header
    parts : tuple of Part
        In their order.
    path : Path
        The file.
    text : str
        What it was read from.
    voice : str or None
        Who speaks instead of the header's voice.
    """

    header: Header
    parts: tuple[Part, ...]
    path: Path
    text: str = Field("", repr=False)
    voice: str | None = None


def in_language(title: str | dict[Language, str], language: Language) -> str:
    """Return a title in a language, or in the first it has.

    Examples
    --------
    >>> in_language("Week 1", "zh"), in_language({"en": "Week 1", "zh": "第一周"}, "zh")
    ('Week 1', '第一周')
    """
    if isinstance(title, str):
        return title
    return title.get(language) or next(iter(title.values()), "")


def read_lecture(path: Path) -> Lecture:
    """Read a lecture file.

    Raises
    ------
    InputError
        With one sentence: line and column of wrong TOML, or which part and key is wrong and what is
        allowed.
    """
    return lecture_of(read_text(path, KIND), path)


def lecture_of(text: str, path: Path) -> Lecture:
    """Read a lecture from the text that its file has, or shall have.

    Raises
    ------
    InputError
        As :func:`read_lecture` does.
    """
    values = toml_values(text, path, KIND)
    _check_format(path, values)
    parts = values.pop("part", None)
    if not isinstance(parts, list) or not 1 <= len(parts) <= MAX_PARTS:
        wrong = N_("the lecture file {file} needs 1 to {allowed} lessons, each below [[part]]")
        raise InputError("lecture.parts", wrong, file=path, allowed=MAX_PARTS)
    with labelling(_whole(path)):
        header = _checked(Header, values)
        _own_voice(header.voice, path)
    read = tuple(_part(path, number, part) for number, part in enumerate(parts, start=1))
    return Lecture(header=header, parts=read, path=path, text=text)


def _own_voice(voice: str, path: Path) -> str:
    """Return the voice of a lecture with its path made absolute, if it is allowed."""
    choice = voice_choice(voice)
    return with_own_path(voice, lambda it: _own_path(it, path, "voice")) if choice.path else voice


def voice_of(lecture: Lecture) -> str:
    """Return the voice of a lecture, whose path means the same everywhere."""
    if lecture.voice is not None:
        return lecture.voice
    return _own_voice(lecture.header.voice, lecture.path)


def _check_format(path: Path, values: dict[str, Any]) -> None:
    found = values.get("format")
    if found is None:
        text = N_("the lecture file {file} does not say format = {expected}")
        raise InputError("lecture.no_format", text, file=path, expected=FORMAT)
    if isinstance(found, bool):  # which Python takes for a number
        text = N_("wrong value for format: {value}; expected {expected}")
        error = InputError("lecture.format", text, value=shown(found), expected=FORMAT)
        raise labelled(error, _whole(path))
    if isinstance(found, int) and found > FORMAT:
        text = N_(
            "the lecture file {file} has format {found}, which needs a newer version; this "
            "one reads {expected}"
        )
        raise InputError("lecture.newer", text, file=path, found=found, expected=FORMAT)


def _whole(path: Path) -> Message:
    return Message.of("lecture.file", N_("in {file}"), file=path.name)


def _part(path: Path, number: int, given: Any) -> Part:
    where = Message.of("lecture.part", N_("in {file}, part {part}"), file=path.name, part=number)
    with labelling(where):
        if not isinstance(given, dict):
            raise InputError("lecture.no_table", N_("expected keys with values"))
        part = _checked(Part, given)
        require_scene(part.scene)
        return part.model_copy(update={"params": _within(part.params, path)})


def _checked(model: type[M], values: dict[str, Any]) -> M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InputError(validation_message(model, error)) from error


def _within(value: Any, path: Path, key: str = "params", depth: int = 0) -> Any:
    """Return parameters with every path in them made absolute, if it is allowed."""
    if depth > MAX_DEPTH:
        text = N_("params is nested deeper than {allowed} levels")
        raise InputError("lecture.too_deep", text, allowed=MAX_DEPTH)
    if isinstance(value, dict):
        return {k: _within(v, path, f"{key}.{k}", depth + 1) for k, v in value.items()}
    if isinstance(value, list):
        return [_within(item, path, key, depth + 1) for item in value]
    if isinstance(value, str) and key.rpartition(".")[2] in PATH_KEYS and value:
        return _own_path(value, path, key)
    return value


def _own_path(text: str, path: Path, key: str) -> str:
    """Return where a path in a lecture leads, which is within its folder."""
    wrong = N_(
        "{field} is {value}; it must be a path within the lecture's own folder, without '..' "
        "and '~'"
    )
    refusal = InputError("lecture.path_outside", wrong, field=key, value=shown(text))
    pieces = text.replace("\\", "/").split("/")
    # A drive letter is absolute where the next reader may be, even if not here.
    if ".." in pieces or text.startswith("~") or pieces[0] == "" or pieces[0].endswith(":"):
        raise refusal
    try:
        folder = path.resolve().parent
        target = Path(os.path.realpath(folder / text))
    except (OSError, ValueError, RuntimeError) as error:
        raise refusal from error
    if not target.is_relative_to(folder):
        raise refusal
    return str(target)
