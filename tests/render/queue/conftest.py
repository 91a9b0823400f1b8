from __future__ import annotations

import pytest

from tests.render.queue.scripted_queue import Bench


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    bench.open()
    yield bench
    bench.queue.close()
