"""Make what the window shows at its first start: the list of scenes, and their pictures.

``python tools/shipped.py`` writes ``gui/catalogue/shipped/``: ``catalogue.json``, and for each
scene one file with its picture in every look. Names of scenes after it draw only these. A file
whose pictures look as they did stays as it is. With ``--check`` it draws nothing, and says which
scenes' files have changed since.
``tests/gui/catalogue/test_shipped.py`` notices what is old.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile, ZipInfo

from PIL import Image

from backprop_studio.gui.catalogue import shipped
from backprop_studio.render.catalogue import scene_ids
from backprop_studio.render.drawing.progress import Watch
from backprop_studio.render.drawing.scene_files import catalogue_entry
from backprop_studio.render.drawing.studio import Studio
from backprop_studio.render.messages.jobs import StillJob

if TYPE_CHECKING:
    from backprop_studio.render.messages.results import CatalogueEntry

WEBP = {"format": "WEBP", "quality": 75, "method": 6}


def made(scene: str) -> tuple[CatalogueEntry, bytes]:
    """Return a scene's row and the content of its file of pictures."""
    with tempfile.TemporaryDirectory() as media:
        studio = Studio(Path(media))
        row = catalogue_entry(scene, studio.beats_of)
        if row.error is not None:
            raise SystemExit(f"{scene}: {row.error.words(str)}")
        stream = io.BytesIO()
        with ZipFile(stream, "w") as pictures:
            for look in shipped.LOOKS:
                # With one date for all, the same pictures are the same file.
                pictures.writestr(ZipInfo(shipped.name_of(look)), picture(studio, row, look))
        return row, stream.getvalue()


def picture(studio: Studio, row: CatalogueEntry, look: shipped.Look) -> bytes:
    """Return a scene in one look."""
    job = StillJob(
        id=row.id,
        scene=row.id,
        beat=row.thumbnail_beat,
        picture=shipped.PICTURE,
        **look._asdict(),
    )
    _told, png = studio.still(job, Watch(job.id, lambda *_event: None, lambda: False))
    stream = io.BytesIO()
    Image.open(io.BytesIO(png)).save(stream, **WEBP)
    return stream.getvalue()


def main() -> int:
    """Make some or all scenes' files anew, and remove those of scenes that are gone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenes", nargs="*", metavar="SCENE")
    parser.add_argument("--check", action="store_true", help="fail if a scene is newer")
    arguments = parser.parse_args()
    known = shipped.shipped_catalogue()
    if arguments.check:
        return check(known)
    wanted = arguments.scenes or scene_ids()
    shipped.FOLDER.mkdir(exist_ok=True)
    rows = {row.id: row for row in known.scenes if row.id in scene_ids()}
    sources = {scene: known.sources.get(scene, "") for scene in rows}
    with ProcessPoolExecutor() as pool:
        for row, content in pool.map(made, wanted):
            rows[row.id], sources[row.id] = row, shipped.source_of(row.id)
            write(shipped.picture_file(row.id), content)
    for file in shipped.FOLDER.glob("*.zip"):
        if file.stem not in rows:
            file.unlink()
    sources = dict(sorted(sources.items()))
    # In the worker's order: the same list from there changes nothing in the window.
    scenes = tuple(rows[scene] for scene in scene_ids() if scene in rows)
    catalogue = shipped.ShippedCatalogue(scenes=scenes, sources=sources)
    text = catalogue.model_dump_json(indent=1, exclude_defaults=True)
    write(shipped.FOLDER / "catalogue.json", f"{text}\n".encode())
    return 0


def check(known: shipped.ShippedCatalogue) -> int:
    """Say which scenes' files are others than those the pictures were made from."""
    scenes = scene_ids()
    old = [scene for scene in scenes if known.sources.get(scene) != shipped.source_of(scene)]
    if old:
        print(f'older than their scenes: run `make shipped OF="{" ".join(old)}"`')
    return int(bool(old))


def write(file: Path, content: bytes) -> None:
    """Write a file that is new or another one, and say so."""
    if not file.is_file() or file.read_bytes() != content:
        file.write_bytes(content)
        print(f"{file.name}: {len(content) / 1000:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
