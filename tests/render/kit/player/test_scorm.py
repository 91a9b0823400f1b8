"""The course package: a manifest by ADL's rules, and every file that it names."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import etree

from tests.render.kit.conftest import TITLE

SCHEMAS = os.environ.get("BACKPROP_STUDIO_SCORM_SCHEMAS")
"""A folder with ADL's and IMS's schemas; they are not ours to hand on."""

IMS = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
ADL = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"


def test_the_package_says_what_it_is_and_has_what_it_names(make):
    files = make("scorm")
    assert list(files) == ["week.en.scorm.zip"]
    with zipfile.ZipFile(files["week.en.scorm.zip"]) as package:
        names = package.namelist()
        root = etree.fromstring(package.read("imsmanifest.xml"))
        assert package.testzip() is None
    parts = ("metadata", "organizations", "resources")
    assert [it.tag for it in root] == [f"{IMS}{it}" for it in parts]
    assert [it.text for it in root[0]] == ["ADL SCORM", "1.2"]
    (course,) = root[1]
    assert root[1].get("default") == course.get("identifier")
    assert course.findtext(f"{IMS}title") == TITLE
    (resource,) = root[2]
    assert course.find(f"{IMS}item").get("identifierref") == resource.get("identifier")
    assert (resource.get(f"{ADL}scormtype"), resource.get("href")) == ("sco", "index.html")
    assert {unquote(it.get("href")) for it in resource} == set(names) - {"imsmanifest.xml"}
    ids = root.xpath("//@identifier")
    assert len(ids) == len(set(ids))


@pytest.mark.skipif(SCHEMAS is None, reason="BACKPROP_STUDIO_SCORM_SCHEMAS names no folder")
def test_the_manifest_is_by_the_schemas(make):
    schema = etree.XMLSchema(etree.parse(Path(SCHEMAS, "adlcp_rootv1p2.xsd")))
    with zipfile.ZipFile(make("scorm")["week.en.scorm.zip"]) as package:
        root = etree.fromstring(package.read("imsmanifest.xml"))
    schema.assertValid(root)
    for wrong in (f"{IMS}resources", f"{IMS}organizations"):
        broken = etree.fromstring(etree.tostring(root))
        broken.remove(broken.find(wrong))
        assert not schema.validate(broken)
    root.find(f"{IMS}resources/{IMS}resource").set(f"{ADL}scormtype", "lesson")
    assert not schema.validate(root)
