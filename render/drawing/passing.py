"""Plays that are passed over: a part is put where its animation leaves it, without the way there.

Manim begins an animation with up to three copies of its part and places the part three times, even
if nobody looks. Of the animations that painted parts have, all but the end can be left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from manim import FadeIn, FadeOut
from manim.animation.transform import _MethodAnimation

from backprop_studio.scenes.paint.painted import Painted
from backprop_studio.scenes.stage.travel import Travel

if TYPE_CHECKING:
    from manim import Animation, Scene

_PASSED = frozenset({FadeIn, FadeOut, Travel, _MethodAnimation})
"""Exactly these: what inherits from them may do more."""


def can_be_passed(scene: Scene) -> bool:
    """Return whether the end of the play that was just compiled is known without the way there."""
    if scene.is_current_animation_frozen_frame():
        return True
    if scene.stop_condition is not None or scene.updaters:
        return False
    return all(map(_ends_as_known, _played(scene))) and not any(map(_is_updated, scene.mobjects))


def _played(scene: Scene) -> list[Animation]:
    return scene.animations or []


def _ends_as_known(animation: Animation) -> bool:
    part: Any = animation.mobject
    is_known = type(animation) in _PASSED and animation.rate_func(1) == 1
    return is_known and _is_one_part(part) and not part.updaters


def _is_one_part(part: Any) -> bool:
    return isinstance(part, Painted) and not part.submobjects


def _is_updated(mobject: Any) -> bool:
    if _is_one_part(mobject):
        return bool(mobject.updaters)
    return any(part.updaters for part in mobject.get_family())


def pass_over(scene: Scene) -> None:
    """Bring the scene to the end of the play that was just compiled."""
    if scene.is_current_animation_frozen_frame():
        return
    there = set(scene.mobjects)
    scene.add(*(it for it in _parts(scene, FadeIn) if it not in there))
    for animation in _played(scene):
        if type(animation) is _MethodAnimation:
            # A part that is wholly there reads nothing of where it began.
            animation.starting_mobject = animation.mobject
            animation.target_copy = animation.target_mobject
            animation.finish()
        animation._on_finish(scene)
    scene.remove(*_parts(scene, FadeOut), *_parts(scene, Travel))


def _parts(scene: Scene, kind: type[Animation]) -> list[Any]:
    return [it.mobject for it in _played(scene) if type(it) is kind]
