"""The text of a lecture file: what has not changed stays to the last letter."""

from __future__ import annotations

import tomllib

import pytest

from backprop_studio.core.base.errors import InputError
from backprop_studio.render.lecture.layout import WantedPart, changed_text

TEXT = '''# The course of spring.
format = 1
title   =  { en = "A", zh = "甲" } # odd spaces
languages = [ "en",
              "zh" ]

# First: what a tensor is.
# [[part]]
[[part]]
scene = "tensors"  # easy
notes = """
[[part]]
two lines"""

# Now it is about slopes.

[[part]]
title = 'Slopes'
scene = "derivative"
[part.params]
w = 2.0      # to the right
curve.name = "parabola"

  [["part"]]  # no comment above
  scene = "classification"
  params = { data = { file = "./d.csv" }, steps = 30 }
'''
VALUES = tomllib.loads(TEXT)
HEAD = {key: value for key, value in VALUES.items() if key != "part"}
PARTS = [WantedPart(number, part) for number, part in enumerate(VALUES["part"])]


@pytest.fixture
def changed(tmp_path):
    """Change the text, and prove that it says what is wanted."""

    def changed(parts=PARTS, text=TEXT, **head):
        made = changed_text(text, tmp_path / "week.toml", HEAD | head, parts)
        found = tomllib.loads(made)
        said = [{k: v for k, v in it.values.items() if v} for it in parts]
        assert found.pop("part") == said
        assert found == HEAD | head
        return made

    return changed


def edited(number, **values):
    """Return all lessons, one of them with other values."""
    parts = list(PARTS)
    parts[number] = WantedPart(number, PARTS[number].values | values)
    return parts


def test_nothing_changes_nothing(changed):
    assert changed() == TEXT
    assert changed(text=TEXT.rstrip("\n")) == TEXT.rstrip("\n")


@pytest.mark.parametrize(
    ("number", "values", "old", "new"),
    [
        (0, {"scene": "momentum"}, '"tensors"  # easy', '"momentum"  # easy'),
        (0, {"notes": ""}, 'notes = """\n[[part]]\ntwo lines"""\n', ""),
        (1, {"title": {"en": "B"}}, "'Slopes'", '{en = "B"}'),
        (1, {"title": ""}, "title = 'Slopes'\n", ""),
        (1, {"theme": "print"}, '"derivative"\n', '"derivative"\ntheme = "print"\n\n'),
        (1, {"params": {"w": 3.5, "curve": {"name": "parabola"}}}, "2.0      #", "3.5      #"),
        (1, {"params": {"w": 2.0, "curve": {"name": "sine"}}}, '"parabola"', '"sine"'),
        (1, {"params": {"curve": {"name": "parabola"}}}, "w = 2.0      # to the right\n", ""),
        (2, {"params": {"data": {"file": "./d.csv"}, "steps": 31}}, "30 }", "31 }"),
        (2, {"params": {"data": {"file": "./e.csv"}, "steps": 30}}, '"./d.csv"', '"./e.csv"'),
    ],
)
def test_only_what_differs_is_written_anew(changed, number, values, old, new):
    assert TEXT.count(old) == 1
    assert changed(edited(number, **values)) == TEXT.replace(old, new)


@pytest.mark.parametrize(
    ("head", "old", "new"),
    [
        ({"title": "B"}, '{ en = "A", zh = "甲" } #', '"B" #'),
        ({"title": {"en": "A", "zh": "乙"}}, '"甲"', '"乙"'),
        ({"frame": "9:16"}, '"zh" ]\n', '"zh" ]\nframe = "9:16"\n'),
    ],
)
def test_the_head_too(changed, head, old, new):
    assert changed(**head) == TEXT.replace(old, new)


def test_what_stands_behind_a_lesson_stays_behind_it(changed):
    made = changed(edited(0, params={"network": {"sizes": [2, 1]}}))
    old = '"tensors"  # easy\nnotes = """\n[[part]]\ntwo lines"""\n\n# Now'
    assert old in TEXT
    new = old.replace("# Now", "[part.params.network]\nsizes = [2, 1]\n\n# Now")
    assert made == TEXT.replace(old, new)


def test_what_is_unsaid_stays_unsaid(changed, tmp_path):
    defaults = {"quality": "m", "theme": "dark", "frame": "16:9"}
    nothing = {"title": "", "notes": "", "params": {}, "theme": None, "frame": None}
    parts = [WantedPart(it.origin, nothing | it.values) for it in PARTS]
    assert changed_text(TEXT, tmp_path / "week.toml", HEAD | defaults, parts) == TEXT
    other = TEXT.replace('"./d.csv"', '"d.csv"')
    assert other != TEXT
    same_file = edited(2, params={"data": {"file": "d.csv"}, "steps": 30})
    assert changed_text(TEXT, tmp_path / "week.toml", HEAD, same_file) == TEXT


