"""Exit codes as DESIGN section 3 promises them."""

from __future__ import annotations

import pytest

from backprop_studio.core.base import errors
from backprop_studio.core.base.errors import ERRORS_BY_KIND, StudioError

CODES = {
    "StudioError": 1,
    "InputError": 2,
    "MissingComponentError": 3,
    "SceneError": 4,
    "OutputError": 5,
    "TimeLimitError": 124,
    "WorkInterruptedError": 130,
}


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_exit_codes(name, code):
    kind = getattr(errors, name)
    assert issubclass(kind, StudioError)
    assert kind.exit_code == kind("message").exit_code == code


def test_every_error_is_found_by_its_kind():
    kinds = {StudioError, *StudioError.__subclasses__()}
    assert {kind.__name__ for kind in kinds} == CODES.keys()
    assert ERRORS_BY_KIND == {kind.kind: kind for kind in kinds}
    assert len({kind.kind for kind in kinds}) == len(kinds)
    assert len({kind.exit_code for kind in kinds}) == len(kinds)
