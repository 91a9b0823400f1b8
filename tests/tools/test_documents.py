from __future__ import annotations

import pytest

ENGLISH = """# Studio

```
make run      # sets up
make test
```

| `steps` | how many |

## More
"""
CHINESE = ENGLISH.replace("sets up", "安装").replace("how many", "步数").replace("More", "其他")


@pytest.fixture
def documents(tool):
    return tool("documents")


def test_translated_words_keep_step(documents):
    assert list(documents.out_of_step(ENGLISH, CHINESE)) == []


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("make test", "make tests"),
        ("make test\n", ""),
        ("## 其他", "### 其他"),
        ("`steps`", "`step`"),
        ("## 其他", "## 其他\n\n## 更多"),
    ],
)
def test_what_only_one_has_is_found(documents, here, there):
    (problem,) = documents.out_of_step(ENGLISH, CHINESE.replace(here, there))
    assert problem.startswith("README.zh.md: ")


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("in `core/spec.py`, or `spec.py`", []),
        ("in `core/gone.py`", ["core/gone.py"]),
        ("in `gone.py`", ["gone.py"]),
        ("see [this](core/gone.md)", ["core/gone.md"]),
        ("```\nmanim core/gone.py\n```", ["core/gone.py"]),
        ("write `core/NAME.py`", []),
        ("write `core/parts/NAME.py`", ["core/parts/"]),
        ("makes `lesson.mp4`, `one/two` and `media/core.py`", []),
    ],
)
def test_a_file_that_a_document_names_is_there(documents, tmp_path, text, missing):
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "spec.py").touch()
    (tmp_path / "README.md").write_text(text)
    found = list(documents.missing_files(tmp_path, "README.md"))
    assert found == [f"README.md: there is no {path}" for path in missing]
