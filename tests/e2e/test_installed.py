"""The package as others get it: built offline, installed, beside files with our rooms' names."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.e2e.watched.sitecustomize import loaded

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("cli", "core", "gui", "notebook", "render", "scenes")
SUFFIXES = {".json", ".mo", ".po", ".py", ".qss", ".svg", ".typ", ".zip"}
BUILD = "from setuptools import build_meta; import sys; build_meta.build_sdist(sys.argv[1])"


def python(*arguments, cwd, **environment):
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def build_wheel(source, target):
    """Build as an offline machine does: with the setuptools that is there."""
    options = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation")
    python("-m", "pip", "wheel", *options, "--wheel-dir", target, source, cwd=target.parent)
    (wheel,) = target.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this project, built in a copy of it."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("src", *ROOMS):
        shutil.copytree(ROOT / name, source / name, symlinks=True, ignore=ignored)
    return build_wheel(source, folder / "dist")


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory):
    """A folder in which nothing but the wheel is installed."""
    target = tmp_path_factory.mktemp("site")
    options = ("--quiet", "--no-deps", "--no-index", "--target", target)
    python("-m", "pip", "install", *options, wheel, cwd=target)
    return target


@pytest.fixture
def theirs(tmp_path):
    """A lecturer's folder, whose files would break us if we loaded them."""
    folder = tmp_path / "theirs"
    for name in ("core.py", "render.py", "cli.py", "scenes/__init__.py", "gui/__init__.py"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("raise SystemExit('this file is the lecturer\\'s')\n")
    return folder


@pytest.fixture
def watch(tmp_path):
    """Run a command; return what it and its children loaded: by command, the names of each file."""

    def watch(*arguments, cwd, first, folder):
        notes = tmp_path / "notes"
        notes.mkdir()
        path = (str(first), str(ROOT / "tests" / "e2e" / "watched"))
        python(
            *arguments,
            cwd=cwd,
            PYTHONPATH=os.pathsep.join(path),
            WATCHED_FOLDER=str(folder),
            WATCHED_NOTES=str(notes),
        )
        read = [json.loads(note.read_text()) for note in notes.glob("*.json")]
        return {note["command"]: note["files"] for note in read}

    return watch


def twice(files):
    """Return the files of which more than one module was made."""
    return {file: names for file, names in files.items() if len(names) > 1}


def sources(room):
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / room).rglob("*")
        if path.suffix in SUFFIXES
    }


def test_the_wheel_adds_one_name_and_holds_every_room(wheel, site):
    assert {it.name for it in site.iterdir() if it.suffix != ".dist-info"} == {
        "backprop_studio",
        "bin",
    }
    held = set(zipfile.ZipFile(wheel).namelist())
    for room in ROOMS:
        assert len(sources(room)) > 5
        assert {f"backprop_studio/{name}" for name in sources(room)} <= held


@pytest.mark.slow
def test_the_source_distribution_builds_the_same_wheel(wheel, tmp_path):
    source = wheel.parent.parent / "source"
    python("-c", BUILD, tmp_path, cwd=source)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        assert not any(member.issym() for member in packed.getmembers())
    again = build_wheel(archive, tmp_path / "dist")
    assert set(zipfile.ZipFile(again).namelist()) == set(zipfile.ZipFile(wheel).namelist())


def test_it_is_imported_where_others_have_files_of_our_rooms_names(site, theirs):
    code = "import backprop_studio.core.answer_sheet as it; print(it.__file__)"
    file = python("-c", code, cwd=theirs, PYTHONPATH=str(site)).strip()
    assert Path(file).is_relative_to(site)
    help_text = python("-m", "backprop_studio", "--help", cwd=theirs, PYTHONPATH=str(site))
    assert "lecture" in help_text


def test_it_draws_where_others_have_files_of_our_rooms_names(site, theirs, watch):
    command = (site / "bin" / "backprop-studio", "still", "backprop", "-o", "slide.png")
    processes = watch(*command, cwd=theirs, first=site, folder=site)
    assert (theirs / "slide.png").read_bytes().startswith(b"\x89PNG")
    assert any("render.workers.worker" in command for command in processes)
    for files in processes.values():
        assert files
        assert not twice(files)


@pytest.mark.parametrize(
    "command",
    [
        ("-m", "manim", "-ql", "--dry_run", "scenes/backprop.py"),
        pytest.param(("-m", "gui", "--screenshot", "{target}"), marks=pytest.mark.slow),
    ],
    ids=["manim", "gui"],
)
def test_the_checkout_loads_no_file_under_two_names(watch, tmp_path, command):
    target = tmp_path / "window.png"
    filled = [it.format(target=target) for it in command]
    processes = watch(*filled, cwd=ROOT, first=ROOT / "src", folder=ROOT)
    assert target.exists() == ("--screenshot" in command)
    for files in processes.values():
        assert files
        assert not twice(files)


def test_the_tests_load_no_file_under_two_names():
    files = loaded(str(ROOT))
    assert str(ROOT / "tests" / "e2e" / "test_installed.py") in files
    assert not twice(files)
