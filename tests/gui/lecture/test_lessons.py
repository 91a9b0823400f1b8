"""Lessons are arranged, own their values, and all that is done to them is undone."""

from __future__ import annotations

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.model.settings import preferences_of


def rate(state):
    return state.given_params().get("learning_rate")


def everything(state):
    """Return the lecture with its values, and what is on the stage."""
    parts = [(part, state.params_of(part)) for part in state.lecture.parts]
    return state.lecture, parts, state.scene, state.part, state.theme, state.frame_shape


def test_a_lesson_owns_its_values_and_so_does_the_draft_of_its_scene(state, lecture, edit):
    first, second = lecture().parts
    state.select_scene("backprop")
    edit("learning_rate", 2.0)
    for part, value in ((first, 0.5), (second, 0.25)):
        state.select_part(part.id)
        assert rate(state) == value
    edit("learning_rate", 0.75)
    assert state.params_of(first) == {"learning_rate": 0.5}
    assert state.params_of(second) == {"learning_rate": 0.75}
    state.select_scene("backprop")
    assert rate(state) == 2.0


ACTS = {
    "add": lambda it: it.lessons.add(),
    "duplicate": lambda it: it.lessons.duplicate(),
    "remove": lambda it: it.lessons.remove(),
    "move": lambda it: it.lessons.shift(-1),
    "rename": lambda it: it.lessons.rename(it.state.part, "By hand"),
    "notes": lambda it: it.lessons.take_notes("Ask first.", "1"),
    "title": lambda it: it.lessons.rename_lecture("Week 1"),
    "colours": lambda it: it.history.choose("theme", "Colours", "print"),
    "shape": lambda it: it.history.choose("frame_shape", "Shape", "9:16"),
    "value": lambda it: it.edit("learning_rate", 1.5),
    "reset": lambda it: it.history.reset_all(),
}


def test_each_act_is_one_step_that_goes_back_to_where_it_was_done(
    window, state, lessons, lecture, edit
):
    class Hands:
        history = window.services.history

    Hands.state, Hands.lessons, Hands.edit = state, lessons, staticmethod(edit)
    for name, act in ACTS.items():
        if name != "add":
            state.select_part(lecture().parts[1].id)
        before, count = everything(state), Hands.history.stack.index()
        act(Hands)
        after = everything(state)
        assert after != before, name
        assert Hands.history.stack.index() == count + 1, name
        state.select_part(state.lecture.parts[0].id)
        Hands.history.stack.undo()
        assert everything(state) == before, name
        state.select_scene("descent")
        Hands.history.stack.redo()
        assert everything(state) == after, name
        Hands.history.stack.undo()
        assert everything(state) == before, name


def test_what_is_in_the_lecture_already_is_asked_about(qtbot, state, lecture, lessons, edit):
    first, second = lecture().parts
    state.select_scene("backprop")
    edit("learning_rate", 0.5)
    with qtbot.waitSignal(lessons.found) as found:
        lessons.add()
    assert found.args == [first.id]
    state.select_part(second.id)
    with qtbot.waitSignal(lessons.found) as found:
        lessons.add()
    assert found.args == [second.id]
    assert len(lecture().parts) == 2
    lessons.add(again=True)
    assert [part.scene for part in lecture().parts] == ["backprop"] * 3
    assert state.part == lecture().parts[2].id
    assert rate(state) == 0.25


def test_a_lecture_is_begun_as_its_first_lesson_is_and_others_keep_what_differs(
    state, window, lessons
):
    state.lesson_language, state.theme, state.quality = "zh", "light", "l"
    lessons.add()
    lecture = state.lecture
    assert (lecture.languages, lecture.theme, lecture.quality) == (("zh",), "light", "l")
    state.select_scene("descent")
    state.theme, state.frame_shape, state.quality, state.lesson_language = "print", "4:3", "h", "en"
    lessons.add()
    first, second = state.lecture.parts
    assert (first.theme, first.frame) == (None, None)
    assert (second.theme, second.frame) == ("print", "4:3")
    assert "中文" in state.notice
    assert "480p" in state.notice
    state.select_part(first.id)
    assert (state.theme, state.frame_shape) == ("light", "16:9")
    state.select_scene("descent")
    assert (state.theme, state.frame_shape) == ("print", "4:3")
    state.select_part(second.id)
    lessons.share_look()
    assert (state.lecture.theme, state.lecture.frame) == ("print", "4:3")
    assert not any(part.theme or part.frame for part in state.lecture.parts)


def test_a_title_is_kept_for_each_language_of_the_lecture(state, lecture, lessons, window):
    part = lecture().parts[0]
    lessons.rename(part.id, "  By \n hand ")
    assert lecture().parts[0].title == "By hand"
    window.services.history.stack.undo()
    from dataclasses import replace

    state.lecture = replace(lecture(), languages=("en", "zh"))
    lessons.rename(part.id, "By hand")
    state.lesson_language = "zh"
    lessons.rename(part.id, "手算")
    assert lecture().parts[0].title == {"en": "By hand", "zh": "手算"}
    assert lessons.title_of(lecture().parts[0]) == "手算"
    # The scene's own title is none of the lecture's.
    state.lesson_language = "en"
    lessons.rename(part.id, "Backpropagation: one training step")
    assert lecture().parts[0].title == {"zh": "手算"}


def test_what_is_wrong_or_missing_cannot_be_added(state, window, lessons):
    state.refusal = Message.plain("wrong")
    assert lessons.blocked_reason() == "Correct the parameters first."
    lessons.add()
    state.select_scene("")
    assert lessons.blocked_reason() == "Choose a scene first."
    lessons.add()
    assert state.lecture.parts == ()
    assert not window.menus.actions["&Add this lesson"].isEnabled()


def test_the_last_lesson_that_is_removed_stays_on_the_stage_as_a_draft(state, lecture, lessons):
    state.select_part(lecture().parts[1].id)
    lessons.remove()
    assert state.part == lecture().parts[0].id
    lessons.remove()
    assert lecture().parts == ()
    assert (state.scene, state.part) == ("backprop", "")


def test_a_lesson_that_becomes_one_is_not_drawn_again(qtbot, window, state, stills, lessons):
    count = len(stills.stills)
    lessons.add()
    qtbot.waitUntil(lambda: window.services.previews.is_settled)
    assert len(stills.stills) == count
    assert state.preview.image is not None


def test_the_look_of_a_lesson_is_not_what_drafts_prefer(state, lecture, window):
    state.select_part(lecture().parts[0].id)
    window.services.history.choose("theme", "Colours", "print")
    assert state.theme == "print"
    assert preferences_of(state)["preferences/theme"] == "dark"
    state.select_scene("descent")
    assert state.theme == preferences_of(state)["preferences/theme"] == "dark"
