"""Answers: each is the one that numpy comes to, by the steps that are printed, in few digits."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest

from backprop_studio.core.answer_sheet import look_up
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.render.kit.exercises.draw import exercises_of
from backprop_studio.render.kit.exercises.subject import DECIMALS
from backprop_studio.render.kit.exercises.subjects import SUBJECTS
from tests.render.kit.exercises.by_hand import BY_HAND, computation_graph
from tests.scenes.lesson_runs import lesson_class

FEW, MANY = 2, 200


def own(scene):
    """Return the parameters of the scene, as its answer sheet has them."""
    return lesson_class(scene).Params().model_dump(mode="json")


def by_hand(scene, exercise):
    if scene != "computation_graph":
        return BY_HAND[scene](exercise.parameters)
    values, gradients, locals_ = computation_graph(exercise.parameters)
    graph, found = exercise.sheet["graph"], {}
    for k, node in enumerate(graph["nodes"]):
        if node["id"] in values:
            found[f"graph.nodes.{k}.value"] = values[node["id"]]
            found[f"graph.nodes.{k}.gradient"] = gradients[node["id"]]
    for k, edge in enumerate(graph["edges"]):
        if (edge["tail"], edge["head"]) in locals_:
            found[f"graph.edges.{k}.local"] = locals_[edge["tail"], edge["head"]]
    return found


def worked_out(markup):
    """Return what a calculation in Typst's mathematics comes to."""
    text = markup.replace("dot", "*").replace("^", "**").replace("epsilon", "")
    text = re.sub(r"\bln ([\d.]+)", r"ln(\1)", text)
    text = re.sub(r"(?<=[\d)])\s+\(", " * (", text)
    names = {"frac": lambda a, b: a / b, "ln": math.log, "max": max, "e": math.e}
    names |= {"sqrt": math.sqrt, "abs": abs}
    return eval(text, {"__builtins__": {}}, names)


def check(scene, exercise):
    """Compare each number with the one worked out by hand.

    Return how many answers there are, how many are printed with few decimals, and how many are
    so short without rounding.
    """
    expected = by_hand(scene, exercise)
    paths = {it.path for it in (*exercise.task.given, *exercise.task.questions)}
    for question in exercise.task.questions:
        paths |= set(re.findall(r"\{([\w.]+)\}", question.numbers))
    assert paths <= expected.keys()
    for path in paths:
        assert look_up(exercise.sheet, path) == pytest.approx(expected[path], rel=1e-9, abs=1e-9)
    for given, (name, text) in zip(exercise.task.given, exercise.given, strict=True):
        assert name == given.name
        assert float(text) == pytest.approx(expected[given.path], abs=1e-12)
    for answer in exercise.answers:
        value, tolerance = expected[answer.question.path], answer.question.tolerance
        assert abs(float(answer.text) - value) <= (0.0005 if answer.is_rounded else 1e-9)
        # Whoever goes on with the printed numbers comes to an answer that is taken.
        if answer.question.numbers:
            is_bare = answer.steps[-1:] in ((), (answer.question.rule,))
            way = answer.text if is_bare else answer.steps[-1]
            most = 1e-9 if SUBJECTS[scene].is_exact else tolerance
            assert abs(worked_out(way) - value) <= most, (way, value)
    printed = [answer.text for answer in exercise.answers]
    exact = [expected[it.path] for it in exercise.task.questions]
    few = sum(len(it.partition(".")[2]) <= DECIMALS for it in printed)
    return len(printed), few, sum(abs(round(it, DECIMALS) - it) < 1e-9 for it in exact)


def check_many(scene, seeds):
    subject, params = SUBJECTS[scene], own(scene)
    known, counts = set(), np.zeros(3, dtype=int)
    model = lesson_class(scene).Params
    for seed in seeds:
        for exercise in exercises_of(subject, params, seed, 1):
            counts += check(scene, exercise)
            if scene != "linear_regression":  # whose points are drawn, or come from a file
                validate_params(model, exercise.parameters)
            known.add(json.dumps(exercise.parameters, sort_keys=True))
    return counts, known


@pytest.mark.parametrize("scene", SUBJECTS)
def test_answers_are_those_of_numpy(scene):
    (total, few, exact), known = check_many(scene, range(FEW))
    assert len(known) == FEW
    assert total == few > 0
    assert (exact == total) == SUBJECTS[scene].is_exact


@pytest.mark.slow
@pytest.mark.parametrize("scene", SUBJECTS)
def test_answers_of_200_seeds_are_those_of_numpy(scene):
    (total, few, exact), known = check_many(scene, range(MANY))
    print(f"{scene}: of {total} results {few} have at most 3 decimals, {exact} without rounding")
    assert few >= 0.95 * total
    assert (exact == total) == SUBJECTS[scene].is_exact
    assert len(known) > 0.8 * MANY  # other seeds may draw the same


@pytest.mark.slow
@pytest.mark.parametrize("scene", SUBJECTS)
def test_no_two_of_200_students_are_alike(scene):
    found = exercises_of(SUBJECTS[scene], own(scene), 1, MANY)
    assert len(found) == MANY
    assert len({json.dumps(it.parameters, sort_keys=True) for it in found}) == MANY
    assert len({(it.given, tuple(a.text for a in it.answers)) for it in found}) == MANY
    for exercise in found:
        check(scene, exercise)


def test_the_first_are_the_same_in_a_larger_class():
    subject, params = SUBJECTS["chain_rule"], own("chain_rule")
    few, many = (exercises_of(subject, params, 7, count) for count in (3, 5))
    assert [it.parameters for it in few] == [it.parameters for it in many[:3]]
    assert len({it.given for it in many}) == 5
    assert [it.number for it in many] == [1, 2, 3, 4, 5]
    assert exercises_of(subject, params, 8, 3)[0].parameters != few[0].parameters


@pytest.mark.parametrize(
    "scene",
    [
        pytest.param(it, marks=() if it in {"chain_rule", "backprop"} else pytest.mark.slow)
        for it in SUBJECTS
        if it != "linear_regression"
    ],
)
def test_answers_stand_in_the_scene_s_own_answer_sheet(scene):
    (exercise,) = exercises_of(SUBJECTS[scene], own(scene), 3, 1)
    model = lesson_class(scene).Params
    lesson = lesson_class(scene)()
    lesson.params = validate_params(model, exercise.parameters)
    sheet = lesson.compute()
    if scene == "momentum":
        sheet["parameters"] = exercise.parameters
    for question in exercise.task.questions:
        found = look_up(sheet, question.path)
        assert found == pytest.approx(look_up(exercise.sheet, question.path), rel=1e-12, abs=1e-12)


def test_a_formula_without_short_numbers_has_no_exercises():
    params = own("derivative") | {"formula": "exp(w)"}
    assert exercises_of(SUBJECTS["derivative"], params, 1, 2) == []


def test_a_lesson_s_own_formula_is_asked_about():
    params = own("derivative") | {"formula": "w^3 - 2*w"}
    (found,) = exercises_of(SUBJECTS["derivative"], params, 1, 1)
    assert found.task.rules == ["f(w) = w^(3) - 2 w"]
    check("derivative", found)
    params = own("gradient_descent") | {"curve": {"name": "formula", "formula": "2*w^2 + 3"}}
    (found,) = exercises_of(SUBJECTS["gradient_descent"], params, 1, 1)
    assert found.task.rules[0] == "L(w) = 2 w^(2) + 3"
    check("gradient_descent", found)
