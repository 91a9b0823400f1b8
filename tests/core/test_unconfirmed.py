"""The sentence about gradients that were not confirmed names each kind, and a few of many."""

from __future__ import annotations

from backprop_studio.core.base.messages import sentence
from backprop_studio.core.unconfirmed import unconfirmed_message


def test_nothing_to_say_of_what_is_confirmed():
    assert unconfirmed_message({"unconfirmed": []}) is None


def test_every_kind_is_told_with_its_number_and_its_places():
    rows = [{"path": f"layers.0.dL_dW.0.{k}", "reason": "corner"} for k in range(6)]
    rows.append({"path": "layers.1.dL_db.0", "reason": "differs"})
    rows.append({"path": "layers.1.dL_db.1", "reason": "unresolved"})
    said = sentence(unconfirmed_message({"unconfirmed": rows}))
    assert said == (
        "Not confirmed: 1 gradient differs from central differences: layers.1.dL_db.0, 1 gradient "
        "is too small for central differences to tell: layers.1.dL_db.1, 6 gradients are at a "
        "corner, where there is no derivative: layers.0.dL_dW.0.0, layers.0.dL_dW.0.1, "
        "layers.0.dL_dW.0.2, layers.0.dL_dW.0.3, ..."
    )
