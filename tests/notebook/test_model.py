"""A torch model of one's own: its numbers are torch's, and it stays as it is."""

from __future__ import annotations

import copy
import pickle
from itertools import pairwise

import pytest
import torch
from torch import nn

import backprop_studio as bs
from backprop_studio.core.answer_sheet import step_sheet
from backprop_studio.core.base.errors import InputError
from backprop_studio.core.base.parameters import LessonParams, validate_params
from backprop_studio.core.network.optimizers import OptimizerGroup
from backprop_studio.core.network.params import NetworkGroup
from backprop_studio.core.network.steps import run_step
from backprop_studio.notebook.model.parameters import model_parameters

ACTIVATIONS = (nn.ReLU, nn.LeakyReLU, nn.Sigmoid, nn.Tanh, nn.GELU, nn.Softplus, nn.Identity)
OPTIMIZERS = (
    lambda it: torch.optim.SGD(it, lr=0.1),
    lambda it: torch.optim.SGD(it, lr=0.1, momentum=0.8, weight_decay=0.01),
    lambda it: torch.optim.SGD(it, lr=0.1, momentum=0.8, nesterov=True),
    lambda it: torch.optim.Adagrad(it, lr=0.1, lr_decay=0.1),
    lambda it: torch.optim.RMSprop(it, lr=0.01, alpha=0.9),
    lambda it: torch.optim.Adam(it, lr=0.01, betas=(0.8, 0.99)),
    lambda it: torch.optim.AdamW(it, lr=0.01),
)


class Params(NetworkGroup, OptimizerGroup):
    pass


assert issubclass(Params, LessonParams)


def drawn(seed, dtype):
    """A random Sequential with its batch, loss and an optimizer that has made some steps."""
    generator = torch.Generator().manual_seed(seed)

    def pick(count):
        return int(torch.randint(count, (1,), generator=generator))

    torch.manual_seed(seed)
    sizes = [1 + pick(8) for _ in range(2 + pick(6))]
    mixed, activation = pick(2), ACTIVATIONS[pick(len(ACTIVATIONS))]
    modules = [nn.Flatten()] if pick(2) else []
    for number, (n_in, n_out) in enumerate(pairwise(sizes), start=2):
        modules.append(nn.Linear(n_in, n_out, bias=bool(pick(4))))
        if number < len(sizes):
            activation = ACTIVATIONS[pick(len(ACTIVATIONS))] if mixed else activation
            modules += [activation(), nn.Dropout(0.5)][: 1 + pick(2)]
    samples, reduction = 1 + pick(64), ("mean", "sum")[pick(2)]
    targets = torch.rand(samples, sizes[-1], generator=generator, dtype=dtype)
    kind = pick(4)
    if kind == 0:
        loss = nn.MSELoss(reduction=reduction)
        modules += [ACTIVATIONS[pick(len(ACTIVATIONS))]()]
    elif kind == 1:
        weight = torch.rand(sizes[-1], generator=generator, dtype=dtype) + 0.1
        smoothing = (0.0, 0.1, 0.3)[pick(3)]
        loss = nn.CrossEntropyLoss(
            weight if pick(2) and sizes[-1] > 1 else None,
            reduction=reduction,
            label_smoothing=smoothing,
        )
        targets = torch.randint(sizes[-1], (samples,), generator=generator)
        if pick(3) == 0 and samples > 1:
            targets[1:][torch.rand(samples - 1, generator=generator) < 0.3] = -100
    elif kind == 2:
        loss = nn.BCEWithLogitsLoss(reduction=reduction)
    else:
        loss = nn.BCELoss(reduction=reduction)
        modules += [nn.Sigmoid()]
    model = nn.Sequential(*modules).to(dtype).eval()
    inputs = torch.randn(samples, sizes[0], generator=generator, dtype=dtype)
    optimizer = OPTIMIZERS[pick(len(OPTIMIZERS))](model.parameters())
    for _ in range(pick(4)):
        optimizer.zero_grad()
        loss(model(inputs), targets).backward()
        optimizer.step()
    optimizer.zero_grad()
    return model, inputs, targets, loss, optimizer


