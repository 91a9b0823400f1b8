"""Learning to classify: accuracies that are counted, regions and spreads that add up."""

from __future__ import annotations

import math
import os
import struct

import numpy as np
import pytest

from backprop_studio.core.base.parameters import validate_params
from backprop_studio.core.classification.params import ClassificationGroup
from backprop_studio.core.classification.run import classify

FASHION_MNIST = os.environ.get("BACKPROP_STUDIO_FASHION_MNIST", "")
"""Folder with its four files, as of Debian's package dataset-fashion-mnist."""


def learned(**given):
    return classify(validate_params(ClassificationGroup, given).settings())


@pytest.fixture(scope="module")
def iris():
    return learned()


def test_iris_reaches_about_95_percent_on_flowers_it_never_saw(iris):
    assert (iris.answers.tally.right, iris.answers.tally.count) == (19, 20)
    assert iris.answers.tally.accuracy == 0.95


def test_the_notes_loop_written_down_by_hand_learns_the_same(iris):
    """Forward, backward and update in numpy alone, from the weights that torch drew."""
    import torch

    data = iris.data
    x, t = data.inputs[data.train], data.targets[data.train]
    generator = torch.Generator().manual_seed(0)
    layers = []
    for n_in, n_out in ((4, 2), (2, 3)):
        weight, bias = (
            torch.zeros(*shape, dtype=torch.float64) for shape in ((n_out, n_in), (n_out,))
        )
        for tensor in (weight, bias):
            tensor.uniform_(-(n_in**-0.5), n_in**-0.5, generator=generator)
        layers.append([weight.numpy(), bias.numpy()])
    (w1, b1), (w2, b2) = layers

    def forward(x):
        a = np.maximum(x @ w1.T + b1, 0)
        z = a @ w2.T + b2
        shares = np.exp(z - z.max(axis=1, keepdims=True))
        return a, shares / shares.sum(axis=1, keepdims=True)

    losses = []
    for _ in range(101):
        a, p = forward(x)
        losses.append(-np.log(p[np.arange(len(t)), t]).mean())
        delta = (p - np.eye(3)[t]) / len(t)
        back = (delta @ w2) * (a > 0)
        if len(losses) == 101:
            break
        w2 -= 0.5 * delta.T @ a
        b2 -= 0.5 * delta.sum(axis=0)
        w1 -= 0.5 * back.T @ x
        b1 -= 0.5 * back.sum(axis=0)
    for moment in iris.course.moments:
        assert moment.train.loss == pytest.approx(losses[round(moment.epoch)], rel=1e-9)
    held_out = forward(data.inputs[data.test])[1].argmax(axis=1)
    assert (held_out == data.targets[data.test]).sum() == iris.answers.tally.right


def test_counts_add_up(iris):
    answers, data = iris.answers, iris.data
    assert answers.confusion.sum() == answers.tally.count == 20
    assert np.trace(answers.confusion) == answers.tally.right
    assert answers.confusion.sum(axis=1).tolist() == np.bincount(data.targets[data.test]).tolist()
    assert len(answers.wrong) == answers.tally.wrong == 20 - answers.tally.right
    assert set(answers.wrong) <= set(data.test.tolist())
    for moment in iris.course.moments:
        assert moment.train.count == 130
        assert moment.train.right + moment.train.wrong == 130
        assert moment.train.accuracy == moment.train.right / 130


def test_untrained_is_as_good_as_a_guess_and_every_told_epoch_is_recorded(iris):
    moments = iris.course.moments
    assert [moments[k].epoch for k in iris.course.told] == [0, 1, 3, 10, 32, 100]
    assert iris.course.chance == pytest.approx(math.log(3))
    assert moments[0].train.loss == pytest.approx(math.log(3), abs=0.3)


def test_regions_hold_the_other_features_at_their_mean(iris):
    """At the place of a sample whose other features are moved to the mean, both say the same."""
    plane = iris.plane
    assert plane is not None
    assert plane.features == (2, 3)
    assert plane.held == 2
    low, high = iris.raw.inputs[:, 2].min(), iris.raw.inputs[:, 2].max()
    assert plane.x == pytest.approx((low - 0.1 * (high - low), high + 0.1 * (high - low)))
    assert plane.probabilities.shape[::3] == (6, 3)
    assert np.allclose(plane.probabilities.sum(axis=3), 1)
    # Setosas have the smallest petals, virginicas the largest.
    assert plane.probabilities[-1, 0, 0].argmax() == 0
    assert plane.probabilities[-1, -1, -1].argmax() == 2


def test_a_set_of_one_feature_has_a_lane_per_class(tmp_path):
    path = tmp_path / "heat.csv"
    path.write_text("t,state\n" + "".join(f"{k},{'hot' if k > 9 else 'cold'}\n" for k in range(20)))
    plane = learned(data={"file": str(path)}).plane
    assert plane is not None
    assert plane.features == (0,)
    assert plane.y == (0.5, 2.5)
    ends = plane.probabilities[-1, 0, [0, -1]].argmax(axis=1)
    assert ends.tolist() == [0, 1]  # cold, then hot


