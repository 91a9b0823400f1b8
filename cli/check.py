"""The body of ``backprop-studio check``; light, like the rest of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import TypeAdapter

from backprop_studio.cli.console import say, strict_json, tr
from backprop_studio.core.base.errors import InputError, SceneError
from backprop_studio.core.base.i18n import N_, Language
from backprop_studio.core.base.messages import os_reason
from backprop_studio.core.base.parameters import Theme
from backprop_studio.render.catalogue import require_scene, scene_ids
from backprop_studio.render.lint.finding import Finding
from backprop_studio.render.messages.jobs import CheckJob

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from backprop_studio.render.messages.frame_format import FrameShape

_FINDINGS: TypeAdapter[list[Finding]] = TypeAdapter(list[Finding])


def check_job(
    job_id: str,
    scenes: Sequence[str],
    language: Language | None,
    theme: Theme | None,
    shape: FrameShape,
    pictures: Path | None,
    params: Mapping[str, Any] | None = None,
) -> CheckJob:
    """Return the job that a command asks for.

    Parameters
    ----------
    scenes : sequence of str
        Ids of scenes; none means all.
    language, theme : str, optional
        Without one, all of them.
    shape : {"16:9", "4:3", "9:16"}
        Of the frame.
    pictures : Path, optional
        Absolute path of a folder, which is made if need be.
    params : mapping, optional
        Parameters of the scenes, which have to be named then, as each has its own.

    Raises
    ------
    InputError
        If there is no such scene, or no such folder can be, or nobody knows whose the parameters
        are.
    """
    if params and not scenes:
        words = N_(
            "parameters such as '{name}' need the id of a scene, which backprop-studio scenes "
            "lists, but no scene is named"
        )
        raise InputError("check.no_scene", words, name=next(iter(params)))
    for scene in scenes:
        if is_lecture(scene):
            said = N_("lectures such as '{file}' are checked by themselves; give no scenes as well")
            raise InputError("check.lecture", said, file=scene)
        require_scene(scene)
    make_pictures_folder(pictures)
    return CheckJob(
        id=job_id,
        scenes=tuple(dict.fromkeys(scenes or scene_ids())),
        languages=(language,) if language else get_args(Language),
        themes=(theme,) if theme else get_args(Theme),
        params=dict(params or {}),
        shape=shape,
        pictures=str(pictures) if pictures else None,
    )


def is_lecture(name: str) -> bool:
    """Return whether it is the file of a lecture rather than a scene."""
    return name.lower().endswith(".toml")


def make_pictures_folder(pictures: Path | None) -> None:
    """Make the folder for pictures of faults, if there shall be one.

    Raises
    ------
    InputError
        If it cannot be.
    """
    if pictures is None:
        return
    try:
        pictures.mkdir(exist_ok=True)
    except OSError as error:
        text = N_("{folder} cannot be the folder of pictures: {reason}")
        reason = os_reason(error)
        raise InputError("check.folder", text, folder=pictures, reason=reason) from error


def tell_findings(result: dict[str, Any], *, as_json: bool) -> None:
    """Write what was found, one line each.

    Raises
    ------
    SceneError
        If anything was.
    """
    findings = _FINDINGS.validate_python(result["findings"])
    if as_json:
        say(strict_json([finding.row() for finding in findings]))
    for finding in [] if as_json else findings:
        say(finding.line(tr))
    if findings:
        raise faults_error(len(findings), result["moments"])
    if not as_json:
        say(tr(N_("no faults in {count} pictures")).format(count=result["moments"]))


def faults_error(count: int, pictures: int) -> SceneError:
    """Return the error that stands for faults in pictures."""
    if count == 1:
        return SceneError("check.one", N_("1 fault in {pictures} pictures"), pictures=pictures)
    text = N_("{count} faults in {pictures} pictures")
    return SceneError("check.several", text, count=count, pictures=pictures)
