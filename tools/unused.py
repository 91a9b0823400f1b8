"""Find code that nothing uses: vulture, and what it cannot know of this project.

Tests do not count as use. A scene is found by its file; a record's field is used where a scene
names it in the path of a number; the rest of what is used from outside is listed, with the reason.
"""

from __future__ import annotations

import ast
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from vulture import Vulture

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
ROOMS = ("cli", "core", "gui", "notebook", "render", "scenes", "src/backprop_studio/__init__.py")
DECORATORS = ["@*validator*", "@*serializer*", "@app.*", "@*.register"]

QT = (
    "closeEvent leaveEvent mouse*Event stepBy stepEnabled mergeWith moveRows "
    "supportedDropActions focusNextPrevChild "
    "createEditor setEditorData setModelData updateEditorGeometry "
    "dragEnterEvent dropEvent"
)
MANIM = (
    "construct interpolate_mobject freeze_current_frame original_id anim_args starting_mobject "
    "target_copy"
)
ENCODER = "color_* colorspace framerate gop_size pict_type thread_count thread_type"
SLIDES = "author blob last_modified_by vertical_anchor word_wrap"
SHEET = (
    "angles grad_after grad_before input_shape largest_dL_dW largest_early "
    "largest_late local_text log_probabilities next_dL_dz next_terms norm_dL_da "
    "norm_dL_db norm_dL_dz strides temperatures"
)
LOGGING = "handleError formatException"
OBSERVED = "is_pausing is_settled is_ticking"
STAGE = "shrink_board zoom"
BY_NAME = "_scatter _secant beta1 beta2 lr_decay"

ALLOWED = {
    **dict.fromkeys(QT.split(), "Qt calls it"),
    **dict.fromkeys(MANIM.split(), "Manim calls or reads it"),
    **dict.fromkeys(ENCODER.split(), "set for FFmpeg, which reads it"),
    **dict.fromkeys(SLIDES.split(), "for python-pptx, which writes it"),
    **dict.fromkeys(LOGGING.split(), "logging calls it"),
    **dict.fromkeys(OBSERVED.split(), "tells a test that a timer has done its work"),
    **dict.fromkeys(
        STAGE.split(), "a means of direction, for the lessons that are still to be told"
    ),
    "faded_alike": "listed by tools/staging.py",
    "fdiff": "sympy calls it",
    "set_param": "one field's short form of set_params, by which tests stand for a hand",
    "model_config": "pydantic reads it",
    "_ipython_display_": "IPython calls it",
    "_render_traceback_": "IPython calls it",
    "_repr_html_": "notebooks call it",
    "load_ipython_extension": "IPython calls it, for %load_ext",
    "members": "told of a node of bs.graph",
    "output_place": "told of bs.graph",
    "__dir__": "Python calls it",
    "__getattr__": "Python calls it, of a module too",
    "_keys": "keeps an event filter alive",
    **dict.fromkeys(BY_NAME.split(), "looked up by its name: a plot's kind, a colour, an option"),
    **dict.fromkeys(SHEET.split(), "a field of a record: read in the answer sheet"),
}


def words_in_strings(folder: Path) -> Iterator[str]:
    """Yield the names in dotted paths, such as ``step`` and ``loss`` of ``"step.loss"``."""
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = node.value.strip(".").split(".")
                if all(word.isidentifier() or word.isdigit() or not word for word in words):
                    yield from words


def main() -> int:
    """Print what is unused, and what is allowed to be although it is used."""
    vulture = Vulture(ignore_decorators=DECORATORS)
    vulture.scavenge([str(ROOT / room) for room in ROOMS])
    named = set(words_in_strings(ROOT / "scenes"))
    problems, needed = [], set()
    for item in vulture.get_unused_code(min_confidence=60):
        reasons = {pattern for pattern in ALLOWED if fnmatchcase(item.name, pattern)}
        needed |= reasons
        is_scene = item.typ == "class" and Path(item.filename).parent == ROOT / "scenes"
        if not (reasons or is_scene or item.name in named):
            problems.append(item.get_report())
    problems += [f"tools/unused.py: {name} is used now" for name in ALLOWED if name not in needed]
    print(*problems, sep="\n", end="\n" if problems else "")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
