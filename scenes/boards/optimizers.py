"""The rules of optimizers with the numbers of a race put in, and the torch lines that make them."""

from __future__ import annotations

from collections.abc import Sequence

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.surfaces.descent import DescentRecord, Path
from backprop_studio.core.surfaces.outcomes import Ranking
from backprop_studio.scenes.boards.formulas import Formulas
from backprop_studio.scenes.boards.update import inline_rule
from backprop_studio.scenes.lesson.torch_lines import optimizer_call
from backprop_studio.scenes.lesson.writer import Writer

NAMES = {
    "sgd": "SGD",
    "momentum": N_("momentum"),
    "nesterov": "Nesterov",
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
}
"""Short, for legends and tables."""

FAMILIES = {
    "velocity": ("sgd", "momentum", "nesterov"),
    "squares": ("adagrad", "rmsprop"),
    "moments": ("adam", "adamw"),
}
"""Beats, and who runs in them."""

OPTIONS = {"rmsprop": "alpha", "adamw": "weight_decay"}
"""What beside its rate an optimizer's line says also where it is torch's own."""


class OptimizerFormulas(Formulas):
    """Writes each moment of the race.

    Parameters
    ----------
    records : sequence of DescentRecord
        One per runner, as in ``descents`` of the sheet.
    """

    def __init__(self, writer: Writer, records: Sequence[DescentRecord]) -> None:
        super().__init__(writer)
        self.records = records
        self.runners: dict[str, int] = {it.optimizer.name: k for k, it in enumerate(records)}

    def start(self, rule: str, names: tuple[str, str]) -> str:
        """Return the surface, and height and gradient at the start."""
        path = "descents.0.paths.0"
        point, loss = self.pair(f"{path}.points.0"), self.short(f"{path}.values.0")
        surface = f"L({', '.join(names)}) = {rule} wide bold(w)_0 = {point} wide L = {loss}"
        gradient = self.as_gradient(self.pair(f"{path}.gradients.0"))
        return f"$ {surface} wide {self._gradient()} = {gradient} $"

    def first(self) -> str:
        """Return the first step of the plainest runner in numbers, and what Adam makes of it."""
        parts = []
        if "sgd" in self.runners and self._has_moved("sgd"):
            start, gradient, end = self._step("sgd")
            rule = f'"SGD": space bold(w)_1 = bold(w)_0 - eta {self._gradient()}'
            parts.append(f"{rule} = {start} - {self._rate('sgd')} dot {gradient} = {end}")
        if "adam" in self.runners and self._has_moved("adam"):
            rule = "bold(w)_1 = bold(w)_0 - eta bold(g) / (sqrt(bold(g)^2) + epsilon)"
            parts.append(f'"Adam": space {rule} = {self._step("adam")[2]}')
        if not parts:
            parts.append(self._rule(next(iter(self.runners))))
        return f"$ {' wide '.join(parts)} $"

    def rules(self, family: str, *, has_numbers: bool = True) -> str:
        """Return the rules of a family, and the first numbers of one of them."""
        names = self._members(family)
        numbers = self._numbers(family, names) if has_numbers else ""
        last_row = f"\\ {numbers}" if numbers else ""
        return f"$ {' wide '.join(map(self._rule, names))} {last_row} $"

    def code(self, family: str) -> str:
        """Return the line that builds the family's best known optimizer."""
        return self.line(self._members(family)[-1])

    def line(self, name: str) -> str:
        """Return the line that builds an optimizer, with the numbers it was given."""
        path, chosen = f"descents.{self.runners[name]}.optimizer", self._record(name).optimizer
        always = OPTIONS.get(name, "")
        call = optimizer_call(chosen, self, path, weights="[w]", always=always)
        return f"opt = torch.optim.{call}"

    def race(self) -> str:
        """Return what all have in common."""
        start = self.pair("descents.0.paths.0.points.0")
        steps = self.short("parameters.steps")
        rates = {it.optimizer.learning_rate for it in self.records}
        names = list(self.runners)
        if len(rates) == 1:
            parts = [f"eta = {self._rate(names[0])}"]
        else:
            parts = [f"eta_{self.word(NAMES[it])} = {self._rate(it)}" for it in names]
        every = " wide ".join([f"bold(w)_0 = {start}", *parts, steps])
        return f"$ {every} {self.word('steps')} $"

    def finish(self, ranking: Ranking) -> str:
        """Return how far the best came."""
        if not ranking.inside:
            return self.race()
        best = ranking.inside[0]
        path = f"descents.{best}.paths.0"
        last = len(self.records[best].paths[0].values) - 1
        name = self.word(NAMES[self.records[best].optimizer.name])
        first, end = self.short(f"{path}.values.0"), self.short(f"{path}.values.{last}")
        return f"$ {name}: space L = {first} -> {end} $"

    # The numbers of a family

    def _numbers(self, family: str, names: list[str]) -> str:
        if family == "velocity":
            return self._velocity(names)
        name = names[-1]
        if not self._has_moved(name):
            return ""
        path = f"descents.{self.runners[name]}"
        _, gradient, end = self._step(name)
        vectors = f"{path}.paths.0.vectors"
        parts = [f"{self.word(NAMES[name])}: space eta = {self._rate(name)}"]
        if family == "squares":
            letter = "square_mean" if name == "rmsprop" else "square_sum"
            squares = self.pair(f"{vectors}.{letter}.1")
            if name == "rmsprop":
                parts.append(f"alpha = {self.short(f'{path}.optimizer.alpha')}")
            parts += [f"bold(g)_0 = {gradient}", f"bold(s)_1 = {squares}"]
        else:
            for letter, moment in (("m", "first_moment"), ("v", "second_moment")):
                small, hat = (self.pair(f"{vectors}.{it}.1") for it in (moment, f"{moment}_hat"))
                parts.append(f"bold({letter})_1 = {small} wide hat(bold({letter}))_1 = {hat}")
        return " wide ".join([*parts, f"bold(w)_1 = {end}"])

    def _velocity(self, names: list[str]) -> str:
        """Return the second velocity: what is left of the first, and a gradient more."""
        name = next((it for it in names if it != "sgd"), "")
        if not name or len(self._path(name).points) < 3:
            return ""
        path = f"descents.{self.runners[name]}"
        vectors = f"{path}.paths.0.vectors.velocity"
        gamma = self.short(f"{path}.optimizer.momentum")
        first, second = self.pair(f"{vectors}.1"), self.pair(f"{vectors}.2")
        gradient = self.as_gradient(self.pair(f"{path}.paths.0.gradients.1"))
        rule = f"{self.word(NAMES[name])}: space bold(v)_2 = gamma bold(v)_1 + bold(g)_1"
        return f"{rule} = {gamma} dot {first} + {gradient} = {second}"

    def _members(self, family: str) -> list[str]:
        return [name for name in FAMILIES[family] if name in self.runners]

    def _rule(self, name: str) -> str:
        return f"{self.word(NAMES[name])}: space {inline_rule(name)}"

    def _path(self, name: str) -> Path:
        return self._record(name).paths[0]

    def _record(self, name: str) -> DescentRecord:
        return self.records[self.runners[name]]

    def _has_moved(self, name: str) -> bool:
        return len(self._path(name).points) > 1

    def _step(self, name: str) -> tuple[str, str, str]:
        """Return start, gradient there, and the place after the first step."""
        path = f"descents.{self.runners[name]}.paths.0"
        gradient = self.as_gradient(self.pair(f"{path}.gradients.0"))
        return self.pair(f"{path}.points.0"), gradient, self.pair(f"{path}.points.1")

    def _rate(self, name: str) -> str:
        return self.short(f"descents.{self.runners[name]}.optimizer.learning_rate")

    def _gradient(self) -> str:
        return self.as_gradient("nabla L")
