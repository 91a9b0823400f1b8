"""A data set by name or file with its options: which set takes which, and reading it once."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from inspect import signature
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.fingerprint import Fingerprint, file_fingerprint, folder_fingerprint
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.base.user_paths import user_path
from backprop_studio.core.datasets import bundled, synthetic
from backprop_studio.core.datasets.idx import PicturesName, image_dataset
from backprop_studio.core.datasets.split import hold_out, standardise
from backprop_studio.core.datasets.table import TableOptions, read_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from backprop_studio.core.datasets.record import Dataset

MadeName: TypeAlias = Literal[
    "double", "line", "xor", "two_moons", "spirals", "blobs", "iris", "digits"
]
DatasetName: TypeAlias = Literal[MadeName, PicturesName]

PICTURES: tuple[str, ...] = ("digits", *get_args(PicturesName))
"""Names of the sets whose samples are pictures."""

_SPLIT = {"seed", "held_out", "standardise"}
_DRAWN = {"points", "noise", *_SPLIT}
_MADE: dict[str, tuple[Callable[..., Dataset], set[str]]] = {
    "double": (synthetic.double, _SPLIT),
    "line": (synthetic.line, _DRAWN),
    "xor": (synthetic.xor, _SPLIT),
    "two_moons": (synthetic.two_moons, _DRAWN),
    "spirals": (synthetic.spirals, _DRAWN | {"classes"}),
    "blobs": (synthetic.blobs, _DRAWN | {"classes"}),
    "iris": (bundled.iris, _SPLIT),
    "digits": (bundled.digits, _SPLIT),
}
"""From the name of a set to what makes it and the options that it takes."""

_TAKES = {
    **{name: takes for name, (_, takes) in _MADE.items()},
    **{name: {"folder", "limit", "held_out"} for name in get_args(PicturesName)},
}
_OF_A_TABLE = _SPLIT | {part.name for part in fields(TableOptions)}

SET_SHAPES = {
    "double": (1, 0),
    "line": (1, 0),
    "xor": (2, 2),
    "two_moons": (2, 2),
    "spirals": (2, 2),
    "blobs": (2, 3),
    "iris": (4, 3),
    "digits": (64, 10),
    "fashion_mnist": (784, 10),
    "mnist": (784, 10),
}
"""How many columns and classes a set has as it comes; 0 classes are one number."""


def sets_with(option: str) -> list[str]:
    """Return the names of the sets that take an option.

    Examples
    --------
    >>> sets_with("folder")
    ['fashion_mnist', 'mnist']
    """
    return [name for name, takes in _TAKES.items() if option in takes]


def default_of(name: str, option: str) -> Any:
    """Return what an option of a drawn set is if it is left open, None if it has none.

    Examples
    --------
    >>> default_of("blobs", "noise"), default_of("iris", "noise")
    (0.5, None)
    """
    if option not in _TAKES.get(name, ()) or name not in _MADE:
        return None
    return signature(_MADE[name][0]).parameters[option].default


@dataclass(frozen=True)
class DatasetChoice(TableOptions):
    """A data set by name or file, and its options; one that is None is left to the set.

    Attributes
    ----------
    name : str or None
        Of a set that is made, comes with the installation, or is read from a folder.
    file : str or None
        Path of a table; either this or the name is given.
    folder : str or None
        Where the four IDX files of MNIST or Fashion-MNIST are.
    points, classes : int or None
        How many points are drawn in all, of how many classes.
    noise : float or None
        Standard deviation of what is added to drawn points; for blobs, of the clouds.
    seed : int or None
        Draws the points and the rows that are held out; None stands for 0.
    held_out : int or None
        How many rows are not learned from; of MNIST, how many of its test pictures are read.
    standardise : bool or None
        Whether columns get mean 0 and deviation 1 over the training rows; None stands for False.
    limit : int or None
        How many training pictures are read, from the first on; None reads all.
    header, delimiter, encoding, decimal, thousands, missing, missing_number, sheet
        As in :class:`core.datasets.table.TableOptions`.
    input_columns, target_column, target_kind
        As in :class:`core.datasets.table.TableOptions`.

    Examples
    --------
    >>> DatasetChoice("iris", held_out=20).options()
    {'held_out': 20}
    """

    name: DatasetName | None = None
    file: str | None = None
    folder: str | None = None
    points: int | None = None
    classes: int | None = None
    noise: float | None = None
    seed: int | None = None
    held_out: int | None = None
    standardise: bool | None = None
    limit: int | None = None

    def options(self) -> dict[str, Any]:
        """Return what is given beside the name and the file.

        Examples
        --------
        >>> DatasetChoice("line", noise=0.0, points=9).options()
        {'points': 9, 'noise': 0.0}
        """
        given = {name: value for name, value in vars(self).items() if value is not None}
        return {name: value for name, value in given.items() if name not in {"name", "file"}}


def load_dataset(choice: DatasetChoice) -> Dataset:
    """Return the chosen data set.

    The same choice returns the same record as long as its files do not change.

    Raises
    ------
    InputError
        If an option is one that the set does not take, or out of range, or a file is wrong.
    MissingComponentError
        If the set comes with scikit-learn and that is not installed.

    Examples
    --------
    >>> load_dataset(DatasetChoice("blobs", points=30, classes=3, held_out=6)).test.shape
    (6,)
    >>> load_dataset(DatasetChoice("iris", noise=0.1))
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: noise: iris takes no noise; it takes held_out, \
seed, standardise.
    """
    check_options(choice)
    fingerprint = None
    if choice.file is not None:
        fingerprint = file_fingerprint(user_path(choice.file))
    elif choice.folder is not None:
        fingerprint = folder_fingerprint(user_path(choice.folder), "ubyte")
    return _loaded(choice, fingerprint)


def check_options(choice: DatasetChoice) -> None:
    """Refuse an option that the chosen set does not take.

    Raises
    ------
    InputError
        That names the option and those that the set does take.

    Examples
    --------
    >>> check_options(DatasetChoice(file="a.csv", points=9))
    Traceback (most recent call last):
    ...
    backprop_studio.core.base.errors.InputError: points: a table takes no points; it takes \
