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

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.claims import curves, slopes
from backprop_studio.core.derivatives.directions import directional
from backprop_studio.core.derivatives.heat import leave_heat
from backprop_studio.core.derivatives.params import DirectionGroup
from backprop_studio.core.derivatives.records import DirectionalRecord
from backprop_studio.core.derivatives.secants import partials
from backprop_studio.scenes.boards.directions import DirectionalFormulas
from backprop_studio.scenes.families.direction_plots import heading_of, heat_map, sweep_plot
from backprop_studio.scenes.families.slopes import SurfaceLesson, even_sight
from backprop_studio.scenes.lesson.sentences import Sentences
from backprop_studio.scenes.paint.style import TIMES
from backprop_studio.scenes.paint.typeset import escape
from backprop_studio.scenes.parts.surfaces.compass_map import CompassMap

SECANTS = (0.5, 0.25, 0.05)
"""Of the reach: how far the secants go along the direction."""

COUNT = 401
ARROW = 0.5
"""Length of l on the map, of the reach."""

TURN_SECONDS = 4 * TIMES.travel
FULL = 2 * math.pi


TANGENT = Sentences(
    "smooth",
    curves.Smooth,
    {
        "smooth": N_("As h goes to 0, the secant becomes the tangent: the slope of f along l."),
        "corner": N_("Here the surface has a corner, so no tangent fits; torch picks one."),
    },
)
SUM = Sentences(
    "smooth",
    curves.Smooth,
    {
        "smooth": N_("Two partial derivatives are enough: each counts with its cosine."),
        "corner": N_("The sum with the cosines holds only where there is no corner."),
    },
)
PEAK = Sentences(
    "level",
    slopes.Level,
    {
        "slope": N_("The slope peaks along the gradient, and the peak is its length."),
        "level": N_("The gradient is zero here: no direction is steepest, all slopes are zero."),
    },
)
ANT = Sentences(
    "level",
    slopes.Level,
    {
        "slope": N_("Against the gradient it cools fastest: so that is the ant's way."),
        "level": N_("On the hottest spot the gradient is zero: no way out is the fastest."),
    },
)


class Params(DirectionGroup):
    """Parameters of the lesson."""


