"""Data sets that come with scikit-learn; nothing is downloaded.

scikit-learn is imported when a set is asked for: that takes longer than all the rest of core but
torch.
"""

from __future__ import annotations

import importlib
from typing import Any

from backprop_studio.core.base.errors import MissingComponentError
from backprop_studio.core.base.i18n import N_
from backprop_studio.core.datasets.record import Dataset


def iris() -> Dataset:
    """Return R. A. Fisher's 150 iris flowers of three species.

    Measured by E. Anderson, published by R. A. Fisher in 1936, UCI Machine Learning Repository,
    doi:10.24432/C56C76, as corrected in scikit-learn; CC BY 4.0.

    Returns
    -------
    Dataset
        inputs (150, 4) in cm, targets (150,) class indices, 50 each; nothing is held out and
        nothing standardised.

    Raises
    ------
    MissingComponentError
        If scikit-learn is not installed.

    Examples
    --------
    >>> iris().class_names
    ('setosa', 'versicolor', 'virginica')
    """
    bunch = _sklearn_datasets().load_iris()
    return Dataset(
        name="iris",
        inputs=bunch.data,
        targets=bunch.target,
        feature_names=tuple(name.removesuffix(" (cm)") for name in bunch.feature_names),
        target_names=("species",),
        class_names=tuple(map(str, bunch.target_names)),
    )


def digits() -> Dataset:
    """Return 1797 handwritten digits of 8 x 8 pixels.

    Test part of the Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak 1998, UCI
    Machine Learning Repository, doi:10.24432/C50P49, in scikit-learn; CC BY 4.0.

    Returns
    -------
    Dataset
        inputs (1797, 64) from 0 (background) to 1, in steps of 1/16; targets (1797,) class
        indices; nothing is held out.

    Raises
    ------
    MissingComponentError
        If scikit-learn is not installed.

    Examples
    --------
    >>> digits().image_shape
    (8, 8)
    """
    bunch = _sklearn_datasets().load_digits()
    return Dataset(
        name="digits",
        inputs=bunch.data / 16.0,
        targets=bunch.target,
        feature_names=tuple(f"pixel {r},{c}" for r in range(8) for c in range(8)),
        target_names=("digit",),
        class_names=tuple("0123456789"),
        image_shape=(8, 8),
    )


def _sklearn_datasets() -> Any:
    try:
        return importlib.import_module("sklearn.datasets")
    except ImportError as error:
        text = N_(
            "the data sets iris and digits need scikit-learn; install it with "
            "pip install scikit-learn"
        )
        raise MissingComponentError("missing.sklearn", text) from error