decimal, delimiter, encoding, header, held_out, input_columns, missing, missing_number, seed, \
sheet, standardise, target_column, target_kind, thousands.
    """
    takes = _OF_A_TABLE if choice.name is None else _TAKES[choice.name]
    for option in choice.options():
        if option not in takes:
            names = {"field": option, "other": option, "others": tuple(sorted(takes))}
            if choice.name is None:
                text = N_("{field}: a table takes no {other}; it takes {others}")
                raise InputError("table.option", text, **names)
            text = N_("{field}: {choice} takes no {other}; it takes {others}")
            raise InputError("data.option", text, choice=choice.name, **names)


# MNIST takes 439 MB: the last sets are kept, not all that were ever tried.
@lru_cache(maxsize=4)
def _loaded(choice: DatasetChoice, fingerprint: Fingerprint | None) -> Dataset:
    if choice.name in get_args(PicturesName):
        return _pictures(choice)
    data = read_table(user_path(choice.file), choice) if choice.file is not None else _made(choice)
    if choice.held_out:
        data = hold_out(data, choice.held_out, choice.seed or 0)
    return standardise(data) if choice.standardise else data


def _pictures(choice: DatasetChoice) -> Dataset:
    name: Any = choice.name
    if choice.folder is None:
        text = N_(
            "{field}: {choice} does not come with the installation; expected the folder with its "
            "four IDX files, found none"
        )
        raise InputError("data.folder", text, field="folder", choice=name)
    return image_dataset(user_path(choice.folder), name, train=choice.limit, test=choice.held_out)


def _made(choice: DatasetChoice) -> Dataset:
    maker, takes = _MADE[str(choice.name)]
    given = choice.options()
    drawn = given.keys() & {"points", "classes", "noise"}
    options = {key: given[key] for key in drawn}
    if "points" in takes:
        options["seed"] = choice.seed or 0
    return maker(**options)