class DirectionalDerivative(SurfaceLesson):
    """One direction first, then all of them."""

    title = N_("The directional derivative, and where the gradient points")
    summary = N_("A surface has a slope in every direction, and the steepest is the gradient.")
    chapter = N_("Derivatives")
    place = (1, 3)
    thumbnail = "peak"
    subject = "formula"
    Params = Params

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
        return self.records_sheet(
            at=self.record, along_x=self.turned((1, 0)), along_y=self.turned((0, 1)), heat=self.heat
        )

    def turned(self, vector: tuple[float, float]) -> DirectionalRecord:
        """Return the record of another direction at the same point."""
        formula, point = self.params.parsed(), self.params.point()
        return directional(formula, point, vector, count=3, directions=4)

    def tell(self) -> None:
        """Tell it from one direction to the gradient."""
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
        return heading_of(self.record.cosines)

    @property
    def uphill(self) -> float | None:
        """Of the gradient, if there is one."""
        return None if self.is_flat else heading_of(self.record.uphill)

    # The stage

    def set_stage(self) -> None:
        """Lay out surface, map, diagrams and board."""
        record, theme = self.record, self.theme
        self.formulas = DirectionalFormulas(self, self.rule(), is_exact=self.is_smooth)
        self.mesh = self.surface(record.value, record.partials)
        self.mesh.add_curve("curve", colour=theme.text)
        self.mesh.add_line("secant", slope=self.first_slope(), colour=theme.gradient)
        self.mesh.add_line("tangent", colour=theme.gradient)
        self.mesh.add_point("end", at=float(record.eps[0]), colour=theme.gradient)
        self.mesh.add_point("here", colour=theme.focus)
        self.mesh.turn_plane(self.bearing)
        self.compass = self.placed(self.make_compass(self.layout.side, is_small=True), "side")
        self.cut = self.cut_plot(
            record.ray, record.ray_points[:, 2], record.value, "$t$", colour=theme.text
        )
        self.cut.add_secant("secant", "cut", 0.0, float(record.eps[0]))
        self.cut.add_line("tangent", 0.0, record.value, record.slope)
        self.cut.add_point("end", float(record.eps[0]), on="cut", colour=theme.gradient)
        self.cut.add_point("here", 0.0, on="cut")
        self.cut.hide("secant", "tangent", "end")
        word = escape(self.tr("direction"))
        self.sweep = self.placed(sweep_plot(record, word, self.layout.side, *self.look), "side")
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
            grid.x,
            grid.y,
            grid.values,
            box,
            *self.look,
            scale=even_sight(grid.values, self.record.value),
            names=("", "", "") if is_small else ("$x$", "$y$", "$z$"),
            bar=not is_small,
            origin=(params.x, params.y),
            radius=ARROW * params.reach,
            uphill=self.uphill,
            heading=self.bearing,
            labels=("$bold(l)$", "$nabla f$"),
        )

    # The beats: one direction

    def show_surface(self) -> None:
        """The surface, and a point with many ways out."""
        self.beat("surface", N_("From a point of a surface one can leave in any direction."))
        self.show(
            self.torch_rule(),
            self.formulas.value(),
            self.mesh.animate.raise_to(1).reveal("here"),
            seconds=TIMES.travel,
        )

    def show_direction(self) -> None:
        """The vector (p, q) becomes a unit vector."""
        self.beat("direction", N_("A direction is a unit vector: (p, q) divided by its length."))
        self.write(
            "l = torch.tensor([p, q]); l = l / l.norm()",
            self.formulas.direction(),
            self.mesh.animate.move_to(self.place_of_surface(self.layout.picture_centre)),
        )
        # Only now: on its way the surface may pass where the map will stand.
        self.move(FadeIn(self.compass), seconds=TIMES.fade)

    def show_cut(self) -> None:
        """The upright plane along l."""
        self.beat("cut", N_("The upright plane along l cuts the surface in a curve."))
        self.write(
            self.torch_rule(),
            self.formulas.ray(),
            self.mesh.animate.fade_plane(1).reveal("curve"),
            FadeOut(self.compass),
        )
        self.move(FadeIn(self.cut), seconds=TIMES.fade)
        self.move(self.cut.animate.grow(1.0, "cut"), seconds=TIMES.travel)
        self.hold(TIMES.look)

    def show_secants(self) -> None:
        """Secants in the plane, from long to short."""
        known = self.known_secants()
        if not known:
            return
        self.beat("secant", N_("A secant in this plane: the rise divided by the way along l."))
        for k in known:
            eps, slope = float(self.record.eps[k]), float(self.record.slopes[k])
            moved = self.mesh.animate.tilt("secant", slope).slide("end", eps)
            self.show(
                "(f(*(point + h * l)) - f(*point)) / h",
                self.formulas.secant(k),
                moved.reveal("secant", "end"),
                self.cut.animate.set_secant("secant", 0.0, eps)
                .move_point("end", eps)
                .reveal("secant", "end"),
            )

    def show_tangent(self) -> None:
        """The secant becomes the tangent."""
        self.beat("tangent", TANGENT(curves.smooth(self.is_smooth), "at"))
        self.write(
            "torch.func.jvp(f, (*point,), (*l,))",
            self.formulas.limit(),
            self.mesh.animate.tilt("secant", self.record.slope).slide("end", 0.0),
            self.cut.animate.set_secant("secant", 0.0, 0.0)
            .move_point("end", 0.0)
            .hide("secant")
            .reveal("tangent"),
            seconds=TIMES.travel,
        )
        self.move(
            self.mesh.animate.hide("secant", "end").reveal("tangent"),
            self.cut.animate.hide("end"),
            seconds=TIMES.fade,
        )

    def show_sum(self) -> None:
        """The formula that needs no limit."""
        self.beat("sum", SUM(curves.smooth(self.is_smooth), "at"))
        code = "z.backward(); grad = torch.stack([x.grad, y.grad]); (grad * l).sum()"
        self.show(code, self.formulas.sum())

    # The beats: all directions

    def show_turn(self) -> None:
        """The plane turns once round, and its slope draws a wave."""
        self.beat("turn", N_("Turn l once around: every direction has a slope of its own."))
        self.write(
            "(grad * l).sum()",
            self.formulas.general(),
            self.mesh.animate.turn_plane(0.0),
            FadeOut(self.cut),
            FadeIn(self.sweep),
            seconds=TIMES.travel,
        )
        # Evenly, so that the plane and the point of the diagram go together.
        self.move(
            self.mesh.animate(rate_func=linear).turn_plane(FULL),
            self.sweep.animate(rate_func=linear).grow(1.0, "slopes").move_point("here", 360.0),
            seconds=TURN_SECONDS,
        )
        self.hold(TIMES.look)

    def show_axes(self) -> None:
        """Along an axis one of the cosines is 1 and the other 0."""
        self.beat("axes", N_("Along an axis the slope is a partial derivative."))
        self.compass_large()
        self.compass.turn_to(0.0)
        self.write(
            "x.grad, y.grad",
            self.formulas.axes(),
            FadeOut(self.mesh),
            self.sweep.animate.move_point("here", 0.0),
        )
        self.move(FadeIn(self.compass), seconds=TIMES.fade)
        self.hold(TIMES.look)
        self.point_along(math.pi / 2)
        self.hold(TIMES.look)

    def compass_large(self) -> None:
        """Make the map for the larger place."""
        self.compass = self.placed(self.make_compass(self.layout.picture), "picture")

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
        self.beat("peak", PEAK(slopes.level(self.record.partials), "at.partials"))
        self.write("grad.norm()", self.formulas.peak())
        uphill = self.uphill
        if uphill is None:
            self.point_along(self.bearing % FULL)
        else:
            self.point_along(uphill % FULL, "gradient")
            self.move(self.sweep.animate.add_mark("peak", self.record.steepness, way="y"))

    def show_contour(self) -> None:
        """Across the gradient the slope is zero."""
        self.beat("contour", N_("Along the contour, across the gradient, the slope is zero."))
        assert self.uphill is not None
        self.write("(grad * l).sum()", self.formulas.contour())
        self.point_along((self.uphill + math.pi / 2) % FULL, "tangent")

    # The beats: the hot plate

    def show_heat(self) -> None:
        """Isotherms from 10 to 40 degrees, and an ant."""
        self.beat("heat", N_("A hot plate with isotherms from 10 to 40 degrees, and an ant."))
        heat = self.heat
        # What is on the stage depends on how far the story went at this point.
        old = (self.compass, self.sweep) if self.is_smooth else (self.mesh, self.cut)
        self.compass = heat_map(heat, self.isotherms(), self.layout.stage, *self.look)
        self.placed(self.compass, "stage")
        self.write(self.formulas.heat_code(heat), self.formulas.heat(heat), *map(FadeOut, old))
        self.move(FadeIn(self.compass))

    def isotherms(self) -> list[tuple[str, float, float]]:
        """Return what is written on the lines, and where."""
        return [
            (f"${self.short(f'heat.isotherms.{k}')} degree$", float(x), float(y))
            for k, (x, y) in enumerate(self.heat.crossings)
        ]

    def show_ant(self) -> None:
        """The ant goes against the gradient."""
        is_flat = self.heat.steepness == 0
        self.beat("ant", ANT(slopes.level(self.heat.partials), "heat.partials"))
        self.show(
            "grad = torch.stack(torch.autograd.grad(T, [x, y])); -grad / grad.norm()",
            self.formulas.ant(is_flat=is_flat),
            self.compass.animate.reveal("gradient", "downhill"),
        )
        if not is_flat:
            self.move(self.compass.animate.hide("gradient", "downhill"), seconds=TIMES.fade)
            self.move(self.compass.animate.advance_to_end(), seconds=2 * TIMES.travel)
        self.hold()
