"""The fuzz target at a size for every day; the full run is ``fuzz_formulas.py`` itself."""

from __future__ import annotations

from tests.core.formula.fuzz_formulas import HOSTILE, SEEDS, Watch, run


def test_ten_thousand_texts():
    report = run(10_000, seed=7)
    assert report.count == 10_000
    assert report.formulas > 1000
    assert report.derived > 10
    assert len(report.refusals) > 20
    assert report.count > len(HOSTILE) + len(SEEDS)


def test_watch_would_notice():
    watch = Watch()
    watch.on = True
    compile("1", "text", "eval")
    watch.on = False
    compile("2", "text", "eval")
    assert len(watch.events) == 1
    assert watch.events[0].startswith("compile")
