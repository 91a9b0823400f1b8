"""A loss over two weights is a surface, and training is a way down on it.

Afterwards the viewer can say: that the contour map is the surface seen from above, that a point
knows only the slope under it and steps against the gradient, and that where it ends depends on
where it starts.
"""

from __future__ import annotations

import math
from typing import Any

from manim import FadeIn, FadeOut
from manim.utils.rate_functions import linear
from pydantic import ConfigDict, Field, model_validator

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.fields import hints, suited_rate
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.parameters import LessonParams
from backprop_studio.core.claims import slopes
from backprop_studio.core.claims.descent import Ends
from backprop_studio.core.network import optimizers
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.presets import PRESETS
from backprop_studio.core.network.spec import PresetName
from backprop_studio.core.surfaces.descent import descend
from backprop_studio.core.surfaces.grid import sample_grid
from backprop_studio.core.surfaces.landscape import Landscape
from backprop_studio.core.surfaces.outcomes import path_ends
from backprop_studio.core.surfaces.params import (
    USUAL_RATE,
    DescentParams,
    SliceParams,
    SurfaceParams,
)
from backprop_studio.core.surfaces.slices import NetworkSlice
from backprop_studio.scenes.boards.loss_surface import SurfaceFormulas
from backprop_studio.scenes.families import landscape as shared
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.lesson.torch_lines import STEP_LINE, loss_line
from backprop_studio.scenes.lesson.type_block import TypeBlock, note_block
from backprop_studio.scenes.paint.style import SIZES, TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.surfaces.mesh import SurfaceMesh
from backprop_studio.scenes.parts.surfaces.trajectories import most_steps

MESH_SIDE = 49
AZIMUTH, ELEVATION = math.radians(-60), math.radians(52)
TALLER, LIFTED = 1.25, 0.15
"""A surface leaves room for being turned to any side; here it is turned to two."""

INTO_VALLEYS = math.radians(68)
"""From here a point at the bottom of a steep valley is seen."""

ABOVE = math.radians(89.7)
TURN = math.radians(90)
RUN_SECONDS = 7 * TIMES.travel

ROWS = 7
"""Rows of a table that fit every frame."""

TOLD = "descents.0.paths.0"
"""The point whose numbers are told."""

START_OF_ONE = Sentences(
    "level",
    slopes.Level,
    {
        "slope": N_("The point knows only the slope under it, and steps against the gradient."),
        "level": N_("The point knows only the slope under it, and here that is 0."),
    },
)
START_OF_MANY = Sentences(
    "level",
    slopes.Level,
    {
        "slope": N_("Each point knows only the slope under it, and steps against the gradient."),
        "level": N_("Each point knows only the slope under it; under the first that is 0."),
    },
)
STEP = Sentences(
    "move",
    slopes.Move,
    {
        "moves": N_("One step: the learning rate says how far."),
        "stays": N_("One step, and the point stays where it is."),
        "breaks": N_("The first step leads to where there is no finite number."),
    },
)
ENDS = Sentences(
    "ends",
    Ends,
    {
        "one": N_("Here the point stands after its last step."),
        "outside": N_("No point ends in the picture."),
        "some_outside": N_("Some points left the picture; the others stand where the table says."),
        "under_way": N_("Not all points have arrived: with more steps they would go on."),
        "same": N_("From every start they come to rest in the same place."),
        **dict.fromkeys(
            ("valleys", "different"),
            N_("They come to rest in different places: the start decides."),
        ),
    },
)


