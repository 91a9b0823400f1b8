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

from render.jobs import Cancelled, Done, Failed, Hello, Progress, Started
from render.protocol import Cancel, MessageDecoder, encode_event, parse_request

events = os.fdopen(os.dup(1), "wb", buffering=0)


def send(event, attachment=b""):
    events.write(encode_event(event, attachment))


def requests():
    decoder = MessageDecoder()
    while data := os.read(0, 65536):
        for message in decoder.feed(data):
            yield parse_request(message.payload)


def forever():
    while True:
        time.sleep(1000)


def act(job, inbox):
    what = job.params.get("act", "ok")
    if what == "silent_crash":
        os.kill(os.getpid(), signal.SIGKILL)
    send(Started(job_id=job.id))
    send(Progress(job_id=job.id, phase="draw", fraction=0.5))
    match what:
        case "ok":
            send(Done(job_id=job.id, result={"pid": os.getpid()}, attachment=3), b"png")
        case "environment":
            found = {"environment": dict(os.environ), "folder": os.getcwd()}
            send(Done(job_id=job.id, result=found))
        case "video":
            with open(job.output, "wb") as file:
                file.write(b"a video")
            result = {"path": job.output, "frames": 90, "duration": 3.0, "beats": []}
            send(Done(job_id=job.id, result=result | job.picture.model_dump()))
        case "sheet":
            sheet = {"loss": float("inf"), "job": job.model_dump()}
            send(Done(job_id=job.id, result={"answer_sheet": sheet}))
        case "picture":
            result = {"beat": "loss", "seconds": 1.5, "job": job.model_dump()}
            send(Done(job_id=job.id, result=result, attachment=3), b"png")
        case "crash":
            print("last words", file=sys.stderr, flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            sys.exit(7)
        case "stage_and_hang":
            from pathlib import Path

            from render.staging import staging_path

            staging_path(Path(job.output), job.id).write_bytes(b"half a video")
            send(Progress(job_id=job.id, phase="draw", fraction=0.6))
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            forever()
        case "hang":
            forever()
        case "stubborn":  # deaf to a cancel and to SIGTERM alike
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            send(Progress(job_id=job.id, phase="draw", fraction=0.6))
            forever()
        case "obey":
            while (request := next(inbox)) != Cancel(job_id=job.id):
                assert not isinstance(request, Cancel)
            send(Cancelled(job_id=job.id))
        case "die_when_cancelled":
            next(inbox)
            sys.exit(1)
        case "done_anyway":
            next(inbox)
            send(Done(job_id=job.id))
        case "garbage":
            os.write(events.fileno(), b"Traceback (most recent call last):\n")
            forever()
        case "half_a_message":
            os.write(events.fileno(), encode_event(Done(job_id=job.id))[:-3])
            sys.exit(0)
        case "two_ends":
            send(Done(job_id=job.id))
            send(Failed(job_id=job.id, error="scene", message="too late"))
            send(Cancelled(job_id=job.id))
        case "foreign":
            send(Done(job_id="somebody else's"))
            send(Done(job_id=job.id))
        case "fail":
            send(Failed(job_id=job.id, error=job.params["error"], message="as asked"))
        case "grandchild":
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])
            send(Done(job_id=job.id, result={"pid": child.pid}))
        case "close_the_pipe":
            events.close()
            os.close(1)
            forever()
        case other:
            raise ValueError(other)


def main(arguments):
    if "--die" in arguments:
        print("no such library", file=sys.stderr, flush=True)
        sys.exit(9)
    if "--mute" in arguments:
        forever()
    version = int(arguments[arguments.index("--version") + 1]) if "--version" in arguments else 1
    send(Hello(pid=os.getpid(), protocol=version))
    inbox = requests()
    for request in inbox:
        if not isinstance(request, Cancel):
            act(request, inbox)


if __name__ == "__main__":
    main(sys.argv[1:])
