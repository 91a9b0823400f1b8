"""Messages: codes and fields from where they arise, words where they are shown."""

from __future__ import annotations

import ast
import errno
import os
import pickle
from collections import defaultdict
from pathlib import Path

import pytest

import backprop_studio.core
from backprop_studio.core.base.errors import InputError, ParameterError, message_of
from backprop_studio.core.base.messages import (
    Message,
    counted,
    did_you_mean,
    either,
    listed,
    os_reason,
    sentence,
)

CHINESE = {
    "the file {file} cannot be read: {reason}": "无法读取文件 {file}：{reason}",
    "permission denied": "权限不足",
    "{others} or {last}": "{others} 或 {last}",
    "wrong value for {field}": "{field} 的值不对",
    ", ": "、",
    ".": "。",
}


def chinese(text):
    return CHINESE.get(text, text)


def unreadable(number):
    reason = os_reason(OSError(number, "Keine Berechtigung"))
    return Message.of("x", "the file {file} cannot be read: {reason}", file="a.csv", reason=reason)


def test_words_are_made_in_the_readers_language_at_every_depth():
    message = unreadable(errno.EACCES)
    assert sentence(message) == "The file a.csv cannot be read: permission denied."
    assert sentence(message, chinese) == "无法读取文件 a.csv：权限不足。"
    assert either(["a", "b", "c"]).words(chinese) == "a、b 或 c"
    # What was typed keeps its first letter wherever a language puts it.
    wrong = Message.of("x", "wrong value for {field}", field="pace")
    assert (sentence(wrong), sentence(wrong, chinese)) == (
        "Wrong value for pace.",
        "pace 的值不对。",
    )


def test_reasons_of_the_system_go_by_their_numbers():
    assert unreadable(errno.ENOSPC).is_disk_full
    assert unreadable(errno.EDQUOT).is_disk_full
    assert not unreadable(errno.EACCES).is_disk_full
    assert os_reason(OSError(errno.EDQUOT, "x")).words() == "disk quota exceeded"
    unknown = os_reason(OSError(9999, "Something New"))
    assert (unknown.words(), unknown.fields["errno"]) == ("something new", 9999)
    assert os_reason(OSError("Out of Luck")).words() == "out of luck"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (Message.of("x", "the disk is full"), "The disk is full."),
        (Message.of("x", "{field}: wrong", field="sample"), "sample: wrong."),
        (Message.of("x", "{why}; stop", why=Message.of("y", "no room")), "No room; stop."),
        (Message.of("x", "{it} is wrong", it=listed(["a", "b"])), "a, b is wrong."),
        (Message.of("x", "{n} are left", n=counted(1, "{number} row", "rows")), "1 row are left."),
        (Message.of("x", "no {a}; {hint}", a="b", hint=did_you_mean("c")), "No b; did you mean c?"),
        (Message.of("x", "found {a}", a="99…"), "Found 99…."),
        (Message.of("x", "wait …"), "Wait …"),
        (Message.of("x", "found {a}", a=10**20), "Found 10000000000000000000…."),
        (Message.of("x", "found {a}", a=10**20 - 1), "Found 99999999999999999999."),
        (Message.of("x", "found {a}", a=counted(0, "one", "{number} rows")), "Found 0 rows."),
        (Message.of("x", "found {a}", a=counted(2, "one", "{number} rows")), "Found 2 rows."),
        (Message.of("x", "found {a}", a="two\nlines\x00"), "Found two lines?"),
        (Message.of("x", "file {a}", a=Path("b") / "c"), f"File {Path('b', 'c')}."),
        (Message.of("x", "file {a}", a="b\udcffc"), "File b?c."),
        (Message.plain("{braces} of a library"), "{braces} of a library."),
    ],
)
def test_sentences(message, said):
    assert sentence(message) == said


def test_fields_can_be_changed_and_looked_through():
    message = unreadable(errno.EIO)
    assert message.with_fields(file="b.csv").fields["file"] == "b.csv"
    assert [it.code for it in message.every()] == ["x", "os"]
    row = Message.of("y", "{all}", all=(1, message, "a", did_you_mean("b")))
    assert [it.code for it in row.every()] == ["y", "x", "os", "hint.near"]
    changed = message.changed(str.upper)
    assert sentence(changed) == "The file A.CSV cannot be read: input/output error."
    assert row.changed(str.upper).fields["all"] == (1, changed, "A", did_you_mean("B"))
    with pytest.raises(ValueError, match="frozen"):
        message.code = "z"


def test_an_error_carries_its_message_through_processes_and_validators():
    error = InputError(unreadable(errno.EIO))
    assert pickle.loads(pickle.dumps(error)).message == error.message == message_of(error)
    assert message_of(OSError(errno.EIO, os.strerror(errno.EIO))).code == "os"
    assert message_of(ValueError("somebody's words")).words() == "somebody's words"
    assert str(ParameterError("x", "give {a}", a=1)) == "give 1"


# Over the source


def literals(tree):
    """Yield the code and the template of each message, where both stand in one function."""
    texts = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            texts.setdefault(node.targets[0].id, set()).update(marked(node.value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and len(node.args) > 1:
            code, text = node.args[:2]
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if (called == "of" or called.endswith("Error")) and isinstance(code, ast.Constant):
                found = marked(text) or texts.get(getattr(text, "id", ""), set())
                yield code.value, found if len(found) == 1 else set()


def marked(node):
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
        return {ast.literal_eval(node.args[0])}
    return set()


def test_one_code_has_one_template():
    templates = defaultdict(set)
    for path in Path(backprop_studio.core.__path__[0]).rglob("*.py"):
        for part in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(part, ast.FunctionDef):
                for code, texts in literals(part):
                    templates[code] |= texts
    assert len(templates) > 150
    assert {code: texts for code, texts in templates.items() if len(texts) > 1} == {}