class Params(LessonParams):
    """Parameters of the lesson."""

    surface: SurfaceParams = Field(
        default_factory=lambda: SurfaceParams(name="himmelblau"), title=N_("Surface")
    )
    network: PresetName | None = Field(
        None,
        title=N_("Loss of a network"),
        description=N_("Takes the loss of a network for the surface; open: the surface above."),
        json_schema_extra={
            "x-labels": {
                **{name: preset.title for name, preset in PRESETS.items()},
                "None": N_("No network"),
            },
            "x-clears": ["/slice", "/descent.starts"],
        },
    )
    slice: SliceParams = Field(default_factory=lambda: SliceParams(), title=N_("Slice"))
    descent: DescentParams = Field(default_factory=lambda: DescentParams(), title=N_("Descent"))
    learning_rate: float | None = suited_rate(gt=0, le=1000)
    optimizer: optimizers.OptimizerParams = Field(
        default_factory=lambda: optimizers.OptimizerParams(), title=N_("Optimizer")
    )

    model_config = ConfigDict(
        json_schema_extra=hints(order=["learning_rate", "surface", "network", "slice", "descent"])
    )

    @model_validator(mode="after")
    def _starts_are_pairs(self) -> Params:
        self.descent.chosen_starts(self.surface)
        return self

    def resolved(self) -> dict[str, Any]:
        """Return what stands for fields that are left open, by their dotted paths."""
        ranges = {f"surface.{name}": value for name, value in self.surface.resolved().items()}
        found = {
            **ranges,
            "learning_rate": self.rate(),
            **optimizers.resolved_optimizer(self.spec()),
        }
        if self.network is None:
            starts = self.descent.chosen_starts(self.surface)
            found["descent.starts"] = [list(start) for start in starts]
        return {**super().resolved(), **found}

    def landscape(self) -> Landscape:
        """Return the surface."""
        if self.network is None:
            return self.surface.landscape()
        group = NetworkGroup.model_validate({"network": {"preset": self.network}})
        return self.slice.landscape(group.network_spec(), group.batch())

    def spec(self) -> optimizers.OptimizerSpec:
        """Return the optimizer with its rate."""
        return optimizers.resolve_optimizer(self.optimizer, self.rate())

    def rate(self) -> float:
        """Return the learning rate, or what suits the surface."""
        if self.learning_rate is not None:
            return self.learning_rate
        if self.network is not None:
            return PRESETS[self.network].learning_rate
        named = self.surface.named
        return named.learning_rate if named is not None else USUAL_RATE

    def starts(self, landscape: Landscape) -> tuple[tuple[float, ...], ...]:
        """Return from where points run; all are in the picture."""
        if self.network is None or self.descent.starts is not None:
            chosen = self.descent.chosen_starts(self.surface)
        else:
            chosen = shared.spread_starts(landscape)
        text = N_(
            "{field}: start {number} has {name} = {value}, which is beside the picture; "
            "expected {low} to {high}"
        )
        for number, start in enumerate(chosen, start=1):
            for name, at, (low, high) in zip(landscape.names, start, landscape.ranges, strict=True):
                if not low <= at <= high:
                    given = {"field": "descent.starts", "number": number, "name": name}
                    given |= {"value": f"{at:g}", "low": f"{low:g}", "high": f"{high:g}"}
                    raise InputError("start.outside", text, **given)
        return chosen


