"""The directional derivative: the slope of a surface along any direction.

Afterwards the viewer can say: that a direction is a unit vector of two cosines, that the upright
plane along it cuts a curve whose secants close in on one slope, that this slope is
f_x cos a + f_y cos b, that it is largest along the gradient and zero along the contour, and that a
partial derivative is the case of a direction along an axis.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from manim import FadeIn, FadeOut
from manim.utils.rate_functions import linear

from backprop_studio.core.answer_sheet import records_sheet
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.derivatives.directions import directional
from backprop_studio.core.derivatives.heat import HeatRecord, leave_heat
from backprop_studio.core.derivatives.params import DirectionGroup
from backprop_studio.core.derivatives.records import DirectionalRecord, PartialsRecord
from backprop_studio.core.derivatives.secants import partials
from backprop_studio.core.surfaces.grid import sample_grid
from backprop_studio.core.surfaces.landscape import FormulaLandscape
from backprop_studio.scenes.boards.directions import DirectionalFormulas
from backprop_studio.scenes.families.slopes import SurfaceLesson, even_sight
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.charts.axes import Axis
from backprop_studio.scenes.parts.charts.height_scale import HeightScale
from backprop_studio.scenes.parts.charts.plot import Plot
from backprop_studio.scenes.parts.surfaces.compass_map import CompassMap
from backprop_studio.scenes.parts.surfaces.cut import CutSurface
from backprop_studio.scenes.parts.surfaces.trajectories import DescentSeries

SECANTS = (0.5, 0.25, 0.05)
"""Of the reach: how far the secants go along the direction."""

COUNT = 401
ARROW = 0.5
"""Length of l on the map, of the reach."""

TURN_SECONDS = 4 * TIMES.travel
ANT_ARROW = 0.65
HEAT_SCALE = HeightScale(0.0, 50.0)
HEAT_SIDES = (121, 91)
FULL = 2 * math.pi


class Params(DirectionGroup):
    """What the lecturer chooses."""


class DirectionalDerivative(SurfaceLesson):
    """One direction first, then all of them."""

    title = N_("The directional derivative, and where the gradient points")
    summary = N_("A surface has a slope in every direction, and the steepest is the gradient.")
    chapter = N_("Derivatives")
    place = (1, 3)
    thumbnail = "peak"
    Params = Params

    record: DirectionalRecord
    slices: PartialsRecord
    heat: HeatRecord
    mesh: CutSurface
    compass: CompassMap
    cut: Plot
    sweep: Plot

    def compute(self) -> dict[str, Any]:
        """Take the cut along the direction, all other directions, and the hot plate."""
        params = self.params
        formula, point = params.parsed(), params.point()
        steps = [share * params.reach for share in SECANTS]
        self.record = directional(
            formula, point, params.vector(), steps, reach=params.reach, count=COUNT
        )
        self.slices = partials(formula, point)
        self.heat = leave_heat((params.ant_x, params.ant_y))
        self.sample()
        given = params.model_dump(mode="json")
        return records_sheet(
            "directional_derivative", given, at=self.record,
            along_x=self.turned((1, 0)), along_y=self.turned((0, 1)), heat=self.heat,
        )  # fmt: skip

    def turned(self, vector: tuple[float, float]) -> DirectionalRecord:
        """Return the record of another direction at the same point."""
        formula, point = self.params.parsed(), self.params.point()
        return directional(formula, point, vector, count=3, directions=4)

    def tell(self) -> None:
        """Tell it from one direction to the gradient."""
        self.set_stage()
        self.show_surface()
        self.show_direction()
        self.show_cut()
        self.show_secants()
        self.show_tangent()
        self.show_sum()
        if self.is_smooth:
            self.show_turn()
            self.show_axes()
            self.show_peak()
            if not self.is_flat:
                self.show_contour()
        self.show_heat()
        self.show_ant()

    # What the point is like

    @property
    def is_flat(self) -> bool:
        """Whether the gradient is zero."""
        return self.record.steepness == 0

    @property
    def is_smooth(self) -> bool:
        """Whether the surface has no corner at the point."""
        return all(it.is_smooth for it in self.slices.slices)

    @property
    def bearing(self) -> float:
        """Of the direction, in radians from the x axis to the left."""
        across, up = self.record.cosines
        return math.atan2(up, across)

    @property
    def uphill(self) -> float | None:
        """Of the gradient, if there is one."""
        across, up = self.record.uphill
        return None if self.is_flat else math.atan2(up, across)

    # The stage

    def set_stage(self) -> None:
        """Lay out surface, map, diagrams and board."""
        self.set_board()
        record, theme = self.record, self.theme
        self.formulas = DirectionalFormulas(self.short, self.rule(), theme, is_exact=self.is_smooth)
        self.mesh = self.surface(record.value, record.partials)
        self.mesh.add_curve("curve", colour=theme.loss)
        self.mesh.add_line("secant", slope=self.first_slope(), colour=theme.gradient)
        self.mesh.add_line("tangent", colour=theme.gradient)
        self.mesh.add_point("end", at=float(record.eps[0]), colour=theme.gradient)
        self.mesh.add_point("here", colour=theme.focus)
        self.mesh.turn_plane(self.bearing)
        self.compass = self.make_compass(self.layout.side, is_small=True)
        self.compass.move_to((*self.layout.side_centre, 0))
        self.cut = self.cut_plot(
            record.ray, record.ray_points[:, 2], record.value, "$t$", colour=theme.loss
        )
        self.cut.add_secant("secant", "cut", 0.0, float(record.eps[0]))
        self.cut.add_line("tangent", 0.0, record.value, record.slope)
        self.cut.add_point("end", float(record.eps[0]), on="cut", colour=theme.gradient)
        self.cut.add_point("here", 0.0, on="cut")
        self.cut.hide("secant", "tangent", "end")
        self.sweep = self.make_sweep()
        self.add(self.mesh)

    def first_slope(self) -> float:
        """Return the slope of the first secant that has one, or the tangent's."""
        known = self.known_secants()
        return float(self.record.slopes[known[0]]) if known else self.record.slope

    def known_secants(self) -> list[int]:
        """Return which secants end on the surface."""
        return [int(k) for k in np.flatnonzero(np.isfinite(self.record.slopes))]

    def make_compass(self, box: tuple[float, float], *, is_small: bool = False) -> CompassMap:
        """Return the map around the point."""
        grid, params = self.grid, self.params
        return CompassMap(
            grid.x, grid.y, grid.values, box, self.theme, self.language,
            scale=even_sight(grid.values, self.record.value),
            names=("", "", "") if is_small else ("$x$", "$y$", "$z$"), bar=not is_small,
            origin=(params.x, params.y), radius=ARROW * params.reach, uphill=self.uphill,
            heading=self.bearing, labels=("$bold(l)$", "$nabla f$"),
        )  # fmt: skip

    def make_sweep(self) -> Plot:
        """Return the diagram of the slope over the direction, in degrees."""
        record = self.record
        degrees = np.degrees(record.sweep)
        most = record.steepness or 1.0
        word = self.tr("direction")
        plot = Plot(
            Axis(0.0, 360.0, f"{escape(word)} (°)", count=4),
            Axis(-1.25 * most, 1.25 * most, "$D_bold(l) f$", count=4),
            self.layout.side, self.theme, self.language,
        )  # fmt: skip
        plot.add_curve(
            "slopes", degrees, record.sweep_slopes, colour=self.theme.gradient, progress=0.0
        )
        plot.add_mark("zero", 0.0, way="y")
        plot.add_point("here", 0.0, on="slopes")
        return plot.move_to((*self.layout.side_centre, 0))

    # The beats: one direction

    def show_surface(self) -> None:
        """The surface, and a point with many ways out."""
        self.beat("surface", self.tr("From a point of a surface one can leave in any direction."))
        self.write(
            self.torch_rule(), self.formulas.value(),
            self.mesh.animate.raise_to(1).reveal("here"), seconds=TIMES.travel,
        )  # fmt: skip
        self.hold(TIMES.look)

    def show_direction(self) -> None:
        """The vector (p, q) becomes a unit vector."""
        self.beat(
            "direction",
            self.tr("A direction is a unit vector: (p, q) divided by its length."),
        )
        self.write(
            "l = torch.tensor([p, q]); l = l / l.norm()", self.formulas.direction(),
            self.mesh.animate.move_to(self.place_of_surface(self.layout.picture_centre)),
        )  # fmt: skip
        # Only now: on its way the surface may pass where the map will stand.
        self.move(FadeIn(self.compass), seconds=TIMES.fade)
        self.hold()

    def show_cut(self) -> None:
        """The upright plane along l."""
        self.beat("cut", self.tr("The upright plane along l cuts the surface in a curve."))
        self.write(
            self.torch_rule(), self.formulas.ray(),
            self.mesh.animate.fade_plane(1).reveal("curve"), FadeOut(self.compass),
        )  # fmt: skip
        self.move(FadeIn(self.cut), seconds=TIMES.fade)
        self.move(self.cut.animate.grow(1.0, "cut"), seconds=TIMES.travel)
        self.hold(TIMES.look)

    def show_secants(self) -> None:
        """Secants in the plane, from long to short."""
        known = self.known_secants()
        if not known:
            return
        self.beat("secant", self.tr("A secant in this plane: the rise divided by the way along l."))
        for k in known:
            eps, slope = float(self.record.eps[k]), float(self.record.slopes[k])
            moved = self.mesh.animate.tilt("secant", slope).slide("end", eps)
            self.write(
                "(f(*(point + h * l)) - f(*point)) / h", self.formulas.secant(k),
                moved.reveal("secant", "end"),
                self.cut.animate.set_secant("secant", 0.0, eps).move_point("end", eps)
                .reveal("secant", "end"),
            )  # fmt: skip
            self.hold(TIMES.look)

    def show_tangent(self) -> None:
        """The secant becomes the tangent."""
        self.beat(
            "tangent",
            self.tr("As h goes to 0, the secant becomes the tangent: the slope of f along l.")
            if self.is_smooth
            else self.tr("Here the surface has a corner, so no tangent fits; torch picks one."),
        )
        self.write(
            "torch.func.jvp(f, point, l)", self.formulas.limit(),
            self.mesh.animate.tilt("secant", self.record.slope).slide("end", 0.0),
            self.cut.animate.set_secant("secant", 0.0, 0.0).move_point("end", 0.0)
            .hide("secant").reveal("tangent"),
            seconds=TIMES.travel,
        )  # fmt: skip
        self.move(
            self.mesh.animate.hide("secant", "end").reveal("tangent"),
            self.cut.animate.hide("end"),
            seconds=TIMES.fade,
        )
        self.hold()

    def show_sum(self) -> None:
        """The formula that needs no limit."""
        self.beat(
            "sum",
            self.tr("Two partial derivatives are enough: each counts with its cosine.")
            if self.is_smooth
            else self.tr("The sum with the cosines holds only where there is no corner."),
        )
        self.write("z.backward(); (grad * l).sum()", self.formulas.sum())
        self.hold()

    # The beats: all directions

    def show_turn(self) -> None:
        """The plane turns once round, and its slope draws a wave."""
        self.beat("turn", self.tr("Turn l once around: every direction has a slope of its own."))
        self.write(
            "(grad * l).sum()", self.formulas.general(),
            self.mesh.animate.turn_plane(0.0), FadeOut(self.cut), FadeIn(self.sweep),
            seconds=TIMES.travel,
        )  # fmt: skip
        # Evenly, so that the plane and the point of the diagram go together.
        self.move(
            self.mesh.animate(rate_func=linear).turn_plane(FULL),
            self.sweep.animate(rate_func=linear).grow(1.0, "slopes").move_point("here", 360.0),
            seconds=TURN_SECONDS,
        )
        self.hold(TIMES.look)

    def show_axes(self) -> None:
        """Along an axis one of the cosines is 1 and the other 0."""
        self.beat("axes", self.tr("Along an axis the slope is a partial derivative."))
        self.compass_large()
        self.compass.turn_to(0.0)
        self.write(
            "x.grad, y.grad", self.formulas.axes(),
            FadeOut(self.mesh), self.sweep.animate.move_point("here", 0.0),
        )  # fmt: skip
        self.move(FadeIn(self.compass), seconds=TIMES.fade)
        self.hold(TIMES.look)
        self.point_along(math.pi / 2)
        self.hold(TIMES.look)

    def compass_large(self) -> None:
        """Make the map for the larger place."""
        self.compass = self.make_compass(self.layout.picture)
        self.compass.move_to((*self.layout.picture_centre, 0))

    def point_along(self, heading: float, *shown: str) -> None:
        """Turn l on the map and on the diagram."""
        degrees = math.degrees(heading) % 360
        self.move(
            self.compass.animate.turn_to(heading).reveal(*shown),
            self.sweep.animate.move_point("here", degrees),
            seconds=TIMES.travel,
        )

    def show_peak(self) -> None:
        """Along the gradient the slope is largest; where there is none, all slopes are zero."""
        self.beat(
            "peak",
            self.tr("The gradient is zero here: no direction is steepest, all slopes are zero.")
            if self.is_flat
            else self.tr("The slope peaks along the gradient, and the peak is its length."),
        )
        self.write("grad.norm()", self.formulas.peak())
        uphill = self.uphill
        if uphill is None:
            self.point_along(self.bearing % FULL)
        else:
            self.point_along(uphill % FULL, "gradient")
            self.move(self.sweep.animate.add_mark("peak", self.record.steepness, way="y"))
        self.hold()

    def show_contour(self) -> None:
        """Across the gradient the slope is zero."""
        self.beat("contour", self.tr("Along the contour, across the gradient, the slope is zero."))
        assert self.uphill is not None
        self.write("(grad * l).sum()", self.formulas.contour())
        self.point_along((self.uphill + math.pi / 2) % FULL, "tangent")
        self.hold()

    # The beats: the hot plate

    def show_heat(self) -> None:
        """Isotherms from 10 to 40 degrees, and an ant."""
        self.beat("heat", self.tr("A hot plate with isotherms from 10 to 40 degrees, and an ant."))
        heat = self.heat
        # What is on the stage depends on how far the story went at this point.
        old = (self.compass, self.sweep) if self.is_smooth else (self.mesh, self.cut)
        grid = sample_grid(FormulaLandscape(heat.formula, heat.ranges), *HEAT_SIDES)
        self.compass = CompassMap(
            grid.x, grid.y, grid.values, self.layout.stage, self.theme, self.language,
            scale=HEAT_SCALE, levels=len(heat.isotherms), fill="heat",
            names=("$x$", "$y$", "$T$"), series=[DescentSeries(heat.path)],
            origin=(float(heat.point[0]), float(heat.point[1])), radius=ANT_ARROW,
            uphill=self.ant_uphill(), labels=("", "$nabla T$"), notes=self.isotherms(),
        ).hide("direction")  # fmt: skip
        self.compass.move_to((*self.layout.stage_centre, 0))
        self.write(self.formulas.heat_code(heat), self.formulas.heat(heat), *map(FadeOut, old))
        self.move(FadeIn(self.compass))
        self.hold()

    def isotherms(self) -> list[tuple[str, float, float]]:
        """Return what is written on the lines, and where."""
        return [
            (f"${self.short(f'heat.isotherms.{k}')} degree$", float(x), float(y))
            for k, (x, y) in enumerate(self.heat.crossings)
        ]

    def ant_uphill(self) -> float | None:
        """Return where it gets hotter fastest."""
        if self.heat.steepness == 0:
            return None
        return math.atan2(-self.heat.downhill[1], -self.heat.downhill[0])

    def show_ant(self) -> None:
        """The ant goes against the gradient."""
        is_flat = self.heat.steepness == 0
        self.beat(
            "ant",
            self.tr("On the hottest spot the gradient is zero: no way out is the fastest.")
            if is_flat
            else self.tr("The fastest way out of the heat is against the gradient."),
        )
        self.write("T.backward(); -grad / grad.norm()", self.formulas.ant(is_flat=is_flat),
            self.compass.animate.reveal("gradient", "downhill"))  # fmt: skip
        self.hold(TIMES.look)
        if not is_flat:
            self.move(self.compass.animate.hide("gradient", "downhill"), seconds=TIMES.fade)
            self.move(self.compass.animate.advance_to_end(), seconds=2 * TIMES.travel)
        self.hold()
