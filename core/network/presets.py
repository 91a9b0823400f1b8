"""Ready-made networks with their data, each from a named source or for a stated purpose."""

from __future__ import annotations

from dataclasses import dataclass

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.datasets.choice import DatasetChoice

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Preset:
    """A network and the batch it is shown with.

    Attributes
    ----------
    title : str
        English key of the name a user sees.
    sizes : tuple of int
        Units per layer, the input first.
    train_biases : bool
        Whether an update moves the biases too.
    inputs : N rows of n numbers
        The batch; empty where the network brings a data set, or none at all.
    targets : N rows of n_out numbers, or N class indices
        What the outputs should be.
    data : DatasetChoice, or None
        The data set that the batch is the training part of.
    own_data : DatasetChoice, or None
        The set that holds the same rows as ``inputs``, for a network of one's own to go on with.
    learning_rate : float
        A rate at which one step is worth seeing.

    Examples
    --------
    >>> PRESETS["iris"].sizes, PRESETS["iris"].data.name
    ((4, 2, 3), 'iris')
    """

    title: str
    sizes: tuple[int, ...]
    activation: str = "relu"
    output_activation: str = "identity"
    loss: str = "mse"
    init: str = "torch"
    seed: int = 0
    weights: tuple[Rows, ...] | None = None
    biases: Rows | None = None
    train_biases: bool = True
    inputs: Rows = ()
    targets: Rows | tuple[int, ...] = ()
    data: DatasetChoice | None = None
    own_data: DatasetChoice | None = None
    learning_rate: float = 0.1


PRESETS: dict[str, Preset] = {
    # The chain rule with whole numbers: x = 2, y = 4, w = 1. The prediction is 2, the loss 4, the
    # gradient -8, and after a step of 0.1 the weight is 1.8. The bias only keeps its place.
    "one_weight": Preset(
        title=N_("1-1, a single weight"),
        sizes=(1, 1),
        weights=(((1.0,),),),
        biases=((0.0,),),
        train_biases=False,
        inputs=((2.0,),),
        targets=((4.0,),),
    ),
    # Few enough parameters to work every one of them out by hand, with both signs of everything.
    "small": Preset(
        title=N_("2-2-1, tanh, mean squared error"),
        sizes=(2, 2, 1),
        activation="tanh",
        weights=(((0.5, -0.4), (0.3, 0.8)), ((0.7, -0.6),)),
        biases=((0.1, -0.2), (0.0,)),
        inputs=((1.0, 2.0), (-1.0, 0.5)),
        targets=((1.0,), (-1.0,)),
    ),
    # Matt Mazur, "A Step by Step Backpropagation Example" (2015): a worked example whose digits
    # are printed, so anybody can check ours against them.
    "two_layer_sigmoid": Preset(
        title=N_("2-2-2, sigmoid, half squared error"),
        sizes=(2, 2, 2),
        activation="sigmoid",
        output_activation="sigmoid",
        loss="half_squared_error",
        weights=(((0.15, 0.20), (0.25, 0.30)), ((0.40, 0.45), (0.50, 0.55))),
        biases=((0.35, 0.35), (0.60, 0.60)),
        inputs=((0.05, 0.10),),
        targets=((0.01, 0.99),),
        learning_rate=0.5,
    ),
    # The lecture notes' network and batch. With this seed the first sample meets both faces of
    # relu, every gradient has digits to show, and one step of 0.1 lowers the loss visibly.
    "notes": Preset(
        title=N_("3-3-2-3, relu, cross-entropy"),
        sizes=(3, 3, 2, 3),
        loss="cross_entropy",
        seed=5580,
        inputs=((1.0, 2.0, 1.5), (3.0, 4.0, 2.3), (5.0, 6.0, 1.2)),
        targets=(0, 2, 1),
    ),
    # Minsky and Papert, "Perceptrons" (1969): no single layer solves it, one hidden layer does.
    "xor": Preset(
        title=N_("2-4-1, the xor problem"),
        sizes=(2, 4, 1),
        activation="tanh",
        output_activation="sigmoid",
        loss="binary_cross_entropy",
        seed=3,
        inputs=((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)),
        targets=((0.0,), (1.0,), (1.0,), (0.0,)),
        own_data=DatasetChoice("xor"),
        learning_rate=0.5,
    ),
    # Real measurements and the smallest hidden layer that still separates three species.
    "iris": Preset(
        title=N_("4-2-3, iris flowers"),
        sizes=(4, 2, 3),
        loss="cross_entropy",
        data=DatasetChoice("iris", held_out=20, standardise=True),
        learning_rate=0.5,
    ),
    # Softmax regression: one layer, whose weights can be looked at as pictures.
    "softmax": Preset(
        title=N_("64-10, handwritten digits, one layer"),
        sizes=(64, 10),
        loss="cross_entropy",
        data=DatasetChoice("digits", held_out=297),
        learning_rate=0.5,
    ),
    # As deep as networks may be, with the activation whose slope is at most 1/4: the gradient
    # shrinks on its way back, until the first layers hardly learn.
    "deep": Preset(
        title=N_("2-8-8-8-8-8-8-1, deep, sigmoid"),
        sizes=(2, 8, 8, 8, 8, 8, 8, 1),
        activation="sigmoid",
        output_activation="sigmoid",
        loss="binary_cross_entropy",
        data=DatasetChoice("two_moons"),
        learning_rate=0.5,
    ),
    # The size that real pictures of digits take. MNIST does not come with the installation, so an
    # example drawn by seed stands in until the user points to the files.
    "mnist": Preset(
        title=N_("784-128-64-10, for MNIST"), sizes=(784, 128, 64, 10), loss="cross_entropy"
    ),
}
