"""The program with its real session, queue and files, edited by chance until it is killed.

``python killed_window.py SEED EDITS``. Each line on stdout is what has just happened:
``start STATE``, ``edit TIME STATE``, ``kept NUMBER`` (so many edits are on the disk),
``entry ID QUEUE-STATE PATH``, ``closing``. Videos are drawn by a worker that starts at once; stills
are not drawn at all.
"""

from __future__ import annotations

import json
import random
import sys
import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer

from backprop_studio.gui import session as session_module
from backprop_studio.gui.app import parse
from backprop_studio.gui.renders.link import QueueLink
from backprop_studio.gui.renders.opening import open_queue
from backprop_studio.gui.worker_link import WorkerLink
from backprop_studio.render.messages.results import CatalogueEntry
from backprop_studio.render.workers.client import WorkerClient

chance, most = random.Random(int(sys.argv[1])), int(sys.argv[2])
WORKER = Path(__file__).with_name("quick_worker.py")
NUMBER = {"type": "number", "default": 1.0, "title": "Number"}
PARAMETERS = {"properties": {"frozen": NUMBER, "times": {"type": "array", "title": "Times"}}}
SCENES = tuple(
    CatalogueEntry(id=name, title=name, parameters=PARAMETERS)
    for name in ("first", "second", "third")
)


class Idle:
    """Draws no still."""

    def __init__(self, _on_event):
        self.submit = self.cancel = self.take = self.close = lambda *_arguments: None


def videos(on_event):
    return WorkerClient(on_event, command=(sys.executable, str(WORKER)))


session_module.WorkerLink = lambda: WorkerLink(Idle)
session_module.QueueLink = lambda: QueueLink(partial(open_queue, factory=videos))
session = session_module.Session(parse([]))
open_window = session.window.start
session.window.start = lambda _known, **_how: open_window(list(SCENES))
state, history = session.state, session.window.services.history
edits, begun = 0, []
begin_to_write = session.keeper._begin


def note_and_begin():
    begun.append(edits)
    begin_to_write()


session.keeper._begin = note_and_begin


def say(word, value=""):
    sys.stdout.write(f"{word} {value}\n")
    sys.stdout.flush()


def facts():
    """Return all that has to come back."""
    kept = state.snapshot().model_dump()
    return json.dumps(kept | {name: getattr(state, name) for name in ("theme", "quality")})


def edit():
    global edits
    form = {spec.path: spec for spec in state.form.fields()}
    act = chance.choice(("scene", "frozen", "frozen", "times", "beat", "theme", "render"))
    if act == "scene":
        state.select_scene(chance.choice(SCENES).id)
    elif act == "frozen":
        history.edit(form["frozen"], round(chance.random(), 6))
    elif act == "times":
        history.edit(form["times"], [round(chance.uniform(0.1, 0.4), 3)])
    elif act == "beat":
        state.beat = chance.choice(("first", "second", None))
    elif act == "theme":
        state.theme = chance.choice(("dark", "light", "print"))
    elif not state.queue.next and not state.render.phase.is_active:
        session.window.services.renders.start()
    edits += 1
    say("edit", f"{time.monotonic()} {facts()}")


def on_queue():
    for entry in state.queue.entries:
        say("entry", f"{entry.id} {entry.state} {entry.job.output}")


def go_on(left):
    edit()
    if left:
        QTimer.singleShot(chance.choice((0, 5, 40, 150, 500)), lambda: go_on(left - 1))
    else:
        say("closing")
        session.window.keep_all()
        session.quit()


def begin():
    say("start", facts())
    session.keeper.kept.connect(lambda: say("kept", begun.pop(0)))
    state.listen(on_queue, "queue")
    session.window.services.renders.resume()
    go_on(most)


state.listen(lambda: QTimer.singleShot(0, begin), "catalogue")
session.hear_signals()
code = session.run()
say("ended")
sys.exit(code)
