"""How a lesson is begun: its scene and its parameters, checked at once."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from backprop_studio.core.base.i18n import translator
from backprop_studio.core.base.messages import sentence
from backprop_studio.notebook.catalogue import row_of
from backprop_studio.notebook.given import plain_parameters
from backprop_studio.notebook.kernel import new_id, run
from backprop_studio.notebook.lesson import Lesson
from backprop_studio.notebook.options import Look, checked, speaking
from backprop_studio.render.catalogue import require_scene
from backprop_studio.render.messages.jobs import ParamsJob

if TYPE_CHECKING:
    from torch import nn

    from backprop_studio.core.base.i18n import Language
    from backprop_studio.core.base.parameters import Theme


def lesson(
    scene: str,
    *,
    model: nn.Module | None = None,
    language: Language = "en",
    theme: Theme = "dark",
    **parameters: Any,
) -> Lesson:
    """Return a lesson of a scene with one's own parameters; they are checked at once.

    Parameters
    ----------
    scene : str
        Its id; :func:`scenes` has them.
    model : nn.Module, optional
        One's own fully connected network of torch, with ``inputs``, ``targets`` and ``loss`` beside
        it, and ``optimizer`` if there is one: the lesson then shows what ``loss.backward()`` and
        ``optimizer.step()`` make of it, beginning without gradients, in the model's own precision
        and going on with what the optimizer remembers. Nothing of it is changed. What is folded or
        left out is a warning.
    language : {"en", "zh"}
        Of what is said and written.
    theme : {"dark", "light", "print"}
        Colours.
    **parameters
        As the command line's ``--set`` and lecture files take them, a group as a dictionary:
        ``network={"sizes": [2, 4, 1]}``. A text for a group is its file if it ends as such files
        do, else its first field: ``data="flowers.csv"``, ``data="iris"``, ``network="xor"``.
        Arrays and tensors are taken as lists; relative paths start at the current folder.

    Raises
    ------
    InputError
        If the scene or a parameter is wrong: one sentence that names the field, the value and
        what is allowed, and the same as data in ``error.message``.

    Examples
    --------
    >>> lesson("backprop", network={"preset": "xor"}, learning_rate=0.5)
    <Lesson backprop: learning_rate, network>
    >>> lesson("backprop", learning_rate=-1)
    Traceback (most recent call last):
        ...
    backprop_studio.core.base.errors.InputError: Wrong value for learning_rate: -1; expected a \
number above 0 and up to 1000.
    """
    require_scene(scene)
    look = checked(Look, {"language": language, "theme": theme})
    with speaking(look.language):
        if model is not None:
            # Only here: who has a model has loaded torch.
            from backprop_studio.notebook.model.parameters import model_parameters

            parameters, remarks = model_parameters(model, parameters)
            for remark in remarks:
                warnings.warn(sentence(remark, translator(look.language)), stacklevel=2)
        given = plain_parameters(parameters, lambda: row_of(scene).parameters)
        run(ParamsJob(id=new_id(), scene=scene, params=given))
    return Lesson(scene, given, look)
