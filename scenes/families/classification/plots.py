"""The pictures of the lesson on classification, made of its record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backprop_studio.core.base.i18n import N_, Translate
from backprop_studio.core.classification.record import ClassificationRecord, Plane
from backprop_studio.scenes.families.classification.colours import class_colour
from backprop_studio.scenes.families.classification.map import ClassificationMap
from backprop_studio.scenes.families.classification.pictures import ClassificationPictures, grid_for
from backprop_studio.scenes.families.rooms import Room
from backprop_studio.scenes.lesson.writer import cut
from backprop_studio.scenes.paint.lettering import width_of
from backprop_studio.scenes.paint.style import SIZES, Layout, Theme
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.bars import Bars
from backprop_studio.scenes.parts.charts.heat_matrix import CELL_MOST, HeatMatrix
from backprop_studio.scenes.parts.charts.histogram import Histogram
from backprop_studio.scenes.parts.charts.plot import Plot

PLANE_SHARE = 0.4
IMAGE_SHARE = 0.42
GAP = 0.35
TALL_SHARE = 0.56
FLAT = 1.3
"""Width over height from which on diagrams stand beside each other."""

MOST_POINTS, MOST_HELD_OUT = 400, 100
"""Samples learned from and held out that are drawn; beyond it they hide each other."""

MOST_PICTURES = 12
RUNAWAY = 100.0
"""A loss so many times that of a guess asks for a logarithmic axis."""

MOST_BARS = 10
MOST_COUNTS = 12
"""Classes whose confusion is written in numbers."""

WIDEST, MOST_NUMBERS, LEAST_CELL = "$0.00$", 100, 0.48
"""What a pixel's number needs, how many of them may be written, and in how large a cell."""

LONGEST_NAME = 16
INSET = 0.15
"""Pictures stay that far below the title, as one of them gets a frame."""

CENTIMETRES = "iris"

WORDS = (
    *(N_("setosa"), N_("versicolor"), N_("virginica")),
    *(N_("sepal length"), N_("sepal width"), N_("petal length"), N_("petal width")),
    *(N_("T-shirt/top"), N_("trouser"), N_("pullover"), N_("dress"), N_("coat")),
    *(N_("sandal"), N_("shirt"), N_("sneaker"), N_("bag"), N_("ankle boot")),
)
"""Names in the sets that come with the house; a user's own are shown as they are."""


@dataclass(frozen=True)
class Places:
    """Where the pictures stand: the main one, another beside it, or there two curves."""

    main: Room
    beside: Room
    loss: Room
    accuracy: Room
    is_tall: bool


def divide(layout: Layout, share: float) -> Places:
    """Divide the stage into a main picture, and two beside or below it."""
    stage = Room(layout.stage, layout.stage_centre)
    width, height = stage.box
    is_tall = height > 0.8 * width
    if is_tall:
        main, beside = stage.down(height * TALL_SHARE, GAP)
    else:
        main, beside = stage.across(width * share, GAP)
    loss, accuracy = beside.across((beside.box[0] - GAP) / 2, GAP)
    return Places(main, beside, loss, accuracy, is_tall)


def class_names(record: ClassificationRecord, tr: Translate) -> list[str]:
    """Return what the classes are called, in the lesson's language where the set is the house's."""
    names = record.data.class_names
    return [cut(tr(name) if name in WORDS else name, LONGEST_NAME) for name in names]


def feature_name(record: ClassificationRecord, index: int, tr: Translate) -> str:
    """Return what an input is called."""
    name = record.data.feature_names[index]
    if name not in WORDS:
        return cut(name, LONGEST_NAME)
    return f"{tr(name)} / cm" if record.data.name == CENTIMETRES else tr(name)


