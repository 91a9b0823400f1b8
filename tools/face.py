"""Make the face in which Latin, Greek and Cyrillic are set: Source Sans 3, as large as the Chinese.

Noto Sans CJK has Latin letters of the same design at 1.117 times the size, but neither Czech nor
Polish ones, and draws quotation marks and the sign of a partial derivative as wide as a Chinese
character. So this face stands before it. ``python tools/face.py`` writes it from the wheel of
Source Sans 3 (``pip install backprop-studio[face]``); it is in the repository because its size and,
as its licence asks, its name are changed.
"""

from __future__ import annotations

from pathlib import Path

import fontpkg_source_sans_3
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

NAME = "Backprop Studio Sans"
FOLDER = Path(__file__).parents[1] / "scenes" / "paint" / "faces"
UNITS = 895
"""To the em instead of 1000: 1.117 times as large, as Latin is in Noto Sans CJK."""

CAPITALS = round(0.733 * UNITS)
"""Height of the capitals that Noto Sans CJK names, so that lines stand as high as with it."""

BLOCKS = (range(0x20, 0x2070), range(0x2070, 0x20D0), range(0x2100, 0x2400))
"""Letters, accents, punctuation, indices, currencies, arrows and mathematics: no ornaments."""

FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]
"""What a plain text needs; small capitals and other forms of figures are left out."""


def main() -> None:
    """Write the face and its licence."""
    source = Path(fontpkg_source_sans_3.__file__).parent
    font = TTFont(source / "files" / "SourceSans3[wght].ttf", recalcTimestamp=False)
    options = Options(layout_features=FEATURES, hinting=False, name_IDs=["*"], notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[it for it in font.getBestCmap() if any(it in b for b in BLOCKS)])
    subsetter.subset(font)
    font["head"].unitsPerEm = UNITS
    font["OS/2"].sCapHeight = CAPITALS
    del font["MVAR"]  # would vary the height of the capitals by weight, which Noto's is not
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16, 25):
            record.string = NAME.replace(" ", "") if record.nameID in (6, 25) else NAME
        elif record.nameID == 7:
            record.string = "Made of Source Sans 3, a face by Adobe"
    FOLDER.mkdir(exist_ok=True)
    font.save(FOLDER / "BackpropStudioSans.ttf")
    (FOLDER / "OFL.txt").write_bytes((source / "LICENSE").read_bytes())


if __name__ == "__main__":
    main()
