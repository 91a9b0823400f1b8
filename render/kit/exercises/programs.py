"""Exercises on programs: how many numbers a tensor has, and what the gradient of a loop is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.answer_sheet import records_sheet
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.kit.exercises.subject import Given, Question, Subject, Task
from backprop_studio.render.kit.exercises.writing import slope

if TYPE_CHECKING:
    from random import Random

    from backprop_studio.render.kit.exercises.subject import Parameters, Sheet

# How many numbers


_AXES = {2: "rc", 3: "hwk", 4: "thwk"}
"""Names of the axes, by the rank: rows and columns, height, width and channels, and time."""


def _draw_sizes(chance: Random, _own: Parameters) -> Parameters:
    most = {"rows": 9, "columns": 9, "height": 9, "width": 9, "channels": 4, "frames": 9}
    return {name: chance.randint(2, size) for name, size in most.items()}


def _sizes(given: Parameters) -> Sheet:
    from backprop_studio.core.network.tensor_params import TensorsGroup
    from backprop_studio.core.network.tensor_ranks import tensor_ranks

    examples = tensor_ranks(TensorsGroup.model_validate(given)).examples
    told = [{"rank": it.rank, "shape": it.shape, "count": it.count} for it in examples]
    return records_sheet("tensors", given, tensors=told)


def _of_sizes(sheet: Sheet) -> Task:
    texts = {
        2: N_("How many numbers the matrix has."),
        3: N_("How many numbers the image has."),
        4: N_("How many numbers the video has."),
    }
    questions = []
    for rank, axes in _AXES.items():
        sizes = (f"{{tensors.{rank}.shape.{k}}}" for k in range(rank))
        rule, numbers = " dot ".join(axes), " dot ".join(sizes)
        path = f"tensors.{rank}.count"
        questions.append(Question(path, f"n_{rank}", texts[rank], rule, numbers))
    given = [
        Given(name, f"tensors.{rank}.shape.{k}")
        for rank in (2, 4)
        for k, name in enumerate(_AXES[rank])
    ]
    return Task(
        [f"n_{rank} = {' dot '.join(axes)}" for rank, axes in _AXES.items()], given, questions
    )


# A loop and a branch


def _draw_input(chance: Random, _own: Parameters) -> Parameters:
    return {"a": chance.choice((-1, 1)) * chance.randint(80, 998) / 2}


def _loop(given: Parameters) -> Sheet:
    from backprop_studio.core.autograd.control_flow import control_flow

    return records_sheet("control_flow", given, control=control_flow(given["a"]))


def _of_loop(sheet: Sheet) -> Task:
    record = sheet["control"]
    last = len(record["turns"]) - 1
    is_positive = record["branch"] == "positive"
    factor = "" if is_positive else "100 dot "
    questions = [
        Question(
            f"control.turns.{k}.b",
            f"b_{k}",
            N_("The next value of b.") if k else N_("The first value of b."),
            f"2 dot b_{k - 1}" if k else "2 dot a",
            f"2 dot {{control.turns.{k - 1}.b}}" if k else "2 dot {control.a}",
        )
        for k in range(last + 1)
    ]
    questions += [
        Question(
            "control.value",
            "c",
            N_("The value of c, by the branch that is taken."),
            f"{factor}b_{last}",
            f"{factor}{{control.turns.{last}.b}}",
        ),
        Question(
            "control.gradient",
            slope("c", "a"),
            N_("The gradient of a."),
            "",
            f"{factor}2^{last + 1}",
        ),
    ]
    rules = ["b_0 = 2 dot a", "b_(k+1) = 2 dot b_k"]
    return Task(rules, [Given("a", "control.a")], questions)


TENSORS = Subject(
    N_("How many numbers a matrix, an image and a video have, from the sizes of their axes."),
    _draw_sizes,
    _sizes,
    _of_sizes,
)
CONTROL_FLOW = Subject(
    N_(
        "b is 2a, and is doubled as long as its norm is below 1000; then c is b if b is positive, "
        "and else 100b."
    ),
    _draw_input,
    _loop,
    _of_loop,
)
