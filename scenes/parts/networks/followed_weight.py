"""A network with one weight that is followed, and arrows that become steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from backprop_studio.scenes.paint.brush import Context, fill, line, rounded, set_colour
from backprop_studio.scenes.paint.style import SIZES
from backprop_studio.scenes.parts.networks.collected import CollectedGradients

HALO_WIDTH = 0.22
PLATE = 0.08
"""How far the page's colour reaches around the followed weight's number."""

NAME_HALF = 0.2
"""Half the height of that number with its plate."""

ALONG = 0.5
"""Where on its line the number stands."""


class FollowedWeight(CollectedGradients):
    """Base of a network that shows one weight on a halo, with its number if there is room.

    Attributes
    ----------
    followed : (int, int, int) or None
        Gap, and the places of both units among those that are drawn.
    followed_name : str
        What is written at it, as Typst markup.
    """

    followed: tuple[int, int, int] | None
    followed_name: str = ""
    name_fade: float = 1.0

    def _set_gradients(self, gap: int, matrix: np.ndarray) -> None:
        raise NotImplementedError

    def follow(self, gap: int, row: int, column: int) -> Self:
        """Put a halo around one weight, if it is drawn."""
        if row in self.units[gap + 1] and column in self.units[gap]:
            self.followed = (gap, self.units[gap + 1].index(row), self.units[gap].index(column))
            self.set_state(halo=1.0)
        return self

    def name_followed(self, text: str) -> Self:
        """Write a text at the followed weight; see whether it has room before."""
        self.followed_name = text
        return self

    def release(self) -> Self:
        """Take the halo and its number away."""
        self.followed_name = ""
        return self.set_state(halo=0.0)

    def step(self, moves: Sequence[Any]) -> Self:
        """Let arrows of gradients become those of a step: forwards, the largest as wide as was.

        Parameters
        ----------
        moves : sequence of (n_out, n_in) arrays
            What each weight changes by.
        """
        most = max(float(np.abs(it).max(initial=0.0)) for it in moves) or 1.0
        for gap, move in enumerate(moves):
            self._set_gradients(gap, np.asarray(move) * (self.gradient_scale / most))
            self.state["arrow"][gap] = 1.0
        return self.set_state(ahead=1.0)

    def arrow_ends(self, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return where an edge's arrow begins and ends: a gradient flows back, a step does not."""
        return (start, end) if float(self.state["ahead"]) >= ALONG else (end, start)

    def name_between(self, start: Self, end: Self, alpha: float) -> None:
        """Fade the old number out and the new one in."""
        self.followed_name = (start if alpha < 0.5 else end).followed_name
        same = start.followed_name == end.followed_name
        self.name_fade = 1.0 if same else abs(2 * alpha - 1)

    def has_room(self, gap: int, text: str) -> bool:
        """Whether a text fits between the layers on both sides of a gap."""
        apart = float(self.centres[gap + 1][0][0] - self.centres[gap][0][0])
        free = apart - self.reach[gap] - self.reach[gap + 1]
        needed = 2 * NAME_HALF if self.downward else self.width_of(text, SIZES.label)
        return free >= needed

    def name_at(self) -> tuple[float, float]:
        """Return where in the scene the number is written: beside the line, which stays seen."""
        return self.in_scene(*self.drawn_at(*self._name_at()))

    def _name_at(self) -> tuple[float, float]:
        assert self.followed is not None
        start, end = self._edge(*self.followed)
        along = (end - start) / max(float(np.hypot(*(end - start))), 1e-9)
        # Above the line; where layers are rows, that is turned, at its right.
        beside = np.array([-along[1], along[0]]) * (-1 if self.downward else 1)
        away = float(np.abs(beside) @ self._name_half()) + HALO_WIDTH / 2
        x, y = start + (end - start) * ALONG + beside * away
        return float(x), self._across_within(float(y)) if self.downward else float(y)

    def _across_within(self, y: float) -> float:
        """Return a number's place across rows, moved to where it does not leave the drawing."""
        free = max(self.extent[1] / 2 - self._name_half()[1], 0.0)
        return min(max(y, -free), free)

    def _name_half(self) -> tuple[float, float]:
        """Return half of how much room the number takes along the network and across it."""
        half = self.width_of(self.followed_name, SIZES.label) / 2 + PLATE, NAME_HALF
        return half[::-1] if self.downward else half

    def _paint_halo(self, ctx: Context, opacity: float) -> None:
        strength = float(self.state["halo"])
        if self.followed is None or strength <= 0:
            return
        set_colour(ctx, self.theme.focus, 0.3 * opacity * strength)
        ctx.set_line_width(HALO_WIDTH)
        line(ctx, *self._edge(*self.followed))

    def _paint_followed_name(self, ctx: Context, opacity: float) -> None:
        """Write the followed weight's number on a plate that hides what is behind."""
        strength = float(self.state["halo"]) * self.name_fade * opacity
        if self.followed is None or not self.followed_name or strength <= 0:
            return
        x, y = self._name_at()
        wide, high = self._name_half()
        rounded(ctx, x - wide, y - high, 2 * wide, 2 * high, PLATE)
        fill(ctx, self.theme.background, strength)
        at = (float(x), float(y))
        self.write(ctx, self.followed_name, at, self.theme.text, strength, size=SIZES.label)
