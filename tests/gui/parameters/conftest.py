"""The form of the sample."""

from __future__ import annotations

import pytest

from backprop_studio.gui.model.history import History
from backprop_studio.gui.parameters.form import ParameterForm
from backprop_studio.render.messages.results import CatalogueEntry
from tests.gui.parameters.sample_form import Sample


@pytest.fixture
def history(state):
    return History(state)


@pytest.fixture
def form(qtbot, state, history):
    entry = CatalogueEntry(id="sample", title="Sample", parameters=Sample.model_json_schema())
    state.catalogue = (entry,)
    state.select_scene("sample")
    form = ParameterForm(state, history)
    qtbot.addWidget(form)
    form.resize(320, 1000)
    form.show()
    qtbot.waitExposed(form)
    return form
