"""A file in its folder, where there is no file manager to ask and where there is none at all."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from backprop_studio.gui.toolkit import reveal as module
from backprop_studio.gui.toolkit.reveal import reveal


@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("can_show", [True, False])
def test_without_a_file_manager_the_folder_is_shown_or_the_failure_said(
    qapp, tmp_path, monkeypatch, is_there, can_show
):
    monkeypatch.setattr(module.sys, "platform", "linux")
    shown, failed = [], []

    def open_url(url):
        shown.append(url.toLocalFile())
        return can_show

    monkeypatch.setattr(module.QDesktopServices, "openUrl", open_url)
    file = tmp_path / "讲座 1.mp4"
    if is_there:
        file.touch()
    monkeypatch.setattr(module, "_ask_manager", lambda _file, _owner, otherwise: otherwise())
    reveal(file, QObject(), failed.append)
    assert shown == [str(tmp_path)]
    assert failed == ([] if can_show else [tmp_path])
