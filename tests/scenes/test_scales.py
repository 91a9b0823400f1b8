"""What is compared stands on one scale, and a scale that is not even says so."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.scenes.families.training_step.stage import round_reach
from backprop_studio.scenes.paint.style import THEMES
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.bar_columns import BarColumns
from backprop_studio.scenes.parts.charts.bars import Bars
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.networks.layered_network import LayeredNetwork
from backprop_studio.scenes.parts.networks.loss_panel import LossPanel
from backprop_studio.scenes.parts.surfaces.vector_map import VectorMap
from tests.scenes.lesson_runs import run_lesson


def parts(run, kind, beat=""):
    return [
        it for m in run.moments if m.beat.startswith(beat) for it in m.parts if isinstance(it, kind)
    ]


@pytest.mark.parametrize("logits", [[0.5, -1, 2, 0.1, 1], [3, 1, 0.2], [8, -8]])
def test_probability_target_and_difference_have_one_unit(logits):
    run = run_lesson("softmax_cross_entropy", {"logits": logits, "target": len(logits) - 1})
    table = parts(run, BarColumns, "gradient")[-1]
    units = []
    for column, spec in enumerate(table.columns):
        for row in range(len(logits)):
            left, _, right, _ = table.bar_box(column, row)
            value = abs(float(table.state["values"][column, row]))
            if spec.scale == "p" and table.state["shown"][column] and value:
                units.append((right - left) / value)
    assert len(units) > len(logits)
    assert units == pytest.approx([units[0]] * len(units))


def test_the_true_class_stands_in_every_vector():
    run = run_lesson("softmax_cross_entropy", {"logits": [0.5, -1, 2, 0.1, 1, 3], "target": 4})
    written = {m.beat: " ".join(m.texts) for m in run.moments}
    assert "mat(0 ; dots.v ; 1 ; 0 ; 0)" in written["target"]


def test_a_difference_from_the_target_has_a_sign_and_a_scale():
    names = ("loss", "after")
    panel = LossPanel("", ["1", "2"], [False] * 2, names, 3.0, THEMES["dark"], "en", reach=2.0)
    panel.show_answers([-1.5, 0.5], ["", ""])
    assert [panel.bar(row) for row in range(2)] == [(0.125, 0.5), (0.5, 0.625)]
    assert [round_reach([it]) for it in (0.217, -1.699, 2.0, 31.0)] == [0.5, 2.0, 2.0, 50.0]
    network = {"network": {"preset": "two_layer_sigmoid"}}
    shown = parts(run_lesson("backprop", network), LossPanel, "after")[-1]
    assert "±1" in shown.heading
    record = run_lesson("backprop", network).lesson.record
    signs = np.sign(record.after.residuals[0])
    assert [np.sign(sum(shown.bar(k)) - 1) for k in range(2)] == signs.tolist()


def test_arrows_are_of_the_told_sample_before_they_are_of_the_batch():
    run = run_lesson("backprop", {"sample": 2})
    record = run.lesson.record
    for layer, here in enumerate(record.layers, 1):
        own, batch = (
            [
                it.state[f"gradient_{layer - 1}"]
                for it in parts(run, LayeredNetwork, beat)
                if it.state["arrow"][layer - 1] > 0
            ]
            for beat in (f"weights_{layer}", "blame")
        )
        assert own
        of_sample = pytest.approx(np.outer(here.dL_dz[1], here.a_in[1]))
        assert all(it == of_sample for it in own)
        assert batch[-1] == pytest.approx(here.dL_dW)


def test_a_step_stands_upright_on_the_lines_of_equal_height():
    for close in parts(run_lesson("momentum"), VectorMap):
        unit = np.diff(close.locate([(0.0, 0.0), (1.0, 1.0)]), axis=0)[0]
        assert unit[0] == pytest.approx(unit[1])


def test_two_slopes_that_are_compared_look_as_steep_as_they_are():
    x, y = (
        parts(run_lesson("partial_derivatives"), Plot, f"slope_{name}")[-1].state["window"]
        for name in "xy"
    )
    assert y[2:] == pytest.approx(x[2:])
    assert y[1] - y[0] == pytest.approx(x[1] - x[0])


def test_a_logarithmic_scale_says_so():
    axes = Axis(1, 10, "$x$"), Axis(1, 1000, "$L$", logarithmic=True)
    plot = Plot(*axes, (4.0, 3.0), THEMES["dark"], "en")
    assert plot.axes.names == ("$x$", '$L$ #"(log)"')
    assert plot.axes.names[1] in plot.texts()
    run = run_lesson("loss_surface")
    assert run.lesson.scale.knee is not None
    assert any("(log)" in text for moment in run.moments for text in moment.texts)


def test_bars_say_what_they_measure_and_nothing_where_they_have_no_word():
    for label, texts in (("", set()), ("$g$", {'$g$ #"(log)"'})):
        axis = Axis(1, 1000, label, logarithmic=True)
        bars = Bars(["$a$"], axis, (4.0, 3.0), THEMES["dark"], "en")
        assert set(bars.texts()) - {"$a$", *bars.ticks.texts} == texts


def test_the_bar_of_the_loss_moves_to_where_the_step_has_brought_it():
    panel = parts(run_lesson("backprop", {}), LossPanel, "after")[-1]
    assert float(panel.state["first_loss"]) == 1
    assert float(panel.state["loss_bar"]) == pytest.approx(0.8420 / 1.0324, abs=1e-3)
    panel.show_loss_after("inf", float("inf"))
    assert float(panel.state["loss_bar"]) == 1
