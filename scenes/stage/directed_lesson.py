"""A lesson that is directed: large picture, a board that comes and goes, numbers that travel.

What is said is as in every told lesson. What happens meanwhile::

    with self.say(N_("The prediction is w times x."), ...):
        self.work_out(
            self.formulas.prediction,                  # its parts have names: named("w", "1")
            {"w": self.lines.spot("w"), "x": self.lines.spot("x")},   # fly in from there
            last=["y"],                                # comes when they have arrived
        )
        self.carry("y", self.lines.spot("y"))          # and goes back to where it lives
    self.clear_board()

    self.work_out(f"$ vec({named('z1', '3')}, ...) = ... $", hidden=["z1", "z2"])
    self.row_by_row([(["w11", "w12", "x1", "x2"], "z1"), ...], seconds=2)

    self.zoom((left, bottom, right, top))    # crisp; what is pinned, as the board, stays
    self.move(*self.light(self.network))     # the rest is dim
    self.move(*self.light())                 # all is bright again
    self.run_line("loss.backward()")         # the thin strip of torch

A spot is where a number's middle is and its em: ``Spot(*part.in_scene(x, y), SIZES.label)``; while
the picture is zoomed, ``self.on_frame(spot)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from manim import Animation, Mobject

from backprop_studio.scenes.lesson.fades import one_after_the_other
from backprop_studio.scenes.lesson.reading import formula_seconds
from backprop_studio.scenes.lesson.told_lesson import ToldLesson
from backprop_studio.scenes.lesson.type_block import TypeBlock, code_block
from backprop_studio.scenes.paint.brush import Box, middle_of
from backprop_studio.scenes.paint.named_glyphs import markup_of
from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.paint.style import DIMMED, SIZES, TIMES, Rgb
from backprop_studio.scenes.stage.formula import Formula, Spot
from backprop_studio.scenes.stage.rooms import Rooms, rooms_for
from backprop_studio.scenes.stage.strip import Strip
from backprop_studio.scenes.stage.terms import TERM, whole
from backprop_studio.scenes.stage.travel import Travel, Traveller, flights, taken_over

LINE_BELOW = 0.4
"""How far below the heading the line of torch stands in a tall frame."""

ROUNDING = 1e-3

MOST_ALONE, ALONE = 3, 0.7
"""So many numbers travel one by one, each for so many seconds; of more, those that never meet."""

ALL = 4.2
"""Seconds for all of them, at most."""

ABOVE = 0.12
"""How much higher than in other lessons the heading stands."""


@dataclass(frozen=True)
class Travelled:
    """A number that has travelled.

    Attributes
    ----------
    beat, text : str
        When, and its markup.
    """

    beat: str
    text: str


class DirectedLesson(ToldLesson):
    """Base of lessons that are directed; see the module for how each means is used.

    Attributes
    ----------
    rooms : Rooms
        Where picture and board stand.
    strip : Strip
        The board.
    travelled : list of Travelled
        Numbers that have travelled so far.
    faded : list of (str, Formula, Formula)
        Beat and both formulas where one came on a new board behind another one.
    """

    rooms: Rooms
    strip: Strip
    travelled: list[Travelled]
    faded: list[tuple[str, Formula, Formula]]
    sentence_height = 0.6
    _line: TypeBlock | None = None
    _written: Formula | None

    def furnish(self) -> None:
        """Put the title on the stage, and divide the stage into rooms."""
        super().furnish()
        self.rooms = rooms_for(*self.home, captions=self.params.captions)
        self.strip = Strip(self.rooms.board, *self.look)
        self.travelled, self.faded, self._written = [], [], None

    def line_at_top(self, text: str) -> TypeBlock:
        """Return a line at the upper left."""
        return super().line_at_top(text).shift((0, ABOVE, 0))

    # The board

    def work_out(
        self,
        formula: str | Callable[[], str],
        coming: Mapping[str, Spot | None] | None = None,
        *animations: Any,
        last: Iterable[str] = (),
        hidden: Iterable[str] = (),
        seconds: float = TIMES.move,
    ) -> None:
        """Write a formula: its numbers come from where they live, its result comes last.

        Parameters
        ----------
        formula : str or callable
            Typst markup, or what writes it, if its digits are still to be chosen.
        coming : mapping of str to Spot
            By the name of a part, where its number sets out; what has no such place grows
            in when it is its turn.
        *animations
            What moves while the formula changes.
        last : iterable of str
            Parts that grow in when all others are there.
        hidden : iterable of str
            Parts that :meth:`row_by_row` or the formula's own ``reveal`` brings later.
        """
        text = formula if isinstance(formula, str) else self.worked_out(formula)
        coming, last = dict(coming or {}), tuple(last)
        self.let_board_be_read()
        is_new = self.strip.formula is None
        absent = {*whole(coming), *whole(last), *hidden}
        self.move(*self.strip.write(text, absent), *animations, seconds=seconds)
        if is_new and self._written is not None:
            self.faded.append((self.notes.beat, self._written, self.board))
        self._written = self.board
        if coming:
            self.bring(coming)
        if coming or last:
            self.move(self.board.animate.reveal(*whole(coming), *whole(last)), seconds=TIMES.change)
        needed = formula_seconds(self.notes.new_in(text), self.board.lines)
        self.reading.read(float(self.time), self.notes.beat, "formula", text, needed)

    @property
    def board(self) -> Formula:
        """The formula on the board, which has to be there."""
        if self.strip.formula is None:
            raise ValueError("there is no board")
        return self.strip.formula

    def bring(self, coming: Mapping[str, Spot | None]) -> None:
        """Let numbers travel to their places in the formula, so that none covers another one."""
        ways = {
            name: self.way(markup_of(self.board.source, name), spot, self.board.spot(name))
            for name, spot in coming.items()
            if spot is not None
        }
        groups = [[name] for name in coming]
        if len(ways) > MOST_ALONE:
            groups = [*flights(ways, ways), [name for name in coming if name not in ways]]
        groups = [it for it in groups if it]
        seconds = TIMES.travel if len(groups) == 1 < len(ways) else min(ALONE, ALL / len(groups))
        arrived: list[str] = []
        for some in groups:
            here = whole(name for name in some if name not in ways)
            terms = [self.board.animate.reveal(*arrived, *here)] if arrived or here else []
            there = [ways[name] for name in some if name in ways]
            self.move(*there, *terms, seconds=seconds if there else TIMES.fade)
            # A frame that shows neither the number on its way nor the arrived one is none.
            self.board.reveal(*some)
            arrived += [f"{name}{TERM}" for name in some]

    def row_by_row(self, rows: Iterable[tuple[Iterable[str], str]], seconds: float) -> None:
        """Tell a product on the board row by row: each with what goes into it, then its result.

        Parameters
        ----------
        rows : iterable of (iterable of str, str)
            Names of the parts that make a result, which is hidden so far, and its own.
        seconds : float
            For a row.
        """
        for factors, result in rows:
            lit = (*factors, result)
            self.move(self.board.animate.light(*lit), seconds=TIMES.change)
            self.move(self.board.animate.reveal(result), seconds=TIMES.change)
            self.hold(max(seconds - 2 * TIMES.change, 0.0))
        self.move(self.board.animate.light(), seconds=TIMES.change)

    def carry(self, name: str, to: Spot, *animations: Any, seconds: float = TIMES.travel) -> None:
        """Let a part of the formula travel to where it lives."""
        self.move(self.way_home(name, to), *animations, seconds=seconds)

    def arrive(self, ways: Sequence[Travel], *animations: Any) -> None:
        """Let numbers travel to texts that they become: those are seen when they are there.

        Parameters
        ----------
        ways : sequence of Travel
            Of the numbers.
        *animations
            By ``animate``, of the parts that show what the numbers become.
        """
        for way in ways if animations else ():
            way.hands_over = True
        for it in animations if ways else ():
            it.anim_args = {"rate_func": taken_over}
        self.move(*ways, *animations, seconds=TIMES.travel)

    def way_home(self, name: str, to: Spot) -> Travel:
        """Return the way of a part of the formula to where it lives; it is seen off the board."""
        return self.way(
            markup_of(self.board.source, name), self.board.spot(name), to, board=self.strip.room
        )

    def way(
        self,
        text: str,
        start: Spot,
        end: Spot,
        colours: tuple[Rgb, Rgb] | None = None,
        *,
        board: Box | None = None,
    ) -> Travel:
        """Return a number's way, to be played; the number is counted as one that travels."""
        self.travelled.append(Travelled(self.notes.beat, text))
        colours = colours or (self.theme.text, self.theme.text)
        look = self.language, self.theme.background
        traveller = Traveller(f"${text}$", start, end, colours, *look, board)
        traveller.is_pinned = True
        return Travel(traveller)

    def has_room(self, formula: str) -> bool:
        """Whether a formula can be read on the board."""
        return self.strip.blank(formula).em_of(formula) >= SIZES.small

    def let_board_be_read(self) -> None:
        """Stand still until the formula on the board has been read, if it came with this sentence.

        A sentence that has only begun is not waited for: it is what happens meanwhile.
        """
        read = self.reading.readings
        if self.strip.formula is not None and read and read[-1].kind == "formula":
            self.let_read()

    def shrink_board(self, *animations: Any) -> None:
        """Leave one line of the board, once it has been read."""
        self.let_board_be_read()
        self.move(*self.strip.shrink(), *animations, seconds=TIMES.change)

    def clear_board(self, *animations: Any) -> None:
        """Take the board away, once it has been read."""
        if self.strip.formula is None and not animations:
            return
        self.let_board_be_read()
        # First the board, so that nothing moves below a formula that is still to be seen.
        self.move(*self.strip.leave(), seconds=TIMES.fade)
        self.move(*animations, seconds=TIMES.change)

    def run_line(self, code: str, *animations: Any) -> None:
        """Show the line that torch runs, at the upper right; an empty one takes it away.

        Where there is no room for it to be read, there is none.
        """
        line = self._line_of(code) if code else None
        old, self._line = self._line, None
        if line is not None and line.drawn_size() >= SIZES.small - ROUNDING:
            self._line = line
        changes = one_after_the_other(old, self._line)
        if changes or animations:
            self.move(*changes, *animations, seconds=TIMES.change)

    def _line_of(self, code: str) -> TypeBlock:
        heading = self._heading
        y = float(heading.get_center()[1])
        width = self.home[0] - 2 * SIZES.margin
        if self.home[1] > self.home[0]:  # beside the heading there is no room
            y -= LINE_BELOW
        else:
            width -= heading.ink.width * heading.drawn_size() + SIZES.gap
        wide = code_block(code, width, self.theme.muted)
        taken = wide.ink.width * wide.drawn_size()
        # Its box is as wide as the code, so that both its ends are where they are seen.
        block = code_block(code, taken + ROUNDING, self.theme.muted)
        block.is_pinned = True
        edge = self.home[0] / 2 - SIZES.margin - taken / 2
        return block.move_to((-edge if self.home[1] > self.home[0] else edge, y, 0))

    # Camera and light

    def zoom(self, box: Box, *animations: Any, seconds: float = TIMES.travel) -> None:
        """Bring a part of the picture as large as the room, whatever else is pinned stays."""
        self.move(self.zoomed(box), *animations, seconds=seconds)

    def zoomed(self, box: Box) -> Any:
        """Return the animation that zooms to a box."""
        room = self.rooms.picture if self.strip.formula is not None else self.rooms.whole
        self.camera.room = room
        wide, high = Rooms.size(room)
        share = max((box[2] - box[0]) / wide, (box[3] - box[1]) / high)
        (x, y), (room_x, room_y) = middle_of(box), middle_of(room)
        width = self.home[0] * share
        centre = (x - room_x * share, y - room_y * share, 0)
        return self.camera.frame.animate.set(width=width).move_to(centre)

    def zoom_out(self, *animations: Any, seconds: float = TIMES.travel) -> None:
        """Show the whole picture again."""
        frame = self.camera.frame.animate.set(width=self.home[0]).move_to((0, 0, 0))
        self.move(frame, *animations, seconds=seconds)
        self.camera.room = None

    def on_frame(self, spot: Spot) -> Spot:
        """Return where on the frame a spot of the zoomed picture is seen."""
        frame = self.camera.frame
        share = self.home[0] / frame.width
        x, y = frame.get_center()[:2]
        return Spot((spot.x - x) * share, (spot.y - y) * share, spot.em * share)

    def light(self, *bright: Mobject) -> list[Any]:
        """Return the animations that dim all but what is spoken of; of nothing, all is bright.

        What is pinned, as board and sentence are, stays as it is.
        """
        parts = [it for it in self.mobjects if isinstance(it, Painted) and not it.is_pinned]
        wanted = {id(it): 1.0 if not bright or it in bright else DIMMED for it in parts}
        # What is as it should be is not animated: each animation copies its part three times.
        return [
            part.animate.set_opacity(wanted[id(part)])
            for part in parts
            if abs(part.opacity - wanted[id(part)]) > ROUNDING
        ]

    def get_moving_mobjects(self, *animations: Animation) -> list[Mobject]:
        """Return what moves; all of it when the camera does."""
        moving: list[Mobject] = super().get_moving_mobjects(*animations)
        return list(self.mobjects) if self.camera.frame in moving else moving
