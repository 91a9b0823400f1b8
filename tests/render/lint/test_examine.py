"""Each rule finds its planted fault and nothing else; what only looks like one is left alone."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PIL import Image

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.drawing.progress import RenderCancelled
from backprop_studio.render.lint.outline import MARK

PLANTED = {
    "text_outside": ("outside", "too far to the right"),
    "text_far_outside": ("outside", "nobody sees me"),
    "square_outside": ("outside", "Square"),
    "dot_far_outside": ("outside", "Dot"),
    "outside_on_the_way": ("outside", "Square"),
    "overlap": ("overlap", "the other"),
    "small": ("small", "small print"),
    "small_by_scaling": ("small", "scaled down"),
    "contrast": ("contrast", "a faint colour"),
    "contrast_behind": ("contrast", "white on something white"),
    "contrast_by_opacity": ("contrast", "half gone"),
    "contrast_of_nothing": ("contrast", "invisible"),
    "glyph": ("glyph", "thai character ko kai U+0E01"),
    "relation": ("relation", "give 0.394, and not 0.393"),
    "relation_of_means": ("relation", "give 0.71875, and not 0.7189"),
    "relation_of_matrices": ("relation", "give 2, and not 2.01"),
    "relation_of_logarithms": ("relation", "give 1.427116356, and not 1.428"),
    "relation_far_off": ("relation", "give 3.75, and not 3.3333"),
    "relation_without_brackets": ("relation", "1.63 times 10^(5) needs brackets"),
    "caption": ("caption", "Incomprehensibilities"),
    "hurried": ("hurried", "stands for"),
    "long": ("long", "too long for one sentence"),
    "unchanged": ("unchanged", "nothing but the caption"),
}


FIRST = {kind: fault for fault, (kind, _) in reversed(PLANTED.items())}
"""One fault of each kind."""


@pytest.mark.parametrize(
    "fault",
    [pytest.param(it, marks=() if it in FIRST.values() else pytest.mark.slow) for it in PLANTED],
)
def test_a_planted_fault_is_found_and_only_it(check, planted, fault):
    kind, part = PLANTED[fault]
    (found,), _ = check(planted, params={"fault": fault})
    assert (found.kind, found.scene, found.beat) == (kind, "planted", "second")
    assert part in found.message.words()
    assert (found.language, found.theme) == ("en", "dark")


@pytest.mark.parametrize("fault", ["hidden", "oblique", "growing", "with_an_updater"])
def test_a_clean_lesson_gives_nothing(check, planted, fault):
    theme = "light" if fault == "hidden" else "dark"
    findings, moments = check(
        planted, params={"fault": f"nothing_{fault}"}, themes=(theme,), samples=8
    )
    assert [finding.line() for finding in findings] == []
    assert moments > 6


def test_where_and_when_a_fault_is(check, planted):
    (found,), _ = check(planted, params={"fault": "square_outside"})
    # A square of one unit, 90 pixels, around (7, -1): its right half and its line stand out.
    left, top, right, bottom = found.box
    assert (left, right) == (1281, pytest.approx(1280 / 2 + 7.5 * 90, abs=4))
    assert (top, bottom) == (pytest.approx(405, abs=4), pytest.approx(495, abs=4))
    # First seen while it fades in: 2.2 s of the first beat, 0.4 + 0.4 of the second.
    assert 3.0 < found.seconds < 3.3


def test_every_language_and_theme_is_looked_at(check, planted):
    both = {"languages": ("en", "zh"), "themes": ("dark", "light")}
    findings, _ = check(planted, params={"fault": "small"}, **both)
    found = [(it.language, it.theme) for it in findings]
    assert found == list(itertools.product(both["languages"], both["themes"]))


@pytest.mark.parametrize(
    ("fault", "size"),
    [("overlap", (1280, 720)), ("unchanged", (1280, 720)), ("text_far_outside", (1600, 900))],
)
def test_a_picture_outlines_the_fault(check, planted, tmp_path, fault, size):
    folder = tmp_path / "pictures"
    folder.mkdir()
    (found,), _ = check(planted, params={"fault": fault}, pictures=str(folder))
    (file,) = folder.iterdir()
    assert found.picture == str(file)
    assert file.name == f"planted_en_dark_01_second_{found.kind}.png"
    picture = np.asarray(Image.open(file))
    assert picture.shape == (size[1], size[0], 3)
    rows, columns = np.nonzero((picture == MARK).all(axis=2))
    assert len(rows) > 100
    if fault == "overlap":
        left, top, right, bottom = found.box
        assert columns.min() < left < right < columns.max()
        assert rows.min() < top < bottom < rows.max()
        assert columns.max() - columns.min() < right - left + 20


def test_a_scene_that_does_not_run_is_a_finding_and_the_rest_is_looked_at(check, tiny):
    findings, moments = check(tiny, params={"fault": "tell"})
    (failed,) = findings
    assert (failed.kind, failed.beat) == ("failed", "second")
    assert "ValueError: in tell" in failed.message.words()
    assert moments == 0
    with pytest.raises(InputError, match="falt"):
        check(tiny, params={"falt": "small"})


def test_a_cancel_ends_it(check, planted, silent):
    check(planted)
    for steps in (0, silent.steps // 2, silent.steps - 1):
        silent.steps, silent.cancel_at = 0, steps
        with pytest.raises(RenderCancelled):
            check(planted)
        silent.cancel_at = None


def test_progress_counts_the_moments(check, planted, silent):
    _, moments = check(planted, themes=("dark", "light"))
    drawn = [event for event in silent.events if event.phase == "draw"]
    assert [event.frame for event in drawn] == list(range(1, moments + 1))
    assert {event.frames for event in drawn} == {moments}
    assert silent.events[-1].fraction == 1.0


def test_a_shipped_lesson_is_clean(check):
    findings, _ = check("tensors", languages=("zh",), themes=("light",), samples=1)
    assert [finding.line() for finding in findings] == []
