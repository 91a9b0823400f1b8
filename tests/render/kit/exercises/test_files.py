"""The files of exercises: a sheet for each student, every text as it was typed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from backprop_studio.render.kit.exercises.files import EXERCISES
from backprop_studio.render.messages.jobs import KitOptions
from tests.render.kit.exercises.test_answers import own
from tests.render.kit.test_handout import squeezed, text_of

TITLE = 'Week "1": a < b & c; $x$ =;#\\ _*@`~ {1} 二'
ENDINGS = (".exercises.pdf", ".solutions.pdf", ".exercises.xml", ".exercises.gift")


@pytest.fixture
def write(tmp_path):
    """Write the exercises of a scene; return the remark and the files by their endings."""

    def write(scene, params=None, language="en", **options):
        film = SimpleNamespace(
            lesson=SimpleNamespace(job=SimpleNamespace(scene=scene)),
            sheet={"parameters": own(scene) | (params or {})},
        )
        options = KitOptions(**options)
        told = SimpleNamespace(
            films=(film,), options=options, title=TITLE, language=language, name="a"
        )
        remark = EXERCISES.write(told, tmp_path)
        return remark, {it.name.removeprefix("a"): it for it in tmp_path.iterdir()}

    return write


@pytest.mark.parametrize("language", ["en", pytest.param("zh", marks=pytest.mark.slow)])
def test_each_student_has_a_sheet_and_its_solution(write, language):
    remark, files = write("backprop", language=language, students=2)
    assert remark is None
    assert set(files) == set(ENDINGS)
    sheets, solutions = (PdfReader(files[it]) for it in ENDINGS[:2])
    assert len(sheets.pages) == 2
    title = {"en": "{}, sheet {}", "zh": "{}，第 {} 份"}[language]
    assert [it.title for it in sheets.outline] == [title.format(TITLE, k) for k in (1, 2)]
    assert sheets.metadata.title == TITLE
    for reader in (sheets, solutions):
        assert reader.trailer["/Root"]["/Lang"].startswith(language)
        assert squeezed(TITLE) in text_of(reader)
    gift = files[".exercises.gift"].read_text(encoding="utf-8")
    # Each sheet has 17 gaps, and each solution a way to every answer.
    assert gift.count("{#") == 2 * 17
    assert text_of(solutions).count("=") > text_of(sheets).count("=") + 2 * 17


def test_a_scene_that_nobody_works_out_by_hand_says_so(write):
    remark, files = write("classification")
    assert (remark.code, files) == ("exercises.none", {})
    remark, files = write("derivative", {"formula": "exp(w)"})
    assert (remark.code, files) == ("exercises.long", {})


@pytest.mark.slow
def test_fewer_students_than_asked_for_are_told(write):
    remark, files = write("derivative", {"formula": "1/w"}, students=900)
    assert remark.code == "exercises.few"
    assert remark.fields["asked"] == 900
    assert len(files) == 4