def compare(seed, dtype):
    """Compare a lesson with torch's own step."""
    model, inputs, targets, loss, optimizer = drawn(seed, dtype)
    given = {"inputs": inputs, "targets": targets, "loss": loss, "optimizer": optimizer}
    random = torch.get_rng_state()
    kept = pickle.dumps([model.state_dict(), optimizer.state_dict()])
    parameters, _ = model_parameters(model, given)
    found = validate_params(Params, parameters)
    assert torch.equal(random, torch.get_rng_state())
    assert pickle.dumps([model.state_dict(), optimizer.state_dict()]) == kept
    assert all(it.grad is None for it in model.parameters())
    record = run_step(found.network_spec(), found.batch(), found.optimizer_spec())
    sheet = step_sheet("backprop", found.model_dump(), record)

    kept = slice(None) if targets.is_floating_point() else targets >= 0
    linear = [it for it in model if isinstance(it, nn.Linear)]
    seen = []
    for it in linear:
        it.register_forward_hook(lambda _m, _i, z: (z.retain_grad(), seen.append(z))[0])
    value = loss(model(inputs), targets)
    value.backward()
    close(sheet["loss"], value, dtype)
    for module, z, layer in zip(linear, seen, sheet["layers"], strict=True):
        close(layer["z"], z[kept], dtype)
        close(layer["dL_dz"], z.grad[kept], dtype)
        close(layer["dL_dW"], module.weight.grad, dtype)
        if module.bias is not None:
            close(layer["dL_db"], module.bias.grad, dtype)
    optimizer.step()
    for module, layer in zip(linear, sheet["updated"], strict=True):
        close(layer["weight"], module.weight, dtype)
        if module.bias is not None:
            close(layer["bias"], module.bias, dtype)
        else:
            assert not any(layer["bias"])


def close(found, expected, dtype):
    found, expected = torch.tensor(found, dtype=torch.float64), expected.detach().double()
    assert found.shape == expected.shape
    share = 1e-12 if dtype == torch.float64 else 2e-6
    scale = max(1.0 if dtype == torch.float64 else 1e-6, float(expected.abs().max()))
    assert float((found - expected).abs().max()) <= share * scale


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
@pytest.mark.parametrize("seed", range(20))
def test_numbers_are_those_of_torch(seed, dtype):
    compare(seed, dtype)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32], ids=str)
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_numbers_are_those_of_torch_in_many_networks(seed, dtype):
    compare(seed, dtype)


def made(*modules, loss=None, optimizer=None, inputs=None, targets=None):
    model = nn.Sequential(*modules) if modules else nn.Sequential(nn.Linear(2, 3))
    inputs = torch.ones(4, 2) if inputs is None else inputs
    targets = torch.zeros(4, dtype=torch.int64) if targets is None else targets
    given = {"inputs": inputs, "targets": targets, "loss": loss or nn.CrossEntropyLoss()}
    if optimizer is not None:
        given["optimizer"] = optimizer(model.parameters())
    return model_parameters(model, given)[0]