def test_a_lesson_takes_along_what_is_written_of_it(changed):
    first = TEXT[TEXT.index("# First") : TEXT.index("[[part]]\ntitle")]
    second = TEXT[TEXT.index("[[part]]\ntitle") : TEXT.index('  [["part"]]')]
    head, third = TEXT[: TEXT.index("# First")], TEXT[TEXT.index('  [["part"]]') :]
    assert changed(PARTS[::-1]) == f"{head}{third}\n{second}{first}".rstrip("\n") + "\n"
    assert changed([PARTS[1], PARTS[2]]) == head + second + third
    assert changed([PARTS[0], PARTS[2]]) == head + first + third
    new = WantedPart(None, {"scene": "softmax_cross_entropy"})
    added = '[[part]]\nscene = "softmax_cross_entropy"\n'
    assert changed([*PARTS, new]) == f"{TEXT}\n{added}"
    assert changed([PARTS[0], new, *PARTS[1:]]) == f"{head}{first}{added}\n{second}{third}"
    assert changed([*PARTS, PARTS[2]]) == f"{TEXT}\n{third}"


def test_a_new_lecture_is_written_as_people_would(tmp_path):
    head = {"format": 1, "title": {"en": "A", "zh": "甲"}, "languages": ["en", "zh"]}
    part = {"scene": "backprop", "title": {"zh": "乙"}, "notes": 'one\ntwo """ \\\n', "theme": None}
    params = {"steps": 2, "network": {"sizes": [2, 3, 1]}, "file": "反.csv"}
    parts = [WantedPart(None, {**part, "params": params}), WantedPart(None, {"scene": "tensors"})]
    made = changed_text("", tmp_path / "a.toml", head | {"theme": "dark"}, parts)
    assert made == (
        'format = 1\ntitle = {en = "A", zh = "甲"}\nlanguages = ["en", "zh"]\n\n'
        '[[part]]\nscene = "backprop"\ntitle = {zh = "乙"}\nnotes = """\n'
        'one\ntwo ""\\" \\\\\n"""\n\n'
        '[part.params]\nsteps = 2\nfile = "反.csv"\n\n[part.params.network]\nsizes = [2, 3, 1]\n\n'
        '[[part]]\nscene = "tensors"\n'
    )
    del part["theme"]
    assert tomllib.loads(made)["part"][0] == {**part, "params": params}


@pytest.mark.parametrize(
    "text",
    [
        "format = 1\ntitle = 'a'\npart = [{scene = 'tensors'}]\n",
        "format = 1\n[[part]]\nscene = 'tensors'\n[title]\nen = 'a'\n",
        "format = 1\ntitle = 'a'\n[[part]]\nscene = 'a'\nparams.a = [\n[['part']]\n]\n",
    ],
)
def test_other_notations_are_refused(tmp_path, text):
    with pytest.raises(InputError) as caught:
        changed_text(text, tmp_path / "week.toml", {"title": "a"}, PARTS[:1])
    assert caught.value.message.code == "lecture.notation"


@pytest.mark.parametrize(
    "text",
    [
        '[[part]]\n"scene" = "a"\nparams.w = 1\ntitle.en = "x"\nparams.c.k = [1, 2]\n',
        '[[part]]\nscene = "a"\n[part.title]\nen = "x"\n[part.params]\nw = 1\n[part.params.c]\n',
        '[[part]]\nscene = "a"\n[part.params]\nw = 1\n[part.title]\nen = "x"\n[part.params.c]\n',
        '[[part]]\nscene = "a"\n[[part.params.sets]]\nfile = "a.csv"\n[[part.params.sets]]\n',
    ],
)
@pytest.mark.parametrize(
    "wanted",
    [
        {"scene": "b", "title": "y", "params": {"w": 2, "c": {"k": [3]}}},
        {"scene": "a", "notes": "n", "params": {"sets": [{"file": "b.csv"}], "c": {"m": {}}}},
        {"scene": "a", "title": {"zh": "z"}, "theme": "light"},
    ],
)
def test_whatever_the_notation_it_says_what_is_wanted(tmp_path, text, wanted):
    text = f"# Mine.\n{text}"
    made = changed_text(text, tmp_path / "week.toml", {"format": 1}, [WantedPart(0, wanted)])
    assert tomllib.loads(made) == {"format": 1, "part": [wanted]}
    assert "# Mine.\n" in made