class Pictures:
    """Makes the pictures of a record, each where it belongs.

    Parameters
    ----------
    record : ClassificationRecord
    layout : Layout
        Of the frame.
    look : (Theme, str)
        Theme and language.
    tr : callable
        Into the lesson's language.
    """

    def __init__(
        self, record: ClassificationRecord, layout: Layout, look: tuple[Theme, str], tr: Translate
    ) -> None:
        self.record, self.layout, self.look, self.tr = record, layout, look, tr
        self.theme = look[0]
        self.places = divide(layout, IMAGE_SHARE if record.plane is None else PLANE_SHARE)
        self.names = class_names(record, tr)

    # What samples are shown

    def drawn_rows(self) -> np.ndarray:
        """Return the rows of the data set that are points on the plane, the followed one first."""
        data = self.record.data
        rows = [self.record.followed.row, *data.train[:MOST_POINTS], *data.test[:MOST_HELD_OUT]]
        return np.array(list(dict.fromkeys(int(row) for row in rows)))

    def judged_rows(self) -> np.ndarray:
        """Return the rows whose answers count, the followed one first."""
        data, followed = self.record.data, self.record.followed.row
        rows = data.test if len(data.test) else data.train
        return np.array([followed, *(int(row) for row in rows if row != followed)])

    # The main picture

    def plane(self, plane: Plane) -> ClassificationMap:
        """Return the plane of two features with the samples, and no regions yet."""
        record, rows = self.record, self.drawn_rows()
        box, centre = self.places.main
        classes = record.data.targets[rows].astype(np.int64)
        points = record.raw.inputs[rows][:, list(plane.features)]
        x = Axis(*plane.x, escape(feature_name(record, plane.features[0], self.tr)), count=4)
        if len(plane.features) == 1:
            points = np.column_stack([points[:, 0], classes + 1])
            y = Axis(*plane.y, escape(self.tr("class")), count=0)
        else:
            y = Axis(*plane.y, escape(feature_name(record, plane.features[1], self.tr)), count=4)
        ring = escape(self.tr("held out")) if len(record.data.test) else ""
        meanings = (ring, escape(self.tr("wrong")))
        names, is_held_out = [*map(escape, self.names)], np.isin(rows, record.data.test)
        samples = (points, classes, is_held_out)
        view = ClassificationMap(x, y, *samples, names, meanings, box, *self.look)
        return view.move_to((*centre, 0))

    def regions(self, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the regions at a moment told, and which of the drawn samples are wrong then."""
        record, rows = self.record, self.drawn_rows()
        assert record.plane is not None
        wrong = record.predicted[k][rows] != record.data.targets[rows]
        return record.plane.probabilities[k], wrong

    def grid(self, rows: np.ndarray) -> ClassificationPictures:
        """Return pictures of some rows with what they are, as many as fit."""
        record, (box, centre) = self.record, self.places.main
        assert record.data.image_shape is not None
        widest = max(width_of(escape(name), SIZES.small, *self.look) for name in self.names)
        grid = grid_for(box, 2, widest + 0.3, MOST_PICTURES)
        rows = rows[: grid[0] * grid[1]]
        images = record.raw.inputs[rows].reshape(len(rows), *record.data.image_shape)
        names = [escape(self.names[of]) for of in record.data.targets[rows].tolist()]
        view = ClassificationPictures(images, names, grid, (box[0], box[1] - INSET), *self.look)
        self.pictured = rows
        return view.move_to((centre[0], centre[1] - INSET / 2, 0))

    def pixels(self, text: Callable[[int], str]) -> HeatMatrix:
        """Return the followed picture as numbers; ``text`` gives each one's, if they fit."""
        record, (box, centre) = self.record, self.places.beside
        assert record.data.image_shape is not None
        rows, columns = record.data.image_shape
        values = record.followed.raw.reshape(rows, columns)
        # A picture keeps its shape.
        box = (min(box[0], box[1] * columns / rows), min(box[1], box[0] * rows / columns))

        def view(texts: list[list[str]] | None) -> HeatMatrix:
            return HeatMatrix(values, box, *self.look, texts=texts, limit=1.0, is_grey=True)

        found = view([[WIDEST] * columns] * rows)
        is_roomy = rows * columns <= MOST_NUMBERS and found.cell[0] >= LEAST_CELL
        written = found.shows_numbers and is_roomy
        of = range(columns)
        texts = [[text(r * columns + c) for c in of] for r in range(rows)] if written else None
        return view(texts).move_to((*centre, 0))

    def answers(self, k: int, rows: np.ndarray) -> tuple[list[str], np.ndarray]:
        """Return what pictured rows are taken for at a moment told, and which of it is right."""
        found = self.record.predicted[k][rows]
        names = [escape(self.names[of]) for of in found.tolist()]
        return names, found == self.record.data.targets[rows]

    # Beside it

    def curves(self) -> tuple[Plot, Plot]:
        """Return loss and accuracy over the epochs, nothing of them drawn yet."""
        course, theme, places = self.record.course, self.theme, self.places
        moments = course.moments
        words = {"train": self.tr("training"), "held_out": self.tr("held out")}
        epochs = [moment.epoch for moment in moments]
        plots = []
        for (box, centre), name, word, own in (
            (places.loss, "loss", self.tr("loss"), theme.loss),
            (places.accuracy, "accuracy", self.tr("accuracy"), theme.text),
        ):
            lines = {"train": [getattr(it.train, name) for it in moments]}
            if moments[0].held_out is not None:
                lines["held_out"] = [getattr(it.held_out, name) for it in moments]
            values = [it for line in lines.values() for it in line]
            high = 1.0 if name == "accuracy" else max(values)
            x = Axis(0, max(epochs[-1], 1e-6), escape(self.tr("epoch")), count=3)
            y = Axis(0, 1.04 * high or 1.0, escape(word))
            if high > RUNAWAY * course.chance:
                y = Axis.around(values, escape(word), logarithmic=True)
            plot = Plot(x, y, box, theme, self.look[1])
            # Accuracies end close together; a low diagram has no room for two names above it.
            is_named = len(lines) > 1 and (name == "loss" or not places.is_tall)
            for key, values in lines.items():
                ink, is_dashed = (own, False) if key == "train" else (theme.text, True)
                label = escape(words[key]) if is_named else ""
                plot.add_curve(key, epochs, values, colour=ink, label=label, is_dashed=is_dashed)
            plots.append(plot.grow(0.0).move_to((*centre, 0)))
        return plots[0], plots[1]

    def progress(self, k: int) -> float:
        """Return how much of the curves is drawn at a moment told."""
        course = self.record.course
        return course.told[k] / max(len(course.moments) - 1, 1)

    def barred(self) -> list[int]:
        """Return the classes that have bars: all, or the sample's own and the likeliest."""
        followed, count = self.record.followed, len(self.names)
        if count <= MOST_BARS:
            return list(range(count))
        likeliest = np.argsort(-followed.probabilities[-1], kind="stable").tolist()
        others = [k for k in likeliest if k != followed.target]
        return sorted([followed.target, *others[: MOST_BARS - 1]])

    def bars(self) -> Bars:
        """Return the followed sample's probabilities, empty."""
        box, centre = self.places.beside
        chosen = self.barred()
        names = [escape(self.names[k]) for k in chosen]
        colours = [class_colour(self.theme, k) for k in chosen]
        bars = Bars(names, Axis(0, 1), box, *self.look, colours=colours)
        bars.highlight(chosen.index(self.record.followed.target))
        return bars.move_to((*centre, 0))

    # On the whole stage

    def histograms(self) -> list[Histogram]:
        """Return the early gradients of each layer."""
        spreads = self.record.spreads.layers
        (width, height), (x, y) = self.layout.stage, self.layout.stage_centre
        count = len(spreads)
        columns = count if width > height * FLAT else 1
        rows = -(-count // columns)
        box = ((width - (columns - 1) * GAP) / columns, (height - (rows - 1) * GAP) / rows)
        found = []
        for number, spread in enumerate(spreads, start=1):
            most = int(max(spread.early.max(), spread.late.max(), 1))
            name = f"$partial L slash partial W_{number}$"
            across = Axis(spread.edges[0], spread.edges[-1], name)
            up = Axis(0, 1.05 * most, escape(self.tr("entries")), count=4)
            view = Histogram(spread.edges, across, up, box, *self.look).set_counts(spread.early)
            row, column = divmod(number - 1, columns)
            at = (column - (columns - 1) / 2, (rows - 1) / 2 - row)
            view.move_to((x + at[0] * (box[0] + GAP), y + at[1] * (box[1] + GAP), 0))
            found.append(view)
        return found

    def confusion(self, text: Callable[[int, int], str]) -> HeatMatrix:
        """Return who was taken for whom: rows are the truth, columns the answer.

        Parameters
        ----------
        text : callable
            Gives the printed count of a row and a column, if all of them fit.
        """
        counts = self.record.answers.confusion
        box, centre = self.places.main
        of = range(len(counts))
        cell = min(box[1] / (len(counts) + 1), CELL_MOST)
        has_names = len(counts) <= MOST_COUNTS
        rows = [escape(name) for name in self.names] if has_names else []
        columns = self.abbreviated(0.95 * cell) if has_names else []

        def view(texts: list[list[str]] | None) -> HeatMatrix:
            return HeatMatrix(
                counts, box, *self.look, texts=texts, row_names=rows, column_names=columns
            )

        widest = "0" * len(str(int(counts.max())))
        fits = has_names and view([[f"${widest}$" for _ in of] for _ in of]).shows_numbers
        texts = [[text(row, column) for column in of] for row in of] if fits else None
        return view(texts).move_to((*centre, 0))

    def abbreviated(self, room: float) -> list[str]:
        """Return the classes' names cut to a width, or none where they could not be told apart."""
        for letters in range(LONGEST_NAME, 0, -1):
            cut = [it if len(it) <= letters + 1 else f"{it[:letters]}." for it in self.names]
            found = [escape(it) for it in cut]
            widths = [width_of(it, SIZES.small, *self.look) for it in found]
            if max(widths) <= room:
                return found if len(set(found)) == len(found) else []
        return []