def uneven(parameters):
    """An optimizer that has made a step with one of its tensors only."""
    first, *others = parameters
    optimizer = torch.optim.Adam([first, *others])
    first.sum().backward()
    optimizer.step()
    sum(it.sum() for it in (first, *others)).backward()
    optimizer.step()
    return optimizer


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        ((nn.Conv1d(1, 1, 1),), {}, "0 (Conv1d)"),
        ((nn.Linear(2, 3), nn.ReLU(), nn.LayerNorm(3)), {}, "2 (LayerNorm)"),
        ((nn.Linear(2, 3), nn.BatchNorm1d(3)), {}, "call eval()"),
        ((nn.Linear(2, 3), nn.ReLU(), nn.BatchNorm1d(3).eval()), {}, "right behind"),
        ((nn.Linear(2, 3), nn.ReLU(), nn.Softmax(1)), {}, "the part before it can, with 0"),
        ((nn.Linear(2, 3), nn.LeakyReLU(0.2)), {}, "negative_slope is 0.2"),
        ((nn.Linear(2, 3), nn.Dropout(0.5)), {}, "call eval()"),
        ((), {"loss": nn.BCELoss(weight=torch.ones(3))}, "weight = set"),
        ((), {"loss": nn.CrossEntropyLoss(ignore_index=0)}, "ignores every target"),
        ((), {"loss": nn.CrossEntropyLoss(reduction="none")}, "no single number"),
        ((), {"loss": nn.L1Loss()}, "the loss L1Loss cannot be shown"),
        ((), {"loss": nn.MSELoss(), "targets": torch.ones(4)}, "shape (4,); expected (4, 3)"),
        ((), {"inputs": torch.ones(4, 5)}, "shape (4, 5); expected (4, 2)"),
        ((), {"inputs": [[1.0, 2.0]]}, "inputs: a list; expected a tensor"),
        ((), {"inputs": torch.ones(4, 2, device="meta")}, "on the device meta"),
        ((), {"optimizer": uneven}, "has made 1, 2 steps with different tensors"),
        ((), {"inputs": torch.ones(4, 2).double()}, "has the dtype float64; expected float32"),
        ((nn.Linear(2, 3).bfloat16(),), {}, "computes in bfloat16"),
        ((nn.Linear(2, 2), nn.Linear(2, 3).double()), {}, "computes in float32, float64"),
        ((), {"optimizer": lambda it: torch.optim.Adam(it, amsgrad=True)}, "amsgrad = True"),
        (
            (),
            {"optimizer": lambda it: torch.optim.SGD(it, lr=1.0, momentum=0.5, dampening=0.1)},
            "dampening = 0.1",
        ),
        ((), {"optimizer": torch.optim.Adamax}, "the optimizer Adamax"),
        ((nn.Linear(2, 3).requires_grad_(False),), {}, "requires a gradient"),
    ],
)
def test_what_cannot_be_shown_is_named_in_one_sentence(arguments, given, said):
    with pytest.raises(InputError) as caught:
        made(*arguments, **given)
    assert said in str(caught.value).replace("The", "the", 1)


class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(2, 4), nn.Linear(4, 3)

    def forward(self, x):
        return self.last(torch.relu(self.first(x.flatten(1))))


class Residual(Own):
    def forward(self, x):
        return self.last(self.first(x) + self.first(x))


class Branching(Own):
    def forward(self, x):
        return self.last(self.first(x)) if x.sum() > 0 else self.first(x)


@pytest.mark.parametrize(("kind", "said"), [(Residual, "first"), (Branching, "torch.fx")])
def test_a_module_that_is_no_chain_is_refused(kind, said):
    with pytest.raises(InputError, match=said):
        made(kind())


def test_a_lesson_shows_a_module_of_ones_own_and_what_is_frozen_stays():
    torch.manual_seed(1)
    model = Own().double()
    model.first.bias.requires_grad_(False)
    inputs, targets = torch.randn(5, 2, dtype=torch.float64), torch.tensor([0, 1, 2, 0, 1])
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    mine = copy.deepcopy(model)
    lesson = bs.lesson(
        "backprop",
        model=model,
        inputs=inputs,
        targets=targets,
        loss=nn.CrossEntropyLoss(),
        optimizer=optimizer,
    )
    sheet = lesson.numbers()
    loss = nn.CrossEntropyLoss()(mine(inputs), targets)
    loss.backward()
    close(sheet["loss"], loss, torch.float64)
    close(sheet["layers"][0]["dL_dW"], mine.first.weight.grad, torch.float64)
    stepped = mine.first.weight - 0.3 * mine.first.weight.grad
    close(sheet["updated"][0]["weight"], stepped, torch.float64)
    close(sheet["updated"][0]["bias"], mine.first.bias, torch.float64)


