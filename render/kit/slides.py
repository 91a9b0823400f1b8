"""Slides for PowerPoint, Keynote and Impress: one for each beat, with its clip."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import N_, translator
from backprop_studio.render.kit.description import description, spoken
from backprop_studio.render.kit.embedding import leave_on_disk, poster
from backprop_studio.render.kit.item import Item
from backprop_studio.render.kit.playing import timing
from backprop_studio.render.lecture.file import in_language

if TYPE_CHECKING:
    from pathlib import Path

    from backprop_studio.render.kit.told import Filmed, Shot, Told

ENDING = ".pptx"

_INCH = 914_400
_SHORT = 7.5
"""Inches of the shorter side, as PowerPoint's own slides have them."""

_MARGIN, _TITLE, _FOOT = 0.4, 1.0, 0.45
_SIZES = {"title": 40, "subtitle": 24, "caption": 24, "foot": 12}
"""Points."""

_TAGS = {"en": "en-US", "zh": "zh-CN"}


def _write(told: Told, folder: Path) -> None:
    Slides(told).save(folder / f"{told.name}{ENDING}")


class Slides:
    """A presentation of what is told.

    Parameters
    ----------
    told : Told
        Its lessons; each begins with a slide of its own if they are several.
    """

    def __init__(self, told: Told) -> None:
        from pptx import Presentation

        self._told = told
        self._tag = _TAGS[told.language]
        job = told.films[0].lesson.job
        share = job.picture.width / job.picture.height
        self.width, self.height = _SHORT * max(share, 1), _SHORT / min(share, 1)
        self._deck: Any = Presentation()
        self._stretch()
        about = self._deck.core_properties
        about.title, about.language = told.title, self._tag
        about.author = about.last_modified_by = ""
        self._ground: tuple[int, ...] = (0, 0, 0)
        self._ink: tuple[int, ...] = (255, 255, 255)
        lecture = in_language(told.lecture.header.title, told.language)
        for number, film in enumerate(told.films, start=1):
            stills = film.stills()
            self._look_like(stills[0])
            if number == 1 and told.is_whole:
                self._title_slide(told.title, "", "")
            self._title_slide(film.title, lecture, _notes(told, film))
            for shot, clip, still in zip(film.shots, film.clips, stills, strict=True):
                # The title's card has become a slide whose text can be changed.
                if shot.number > 1 or film.lesson.job.card is None:
                    self._beat_slide(film, shot, clip, still)

    def save(self, path: Path) -> None:
        """Write it to a file."""
        self._deck.save(path)

    def _stretch(self) -> None:
        """Give the slides their shape, and what stands on their masters with them."""
        old = self._deck.slide_width, self._deck.slide_height
        new = self._deck.slide_width, self._deck.slide_height = (
            round(self.width * _INCH),
            round(self.height * _INCH),
        )
        across, down = (b / a for a, b in zip(old, new, strict=True))
        master = self._deck.slide_master
        for shape in [it for page in (master, *master.slide_layouts) for it in page.shapes]:
            if shape._element.spPr.xfrm is not None:  # it has a place of its own
                shape.left, shape.width = round(shape.left * across), round(shape.width * across)
                shape.top, shape.height = round(shape.top * down), round(shape.height * down)

    def _look_like(self, still: bytes) -> None:
        """Take the ground of a picture for that of the slides, and letters that stand out on it."""
        from PIL import Image

        ground = Image.open(io.BytesIO(still)).convert("RGB").getpixel((0, 0))
        assert isinstance(ground, tuple)
        is_dark = sum(ground) < 3 * 128
        self._ground, self._ink = ground, (240,) * 3 if is_dark else (20,) * 3

    def _slide(self, layout: int, notes: str) -> Any:
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[layout])
        fill = slide.background.fill
        fill.solid()
        fill.fore_color.rgb = _colour(self._ground)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
        return slide

    def _title_slide(self, title: str, subtitle: str, notes: str) -> None:
        slide = self._slide(0, notes)
        self._words(slide.shapes.title, title, "title")
        below = slide.placeholders[1]
        if subtitle and subtitle != title:
            self._words(below, subtitle, "subtitle")
        else:
            below._element.getparent().remove(below._element)

    def _beat_slide(self, film: Filmed, shot: Shot, clip: Path, still: bytes) -> None:
        beat, language = shot.beat, self._told.language
        slide = self._slide(5, spoken(beat, language))
        title = slide.shapes.title
        _place(title, _MARGIN, _MARGIN / 2, self.width - 2 * _MARGIN, _TITLE)
        self._words(title, beat.caption or film.title, "caption")
        picture = poster(still, film.work / f"{film.lesson.name}.posters" / f"{shot.name}.png")
        box = [round(it * _INCH) for it in self._box(film)]
        movie = slide.shapes.add_movie(str(clip), *box, picture, "video/mp4")
        leave_on_disk(slide, clip)
        properties = movie._element.nvPicPr.cNvPr
        properties.set("name", beat.name)
        properties.set("descr", description(beat, language))
        old = slide._element.find(f"{{{slide._element.nsmap['p']}}}timing")
        seconds = (shot.last - shot.first) / film.result.fps
        new = timing(movie.shape_id, seconds, plays_itself=self._told.options.autoplay)
        slide._element.replace(old, new)
        foot = slide.shapes.add_textbox(0, 0, 0, 0)
        top = self.height - _FOOT
        _place(foot, _MARGIN, top, self.width - 2 * _MARGIN, _FOOT)
        tr = translator(language)
        where = tr(N_("{lesson} · {number} of {count}"))
        counts = {"number": shot.number, "count": len(film.beats)}
        self._words(foot, where.format(lesson=film.title, **counts), "foot")

    def _box(self, film: Filmed) -> tuple[float, float, float, float]:
        """Return where a picture stands: as large as it can be between title and foot."""
        top = _MARGIN / 2 + _TITLE
        most_wide, most_high = self.width - 2 * _MARGIN, self.height - top - _FOOT
        share = film.result.width / film.result.height
        wide = min(most_wide, most_high * share)
        high = wide / share
        return (self.width - wide) / 2, top + (most_high - high) / 2, wide, high

    def _words(self, shape: Any, words: str, size: str) -> None:
        from pptx.enum.text import MSO_ANCHOR
        from pptx.util import Pt

        frame = shape.text_frame
        frame.text = words
        frame.word_wrap = True
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        for run in [run for paragraph in frame.paragraphs for run in paragraph.runs]:
            run.font.size = Pt(_SIZES[size])
            run.font.color.rgb = _colour(self._ink)
            run.font._element.set("lang", self._tag)


def _colour(shares: tuple[int, ...]) -> Any:
    from pptx.dml import color

    make: Any = color.RGBColor
    return make(*shares)


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    """Put a shape somewhere, in inches."""
    shape.left, shape.top = round(left * _INCH), round(top * _INCH)
    shape.width, shape.height = round(width * _INCH), round(height * _INCH)


def _notes(told: Told, film: Filmed) -> str:
    """Return what the lecturer has noted for a lesson."""
    card = film.lesson.job.card
    return told.lecture.parts[card.number - 1].notes if card else ""


SLIDES = Item((ENDING,), _write, needs_material=True)
