"""What a form asks about classification, and the settings made of it."""

from __future__ import annotations

import numpy as np
import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.classification.params import ClassificationGroup


def settings(**given):
    return validate_params(ClassificationGroup, given).settings()


def refused(**given):
    with pytest.raises(InputError) as caught:
        settings(**given)
    sentence = str(caught.value)
    assert sentence.endswith((".", "?"))
    assert "\n" not in sentence
    return sentence


def table(folder, *rows):
    path = folder / "own.csv"
    path.write_text("\n".join(("a,b,kind", *rows)) + "\n", encoding="utf-8")
    return {"data": {"file": str(path)}}


def test_iris_is_learned_as_the_notes_do():
    found = settings()
    assert found.network.sizes == (4, 2, 3)
    assert found.network.activations == ("relu", "identity")
    assert (found.learning_rate, found.epochs) == (0.5, 100)
    assert (len(found.data.train), len(found.data.test)) == (130, 20)
    shown = found.data.inputs[found.data.train]
    assert np.allclose(shown.mean(axis=0), 0)
    assert np.allclose(shown.std(axis=0), 1)
    assert found.raw.inputs[0].tolist() == [5.1, 3.5, 1.4, 0.2]  # Fisher's first flower, in cm


def test_what_is_given_goes_before_what_suits():
    found = settings(
        learning_rate=0.1, hidden=[5, 4], epochs=7, batch_size=13, data={"held_out": 30}
    )
    assert found.network.sizes == (4, 5, 4, 3)
    assert (found.learning_rate, found.epochs, found.batch_size) == (0.1, 7, 13)
    assert found.updates_per_epoch == 10  # 120 samples, the last batch holds 3
    assert found.told == (0, 1, 2, 3, 4, 7)


def test_the_seed_draws_the_held_out_rows_unless_the_data_have_their_own():
    rows = [settings(seed=seed).data.test.tolist() for seed in (0, 0, 1)]
    assert rows[0] == rows[1] != rows[2]
    assert settings(seed=1, data={"seed": 0}).data.test.tolist() == rows[0]


def test_the_same_settings_hold_the_same_data_so_that_nothing_is_learned_twice():
    assert settings().data is settings(epochs=3).data


def test_a_table_is_held_out_standardised_and_read_as_classes(tmp_path):
    given = table(tmp_path, *(f"{k},{k * k},{k % 2 + 7}" for k in range(20)))
    found = settings(**given)
    assert found.data.class_names == ("7", "8")
    assert len(found.data.test) == 4
    assert np.allclose(found.data.inputs[found.data.train].mean(axis=0), 0)
    assert found.network.sizes[-1] == 2


def test_rows_written_out_are_learned_from():
    found = settings(data={"inputs": [[1.0, 2.0], [3.0, 1.0]], "targets": [1, 0]})
    assert (len(found.data.train), len(found.data.test)) == (2, 0)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"learning_rate": 1e9}, "learning_rate"),
        ({"data": {"name": "line"}}, "expected classes"),
        ({"data": {"held_out": 150}}, "0 to 149 can be held out, found 150"),
        ({"batch_size": 1}, "13000 updates"),
        ({"told": [101]}, "from 1 to 100, found 101"),
        ({"told": []}, "1 to 8 epochs"),
        ({"told": [0]}, "found 0"),
        ({"hidden": [1, 1, 1, 1]}, "at most 3 hidden layers"),
        ({"hidden": [0]}, "1 to 128 units"),
        ({"sample": 21}, "allowed are 1 to 20, found 21"),
        ({"features": ["petal lenght", 1]}, 'did you mean "petal length"'),
        ({"features": [2, 5]}, "allowed are 1 to 4, found 5"),
        ({"features": [2, "sepal width"]}, "twice"),
        ({"data": {"name": "digits"}, "features": [1, 2]}, "pictures"),
        ({"data": {"inputs": [[1.0], [2.0]], "targets": [1, 1]}}, "two or more classes"),
        ({"data": {"inputs": [[1.0], [2.0]], "targets": [1]}}, "one per row"),
        ({"data": {"inputs": [[1.0], [2.0, 3.0]], "targets": [0, 1]}}, "equal length"),
        ({"data": {"inputs": [[1.0], [2.0]], "targets": [[0.5], [1.0]]}}, "class indices"),
    ],
)
def test_what_is_senseless_is_refused_in_a_sentence(given, words):
    assert words in refused(**given)


def test_what_would_take_minutes_is_refused(tmp_path):
    rows = [f"{k},{k},{'xy'[k % 2]}" for k in range(5000)]
    given = {**table(tmp_path, *rows), "hidden": [128, 128, 128], "epochs": 500, "batch_size": 4000}
    assert "take too long" in refused(**given)
