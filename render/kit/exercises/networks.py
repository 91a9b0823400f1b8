"""Exercises on networks: one weight, and a small network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backprop_studio.core.answer_sheet import records_sheet, step_sheet
from backprop_studio.core.base.i18n import N_
from backprop_studio.render.kit.exercises.chance import drawn_whole
from backprop_studio.render.kit.exercises.subject import Given, Question, Subject, Task
from backprop_studio.render.kit.exercises.writing import slope

if TYPE_CHECKING:
    from random import Random

    from backprop_studio.render.kit.exercises.subject import Parameters, Sheet


# One weight


def _draw_weight(chance: Random, _own: Parameters) -> Parameters:
    return {
        "x": drawn_whole(chance, -4, 4),
        "y": drawn_whole(chance, -9, 9),
        "w": chance.randint(-30, 30) / 10,
        "learning_rate": chance.choice((0.01, 0.05, 0.1, 0.2)),
        "steps": 2,
    }


def _weight(given: Parameters) -> Sheet:
    from backprop_studio.core.training.chain_rule import chain_rule
    from backprop_studio.core.training.one_weight_params import ChainRuleGroup

    return records_sheet("chain_rule", given, chain=chain_rule(ChainRuleGroup(**given)))


def _of_weight(sheet: Sheet) -> Task:
    questions = [it for k in range(len(sheet["chain"]["steps"])) for it in _step_of_weight(k)]
    names = {"w_0": "chain.steps.0.w", "x": "chain.x", "t": "chain.y"}
    given = [Given(*it) for it in {**names, "eta": "chain.learning_rate"}.items()]
    rules = ["hat(y) = w dot x", "L = (hat(y) - t)^2", f"w <- w - eta dot {slope('L', 'w')}"]
    return Task(rules, given, questions)


def _step_of_weight(k: int) -> list[Question]:
    path = f"chain.steps.{k}"
    w, y, loss = f"w_{k}", f"hat(y)_{k}", f"L_{k}"
    of_answer, of_weight = slope(loss, y), slope(loss, w)
    return [
        Question(
            f"{path}.y_pred",
            y,
            N_("The prediction."),
            f"{w} dot x",
            f"{{{path}.w}} dot {{chain.x}}",
        ),
        Question(
            f"{path}.loss",
            loss,
            N_("The loss."),
            f"({y} - t)^2",
            f"({{{path}.y_pred}} - {{chain.y}})^2",
        ),
        Question(
            f"{path}.dL_dy_pred",
            of_answer,
            N_("The slope of the loss for the prediction."),
            f"2 dot ({y} - t)",
            f"2 dot ({{{path}.y_pred}} - {{chain.y}})",
        ),
        Question(
            f"{path}.dL_dw",
            of_weight,
            N_("The slope of the loss for the weight."),
            f"{of_answer} dot {slope(y, w)}",
            f"{{{path}.dL_dy_pred}} dot {{{path}.dy_pred_dw}}",
        ),
        Question(
            f"{path}.w_after",
            f"w_{k + 1}",
            N_("The weight after the step."),
            f"{w} - eta dot {of_weight}",
            f"{{{path}.w}} - {{chain.learning_rate}} dot {{{path}.dL_dw}}",
        ),
    ]


def _learns(sheet: Sheet) -> bool:
    steps = sheet["chain"]["steps"]
    return len(steps) == 2 and steps[0]["loss"] > steps[1]["loss"] > 0


# A small network


def _draw_network(chance: Random, _own: Parameters) -> Parameters:
    def weight() -> float:
        return drawn_whole(chance, -9, 9) / 10

    return {
        "network": {
            "sizes": [2, 2, 1],
            "activation": "relu",
            "output_activation": "identity",
            "loss": "half_squared_error",
            "weights": [
                [[weight(), weight()], [weight(), weight()]],
                [[drawn_whole(chance, -3, 3), drawn_whole(chance, -3, 3)]],
            ],
            "biases": [[weight(), weight()], [float(chance.randint(-2, 2))]],
        },
        "data": {
            "inputs": [[drawn_whole(chance, -3, 4), drawn_whole(chance, -3, 4)]],
            "targets": [[float(chance.randint(-3, 5))]],
        },
        "learning_rate": 0.1,
        "steps": 1,
    }


def _network(given: Parameters) -> Sheet:
    from backprop_studio.core.network.params import NetworkGroup
    from backprop_studio.core.network.steps import run_step

    params = NetworkGroup.model_validate({it: given[it] for it in ("network", "data")})
    record = run_step(params.network_spec(), params.batch(), given["learning_rate"])
    return step_sheet("backprop", given, record)


def _of_network(sheet: Sheet) -> Task:
    hidden, last = "layers.0", "layers.1"
    questions = []
    for i in (0, 1):
        z, a = f"z_(1,{i + 1})", f"a_(1,{i + 1})"
        weights = [f"w_(1,{i + 1}{j + 1})" for j in (0, 1)]
        rule = " + ".join(f"{w} dot x_{j + 1}" for j, w in enumerate(weights))
        numbers = " + ".join(f"{{{hidden}.weight.{i}.{j}}} dot {{inputs.0.{j}}}" for j in (0, 1))
        questions += [
            Question(
                f"{hidden}.z.0.{i}",
                z,
                N_("What hidden unit {number} adds up."),
                f"{rule} + b_(1,{i + 1})",
                f"{numbers} + {{{hidden}.bias.{i}}}",
                words=(("number", str(i + 1)),),
            ),
            Question(
                f"{hidden}.a.0.{i}",
                a,
                N_("Its activation."),
                f"max(0, {z})",
                f"max(0, {{{hidden}.z.0.{i}}})",
            ),
        ]
    products = " + ".join(f"{{{last}.weight.0.{j}}} dot {{{hidden}.a.0.{j}}}" for j in (0, 1))
    questions += [
        Question(
            f"{last}.a.0.0",
            "hat(y)",
            N_("The network's answer."),
            "w_(2,11) dot a_(1,1) + w_(2,12) dot a_(1,2) + b_(2,1)",
            f"{products} + {{{last}.bias.0}}",
        ),
        Question(
            "loss",
            "L",
            N_("The loss."),
            "1/2 dot (hat(y) - t)^2",
            f"1/2 dot ({{{last}.a.0.0}} - {{targets.0.0}})^2",
        ),
        Question(
            f"{last}.dL_dz.0.0",
            slope("L", "hat(y)"),
            N_("The slope of the loss for the answer."),
            "hat(y) - t",
            f"{{{last}.a.0.0}} - {{targets.0.0}}",
        ),
    ]
    questions += [*_last_layer(hidden, last), *_hidden_layer(hidden, last), *_updates()]
    return Task(
        [
            "z_(1,i) = w_(1,i 1) dot x_1 + w_(1,i 2) dot x_2 + b_(1,i)",
            "a_(1,i) = max(0, z_(1,i))",
            "hat(y) = w_(2,11) dot a_(1,1) + w_(2,12) dot a_(1,2) + b_(2,1)",
            "L = 1/2 dot (hat(y) - t)^2",
        ],
        _given_of_network(),
        questions,
    )


def _last_layer(hidden: str, last: str) -> list[Question]:
    answer = slope("L", "hat(y)")
    return [
        Question(
            f"{last}.dL_dW.0.{j}",
            slope("L", f"w_(2,1{j + 1})"),
            N_("The gradient of a weight of the last layer."),
            f"{answer} dot a_(1,{j + 1})",
            f"{{{last}.dL_dz.0.0}} dot {{{hidden}.a.0.{j}}}",
        )
        for j in (0, 1)
    ]


def _hidden_layer(hidden: str, last: str) -> list[Question]:
    found = []
    for i in (0, 1):
        into = slope("L", f"z_(1,{i + 1})")
        found.append(
            Question(
                f"{hidden}.dL_dz.0.{i}",
                into,
                N_("What comes back to hidden unit {number}."),
                f"{slope('L', 'hat(y)')} dot w_(2,1{i + 1}) dot "
                f"{slope(f'a_(1,{i + 1})', f'z_(1,{i + 1})')}",
                f"{{{last}.dL_dz.0.0}} dot {{{last}.weight.0.{i}}} dot {{{hidden}.da_dz.0.{i}}}",
                words=(("number", str(i + 1)),),
            )
        )
        found += [
            Question(
                f"{hidden}.dL_dW.{i}.{j}",
                slope("L", f"w_(1,{i + 1}{j + 1})"),
                N_("The gradient of a weight of the hidden layer."),
                f"{into} dot x_{j + 1}",
                f"{{{hidden}.dL_dz.0.{i}}} dot {{inputs.0.{j}}}",
            )
            for j in (0, 1)
        ]
    return found


def _updates() -> list[Question]:
    return [
        Question(
            f"updated.{layer}.weight.0.0",
            f"w'_({layer + 1},11)",
            N_("A weight after one step."),
            f"w_({layer + 1},11) - eta dot {slope('L', f'w_({layer + 1},11)')}",
            f"{{layers.{layer}.weight.0.0}} - {{learning_rate}} dot {{layers.{layer}.dL_dW.0.0}}",
        )
        for layer in (0, 1)
    ]


def _given_of_network() -> list[Given]:
    found = [Given(f"x_{j + 1}", f"inputs.0.{j}") for j in (0, 1)]
    found.append(Given("t", "targets.0.0"))
    for layer, rows in enumerate((2, 1)):
        for i in range(rows):
            found += [
                Given(f"w_({layer + 1},{i + 1}{j + 1})", f"layers.{layer}.weight.{i}.{j}")
                for j in (0, 1)
            ]
            found.append(Given(f"b_({layer + 1},{i + 1})", f"layers.{layer}.bias.{i}"))
    return [*found, Given("eta", "learning_rate")]


def _is_alive(sheet: Sheet) -> bool:
    """Whether a hidden unit answers, none stands at relu's corner, and the answer is wrong."""
    zs = sheet["layers"][0]["z"][0]
    return max(zs) > 0 and all(abs(z) > 1e-9 for z in zs) and sheet["loss"] > 1e-9


