"""The connection to a scheduler, and the errors for all that may be wrong with it."""

from __future__ import annotations

import asyncio
import logging
import warnings
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.errors import InputError, MissingComponentError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.messages import Message
from backprop_studio.render.farm.versions import difference, not_the_same, versions, worker_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from distributed import Client

_ANSWER_SECONDS = 8.0
_WORKERS_SECONDS = 15.0
"""How long to wait for the first worker; it may be starting just now."""

_SCHEMES = ("tcp://", "tls://")


def connect(address: str, ours: Mapping[str, str]) -> Client:
    """Return a connection to the scheduler at an address, which has at least one worker.

    Parameters
    ----------
    ours : mapping
        What this machine draws with.

    Raises
    ------
    MissingComponentError
        If Dask is not installed, nobody answers, there is no worker, or one draws otherwise.
    InputError
        If the address is none.
    """
    try:
        import distributed
    except ImportError as error:
        text = N_(
            "working on a farm needs the package distributed; install it with: "
            'pip install "backprop-studio[farm]"'
        )
        raise MissingComponentError("farm.not_installed", text) from error
    _hush()
    _ask_who_it_is(address)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # versions are compared by us, and more strictly
        try:
            client = distributed.Client(address, timeout=_ANSWER_SECONDS, set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise _silent(address) from error
    try:
        client.wait_for_workers(1, timeout=_WORKERS_SECONDS)
        _check_versions(client, ours)
    except BaseException as error:
        client.close()
        if isinstance(error, TimeoutError):
            text = N_("the farm at {address} has no worker; start one with: dask worker {address}")
            raise MissingComponentError("farm.no_worker", text, address=address) from error
        raise
    return client


def _check_versions(client: Client, ours: Mapping[str, str]) -> None:
    """Check that the scheduler understands the jobs, and that the workers draw as we do."""
    scheduler = Message.of("farm.scheduler", N_("the farm's scheduler"))
    try:
        found = client.run_on_scheduler(versions)
    except Exception as error:
        found = error
    _check(scheduler, ours, found)
    for address, theirs in client.run(versions, on_error="return").items():
        _check(worker_at(address), ours, theirs)


def _check(peer: Message, ours: Mapping[str, str], theirs: Any) -> None:
    if isinstance(theirs, BaseException):  # it cannot even be asked
        raise not_the_same(peer, _unlike(theirs)) from theirs
    if unlike := difference(ours, theirs):
        raise not_the_same(peer, unlike)


def _unlike(error: BaseException) -> Message:
    text = N_("does not have Backprop Studio as it is here ({reason})")
    return Message.of("farm.unlike", text, reason=str(error))


def _hush() -> None:
    """Keep Dask from writing about connections to stderr: one sentence of ours says it."""
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] in {"distributed", "tornado"}:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _ask_who_it_is(address: str) -> None:
    """Check that a scheduler answers, before a client is made, which does not give up cleanly."""
    if "://" in address and not address.startswith(_SCHEMES):
        raise _no_address(address)

    async def ask() -> dict[str, Any]:
        from distributed import Security, rpc

        arguments = Security().get_connection_args("client")
        peer = rpc(address, timeout=_ANSWER_SECONDS, connection_args=arguments)
        async with asyncio.timeout(_ANSWER_SECONDS), peer:
            answer: dict[str, Any] = await peer.identity()
            return answer

    try:
        answer = asyncio.run(ask())
    except ValueError as error:
        raise _no_address(address) from error
    except (OSError, TimeoutError) as error:
        raise _silent(address) from error
    if (found := str(answer.get("type"))) != "Scheduler":
        text = N_(
            "at {address} is no scheduler but a {found}; give the address that dask scheduler shows"
        )
        raise InputError("farm.no_scheduler", text, address=address, found=found.lower())


def _no_address(address: str) -> InputError:
    text = N_("'{address}' is no address of a scheduler; it looks like tcp://computer:8786")
    return InputError("farm.no_address", text, address=address)


def _silent(address: str) -> MissingComponentError:
    text = N_("no scheduler answers at {address}; start one with: dask scheduler")
    return MissingComponentError("farm.silent", text, address=address)
