"""The catalogue as the command line lists it."""

from __future__ import annotations

from backprop_studio.cli.arguments import new_id
from backprop_studio.core.base.i18n import system_language, translator
from backprop_studio.core.base.messages import sentence
from backprop_studio.render.catalogue import cached_catalogue, in_order
from backprop_studio.render.messages.jobs import CatalogueJob
from backprop_studio.render.messages.results import CatalogueEntry
from backprop_studio.render.workers.client import run_job


def catalogue() -> list[CatalogueEntry]:
    """Return the rows in their order; a worker is asked if they are not known."""
    known = cached_catalogue()
    if known is not None:
        return in_order(known)
    done, _ = run_job(CatalogueJob(id=new_id()))
    return in_order(CatalogueEntry.model_validate(given) for given in done.result["scenes"])


def row(entry: CatalogueEntry) -> dict[str, object]:
    """Return a row for scripts: what is wrong with a broken scene is a sentence there."""
    fault = entry.error and sentence(entry.error, translator(system_language()))
    return entry.model_dump(mode="json") | {"error": fault}
