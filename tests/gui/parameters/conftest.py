"""The form of the sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backprop_studio.gui.model.history import History
from backprop_studio.gui.parameters.form import ParameterForm
from backprop_studio.render.messages.results import CatalogueEntry
from tests.gui.parameters.sample_form import Sample

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from backprop_studio.gui.model.state import AppState


@pytest.fixture
def history(state: AppState) -> History:
    return History(state)


@pytest.fixture
def form(qtbot: QtBot, state: AppState, history: History) -> ParameterForm:
    entry = CatalogueEntry(id="sample", title="Sample", parameters=Sample.model_json_schema())
    state.catalogue = (entry,)
    state.select_scene("sample")
    form = ParameterForm(state, history)
    qtbot.addWidget(form)
    form.resize(320, 1000)
    form.show()
    qtbot.waitExposed(form)
    return form
