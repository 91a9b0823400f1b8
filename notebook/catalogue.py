"""The scenes, as a list in Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import Language, translator
from backprop_studio.core.base.messages import sentence
from backprop_studio.notebook.kernel import new_id, run
from backprop_studio.notebook.options import Look, checked
from backprop_studio.render.catalogue import cached_catalogue, in_order, require_scene
from backprop_studio.render.messages.jobs import CatalogueJob
from backprop_studio.render.messages.results import CatalogueEntry

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Scene:
    """A lesson that can be told.

    Attributes
    ----------
    id : str
        What :func:`lesson` takes.
    title, summary, chapter : str
        In the language that was asked for.
    beats : tuple of str
        Names of its steps with the default parameters.
    parameters : dict
        JSON Schema of what it can be given.
    error : str or None
        Why it cannot be used.
    """

    id: str
    title: str
    summary: str
    chapter: str
    beats: tuple[str, ...] = field(repr=False)
    parameters: dict[str, Any] = field(repr=False)
    error: str | None = None


def scenes(language: Language = "en") -> list[Scene]:
    """Return all scenes, as the curriculum has them.

    Parameters
    ----------
    language : {"en", "zh"}
        Of titles and summaries.

    Raises
    ------
    InputError
        If there is no such language.

    Examples
    --------
    >>> scenes("fr")
    Traceback (most recent call last):
        ...
    backprop_studio.core.base.errors.InputError: Wrong value for language: "fr"; expected en or zh.
    """
    look = checked(Look, {"language": language})
    translate = translator(look.language)
    return [
        Scene(
            id=it.id,
            title=translate(it.title),
            summary=translate(it.summary),
            chapter=translate(it.chapter),
            beats=it.beats,
            parameters=it.parameters,
            error=None if it.error is None else sentence(it.error, translate),
        )
        for it in in_order(_rows())
    ]


def row_of(scene: str) -> CatalogueEntry:
    """Return a scene's row of the catalogue.

    Raises
    ------
    InputError
        If there is no such scene.
    """
    require_scene(scene)
    return next(it for it in _rows() if it.id == scene)


def _rows() -> Iterable[CatalogueEntry]:
    known = cached_catalogue()
    if known is not None:
        return known
    done, _ = run(CatalogueJob(id=new_id()))
    return [CatalogueEntry.model_validate(given) for given in done.result["scenes"]]
