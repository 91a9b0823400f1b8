"""Pages: all texts are data, and what cannot be set is told."""

from __future__ import annotations

import pytest
from pypdf import PdfReader

from backprop_studio.core.base.errors import StudioError
from backprop_studio.render.kit.pages import write_pages

TEMPLATE = """\
#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(lang: data.language, font: data.fonts.values())
#data.words
"""

TEXTS = [
    r"#$x$ \ *a* _b_ `c` @d <e> ~ -- // /* [f] {g} #import #read(\"a\")",
    "= a\n- b\n+ c\n/ d: e",
    '$#sys.inputs$ \\u{41} &amp; "\'" …',
    "二，“三” é Ł ∂ 日本語",
]


@pytest.fixture
def remarks():
    return []


@pytest.fixture
def write(tmp_path, remarks):
    def write(words, template=TEMPLATE):
        file = tmp_path / "a.typ"
        file.write_text(template, encoding="utf-8")
        target = tmp_path / "a.pdf"
        remarks.append(write_pages(file, {"words": words}, target, title=words, language="en"))
        return PdfReader(target)

    return write


@pytest.mark.parametrize("words", TEXTS)
def test_texts_come_out_as_they_were_typed(write, remarks, words):
    reader = write(words)
    written = "".join(page.extract_text() for page in reader.pages)
    assert "".join(written.split()) == "".join(words.split())
    assert reader.metadata.title == " ".join(words.split())
    assert remarks == [None]
    assert b"pdfuaid:part" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()


def test_a_letter_without_a_shape_keeps_no_pages_back_and_is_named(write, remarks):
    assert "before" in write("before \U0010fffd二 behind").pages[0].extract_text()
    (remark,) = remarks
    assert remark.words() == "no font here has a shape for U+10FFFD; a box stands in its place"


def test_pages_that_cannot_be_set_are_a_fault_that_is_told(write):
    with pytest.raises(StudioError, match="he pages could not be set: unknown variable: nobody"):
        write("x", "#nobody")