class LossSurface(shared.LandscapeLesson):
    """The surface, its map, and points that run down on both."""

    title = N_("The loss as a surface")
    summary = N_("Points descend on a loss surface and on its contour map, each by its own slope.")
    chapter = N_("Descent")
    place = (4, 3)
    thumbnail = "descent"
    Params = Params

    def compute(self) -> dict[str, Any]:
        """Sample the surface and let every point run."""
        params = self.params
        self.subject = "surface" if params.network is None else "slice"
        landscape = params.landscape()
        starts = params.starts(landscape)
        self.sample(landscape, shared.fine_side(landscape))
        self.record = descend(landscape, params.spec(), starts, params.descent.steps)
        return self.descents_sheet([self.record])

    def tell(self) -> None:
        """Tell it from the surface to where the points end."""
        self.show_surface()
        self.show_map()
        self.show_start()
        self.show_step()
        self.show_descent()
        self.show_ends()

    @property
    def is_slice(self) -> bool:
        """Whether the surface is the loss of a network."""
        return isinstance(self.landscape, NetworkSlice)

    # The stage

    def set_stage(self) -> None:
        """Lay out surface, map and board."""
        self.formulas = SurfaceFormulas(self, self.record, self.landscape, self.axis_names)
        self.letters = [chr(ord("A") + k) for k in range(len(self.record.paths))]
        ranges = self.landscape.ranges
        points = zip(self.record.paths, self.letters, strict=True)
        series = [shared.drawn(path, ranges, letter) for path, letter in points]
        self.steps = most_steps(series)
        first, second = self.axis_names
        width, height = self.layout.picture
        coarse = sample_grid(self.landscape, min(MESH_SIDE, len(self.grid.x)))
        self.mesh = SurfaceMesh(
            coarse.x,
            coarse.y,
            coarse.values,
            (width, height * TALLER),
            *self.look,
            scale=self.scale,
            series=series,
            names=(f"${first}$", f"${second}$", "$L$"),
            azimuth=AZIMUTH,
            elevation=ELEVATION,
        )
        self.mesh.raise_to(0).fade_points(0)
        self.mesh.move_to(self.place_of_mesh(self.layout.stage_centre))
        self.map = self.placed(
            self.map_of(series, self.layout.side, equal=True).fade_points(0), "side"
        )
        if self.is_slice:
            self.add(self.tag())

    def place_of_mesh(self, centre: tuple[float, float]) -> tuple[float, float, float]:
        """Return where a surface stands whose place has that centre."""
        return centre[0], centre[1] + LIFTED, 0.0

    def tag(self) -> TypeBlock:
        """Return the note that a network's loss has more dimensions than the picture."""
        text = self.tr("2D slice of the loss")
        box = (self.layout.side[0], SIZES.small * 1.6)
        block = note_block(escape(text), box, self.theme.muted, self.language)
        right, top = self.camera.frame_width / 2, self.camera.frame_height / 2
        width = block.ink.width * block.drawn_size()  # in a box that may reach the title
        return block.move_to((right - SIZES.margin - width / 2, top - SIZES.margin, 0))

    # The beats

    def show_surface(self) -> None:
        """The surface rises."""
        text = N_("A loss over two weights is a surface: every pair has its height.")
        if isinstance(self.landscape, NetworkSlice):
            text = (
                N_("A network's loss over two of its parameters: all others are held.")
                if self.landscape.kind == "parameters"
                else N_("A network's loss along two random directions through all weights.")
            )
        self.beat("surface", text)
        self.write(
            self.code(),
            self.formulas.surface("" if self.is_slice else self.rule()),
            FadeIn(self.mesh),
        )
        self.move(self.mesh.animate.raise_to(1), seconds=TIMES.travel)

    def code(self) -> str:
        """Return the line that computes the loss."""
        if isinstance(self.landscape, NetworkSlice):
            return loss_line(self.landscape.network)
        return self.torch_rule()

    def show_map(self) -> None:
        """The same from above."""
        self.beat("map", N_("Seen from above, places of equal loss are lines: a contour map."))
        centre = self.place_of_mesh(self.layout.picture_centre)
        self.move(self.mesh.animate.turn_to(AZIMUTH, ABOVE).move_to(centre), seconds=TIMES.travel)
        self.move(FadeIn(self.map), seconds=TIMES.fade)
        self.hold()
        self.move(self.mesh.animate.turn_to(AZIMUTH, ELEVATION), seconds=TIMES.travel)
        self.stands_still = True  # what came was read before the surface turned back

    def show_start(self) -> None:
        """Where the points stand."""
        sentences = START_OF_MANY if len(self.letters) > 1 else START_OF_ONE
        told = self.record.paths[0]
        self.beat("start", sentences(slopes.level(told.gradients[0]), f"{TOLD}.gradients.0"))
        self.show(
            "opt.zero_grad(); loss.backward()",
            self.formulas.gradient(),
            self.mesh.animate.fade_points(1),
            self.map.animate.fade_points(1),
        )

    def show_step(self) -> None:
        """One step in numbers."""
        self.beat("step", STEP(slopes.move(self.record.paths[0].points), f"{TOLD}.points.1"))
        self.show("opt.step()", self.formulas.step(), *self.advanced(min(1, self.steps)))

    def advanced(self, progress: int, *, turns: bool = False) -> list[Any]:
        """Return the animations that bring all points to a step, on the surface and the map."""
        mesh = self.mesh.animate(rate_func=linear).advance_to(progress)
        return [
            mesh.turn_to(AZIMUTH + TURN, INTO_VALLEYS) if turns else mesh,
            self.map.animate(rate_func=linear).advance_to(progress),
        ]

    def show_descent(self) -> None:
        """All steps, while the camera turns."""
        self.beat("descent", N_("Step after step, on the surface and on its map at once."))
        self.write(
            f"for _ in range({max(self.steps - 1, 0)}): {STEP_LINE}",
            self.formulas.rule(),
        )
        self.move(*self.advanced(self.steps, turns=True), seconds=RUN_SECONDS)
        self.hold(TIMES.look)

    def show_ends(self) -> None:
        """Where each has come to."""
        ends = path_ends(
            self.landscape, self.record.optimizer, self.record.paths, self.landscape.ranges
        )
        self.beat("ends", ENDS(ends, "descents.0"))
        count = len(self.letters)
        shown = list(range(count if count <= ROWS else ROWS - 1))
        columns = [escape(self.tr("start")), f"$bold(w)_{self.formulas.last}$", "$L$"]
        table = self.side_table(columns, min(count, ROWS))
        width, height = self.layout.picture
        larger = min(width / self.map.width, height / self.map.height)
        self.move(FadeOut(self.mesh), seconds=TIMES.fade)
        self.write(
            "w.tolist(), f(w).item()",
            self.formulas.ends(),
            self.map.animate.scale(larger).move_to((*self.layout.picture_centre, 0)),
        )
        self.add(table)
        for k in shown:
            path, name = self.record.paths[k], f"descents.0.paths.{k}"
            row = self.result(self.letters[k], path, name)
            self.move(table.animate.set_row(k, row), seconds=TIMES.fade)
        if len(shown) < count:
            self.move(table.animate.set_row(len(shown), ["…", "…", "…"]), seconds=TIMES.fade)
