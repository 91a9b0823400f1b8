"""A turning camera: from a world of three dimensions to a plane, without a camera of Manim's own.

Angles are radians. The azimuth is where the camera stands around the upright z axis, counted from
the x axis to the y axis; the elevation is its height above the ground, π/2 being right above.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from backprop_studio.core.base.arrays import Array

_AROUND = np.linspace(0, 2 * math.pi, 24, endpoint=False)


@dataclass(frozen=True)
class Projection:
    """Looks at the world's origin.

    Attributes
    ----------
    azimuth, elevation : float
        Where the camera stands, in radians.
    distance : float
        Of the camera from the origin in world units; infinite for parallel rays.
    scale : float
        Units of the plane per world unit at the origin.
    shift : float
        Added to the plane's y.
    """

    azimuth: float
    elevation: float
    distance: float = math.inf
    scale: float = 1.0
    shift: float = 0.0

    @property
    def axes(self) -> Array:
        """The camera's right, up and backward (towards the viewer) directions as rows (3, 3)."""
        ca, sa = math.cos(self.azimuth), math.sin(self.azimuth)
        ce, se = math.cos(self.elevation), math.sin(self.elevation)
        return np.array([[-sa, ca, 0.0], [-ca * se, -sa * se, ce], [ca * ce, sa * ce, se]])

    @property
    def eye(self) -> Array:
        """Where the camera is, (3,); very far for parallel rays."""
        far = self.distance if math.isfinite(self.distance) else 1e6
        return np.asarray(self.axes[2] * far)

    def depth(self, points: Array) -> Array:
        """Return how far points (..., 3) are towards the viewer: larger is nearer."""
        return np.asarray(points @ self.axes[2])

    def plane(self, points: Array) -> Array:
        """Return where points (..., 3) are seen, (..., 2)."""
        seen = points @ self.axes.T
        factor: float | Array = self.scale
        if math.isfinite(self.distance):
            factor = self.scale * self.distance / (self.distance - seen[..., 2:])
        position: Array = seen[..., :2] * factor
        position[..., 1] += self.shift
        return position

    def towards_eye(self, points: Array) -> Array:
        """Return for points (..., 3) the directions to the camera, not normalised."""
        if math.isfinite(self.distance):
            return self.eye - points
        return np.broadcast_to(self.axes[2], points.shape)


def nearest_turn(current: float, wanted: float) -> float:
    """Return the angle that looks like ``wanted`` and is nearest to ``current``.

    Examples
    --------
    >>> round(math.degrees(nearest_turn(math.radians(350), math.radians(10))))
    370
    """
    return current + math.remainder(wanted - current, 2 * math.pi)


def fitted(
    azimuth: float,
    elevation: float,
    corners: Array,
    box: tuple[float, float],
    distance: float = math.inf,
) -> Projection:
    """Return the projection in which corners fit into a box at every azimuth.

    So that nothing grows or shrinks while the camera turns.

    Parameters
    ----------
    azimuth, elevation : float
        Where the camera stands.
    corners : (n, 3) array
        Of the world's box.
    box : (float, float)
        Width and height of the plane's part, its centre at the origin.
    distance : float
        Of the camera.
    """
    seen = np.concatenate(
        [Projection(angle, elevation, distance).plane(corners) for angle in _AROUND]
    )
    low, high = seen[:, 1].min(), seen[:, 1].max()
    scale = min(box[0] / (2 * np.abs(seen[:, 0]).max()), box[1] / (high - low))
    return Projection(azimuth, elevation, distance, scale, -scale * (low + high) / 2)