def test_batch_norm_is_folded_and_said():
    torch.manual_seed(2)
    model = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 3)).double()
    for _ in range(3):
        model(torch.randn(8, 2, dtype=torch.float64) * 2 + 1)
    nn.init.normal_(model[1].weight)
    nn.init.normal_(model[1].bias)
    model.eval()
    x, t = torch.randn(5, 2, dtype=torch.float64), torch.tensor([0, 1, 2, 0, 1])
    kept, random = pickle.dumps(model.state_dict()), torch.get_rng_state()
    given = {"inputs": x, "targets": t, "loss": nn.CrossEntropyLoss()}
    parameters, remarks = model_parameters(model, given)
    assert [it.code for it in remarks] == ["model.folded"]
    assert remarks[0].fields["module"] == "1"
    found = validate_params(Params, parameters)
    record = run_step(found.network_spec(), found.batch(), found.optimizer_spec())
    sheet = step_sheet("backprop", found.model_dump(), record)
    seen = []
    hook = model[1].register_forward_hook(lambda _m, _i, z: (z.retain_grad(), seen.append(z))[0])
    value = nn.CrossEntropyLoss()(model(x), t)
    value.backward()
    hook.remove()
    close(sheet["loss"], value, torch.float64)
    close(sheet["layers"][0]["z"], seen[0], torch.float64)
    close(sheet["layers"][0]["dL_dz"], seen[0].grad, torch.float64)
    close(sheet["layers"][1]["dL_dW"], model[3].weight.grad, torch.float64)
    assert pickle.dumps(model.state_dict()) == kept
    assert torch.equal(torch.get_rng_state(), random)
    optimizer = torch.optim.Adam(model.parameters())
    optimizer.step()
    with pytest.raises(InputError, match="folded into it; give a new optimizer"):
        model_parameters(model, {**given, "optimizer": optimizer})


def test_what_is_left_out_is_a_warning_and_what_is_wrong_is_said_in_the_readers_language():
    model = nn.Linear(2, 3)
    given = {"inputs": torch.ones(3, 2), "loss": nn.CrossEntropyLoss()}
    targets = torch.tensor([0, -100, 1])
    with pytest.warns(UserWarning, match="left out: 1"):
        lesson = bs.lesson("backprop", model=model, targets=targets, **given)
    assert len(lesson.numbers()["inputs"]) == 2
    said = {}
    for language in ("en", "zh"):
        with pytest.raises(InputError) as caught:
            bs.lesson("backprop", model=model, targets=torch.ones(3), language=language, **given)
        said[language] = str(caught.value)
    assert "class indices" in said["en"]
    assert said["zh"] != said["en"]
    assert all(it.grad is None for it in model.parameters())


def test_an_optimizer_goes_on_in_every_step_of_a_lesson():
    torch.manual_seed(4)
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1)).double()
    x, t = torch.randn(6, 2, dtype=torch.float64), torch.randn(6, 1, dtype=torch.float64)
    loss, optimizer = nn.MSELoss(), torch.optim.Adam(model.parameters(), lr=0.05)

    def step():
        optimizer.zero_grad()
        value = loss(model(x), t)
        value.backward()
        optimizer.step()
        return value.item()

    for _ in range(5):
        step()
    optimizer.zero_grad()
    given = {"inputs": x, "targets": t, "loss": loss, "optimizer": optimizer}
    lesson = bs.lesson("backprop", model=model, steps=4, **given)
    sheet = lesson.numbers()
    assert sheet["optimizer_vectors"]["step"] == 5
    assert lesson.verify()["max_relative_error"] < 1e-6
    assert sheet["losses"][:4] == pytest.approx([step() for _ in range(4)], rel=1e-12)
