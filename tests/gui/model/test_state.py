"""The state: equal values are ignored, every scene keeps its own parameters."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from backprop_studio.core.base.messages import Message
from backprop_studio.gui.model.lecture import Lecture, Part
from backprop_studio.gui.model.state import AppState
from backprop_studio.gui.model.values import View


def spec(state, path):
    return next(spec for spec in state.form.fields() if spec.path == path)


@pytest.mark.parametrize(
    ("name", "value"),
    [("scene", "backprop"), ("quality", "h"), ("beat", "loss"), ("lesson_language", "zh")],
)
def test_a_change_is_told_once_and_an_equal_value_not(state, name, value):
    heard = Mock()
    getattr(state, f"{name}_changed").connect(heard)
    setattr(state, name, value)
    setattr(state, name, value)
    assert heard.call_count == 1
    assert getattr(state, name) == value


def test_two_states_do_not_share_values(state):
    state.quality = "k"
    assert AppState().quality == "m"


def test_every_scene_keeps_its_own_values_and_a_default_is_not_given(window, state):
    rate = spec(state, "learning_rate")
    state.set_param(rate, 0.5)
    state.set_param(spec(state, "network.sizes"), [2, 2])
    both = {"learning_rate": 0.5, "network": {"sizes": [2, 2]}}
    assert state.given_params() == both
    state.beat = "forward"
    state.refusal = refusal("learning_rate")
    state.select_scene("descent")
    assert state.beat is None
    assert state.refusal is None
    assert state.given_params() == {}
    state.set_param(spec(state, "learning_rate"), 0.25)
    state.select_scene("backprop")
    assert state.given_params() == both
    state.view = View.VIDEO
    state.set_param(rate, 0.1)
    assert state.view is View.PREVIEW
    assert state.is_default(rate)
    assert state.given_params() == {"network": {"sizes": [2, 2]}}


def test_nested_parameters_are_taken_as_one_step_and_others_get_their_defaults(window, state):
    history = window.services.history
    state.set_param(spec(state, "network.activation"), "sigmoid")
    params = {"learning_rate": 0.5, "network": {"sizes": [2, 2]}, "unknown": 1}
    history.take(params)
    assert state.given_params() == {"learning_rate": 0.5, "network": {"sizes": [2, 2]}}
    history.stack.undo()
    assert state.given_params() == {"network": {"activation": "sigmoid"}}


def refusal(field):
    return Message.of("parameter.wrong", "wrong value for {field}", field=field)


def test_a_refusal_is_about_the_field_that_it_names(window, state):
    assert state.refused is None
    for named, path in (
        ("learning_rate", "learning_rate"),
        ("network.sizes", "network.sizes"),
        ("network.weights.0.1", "network.weights"),
        ("learning", None),
        ("", None),
    ):
        state.refusal = refusal(named)
        assert state.refused.paths == ((path,) if path else ())


def test_a_refusal_goes_with_its_value_and_no_other(window, state):
    state.refusal = refusal("learning_rate")
    state.set_param(spec(state, "network.sizes"), [2, 2])
    assert state.refusal is not None
    state.set_param(spec(state, "learning_rate"), 0.5)
    assert state.refusal is None
    state.refusal = refusal("")
    state.set_param(spec(state, "network.sizes"), [2, 3])
    assert state.refusal is None


def test_a_lesson_s_parameters_stay_as_they_came_until_they_are_changed(window, state):
    came = {"pace": 1.0, "network": {"sizes": [2, 2], "unknown": 1}, "learning_rate": 0.1}
    part = Part("lesson-1", "backprop", params=came)
    state.lecture = Lecture(parts=(part,))
    state.select_part(part.id)
    assert state.given_params() == state.params_of(part) == came
    state.set_param(spec(state, "network.sizes"), None)
    state.set_param(spec(state, "learning_rate"), 0.5)
    kept = {"pace": 1.0, "network": {"unknown": 1}, "learning_rate": 0.5}
    assert state.params_of(part) == kept
    assert came["network"]["sizes"] == [2, 2]


def test_what_changes_together_is_told_when_all_of_it_has_changed(window, state):
    part = Part("lesson-1", "descent", theme="print")
    heard = []
    for name in ("lecture", "part", "scene", "theme"):
        state.listen(lambda: heard.append((state.part, state.scene, state.theme)), name)
    state.arrange(Lecture(parts=(part,)), part.scene, part.id)
    assert heard == [("lesson-1", "descent", "print")] * 4
