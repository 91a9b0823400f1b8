"""The formulas of the lesson on directions with their numbers put in, as Typst markup."""

from __future__ import annotations

from backprop_studio.core.derivatives.heat import HeatRecord
from backprop_studio.core.formula.torch_text import tracked_torch
from backprop_studio.core.formula.typst_math import formula_typst
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.lesson.numbers import bracketed
from backprop_studio.scenes.lesson.writer import Writer

SLOPE = "D_bold(l) f"


class DirectionalFormulas(Formulas):
    """Writes each moment of the lesson.

    Parameters
    ----------
    rule : str
        f as Typst mathematics.
    is_exact : bool
        Whether the surface is smooth at the point, so that the sum is the limit.
    """

    def __init__(self, writer: Writer, rule: str, *, is_exact: bool = True) -> None:
        super().__init__(writer)
        self.rule, self.is_exact = rule, is_exact
        self.symbol = self.as_gradient(SLOPE)

    @true_digits
    def value(self) -> str:
        """Return the surface and its height at the point."""
        point = ", ".join(self._both("at.point", "xy"))
        return f"$ z = f(x, y) = {self.rule} wide f({point}) = {self.short('at.value')} $"

    @true_digits
    def direction(self) -> str:
        """Return the unit vector of (p, q)."""
        p, q = self._both("at.vector")
        length = bracketed(self.short("at.length"))
        numbers = f"(({p}, {q})) / {_length(p, q)} = (({p}, {q})) / {length}"
        unit = f"({', '.join(self._both('at.cosines'))}) = (cos alpha, cos beta)"
        return f"$ bold(l) = ((p, q)) / sqrt(p^2 + q^2) = {numbers} = {unit} $"

    @true_digits
    def ray(self) -> str:
        """Return what is walked along."""
        x, y = self._both("at.point", "xy")
        a, b = self._both("at.cosines")
        return f"$ z(t) = f({x} + {bracketed(a)} t, {y} + {bracketed(b)} t) $"

    @true_digits
    def secant(self, k: int) -> str:
        """Return the slope of a secant."""
        end, value = self.short(f"at.ends.{k}.2"), bracketed(self.short("at.value"))
        h, slope = self.short(f"at.eps.{k}"), self._slope(f"at.slopes.{k}")
        return f"$ (z(h) - z(0)) / h = ({end} - {value}) / {bracketed(h)} = {slope} wide h = {h} $"

    @true_digits
    def limit(self) -> str:
        """Return the limit of the secants' slopes; at a corner what torch answers."""
        if not self.is_exact:
            return f'$ "(grad * l).sum()" = {self._slope("at.slope")} $'
        return f"$ {self.symbol} = lim_(h -> 0) (z(h) - z(0)) / h = {self._slope('at.slope')} $"

    @true_digits
    def general(self) -> str:
        """Return the sum with the cosines in symbols."""
        return f"$ {self.symbol} = f_x cos alpha + f_y cos beta = nabla f dot bold(l) $"

    @true_digits
    def sum(self) -> str:
        """Return the sum with the cosines in numbers; at a corner it is no derivative."""
        numbers = _dot(self._both("at.partials"), self._both("at.cosines"))
        name = f"{self.symbol} = " if self.is_exact else ""
        slope = self._slope("at.slope")
        return f"$ {name}f_x cos alpha + f_y cos beta = {numbers} = {slope} $"

    @true_digits
    def axes(self) -> str:
        """Return the slopes along both axes."""
        fx, fy = self._slope("along_x.slope"), self._slope("along_y.slope")
        first = f"bold(l) = (1, 0): quad {self.symbol} = f_x = {fx}"
        return f"$ {first} wide bold(l) = (0, 1): quad {self.symbol} = f_y = {fy} $"

    @true_digits
    def peak(self) -> str:
        """Return the length of the gradient."""
        fx, fy = self._both("at.partials")
        most = f"|nabla f| = {_length(fx, fy)} = {self._slope('at.steepness')}"
        return f"$ nabla f = ({fx}, {fy}) wide max {self.symbol} = {most} $"

    @true_digits
    def contour(self) -> str:
        """Return the product that is zero along the contour."""
        gradient, along = self._both("at.partials"), self._both("at.contour")
        product = f"{self.symbol} = {_dot(gradient, along)} = 0"
        return f"$ bold(l) = ({', '.join(along)}) perp nabla f: quad {product} $"

    def heat_code(self, heat: HeatRecord) -> str:
        """Return the line that computes the temperature."""
        return f"T = {tracked_torch(heat.formula.tree, 'xy')}"

    @true_digits
    def heat(self, heat: HeatRecord) -> str:
        """Return the temperature in symbols and where the ant stands."""
        x, y = self._both("heat.point")
        here = f"T({x}, {y}) = {self.short('heat.temperature')} degree"
        return f"$ T(x, y) = {formula_typst(heat.formula.tree)} wide {here} $"

    @true_digits
    def ant(self, *, is_flat: bool) -> str:
        """Return the gradient of the temperature, and the unit vector against it."""
        a, b = self._both("heat.partials")
        gradient = self.as_gradient(f"nabla T = ({a}, {b})")
        if is_flat:
            return f"$ {gradient} $"
        length = f"|nabla T| = {self.short('heat.steepness')}"
        down = ", ".join(self._both("heat.downhill"))
        return f"$ {gradient} wide {length} wide -(nabla T) / (|nabla T|) = ({down}) $"

    def _slope(self, name: str) -> str:
        return self.as_gradient(self.short(name))

    def _both(self, name: str, parts: str = "01") -> tuple[str, str]:
        first, second = (self.short(f"{name}.{part}") for part in parts)
        return first, second


def _dot(first: tuple[str, str], second: tuple[str, str]) -> str:
    pairs = zip(first, second, strict=True)
    return " + ".join(f"{bracketed(one)} dot {bracketed(other)}" for one, other in pairs)


def _length(x: str, y: str) -> str:
    return f"sqrt({bracketed(x)}^2 + {bracketed(y)}^2)"
