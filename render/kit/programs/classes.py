"""Program of the lesson about learning to classify."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backprop_studio.render.kit.programs.networks import layers_text
from backprop_studio.render.kit.programs.texts import literal, too_many

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backprop_studio.core.base.messages import Message
    from backprop_studio.core.classification.params import ClassificationSettings
    from backprop_studio.core.datasets.record import Dataset

_STANDARDISED = """\
# Each column gets mean 0 and deviation 1 over the samples that are learned from.
known = raw[train].numpy()
mean = known.mean(axis=0)
same = (known == known[0]).all(axis=0)  # such a column is only shifted
mean[same] = known[0][same]
reach = abs(known - mean).max(axis=0)
reach[same] = 1.0
std = reach * (((known - mean) / reach) ** 2).mean(axis=0) ** 0.5
std[same] = 1.0
x = (raw - torch.tensor(mean)) / torch.tensor(std)
note("followed", {"mean": torch.tensor(mean), "std": torch.tensor(std)})
"""

_MODEL = '''\
# The network, with weights drawn by the seed as nn.Linear draws them.
{layers}
generator = torch.Generator().manual_seed({seed})
with torch.no_grad():
    for linear in model[::2]:
        reach = linear.in_features**-0.5
        linear.weight.uniform_(-reach, reach, generator=generator)
        linear.bias.uniform_(-reach, reach, generator=generator)
note("facts.parameters", sum(it.numel() for it in model.parameters()))
note("facts.sizes", [x.shape[1], *(linear.out_features for linear in model[::2])])
optimizer = torch.optim.SGD(model.parameters(), lr={rate})


def batches():
    """Yield the rows of one batch after the other, all samples in a new order each epoch."""
    generator = torch.Generator().manual_seed({seed})
    while True:
        yield from train[torch.randperm(len(train), generator=generator)].split({size})


def tally(rows):
    """Return the loss over some samples, and how many of them are classified correctly."""
    with torch.no_grad():
        logits = model(x[rows])
    right = (logits.argmax(dim=1) == t[rows]).sum().item()
    count = len(rows)
    found = {{"loss": F.cross_entropy(logits, t[rows]), "right": right, "wrong": count - right}}
    return found | {{"count": count, "accuracy": right / count}}


# Training, looked at after each of these updates.
{moments}
{told}
largest = []
for step, rows in enumerate(batches()):
    optimizer.zero_grad()
    F.cross_entropy(model(x[rows]), t[rows]).backward()
    if step in moments:
        k = moments.index(step)
        note(f"course.moments.{{k}}", {{"step": step, "epoch": step / {per_epoch}}})
        note(f"course.moments.{{k}}.train", tally(train))
        if len(test):
            note(f"course.moments.{{k}}.held_out", tally(test))
        largest.append([linear.weight.grad.abs().max().item() for linear in model[::2]])
    if step in told:
        k = told.index(step)
        with torch.no_grad():
            logits = model(x[row])
        note(f"followed.probabilities.{{k}}", torch.softmax(logits, dim=0))
        note(f"followed.losses.{{k}}", F.cross_entropy(logits, t[row]))
    if step == moments[-1]:
        break
    optimizer.step()

# The largest gradients of each layer, early and late.
count = max(min(10, len(moments) // 2), 1)
note("spreads.early_from", moments[0] / {per_epoch})
note("spreads.early_until", moments[count - 1] / {per_epoch})
note("spreads.late_from", moments[-count] / {per_epoch})
note("spreads.late_until", moments[-1] / {per_epoch})
for k in range(len(model) // 2):
    note(f"spreads.layers.{{k}}.largest_early", max(it[k] for it in largest[:count]))
    note(f"spreads.layers.{{k}}.largest_late", max(it[k] for it in largest[-count:]))

# What the trained network takes each sample for.
rows = test if len(test) else train
with torch.no_grad():
    said = model(x[rows]).argmax(dim=1)
confusion = torch.zeros(model[-2].out_features, model[-2].out_features, dtype=torch.int64)
for true, found_class in zip(t[rows], said):
    confusion[true, found_class] += 1
note("answers.confusion", confusion)
note("answers.tally", tally(rows))
'''


ALL_DIGITS = 1797

_DIGITS = (
    "# Handwritten digits of 8 x 8 pixels from 0 to 16, which come with scikit-learn.",
    "from sklearn.datasets import load_digits",
    "",
    "digits = load_digits()",
    "raw, t = torch.tensor(digits.data / 16), torch.tensor(digits.target)",
)


def classification_text(sheet: Mapping[str, Any]) -> str | Message:
    """Return the program of a network that learns classes, or why there is none."""
    from backprop_studio.core.classification.params import ClassificationGroup

    given = sheet["parameters"]
    fields = {name: given[name] for name in ClassificationGroup.model_fields if name in given}
    settings = ClassificationGroup.model_validate(fields).settings()
    data = settings.data
    if not _is_bundled(data) and (reason := too_many(data.inputs.size)):
        return reason
    course = sheet["course"]
    moments = [it["step"] for it in course["moments"]]
    model = _MODEL.format(
        layers=layers_text(settings.network.sizes, settings.network.activations),
        seed=settings.seed,
        rate=repr(settings.learning_rate),
        size=settings.batch_size,
        per_epoch=settings.updates_per_epoch,
        moments=literal("moments = ", moments),
        told=literal("told = ", [moments[k] for k in course["told"]]),
    )
    return f"{_data(settings, sheet)}\n{model}"


def _is_bundled(data: Dataset) -> bool:
    """Return whether it is the whole of a set that scikit-learn has."""
    return data.name == "digits" and data.size == ALL_DIGITS


def _data(settings: ClassificationSettings, sheet: Mapping[str, Any]) -> str:
    data, raw = settings.data, settings.raw
    examples = sheet["examples"]
    written = [
        "# The samples as they were measured, a row each, and their classes.",
        literal("raw = torch.tensor(", raw.inputs.tolist(), ")"),
        literal("t = torch.tensor(", [int(it) for it in data.targets], ")"),
    ]
    lines = [
        *(_DIGITS if _is_bundled(data) else written),
        "# The rows that are held out; all others are learned from.",
        literal("test = torch.tensor(", data.test.tolist(), ", dtype=torch.int64)"),
        "held_out = set(test.tolist())",
        "train = torch.tensor([k for k in range(len(raw)) if k not in held_out])",
        'note("facts", {"features": raw.shape[1], "count": len(raw)})',
        "",
        "x = raw\n" if data.mean is None else _STANDARDISED,
        "# The sample that is followed.",
        f"row = {sheet['followed']['row']!r}",
        'note("followed", {"raw": raw[row], "inputs": x[row]})',
    ]
    if examples["raw"]:
        lines += [
            literal("examples = ", examples["rows"]),
            'note("examples.raw", raw[examples])',
        ]
    return "\n".join(lines) + "\n"
