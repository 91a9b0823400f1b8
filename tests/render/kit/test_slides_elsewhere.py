"""Slides as others find them: the schemas of ECMA-376, and LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import zipfile

import numpy as np
import pytest
from openxml_audit import OpenXmlValidator
from PIL import Image
from pypdf import PdfReader

from backprop_studio.render.messages.jobs import KitOptions

SOFFICE = shutil.which("soffice")

BROKEN = {
    "no such element": (b"</p:cSld>", b"<p:nothing/></p:cSld>"),
    "out of order": (b"<p:cSld>", b'<p:extLst><p:ext uri="a"/></p:extLst><p:cSld>'),
    "no such value": (b'nodeType="tmRoot"', b'nodeType="root of all"'),
}


def faults(deck):
    """Return what is wrong by the schemas, the rules beside them, and the package's own."""
    return [it.description for it in OpenXmlValidator().validate(deck).errors]


def test_slides_are_by_the_schemas_and_a_fault_would_be_found(make, tmp_path):
    files = make("slides")
    assert {name: faults(it) for name, it in files.items()} == {it: [] for it in files}
    for name, (old, new) in BROKEN.items():
        bad = tmp_path / f"{name}.pptx"
        with zipfile.ZipFile(files["01-tiny.en.pptx"]) as source, zipfile.ZipFile(bad, "w") as out:
            for part in source.namelist():
                content = source.read(part)
                if part == "ppt/slides/slide2.xml":
                    assert old in content
                    content = content.replace(old, new, 1)
                out.writestr(part, content)
        assert faults(bad), name


@pytest.mark.slow
def test_slides_that_play_by_themselves_are_by_the_schemas(make):
    files = make("slides", options=KitOptions(autoplay=True))
    assert {name: faults(it) for name, it in files.items()} == {it: [] for it in files}


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="there is no LibreOffice")
def test_libreoffice_shows_the_posters(make, tmp_path):
    files = make("slides", "stills")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    ask = [SOFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path]
    subprocess.run([*ask, files["01-tiny.en.pptx"]], check=True, capture_output=True, timeout=180)
    title, *pages = list(PdfReader(tmp_path / "01-tiny.en.pdf").pages)
    assert drawn_on(title) == []
    names = ("02-first", "03-second", "04-third")
    captions = ("The first", "The second", "The third")
    assert len(pages) == len(names)
    stills = {it: pixels(Image.open(files[f"01-tiny.en/{it}.png"])) for it in names}
    for page, name, caption in zip(pages, names, captions, strict=True):
        assert caption in page.extract_text()
        (picture,) = drawn_on(page)
        shown = pixels(picture.image)
        apart = {it: np.abs(shown - still).mean() for it, still in stills.items()}
        assert apart[name] < 3
        assert min(apart, key=apart.get) == name


def drawn_on(page):
    """Return the pictures that a page shows; those of all pages are named by each."""
    names = []

    def note(operator, operands, *_):
        if operator == b"Do" and operands[0] in page.images.keys():  # noqa: SIM118  # no mapping
            names.append(operands[0])

    page.extract_text(visitor_operand_before=note)
    return [page.images[it] for it in names]


def pixels(picture):
    return np.asarray(picture.convert("RGB").resize((427, 240)), dtype=float)
