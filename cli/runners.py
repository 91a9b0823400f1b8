"""Where jobs are run: on this machine, or on the farm of an address."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from backprop_studio.render.workers.local_pool import WarmWorkers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backprop_studio.render.workers.batch import Runner
    from backprop_studio.render.workers.limits import Limits


@contextmanager
def runner_at(scheduler: str | None, limits: Limits | None = None) -> Iterator[Runner]:
    """Give the farm that a scheduler's address stands for, or this machine if there is none.

    Parameters
    ----------
    scheduler : str or None
        The address.
    limits : Limits, optional
        How long things may take on this machine.

    Raises
    ------
    StudioError
        If the farm cannot be used.
    """
    if scheduler is None:
        with WarmWorkers(limits=limits) as workers:
            yield workers
        return
    # Only here: it stands on a component that few have installed.
    from backprop_studio.render.farm.farm import Farm

    with Farm(scheduler) as farm:
        yield farm
