"""The rules of optimizers with the numbers of a race put in, and the torch lines that make them."""

from __future__ import annotations

from collections.abc import Sequence

from backprop_studio.core.base.i18n import N_
from backprop_studio.core.surfaces.descent import DescentRecord, Path
from backprop_studio.core.surfaces.outcomes import Ranking
from backprop_studio.scenes.boards.formulas import Formulas, true_digits
from backprop_studio.scenes.boards.update import NOTES, inline_rule
from backprop_studio.scenes.lesson.torch_lines import optimizer_call
from backprop_studio.scenes.lesson.writer import Writer, quoted

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


SETTINGS = (
    "learning_rate",
    "momentum",
    "beta1",
    "beta2",
    "alpha",
    "eps",
    "lr_decay",
    "weight_decay",
)
"""In what two runners of one name may differ."""


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
        self.runners: dict[str, int] = {}
        for k, it in enumerate(records):  # of one that runs twice the first is told
            self.runners.setdefault(it.optimizer.name, k)

    def words(self) -> list[str]:
        """Return what the runners are called; one that runs twice has its own number beside it."""
        return [
            " ".join([self.tr(NAMES[it.optimizer.name]), *self._apart(k)])
            for k, it in enumerate(self.records)
        ]

    def _apart(self, k: int) -> list[str]:
        """Return the number that tells a runner from others of its name, if there are any."""
        mine = self.records[k].optimizer
        others = [
            it.optimizer
            for j, it in enumerate(self.records)
            if j != k and it.optimizer.name == mine.name
        ]
        differing = [
            it for it in SETTINGS if any(getattr(mine, it) != getattr(o, it) for o in others)
        ]
        return [self.in_words(f"descents.{k}.optimizer.{it}") for it in differing]

    @true_digits
    def start(self, rule: str, names: tuple[str, str]) -> str:
        """Return the surface, and height and gradient at the start."""
        path = "descents.0.paths.0"
        point, loss = self.pair(f"{path}.points.0"), self.short(f"{path}.values.0")
        surface = f"L({', '.join(names)}) = {rule} wide bold(w)_0 = {point} wide L = {loss}"
        gradient = self.as_gradient(self.pair(f"{path}.gradients.0"))
        return f"$ {surface} wide {self._gradient()} = {gradient} $"

    @true_digits
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

    @true_digits
    def rules(self, family: str, *, has_numbers: bool = True) -> str:
        """Return the rules of a family, and the first numbers of one of them."""
        names = self._members(family)
        numbers = self._numbers(family, names) if has_numbers else ""
        last_row = "".join(f"\\ {it} " for it in (numbers, self._note(names)) if it)
        return f"$ {' wide '.join(map(self._rule, names))} {last_row} $"

    def _note(self, names: list[str]) -> str:
        """Return where torch's rule is not that of books, with the first that has such a one."""
        noted = next((it for it in names if it in NOTES), "")
        told = next((it for it in self.runners if NOTES.get(it) == NOTES.get(noted)), "")
        return self.remark(*NOTES[noted]) if noted and noted == told else ""

    def code(self, family: str) -> str:
        """Return the line that builds the family's best known optimizer."""
        return self.line(self._members(family)[-1])

    def line(self, name: str) -> str:
        """Return the line that builds an optimizer, with the numbers it was given."""
        path, chosen = f"descents.{self.runners[name]}.optimizer", self._record(name).optimizer
        always = OPTIONS.get(name, "")
        call = optimizer_call(chosen, self, path, weights="[w]", always=always)
        return f"opt = torch.optim.{call}"

    @true_digits
    def race(self) -> str:
        """Return what all have in common."""
        start = self.pair("descents.0.paths.0.points.0")
        steps = self.short("parameters.steps")
        rates = {it.optimizer.learning_rate for it in self.records}
        own = [
            self.short(f"descents.{k}.optimizer.learning_rate") for k in range(len(self.records))
        ]
        if len(rates) == 1:
            parts = [f"eta = {own[0]}"]
        else:
            named = zip(self.words(), own, strict=True)
            parts = [f"eta_{quoted(word)} = {rate}" for word, rate in named]
        every = " wide ".join([f"bold(w)_0 = {start}", *parts, steps])
        return f"$ {every} {self.word('steps')} $"

    @true_digits
    def finish(self, ranking: Ranking) -> str:
        """Return how far the best came."""
        if not ranking.inside:
            return self.race()
        best = ranking.inside[0]
        path = f"descents.{best}.paths.0"
        last = len(self.records[best].paths[0].values) - 1
        name = quoted(self.words()[best])
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
