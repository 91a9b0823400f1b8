"""How jobs and events travel through a worker's pipes.

A message is a 4-byte big-endian length, one kind byte and that many bytes of payload. Kind ``J`` is
JSON (a job, another request or an event), kind ``B`` is the attachment of the event before it,
which says how long it is. Nothing else may be on the pipe, so a stray ``print`` is noticed and
never misread.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError

from backprop_studio.render.messages.events import Attached, Event, parse_event
from backprop_studio.render.messages.frozen import Frozen
from backprop_studio.render.messages.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON = b"J"
ATTACHMENT = b"B"

MAX_JSON = 64 * 1024 * 1024
MAX_ATTACHMENT = 256 * 1024 * 1024
"""Lengths above these are garbage: an 8K picture has 132 MB before compression."""

_HEADER = struct.Struct(">Ic")
_LIMITS = {JSON: MAX_JSON, ATTACHMENT: MAX_ATTACHMENT}


class ProtocolError(Exception):
    """The other side sent something that is not a message."""


class Cancel(Frozen):
    """Ask the worker to give up a job."""

    kind: Literal["cancel"] = "cancel"
    job_id: str


class Taken(Frozen):
    """Tell the worker how far the client has got with a stream of frames.

    Attributes
    ----------
    frame : int
        Number of the frame that is shown now, or wanted next.
    """

    kind: Literal["taken"] = "taken"
    job_id: str
    frame: int = Field(ge=0)


class Message(NamedTuple):
    """One message as it was on the pipe."""

    kind: bytes
    payload: bytes


Request: TypeAlias = Job | Cancel | Taken
_REQUEST: TypeAdapter[Request] = TypeAdapter(Request)


def _encode(kind: bytes, payload: bytes) -> bytes:
    return _HEADER.pack(len(payload), kind) + payload


def encode_request(request: Request) -> bytes:
    """Return the bytes that carry a job or another request to the worker."""
    return _encode(JSON, request.model_dump_json().encode())


def encode_event(event: Event, attachment: bytes = b"") -> bytes:
    """Return the bytes that carry an event, and its attachment, to the client.

    Raises
    ------
    ValueError
        If the event announces another length than the attachment has.
    """
    announced = event.attachment if isinstance(event, Attached) else 0
    if announced != len(attachment):
        raise ValueError(f"announced {announced} bytes, attached {len(attachment)}")
    message = _encode(JSON, event.model_dump_json().encode())
    return message + _encode(ATTACHMENT, attachment) if attachment else message


def parse_request(payload: bytes) -> Request:
    """Read a job or another request from its JSON."""
    return _REQUEST.validate_json(payload)


class MessageDecoder:
    """Cuts a stream of bytes, however it was split, into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Add bytes and yield the messages that are now complete.

        Raises
        ------
        ProtocolError
            If the bytes are no message: an unknown kind or an absurd length.
        """
        self._buffer += data
        while len(self._buffer) >= _HEADER.size:
            length, kind = _HEADER.unpack_from(self._buffer)
            if kind not in _LIMITS:
                raise ProtocolError(f"unknown kind of message {kind!r}")
            if length > _LIMITS[kind]:
                raise ProtocolError(f"a message of {length} bytes is too long")
            end = _HEADER.size + length
            if len(self._buffer) < end:
                return
            payload = bytes(self._buffer[_HEADER.size : end])
            del self._buffer[:end]
            yield Message(kind, payload)


class EventDecoder:
    """Turns the bytes of a worker into events, each with its attachment."""

    def __init__(self) -> None:
        self._messages = MessageDecoder()
        self._awaiting: Attached | None = None

    def feed(self, data: bytes) -> Iterator[tuple[Event, bytes]]:
        """Add bytes and yield the events that are now complete.

        Raises
        ------
        ProtocolError
            If a message is no event, or an attachment is missing or of another length.
        """
        for message in self._messages.feed(data):
            if self._awaiting is not None:
                yield self._with_attachment(self._awaiting, message)
                self._awaiting = None
                continue
            event = self._event(message)
            if isinstance(event, Attached) and event.attachment:
                self._awaiting = event
            else:
                yield event, b""

    @staticmethod
    def _with_attachment(event: Attached, message: Message) -> tuple[Event, bytes]:
        if message.kind != ATTACHMENT or len(message.payload) != event.attachment:
            raise ProtocolError(f"expected an attachment of {event.attachment} bytes")
        return event, message.payload

    @staticmethod
    def _event(message: Message) -> Event:
        if message.kind != JSON:
            raise ProtocolError("an attachment that no event announced")
        try:
            return parse_event(message.payload)
        except ValidationError as error:
            raise ProtocolError("not an event") from error
