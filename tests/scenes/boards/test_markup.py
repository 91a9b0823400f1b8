"""Formulas name the right numbers."""

from __future__ import annotations

from backprop_studio.scenes.boards.markup import matrix_of


def test_a_matrix_names_its_entries_row_by_row_and_transposed_keeps_the_sheets_indices():
    assert matrix_of(str, "W", 2, 3) == "mat(W.0.0, W.0.1, W.0.2 ; W.1.0, W.1.1, W.1.2)"
    turned = matrix_of(str, "W", 2, 3, transposed=True)
    assert turned == "mat(W.0.0, W.1.0 ; W.0.1, W.1.1 ; W.0.2, W.1.2)"


def test_long_matrices_show_first_entries_dots_and_the_last():
    text = matrix_of(str, "W", 100, 50)
    assert text.startswith("mat(W.0.0, W.0.1, dots.h, W.0.49 ;")
    assert "dots.v, dots.v, dots.down, dots.v" in text
    assert text.endswith("W.99.49)")
