"""The course package: a manifest by ADL's rules, and every file that it names."""

from __future__ import annotations

import zipfile
from urllib.parse import unquote

from lxml import etree

from tests.render.kit.conftest import TITLE

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
