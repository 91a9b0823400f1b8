"""What a lecture or a data file calls things is looked at before a frame is drawn."""

from __future__ import annotations

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.messages.jobs import Card, PlanJob
from tests.render.drawing.films import SMALL
from tests.scenes.lesson_runs import SCENES

IN_EVERY_RUN = ("backprop", "chain_rule", "derivative")
"""Lessons of each kind: directed with a zoom, directed, and with a board beside the picture."""


@pytest.fixture
def plan(studio, silent):
    def plan(scene="chain_rule", *, title="", lecture="", **params):
        card = Card(title=title, lecture=lecture, number=1)
        job = PlanJob(id="plan", scene=scene, params=params, card=card, picture=SMALL)
        return studio.planned(job, silent.watch())

    return plan


@pytest.mark.parametrize("where", ["title", "lecture"])
def test_a_title_that_no_face_can_draw_is_refused_in_the_plan(plan, where):
    with pytest.raises(InputError, match=r"rocket U\+1F680"):
        plan(**{where: "Deep learning \U0001f680"})


def test_a_title_in_any_script_is_planned(plan):
    assert plan(title="Příliš žluťoučký kůň", lecture="Đạo hàm — Градиент ∂")["frames"]


@pytest.mark.parametrize(("column", "word"), [("a", "\u1200"), ("a\U0001f600", "Łódź")])
def test_so_is_the_name_of_a_class_or_a_column(plan, column, word, tmp_path):
    rows = [f"{k},{-k},{word if k % 3 else 'out'}" for k in range(24)]
    path = tmp_path / "names.csv"
    path.write_text("\n".join([f"{column},b,where", *rows]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"U\+1(200|F600)"):
        plan("classification", data={"file": str(path)}, epochs=2)


@pytest.mark.parametrize(
    "scene",
    [it if it in IN_EVERY_RUN else pytest.param(it, marks=pytest.mark.slow) for it in SCENES],
)
def test_every_lesson_has_a_card_in_a_lecture_and_goes_on_as_without(plan, studio, silent, scene):
    alone = studio.planned(PlanJob(id="p", scene=scene, picture=SMALL), silent.watch())["beats"]
    card, *beats = plan(scene, lecture="Week 1")["beats"]
    assert (card["name"], card["caption"]) == ("title", "")
    assert [(it["name"], it["caption"]) for it in beats] == [
        (it["name"], it["caption"]) for it in alone
    ]
    lengths = [[round(it["end"] - it["start"], 1) for it in film] for film in (beats, alone)]
    assert lengths[0] == pytest.approx(lengths[1], abs=0.21)
