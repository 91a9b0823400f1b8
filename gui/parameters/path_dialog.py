"""The system's dialog in which the path of a field is chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from backprop_studio.core.base.user_paths import user_path
from backprop_studio.gui.model.settings import last_folder, remember_folder
from backprop_studio.gui.model.words import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.gui.model.fields import FieldSpec

PathAsker: TypeAlias = "Callable[[QWidget, FieldSpec, str, Callable[[str], object]], object]"
"""``(parent, field, present text, what to call with the path that was chosen)``."""


def ask_for_path(
    parent: QWidget, spec: FieldSpec, present: str, chosen: Callable[[str], object]
) -> QFileDialog:
    """Open the dialog and return at once; nothing is called if the user thinks better of it.

    Parameters
    ----------
    parent : QWidget
        The window in front of which it opens.
    spec : FieldSpec
        Says whether a file or a folder is meant, and which files are offered.
    present : str
        What the field holds now; the dialog begins there.
    chosen : callable
        Receives the path; a bound method of a widget is forgotten with the widget.
    """
    dialog = QFileDialog(parent, tr(spec.title), str(_start(present, spec)))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    if spec.picker == "folder":
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    else:
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        offered = [f"{tr(spec.title)} ({spec.pattern})"] if spec.pattern else []
        dialog.setNameFilters([*offered, tr("All files (*)")])
    dialog.fileSelected.connect(lambda path: _remember(path, spec))
    dialog.fileSelected.connect(chosen)
    dialog.open()
    return dialog


def _start(present: str, spec: FieldSpec) -> Path:
    """Return the folder of what the field holds, or where the last file was, or the documents."""
    folders: list[Path | None] = []
    if present.strip():
        path = user_path(present.strip()).expanduser().absolute()
        folders = [path if spec.picker == "folder" else path.parent]
    documents = QStandardPaths.StandardLocation.DocumentsLocation
    folders += [last_folder("data"), Path(QStandardPaths.writableLocation(documents))]
    return next((it for it in folders if it is not None and it.is_dir()), Path.home())


def _remember(path: str, spec: FieldSpec) -> None:
    folder = Path(path)
    remember_folder("data", folder if spec.picker == "folder" else folder.parent)
