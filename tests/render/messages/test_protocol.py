from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_studio.core.base.messages import Message
from backprop_studio.render.messages.events import (
    Done,
    Failed,
    Frame,
    Hello,
    Planned,
    Progress,
    Waiting,
)
from backprop_studio.render.messages.jobs import CatalogueJob, PreviewJob, StillJob, VideoJob
from backprop_studio.render.messages.protocol import (
    ATTACHMENT,
    JSON,
    MAX_JSON,
    Cancel,
    EventDecoder,
    MessageDecoder,
    ProtocolError,
    Taken,
    encode_event,
    encode_request,
    parse_request,
)
from backprop_studio.render.messages.results import BeatMark

BEAT = BeatMark(name="loss", caption="损失", start=0.5, end=2.0)
FRAME = Frame(job_id="d", number=15, seconds=0.5, repeat=45, attachment=4)
EVENTS = [
    (Hello(pid=3), b""),
    (Progress(job_id="a", phase="draw", fraction=0.25, frame=1, frames=4), b""),
    (Done(job_id="a", result={"text": "反向传播\n\0"}, attachment=5), b"\x00\xffJB\n"),
    (Failed(job_id="b", error="scene", message=Message.plain("m")), b""),
    (Planned(job_id="d", beats=(BEAT,), first=15, frames=60, duration=2.0), b""),
    (FRAME, b"\xff\xd8J\0"),
    (Waiting(job_id="d"), b""),
    (Frame(job_id="d", number=60, seconds=2.0, attachment=1), b"B"),
    (Done(job_id="c"), b""),
]
STREAM = b"".join(encode_event(event, attachment) for event, attachment in EVENTS)


@given(st.lists(st.integers(0, len(STREAM)), max_size=30))
def test_events_survive_every_way_of_cutting_the_stream(cuts):
    decoder, found, previous = EventDecoder(), [], 0
    for cut in [*sorted(cuts), len(STREAM)]:
        found += decoder.feed(STREAM[previous:cut])
        previous = cut
    assert found == EVENTS


def test_events_survive_byte_by_byte():
    decoder = EventDecoder()
    assert [pair for byte in STREAM for pair in decoder.feed(bytes([byte]))] == EVENTS


@pytest.mark.parametrize(
    "request_",
    [
        CatalogueJob(id="1"),
        Cancel(job_id="1"),
        Taken(job_id="1", frame=90),
        PreviewJob(id="4", scene="backprop", beat="loss", ahead=30, language="zh"),
        StillJob(id="2", scene="backprop", beat="loss", params={"network": {"sizes": [2, 2]}}),
        VideoJob(id="3", scene="backprop", output="/tmp/O'Brien & co/中.mp4"),
    ],
)
def test_a_request_arrives_as_it_was_sent(request_):
    (message,) = MessageDecoder().feed(encode_request(request_))
    assert parse_request(message.payload) == request_


def test_nan_arrives_so_that_it_can_be_refused_by_name():
    job = StillJob(id="1", scene="s", params={"learning_rate": math.nan, "x": [math.inf]})
    (message,) = MessageDecoder().feed(encode_request(job))
    params = parse_request(message.payload).params
    assert math.isnan(params["learning_rate"])
    assert params["x"] == [math.inf]


@settings(max_examples=30)
@given(st.binary(min_size=5, max_size=200))
def test_garbage_is_an_error_or_waits_for_more_but_is_never_an_event(garbage):
    decoder = EventDecoder()
    try:
        events = list(decoder.feed(garbage))
    except ProtocolError:
        return
    assert events == []


PNG = encode_event(Done(job_id="a", attachment=3), b"png")[:-8]
"""An event that lacks its attachment."""

BAD = {
    "text": b"Traceback (most recent call last):\n",
    "unknown kind": struct.pack(">Ic", 2, b"X") + b"{}",
    "too long": struct.pack(">Ic", MAX_JSON + 1, JSON),  # refused before it is read
    "no event": struct.pack(">Ic", 2, JSON) + b"{}",
    "no text": struct.pack(">Ic", 4, JSON) + b"\xff\xfe\x00\x01",
    "unannounced attachment": struct.pack(">Ic", 3, ATTACHMENT) + b"png",
    "missing attachment": PNG + encode_event(Hello(pid=1)),
    "attachment of another length": PNG + struct.pack(">Ic", 4, ATTACHMENT) + b"pngs",
}


@pytest.mark.parametrize("stream", BAD.values(), ids=BAD)
def test_what_is_no_message_is_refused(stream):
    with pytest.raises(ProtocolError):
        list(EventDecoder().feed(stream))


@pytest.mark.parametrize(("announced", "attached"), [(0, b"png"), (3, b""), (3, b"jpeg")])
def test_an_attachment_must_be_announced_with_its_length(announced, attached):
    said = f"announced {announced} bytes, attached {len(attached)}"
    for event in (Done(job_id="a", attachment=announced), FRAME):
        with pytest.raises(ValueError, match=said):
            encode_event(event.model_copy(update={"attachment": announced}), attached)
