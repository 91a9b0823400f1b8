"""Exit codes as DESIGN section 3 promises them."""

from __future__ import annotations

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


def test_every_error_is_found_by_its_kind():
    ours = StudioError.__subclasses__()
    kinds = {StudioError, *(kind for kind in ours if kind.__module__ == errors.__name__)}
    assert ERRORS_BY_KIND == {kind.kind: kind for kind in kinds}
    codes = {kind.__name__: kind("message").exit_code for kind in ERRORS_BY_KIND.values()}
    assert codes == CODES