@pytest.mark.parametrize(
    "rows", [["1,5,x", "2,4,y"], [f"1,1,{'xy'[k % 2]}" for k in range(12)]], ids=["two", "same"]
)
def test_tables_that_are_hardly_any_are_learned(tmp_path, rows):
    path = tmp_path / "small.csv"
    path.write_text("\n".join(("a,b,kind", *rows)) + "\n")
    record = learned(data={"file": str(path)}, epochs=5)
    assert record.plane is not None
    assert record.plane.x[0] < record.plane.x[1]
    assert np.isfinite(record.plane.probabilities).all()


def test_gradients_are_counted_over_windows(iris):
    for spread, entries in zip(iris.spreads.layers, (8, 6), strict=True):
        assert spread.early.sum() == spread.late.sum() == 10 * entries
        assert spread.edges[0] == -spread.edges[-1]
        assert spread.largest_late < spread.largest_early <= spread.edges[-1]
    assert (iris.spreads.early_from, iris.spreads.late_until) == (0, 100)


def test_the_followed_sample_has_the_loss_of_its_probability(iris):
    followed = iris.followed
    assert followed.row == iris.data.test[0]
    own = followed.probabilities[:, followed.target]
    assert np.allclose(followed.losses, -np.log(own), rtol=1e-12)
    assert followed.mean is not None
    assert followed.std is not None
    assert np.allclose((followed.raw - followed.mean) / followed.std, followed.inputs)


def write_pictures(folder, train, test):
    """Write pictures like Fashion-MNIST's: ten patterns, blurred by noise of their own size."""
    generator = np.random.default_rng(3)
    patterns = generator.uniform(0, 1, (10, 7, 7)).repeat(4, axis=1).repeat(4, axis=2)
    for part, count in (("train", train), ("t10k", test)):
        labels = generator.integers(0, 10, count)
        noise = generator.uniform(0, 1, (count, 28, 28))
        pictures = (255 * (0.3 * patterns[labels] + 0.7 * noise)).astype(np.uint8)
        for kind, array in (("images-idx3", pictures), ("labels-idx1", labels.astype(np.uint8))):
            head = struct.pack(">HBB", 0, 8, array.ndim)
            head += struct.pack(f">{array.ndim}I", *array.shape)
            (folder / f"{part}-{kind}-ubyte").write_bytes(head + array.tobytes())


def test_fashion_mnist_is_learned_as_the_notes_do(tmp_path):
    """Softmax regression 784-10, batch 256, eta 0.1, 10 epochs; on stand-ins of the files."""
    write_pictures(tmp_path, 2000, 200)
    record = learned(data={"name": "fashion_mnist", "folder": str(tmp_path)})
    assert record.plane is None
    facts = record.facts
    assert (facts.sizes, facts.batch_size, facts.epochs) == ((784, 10), 256, 10)
    assert (facts.learning_rate, facts.updates_per_epoch) == (0.1, 8)
    last = record.course.moments[-1]
    assert last.train.loss < 1.5
    assert last.train.accuracy > 0.7
    assert record.answers.tally.accuracy > 0.7
    assert (record.answers.tally.count, record.facts.parameters) == (200, 7850)


@pytest.mark.skipif(not FASHION_MNIST, reason="BACKPROP_STUDIO_FASHION_MNIST names no folder")
@pytest.mark.slow
def test_the_real_fashion_mnist_is_learned_as_well_as_the_notes_say():
    record = learned(data={"name": "fashion_mnist", "folder": FASHION_MNIST})
    facts, last = record.facts, record.course.moments[-1]
    assert (facts.train, facts.held_out, facts.sizes) == (60_000, 10_000, (784, 10))
    assert (facts.batch_size, facts.learning_rate, facts.epochs) == (256, 0.1, 10)
    assert last.train.loss < 0.5
    assert min(last.train.accuracy, last.held_out.accuracy) > 0.7


def test_a_run_that_diverges_ends_at_its_last_finite_update():
    record = learned(learning_rate=1000)
    assert record.course.divergence is not None
    last = record.course.moments[-1]
    assert last.step == record.course.divergence.step - 1
    assert record.course.told[-1] == len(record.course.moments) - 1
    assert np.isfinite(record.followed.losses).all()


def test_nothing_held_out_is_judged_on_what_was_learned():
    record = learned(data={"held_out": 0})
    assert not record.answers.is_held_out
    assert record.answers.tally.count == 150
    assert all(moment.held_out is None for moment in record.course.moments)


def test_the_same_seed_learns_the_same_and_is_not_learned_again():
    first = learned(data={"name": "blobs"}, epochs=5)
    assert learned(data={"name": "blobs"}, epochs=5) is first
    classify.cache_clear()
    again = learned(data={"name": "blobs"}, epochs=5)
    assert again is not first
    assert again.course == first.course
    assert np.array_equal(again.followed.probabilities, first.followed.probabilities)
