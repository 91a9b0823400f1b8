"""A notebook into which the lines of a lesson are typed, and what they came to."""

from __future__ import annotations

import ast
import itertools
import re
import warnings
from contextlib import contextmanager, suppress

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 (torch's own name for it)

CLOSE = 1e-9
"""Of a number's size: how far a line's may be from the sheet's."""

CLOSE_IN_FLOATS = 2e-6
"""Of a tensor's largest entry, of a lesson that computes in float32."""


class Notebook:
    """One namespace, with what a lecture imports in its first line.

    Parameters
    ----------
    **given
        What the lesson was given.
    """

    def __init__(self, **given):
        kinds = ("Sequential", "Linear", "ReLU", "LeakyReLU", "Sigmoid", "Tanh", "GELU", "Softplus")
        self.names = {"torch": torch, "nn": nn, "F": F, **{it: getattr(nn, it) for it in kinds}}
        self.give(**given)

    def give(self, **given):
        """Put values under names."""
        self.names.update(given)

    def __getitem__(self, name):
        return self.names[name]

    def run(self, line):
        """Execute a line, and return the value of its last expression."""
        *before, last = ast.parse(line).body
        self._execute(before, "exec", ast.Module(before, type_ignores=[]))
        if not isinstance(last, ast.Expr):
            return self._execute(last, "exec", ast.Module([last], type_ignores=[]))
        return self._execute(last, "eval", ast.Expression(last.value))

    def _execute(self, what, mode, tree):
        if not what:
            return None
        code = compile(tree, "board", mode)
        return eval(code, self.names) if mode == "eval" else exec(code, self.names)


def leaf(value):
    """Return a tensor of numbers that asks for gradients."""
    return torch.tensor(value, dtype=torch.float64).requires_grad_()


def sgd(rate, *weights):
    """Return plain gradient descent."""
    return torch.optim.SGD(weights, lr=rate)


def agree(found, expected, close=CLOSE):
    """Assert that what a line came to is what the sheet says; nan and inf are numbers like others.

    A sheet has None for what is not finite.
    """
    found, expected = numbers(found), numbers(expected)
    assert found.shape == expected.shape, (found.shape, expected.shape)
    known = np.isfinite(expected)
    size = np.abs(expected[known]).max(initial=0.0)
    near, apart = close, close * 1e-3 * size
    if torch.get_default_dtype() == torch.float32:
        near, apart = 0.0, CLOSE_IN_FLOATS * size
    np.testing.assert_allclose(found[known], expected[known], rtol=near, atol=apart)
    assert not np.isfinite(found[~known]).any()


def numbers(value):
    """Return an array of a tensor, a number, or a list of either."""
    if isinstance(value, torch.Tensor):
        return value.detach().double().numpy()
    if isinstance(value, list | tuple):
        return np.array([numbers(it) for it in value], dtype=float)
    return np.array(value, dtype=float)


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def check_comment(notebook, line, value):
    """Assert what a line says of itself behind its sign for comments, where that can be checked."""
    _, sign, words = line.partition("  # ")
    if not sign:
        return
    if _NUMBER.fullmatch(words):
        assert f"{float(value):.{len(words.partition('.')[2])}f}".lstrip("-") == words.lstrip("-")
    elif words == str(value):
        return
    elif words.startswith("F."):
        name = line.partition(" = ")[0]
        # Two ways of computing it: where large numbers cancel, their last digits differ.
        agree(notebook.run(words), notebook[name], close=1e-6)


def lines_run(lines):
    """Return the lines as they are executed.

    One that stands through several beats is executed once, but one that takes a step in each.
    """
    done = []
    for _, beats in itertools.groupby(lines, key=lambda it: it[1]):
        told = list(dict.fromkeys(beats))
        done += told if "opt.step()" in told[0][1] else told[:1]
    return done


@contextmanager
def in_precision(dtype):
    """Let torch make numbers of a lesson's precision, and stay on one thread."""
    usual, threads = torch.get_default_dtype(), torch.get_num_threads()
    torch.set_default_dtype(dtype)
    torch.set_num_threads(1)
    try:
        with warnings.catch_warnings():
            # torch.func.jvp loads what torch itself calls deprecated.
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        torch.set_default_dtype(usual)
        torch.set_num_threads(threads)


def precision_of(lesson):
    """Return the dtype in which a lesson computes: doubles, unless its optimizer says otherwise."""
    optimizer = getattr(lesson.params, "optimizer", None)
    return getattr(torch, getattr(optimizer, "precision", None) or "float64")


def play(lesson, lines, player):
    """Type the lines of a lesson into a notebook, and check what they come to.

    Parameters
    ----------
    lesson : LessonScene
        Told to its end.
    lines : list of (str, str)
        Beats and lines.
    player : callable
        Of the notebook, the lesson, a beat and its line: a generator that gives what the line
        takes for granted, and when it is sent the line's value checks it.
    """
    notebook = Notebook()
    with in_precision(precision_of(lesson)):
        for beat, line in lines_run(lines):
            steps = player(notebook, lesson, beat, line)
            runnable = next(steps) or line
            try:
                value = notebook.run(runnable)
            except RuntimeError as error:
                value = error
            with suppress(StopIteration):
                steps.send(value)
            if isinstance(value, RuntimeError) and beat != "error":
                raise value
            if not isinstance(value, RuntimeError):
                check_comment(notebook, line, value)