# Counting


def _draw_sizes(chance: Random, _own: Parameters) -> Parameters:
    hidden = [chance.randint(2, 30) for _ in range(2)]
    return {"network": {"sizes": [chance.randint(2, 40), *hidden, chance.randint(2, 10)]}}


def _counted(given: Parameters) -> Sheet:
    from backprop_studio.core.network.architecture import architecture
    from backprop_studio.core.network.params import NetworkGroup

    params = NetworkGroup.model_validate(given)
    record = architecture(params.network_spec(), params.batch().size)
    return records_sheet("architecture", given, architecture=record)


def _of_counted(sheet: Sheet) -> Task:
    path = "architecture"
    layers = range(len(sheet[path]["layers"]))
    questions = []
    for k in layers:
        words = (("number", str(k + 1)),)
        questions += [
            Question(
                f"{path}.layers.{k}.weights",
                f"W_{k + 1}",
                N_("How many weights layer {number} has."),
                f"n_{k + 1} dot n_{k}",
                f"{{{path}.sizes.{k + 1}}} dot {{{path}.sizes.{k}}}",
                words=words,
            ),
            Question(
                f"{path}.layers.{k}.parameters",
                f"P_{k + 1}",
                N_("How many weights and biases layer {number} has."),
                f"W_{k + 1} + n_{k + 1}",
                f"{{{path}.layers.{k}.weights}} + {{{path}.sizes.{k + 1}}}",
                words=words,
            ),
        ]
    questions.append(
        Question(
            f"{path}.parameters",
            "P",
            N_("How many the whole network has."),
            " + ".join(f"P_{k + 1}" for k in layers),
            " + ".join(f"{{{path}.layers.{k}.parameters}}" for k in layers),
        )
    )
    given = [Given(f"n_{k}", f"{path}.sizes.{k}") for k in range(len(layers) + 1)]
    return Task(["P_k = n_k dot n_(k-1) + n_k"], given, questions)


ARCHITECTURE = Subject(
    N_("A network of several layers: n₀ inputs, then n₁, n₂, n₃ units. Count its parameters."),
    _draw_sizes,
    _counted,
    _of_counted,
)
CHAIN_RULE = Subject(
    N_("One weight, one sample: the loss, its slope by the chain rule, and two steps."),
    _draw_weight,
    _weight,
    _of_weight,
    _learns,
)
BACKPROP = Subject(
    N_("A network of two inputs, two hidden units and one output: forward, back, and a step."),
    _draw_network,
    _network,
    _of_network,
    _is_alive,
)
