"""Formulas name the right numbers."""

from __future__ import annotations

from backprop_studio.scenes.boards.markup import (
    activation_of,
    bracketed,
    matrix_of,
    mean_of,
    over,
    vector_of,
)


def name(path: str) -> str:
    return path


def test_a_matrix_names_its_entries_row_by_row() -> None:
    assert matrix_of(name, "W", 2, 3) == "mat(W.0.0, W.0.1, W.0.2 ; W.1.0, W.1.1, W.1.2)"


def test_a_transposed_matrix_keeps_the_sheets_indices() -> None:
    assert matrix_of(name, "W", 2, 3, transposed=True) == (
        "mat(W.0.0, W.1.0 ; W.0.1, W.1.1 ; W.0.2, W.1.2)"
    )


def test_long_matrices_show_first_entries_dots_and_the_last() -> None:
    text = matrix_of(name, "W", 100, 50)
    assert text.startswith("mat(W.0.0, W.0.1, dots.h, W.0.49 ;")
    assert "dots.v, dots.v, dots.down, dots.v" in text
    assert text.endswith("W.99.49)")


def test_vectors_and_means() -> None:
    assert vector_of(name, "z.0", 2) == "mat(z.0.0 ; z.0.1)"
    assert mean_of(name, "l", 3) == "(l.0 + l.1 + l.2) / 3"
    assert mean_of(name, "l", 1) == "l.0"


def test_activations_by_their_symbols() -> None:
    assert activation_of("sigmoid", "z_1") == "sigma(z_1)"
    assert activation_of("relu", "z_1", derivative=True) == '"relu"\'(z_1)'
    assert activation_of("identity", "z_1") == "z_1"
    assert activation_of("identity", "z_1", derivative=True) == "1"


def test_a_sign_or_a_power_stands_in_brackets() -> None:
    assert [bracketed(it) for it in ("3", "−3", "10^(-9)")] == ["3", "(−3)", "(10^(-9))"]


def test_a_partial_derivative_is_one_quantity_over_another() -> None:
    assert over("hat(y)", "w") == "(partial hat(y)) / (partial w)"
