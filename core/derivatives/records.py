"""Records of the derivative lessons: numpy arrays and floats.

Shapes use K secants or steps, M samples of a curve, D directions, n variables.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.core.base.arrays import Array
    from backprop_studio.core.formula import Formula
    from backprop_studio.core.formula.curve import Curve
    from backprop_studio.core.formula.symbolic import SymbolicDerivative


@dataclass(frozen=True)
class SecantsRecord:
    """A point of a curve, the secants through it and the tangent they close in on.

    Attributes
    ----------
    formula : Formula
        y.
    variable : str
        What moves.
    point : dict
        All variables at the point.
    derivative : SymbolicDerivative
        y' as a formula.
    x, y : float
        The point.
    slope, intercept : float
        Of the tangent, y = slope * x + intercept; the slope is autograd's.
    is_smooth : bool
        False at a corner and at the edge of the domain, where secants from the two sides do not
        meet in one slope, as far as secants of 1e-4 and 1e-6 can tell.
    taylor : (3,) float64
        y, y' and y''/2: y(x + eps) is about taylor[0] + taylor[1] eps + taylor[2] eps^2.
    eps : (K,) float64
        How far the secants reach, as given.
    x_eps, y_eps : (K,) float64
        Their other ends, x + eps and y(x + eps); nan or inf where there is no value.
    rises, slopes : (K,) float64
        y(x + eps) - y(x), and that divided by eps.
    errors : (K,) float64
        slopes - slope.
    expansion : (K,) float64
        taylor[0] + taylor[1] eps + taylor[2] eps^2; y_eps itself where y is quadratic.
    """

    formula: Formula
    variable: str
    point: Mapping[str, float]
    derivative: SymbolicDerivative
    x: float
    y: float
    slope: float
    intercept: float
    is_smooth: bool
    taylor: Array
    eps: Array
    x_eps: Array
    y_eps: Array
    rises: Array
    slopes: Array
    errors: Array
    expansion: Array


@dataclass(frozen=True)
class PartialsRecord:
    """A point of a surface and, per variable, the slice in which only that variable moves.

    Attributes
    ----------
    formula : Formula
        z.
    point : dict
        All variables at the point.
    value : float
        z.
    partials : (n,) float64
        Partial derivatives in the order of ``formula.names``.
    slices : tuple of SecantsRecord
        Per variable, with its tangent, its secants and its symbolic derivative.
    curves : tuple of Curve
        Per variable, the slice around the point.
    """

    formula: Formula
    point: Mapping[str, float]
    value: float
    partials: Array
    slices: tuple[SecantsRecord, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class DirectionalRecord:
    """A point of a surface z = f(x, y), and its slopes in all directions.

    Attributes
    ----------
    formula : Formula
        z.
    point : dict
        Both variables at the point.
    value : float
        z.
    vector : (2,) float64
        (p, q) as given.
    length : float
        sqrt(p^2 + q^2).
    cosines : (2,) float64
        (cos a, cos b) = (p, q) / length, the unit vector l.
    angles : (2,) float64
        a and b in radians, from 0 to pi: between l and each axis.
    partials : (2,) float64
        f_x and f_y.
    terms : (2,) float64
        f_x cos a and f_y cos b.
    slope : float
        D_l f, their sum.
    steepness : float
        |grad f|, the largest slope of any direction.
    uphill, downhill : (2,) float64
        Unit vectors along the gradient and against it; nan where the gradient is zero.
    contour : (2,) float64
        Unit vector along the contour, uphill turned by 90 degrees to the left.
    eps, ends, slopes, errors : (K,), (K, 3), (K,), (K,) float64
        Secants in the vertical plane: how far they reach, (x, y, z) of their other ends, their
        slopes, and by how much those miss D_l f.
    ray, ray_points : (M,), (M, 3) float64
        Distance from the point along l, and (x, y, z) of the curve that the plane cuts.
    sweep, sweep_slopes : (D,) float64
        Direction in radians, once round from the x axis to the left, and D_l f in it.
    """

    formula: Formula
    point: Mapping[str, float]
    value: float
    vector: Array
    length: float
    cosines: Array
    angles: Array
    partials: Array
    terms: Array
    slope: float
    steepness: float
    uphill: Array
    downhill: Array
    contour: Array
    eps: Array
    ends: Array
    slopes: Array
    errors: Array
    ray: Array
    ray_points: Array
    sweep: Array
    sweep_slopes: Array


@dataclass(frozen=True)
class GradientRecord:
    """Values and gradients at many points at once.

    Attributes
    ----------
    formula : Formula
        What was differentiated.
    inputs : (n, ...) float64
        Each variable, in the shape of all together.
    values : (...) float64
        nan or inf where there is no value.
    partials : (n, ...) float64
        Partial derivatives in the order of ``formula.names``.
    norms : (...) float64
        |grad f|.
    """

    formula: Formula
    inputs: Array
    values: Array
    partials: Array
    norms: Array


@dataclass(frozen=True)
class DifferencesRecord:
    """Central differences at one point over a ladder of steps, against autograd.

    Attributes
    ----------
    formula : Formula
        f.
    variable : str
        w, what is moved.
    point : dict
        All variables at the point.
    w, value : float
        Where, and f(w).
    gradient : float
        df/dw by torch autograd.
    w_moves : int
        -1, 0 or 1: which way a step against the gradient moves w.
    h : (K,) float64
        Steps, from large to small.
    above, below : (K,) float64
        f(w + h) and f(w - h).
    differences : (K,) float64
        (f(w + h) - f(w - h)) / 2h.
    errors : (K,) float64
        |differences - gradient|; 0 where they agree to the last bit, which a logarithmic axis
        cannot show, and nan where f has no value to one side.
    truncation, rounding : (K,) float64
        What theory says the error consists of: |f'''(w)| h^2 / 6, and the last digit of f and w
        over h.
    best : int
        Index of the smallest error, the first if there are several.
    truncation_order, rounding_order : float
        Slopes of the two arms of the error in a doubly logarithmic picture, fitted where either
        part prevails: about 2 and about -1; nan where fewer than three errors can be fitted, as for
        the truncation of w^2, which has none.
    step, step_above, step_below, step_difference, step_error : float
        One step picked out, 1e-6 if not chosen otherwise.
    """

    formula: Formula
    variable: str
    point: Mapping[str, float]
    w: float
    value: float
    gradient: float
    w_moves: int
    h: Array
    above: Array
    below: Array
    differences: Array
    errors: Array
    truncation: Array
    rounding: Array
    best: int
    truncation_order: float
    rounding_order: float
    step: float
    step_above: float
    step_below: float
    step_difference: float
    step_error: float
