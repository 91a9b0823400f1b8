"""Refusals of the system: one error of ours each, and nothing else is touched."""

from __future__ import annotations

import errno

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.files.refusals import refusals_as


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "x"), ZeroDivisionError(), None])
def test_only_what_the_system_refuses_is_told(error):
    def work():
        with refusals_as(InputError, "a.b", "{file} fell: {reason}", file="a"):
            if error:
                raise error

    if isinstance(error, OSError):
        with pytest.raises(InputError, match="a fell: no space left on device"):
            work()
    elif error:
        with pytest.raises(ZeroDivisionError):
            work()
    else:
        work()
