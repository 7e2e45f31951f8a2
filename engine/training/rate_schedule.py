"""What becomes of a learning rate from step to step."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from engine.elementwise import arguments_of
from engine.formulas.records import Limits, RateSchedule, Setting
from engine.formulas.registry import RATE_SCHEDULES, SCHEDULE_SETTINGS
from engine.formulas.schedules.warm_up import WARM_UP, warmed
from engine.interface.limits import MAXIMUM_STEPS

# The field of a description that names the schedule.
NAME = "name"
# The fields of what is saved of a schedule, and how many steps may be done: as many as a double counts.
SCHEDULE_FIELDS = ("kept", NAME, "settings", "step")
STEPS_DONE = Limits(at_least=0.0, at_most=float(MAXIMUM_STEPS), whole=True)


def settings_of(record: RateSchedule) -> tuple[Setting, ...]:
    """What can be set of a schedule, in order."""
    return (*record.settings, *SCHEDULE_SETTINGS)


class Scheduled:
    """A schedule of a learning rate, and where it is.

    Attributes:
        step: how many steps are done.
        kept: what it carries on.

    Args:
        chosen: its name, or a mapping with its name and settings that are right; those left out, or None, have their
            defaults.
    """

    def __init__(self, chosen: str | Mapping[str, Any]) -> None:
        given = {NAME: chosen} if isinstance(chosen, str) else chosen
        self._record = RATE_SCHEDULES[given[NAME]]
        self._settings: dict[str, float] = {
            each.name: float((each.default or 0) if given.get(each.name) is None else given[each.name])
            for each in settings_of(self._record)
        }
        self._warm_up = self._settings[WARM_UP.name]
        self._arguments = arguments_of(self._record.rate)
        self.step = 0.0
        self.kept = {each.name: each.start for each in self._record.kept}

    @property
    def settings(self) -> Mapping[str, Any]:
        """Its name and all its settings."""
        return {NAME: self._record.name, **self._settings}

    def copy(self) -> "Scheduled":
        """One that goes its own way from here."""
        other = copy(self)
        other.become(self)
        return other

    def become(self, other: "Scheduled") -> None:
        """Be where another with the same formulas is."""
        self.step, self.kept = other.step, dict(other.kept)

    def rate(self, rate: float) -> float:
        """The rate at the step that comes, of the one that was set."""
        return self._rate({**self._settings, **self.kept, "rate": rate})

    def take(self, rate: float, count: int) -> list[float]:
        """The rates at so many steps, which are then done: as by `rate` and `advance`, in a third of the time."""
        known, rates = {**self._settings, **self.kept, "rate": rate}, []
        for _ in range(count):
            rates.append(self._rate(known))
            self.advance(rate)
            if self.kept:
                known |= self.kept
        return rates

    def advance(self, rate: float) -> None:
        """A step is done."""
        self.step += 1
        if self.kept and not self._record.by_epoch and self.step > self._warm_up:
            self._carry_on({"rate": rate, "step": self.step - self._warm_up})

    def observe(self, rate: float, loss: float) -> None:
        """An epoch is done."""
        if self._record.by_epoch:
            self._carry_on({"rate": rate, "loss": loss})

    def _rate(self, known: dict[str, float]) -> float:
        step = self.step - self._warm_up
        known["step"] = step if step > 0 else 0.0
        cold = float(self._record.rate(*[known[name] for name in self._arguments]))
        return warmed(cold, self.step, self._warm_up)

    def _carry_on(self, known: Mapping[str, float]) -> None:
        for each in self._record.kept:
            self.kept[each.name] = _of(each.formula, {**self._settings, **self.kept, **known})

    def to_table(self) -> dict[str, object]:
        """All that it is."""
        return {
            "kept": list(self.kept.values()),
            NAME: self._record.name,
            "settings": list(self._settings.values()),
            "step": self.step,
        }

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> "Scheduled":
        """What `to_table` made; the table is known to be right."""
        record = RATE_SCHEDULES[table[NAME]]
        names = [each.name for each in settings_of(record)]
        made = cls({NAME: record.name, **dict(zip(names, table["settings"], strict=True))})
        made.step = float(table["step"])
        made.kept = {name: float(value) for name, value in zip(made.kept, table["kept"], strict=True)}
        return made


def _of(formula: Any, known: Mapping[str, float]) -> float:
    return float(formula(*map(known.__getitem__, arguments_of(formula))))
