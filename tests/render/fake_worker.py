"""A worker that plays a part: what it does with a job is said by the job's parameter ``act``.

Run as a script by the tests of the client. Arguments: ``--version N`` to speak another protocol,
``--die`` to end before hello, ``--mute`` never to say hello.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from backprop_studio.core.base.messages import Message
from backprop_studio.render.files.staging import staging_path
from backprop_studio.render.messages import protocol
from backprop_studio.render.messages.events import (
    PROTOCOL_VERSION,
    Cancelled,
    Done,
    Failed,
    Hello,
    Progress,
    Started,
)
from backprop_studio.render.messages.protocol import Cancel, encode_event

events = os.fdopen(os.dup(1), "wb", buffering=0)
ACTS = {}
kept = []


def act(function):
    ACTS[function.__name__] = function
    return function


def send(event, attachment=b""):
    events.write(encode_event(event, attachment))


def requests():
    decoder = protocol.MessageDecoder()
    while data := os.read(0, 65536):
        for message in decoder.feed(data):
            yield protocol.parse_request(message.payload)


def forever():
    while True:
        time.sleep(1000)


def deaf():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


@act
def ok(job, _inbox):
    send(Done(job_id=job.id, result={"pid": os.getpid()}, attachment=3), b"png")


@act
def keep(job, _inbox):
    """Go on holding a hundred megabytes."""
    kept.append(b"\1" * 100_000_000)
    ok(job, _inbox)


@act
def devour(job, _inbox):
    """Take more and more memory."""
    while True:
        kept.append(b"\1" * 10_000_000)
        send(Progress(job_id=job.id, phase="draw", fraction=0.6))
        time.sleep(0.02)


@act
def environment(job, _inbox):
    found = {"environment": dict(os.environ), "folder": os.getcwd()}
    send(Done(job_id=job.id, result=found))


@act
def video(job, _inbox):
    Path(job.output).write_bytes(b"a video")
    result = {"path": job.output, "frames": 90, "duration": 3.0, "beats": []}
    send(Done(job_id=job.id, result=result | job.picture.model_dump()))


@act
def lesson(job, inbox):
    """Note that a lesson was drawn; as long as a file is there, draw without end instead."""
    if job.kind == "plan":
        send(Done(job_id=job.id, result={"frames": 90}))
    elif Path(job.params["stop"]).exists():
        obey(job, inbox)
    else:
        with open(job.params["log"], "a", encoding="utf-8") as log:
            log.write(f"{job.scene} {job.language}\n")
        video(job, inbox)


@act
def fail(job, _inbox):
    send(Failed(job_id=job.id, error=job.params["error"], message=Message.plain("as asked")))


@act
def crash(_job, _inbox):
    print("late output", file=sys.stderr, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


@act
def leave(_job, _inbox):
    sys.exit(7)


@act
def hang(_job, _inbox):
    forever()


@act
def stubborn(job, _inbox):
    """Be deaf to a cancel and to SIGTERM alike."""
    deaf()
    send(Progress(job_id=job.id, phase="draw", fraction=0.6))
    forever()


@act
def stage_and_hang(job, inbox):
    staging_path(Path(job.output), job.id).write_bytes(b"half a video")
    stubborn(job, inbox)


@act
def obey(job, inbox):
    while (request := next(inbox)) != Cancel(job_id=job.id):
        assert not isinstance(request, Cancel)
    send(Cancelled(job_id=job.id))


@act
def put_off(job, inbox):
    """Obey the first time, and do it the second."""
    kept.append(job.id)
    (obey if kept.count(job.id) == 1 else ok)(job, inbox)


@act
def die_when_cancelled(_job, inbox):
    next(inbox)
    sys.exit(1)


@act
def done_anyway(job, inbox):
    next(inbox)
    send(Done(job_id=job.id, result={"pid": os.getpid()}))


@act
def garbage(_job, _inbox):
    events.write(b"Traceback (most recent call last):\n")
    forever()


@act
def half_a_message(job, _inbox):
    events.write(encode_event(Done(job_id=job.id))[:-3])
    sys.exit(0)


@act
def two_ends(job, _inbox):
    send(Done(job_id=job.id))
    send(Failed(job_id=job.id, error="scene", message=Message.plain("too late")))
    send(Cancelled(job_id=job.id))


@act
def foreign(job, _inbox):
    send(Done(job_id="somebody else's"))
    send(Done(job_id=job.id))


@act
def grandchild(job, _inbox):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
    send(Done(job_id=job.id, result={"pid": child.pid}))


@act
def close_the_pipe(_job, _inbox):
    events.close()
    os.close(1)
    forever()


def play(job, inbox):
    # A job without parameters is called what it does.
    what = getattr(job, "params", {"act": job.id}).get("act", "ok")
    if what == "silent_crash":
        os.kill(os.getpid(), signal.SIGKILL)
    send(Started(job_id=job.id))
    send(Progress(job_id=job.id, phase="draw", fraction=0.5))
    ACTS[what](job, inbox)


def main(arguments):
    if "--die" in arguments:
        print("no such library", file=sys.stderr, flush=True)
        sys.exit(9)
    if "--mute" in arguments:
        forever()
    version = PROTOCOL_VERSION
    if "--version" in arguments:
        version = int(arguments[arguments.index("--version") + 1])
    send(Hello(pid=os.getpid(), protocol=version))
    inbox = requests()
    for request in inbox:
        if not isinstance(request, Cancel):
            play(request, inbox)


if __name__ == "__main__":
    main(sys.argv[1:])
