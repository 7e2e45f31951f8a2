"""Scalers: from a user's units to numbers that networks like, and back. The same as networks/scalers.luau."""

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast, overload

import numpy as np
from numpy.typing import ArrayLike

from engine.arguments import (
    check,
    described_unless_numbers,
    described_unless_right,
    fault,
    fault_of,
    named_fault,
    names_of_sample,
    parameter_of,
    refusal,
    sample_rule,
)
from engine.describe import describe, describe_name, describe_number, describe_unless_number, is_array
from engine.elementwise import Array, elementwise
from engine.formulas.records import Fold, Formula, Quantile, ScalerKind
from engine.formulas.registry import SCALERS
from engine.formulas.scaling import quantile_between, quantile_place, scaled, unscaled
from engine.interface.limits import MAXIMUM_NODES
from engine.interface.messages import MESSAGES, fill
from engine.interface.rules import Choice, Names, NumberAbove

# What a network keeps of a scaler; by itself it may have names, too.
NAME, SHIFT, SCALE = FIELDS = ("name", "shift", "scale")
NAMES = "names"


@dataclass(frozen=True, init=False)
class Scaler:
    """What is subtracted from each column of samples, and what it is divided by then.

    Attributes:
        name: how it was made, one of `engine.formulas.registry.SCALERS`.
        shifts: what is subtracted from each column.
        scales: what each column is divided by then; above 0.
        names: what the columns are called; None if they are numbered.
    """

    name: str
    shifts: tuple[float, ...]
    scales: tuple[float, ...]
    names: tuple[str, ...] | None

    def __init__(self, name: str, shift: ArrayLike, scale: ArrayLike, names: Sequence[str] | None = None) -> None:
        found = scaler_fault("Scaler", {NAME: name, SHIFT: shift, SCALE: scale}, None)
        if found is None and names is not None:
            found = fault_of(Names(), f"Scaler.{NAMES}", names, {"count": len(cast(Sequence[float], shift))})
        if found is not None:
            raise refusal("scaleSample", "scaler", found)
        object.__setattr__(self, "names", None if names is None else tuple(map(str, names)))
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "shifts", tuple(np.asarray(shift, dtype=np.float64).tolist()))
        object.__setattr__(self, "scales", tuple(np.asarray(scale, dtype=np.float64).tolist()))

    @classmethod
    def fit(cls, samples: ArrayLike | Sequence[Mapping[str, float]], name: str) -> "Scaler":
        """A scaler of the columns of samples.

        Args:
            samples: (samples, columns), or dictionaries, each with a number for each name.
            name: one of `engine.formulas.registry.SCALERS`: ``"MinMax"``, ``"Standard"`` or ``"Robust"``.

        Raises:
            ArgumentError: if an argument will not do, or the numbers of a column are too large to have a finite spread.

        Warns:
            UserWarning: if a column has no spread; its scale is 1 then.
        """
        check("createScaler", "samples", samples)
        check("createScaler", "name", name)
        names = names_of_sample(cast(Sequence[object], samples)[0])
        if names is not None:
            samples = [[each[key] for key in names] for each in cast(Sequence[Mapping[str, float]], samples)]
        rows = np.asarray(samples, dtype=np.float64)
        shifts, scales = _fitted(SCALERS[name], rows)
        is_constant = (rows == rows[0]).all(axis=0)
        shifts = np.where(is_constant, rows[0], shifts)
        has_none = is_constant | (scales == 0)
        scales = np.where(has_none, 1.0, scales)
        for index in np.flatnonzero(~(np.isfinite(shifts) & np.isfinite(scales))):
            # Of 0 and -0 any may be the first when numbers are sorted: added to 0, both are 0.
            ends = {"minimum": rows[:, index].min(), "maximum": rows[:, index].max()}
            named = {each: describe_number(float(value) + 0.0) for each, value in ends.items()}
            got = fill(MESSAGES["got_spread"], **named, index=index + 1)
            label = parameter_of("createScaler", "samples").label
            raise refusal("createScaler", "samples", fault(label, MESSAGES["spread"], got))
        if has_none.any():
            columns = ", ".join(
                describe(names[index]) if names else fill(MESSAGES["column"], index=index + 1)
                for index in np.flatnonzero(has_none)
            )
            warnings.warn(fill(MESSAGES["no_spread"], names=columns), stacklevel=2)
        return cls(name, shifts, scales, names)

    @classmethod
    def from_sklearn(cls, scaler: object) -> "Scaler":
        """A scaler with the numbers of a fitted MinMaxScaler, StandardScaler or RobustScaler of scikit-learn.

        Raises:
            ValueError: if it is none of these, is not fitted, or cuts off what is beyond its range.
        """
        for attribute, (name, read) in _SKLEARN.items():
            if hasattr(scaler, attribute) and hasattr(scaler, "scale_"):
                shift, scale = read(scaler)
                return cls(name, shift, scale)
        raise ValueError("The scaler must be a fitted MinMaxScaler, StandardScaler or RobustScaler of scikit-learn.")

    @property
    def columns(self) -> int:
        """How many numbers a sample has."""
        return len(self.shifts)

    @overload
    def scale(self, sample: Mapping[str, float]) -> dict[str, float]: ...

    @overload
    def scale(self, sample: ArrayLike) -> Array: ...

    def scale(self, sample: ArrayLike | Mapping[str, float]) -> Array | dict[str, float]:
        """A user's numbers as a network has them: (columns,) → (columns,), a dictionary for a dictionary.

        Raises:
            ArgumentError: if they are not that many finite numbers, or one does not stay finite.
        """
        return self._done("scaleSample", scaled, "scalable", sample)

    @overload
    def unscale(self, sample: Mapping[str, float]) -> dict[str, float]: ...

    @overload
    def unscale(self, sample: ArrayLike) -> Array: ...

    def unscale(self, sample: ArrayLike | Mapping[str, float]) -> Array | dict[str, float]:
        """A network's numbers as its user has them: (columns,) → (columns,), a dictionary for a dictionary.

        Raises:
            ArgumentError: if they are not that many finite numbers, or one does not stay finite.
        """
        return self._done("unscaleSample", unscaled, "unscalable", sample)

    def apply(self, formula: Formula, numbers: Array) -> Array:
        """`scaled` or `unscaled` of numbers, (…, columns), unchecked."""
        return elementwise(formula)(numbers, np.array(self.shifts), np.array(self.scales))

    def to_fields(self) -> dict[str, object]:
        """What a network that has the names, if there are any, keeps of it in its extras."""
        return {NAME: self.name, SHIFT: list(self.shifts), SCALE: list(self.scales)}

    @classmethod
    def from_fields(cls, fields: object) -> "Scaler | None":
        """The scaler that fields without a fault tell of; None if there are none."""
        return None if fields is None else cls(**cast(dict[str, Any], fields))

    def in_order(self, place: str, names: Sequence[str] | None) -> "Scaler | str":
        """The same without names, its columns in the order of a network's; or what is wrong with the names it has."""
        if self.names is None:
            return self
        if names is None:
            return fault(f"{place}.{NAMES}", MESSAGES["no_scaler_names"], describe(self.names))
        rule = fill(MESSAGES["scaler_names"], names=", ".join(names))
        found = named_fault(f"{place}.{NAMES}", dict.fromkeys(self.names, 1.0), names, rule)
        if found is not None:
            return found
        order = [self.names.index(each) for each in names]
        return Scaler(self.name, [self.shifts[index] for index in order], [self.scales[index] for index in order])

    @staticmethod
    def fault_of_result(
        rule: str, place: str, numbers: Array, result: Array, names: Sequence[str] | None
    ) -> str | None:
        """What is wrong with the first number that has not stayed finite, called by its name if it has one; or None."""
        for index in np.flatnonzero(~np.isfinite(result)).tolist():
            key = str(index + 1) if names is None else f'"{names[index]}"'
            return fault(f"{place}[{key}]", MESSAGES[rule], describe(float(numbers[index])))
        return None

    def _done(
        self, function: str, formula: Formula, rule: str, sample: ArrayLike | Mapping[str, float]
    ) -> Array | dict[str, float]:
        label, names = parameter_of(function, "sample").label, None
        if self.names is None:
            check(function, "sample", sample, count=self.columns)
        elif isinstance(sample, Mapping):
            names = self.names
            found = named_fault(label, sample, names, sample_rule(self.columns, names))
            if found is not None:
                raise refusal(function, "sample", found)
            sample = [sample[each] for each in names]
        else:
            instead = described_unless_numbers(sample, self.columns)
            if instead is not None:
                raise refusal(function, "sample", fault(label, sample_rule(self.columns, self.names), instead))
        numbers = np.asarray(sample, dtype=np.float64)
        result = self.apply(formula, numbers)
        found = self.fault_of_result(rule, label, numbers, result, names)
        if found is not None:
            raise refusal(function, "sample", found)
        return result if names is None else dict(zip(names, result.tolist(), strict=True))


def scaler_fault(place: str, value: object, count: int | None) -> str | None:
    """What is wrong with a dictionary that should be a scaler, of so many columns if that is known; or None."""
    if not isinstance(value, Mapping) or not value:
        return fault(place, MESSAGES["scaler"], describe(value))
    unknown = [describe_name(name, FIELDS) for name in value if name not in FIELDS]
    if unknown:
        return fault(place, MESSAGES["scaler"], fill(MESSAGES["got_name"], got=min(unknown)))
    for name in FIELDS:
        if value.get(name) is None:
            return fault(place, MESSAGES["scaler"], fill(MESSAGES["got_no_name"], name=name))
    choice = Choice(tuple(SCALERS))
    instead = described_unless_right(choice, value[NAME], {})
    if instead is not None:
        return fault(f"{place}.{NAME}", choice.text(), instead)
    shift, scale = value[SHIFT], value[SCALE]
    if count is None:
        if not is_array(shift) or not 1 <= len(shift) <= MAXIMUM_NODES:
            return fault(f"{place}.{SHIFT}", fill(MESSAGES["first_sample"], maximum=MAXIMUM_NODES), describe(shift))
        count = len(shift)
    for name in (SHIFT, SCALE):
        instead = described_unless_numbers(value[name], count)
        if instead is not None:
            return fault(f"{place}.{name}", fill(MESSAGES["numbers"], count=count), instead)
    above = NumberAbove(0.0)
    for index, number in enumerate(cast(Sequence[object], scale), start=1):
        if described_unless_right(above, number, {}) is not None:
            return fault(f"{place}.{SCALE}[{index}]", above.text(), describe_unless_number(number))
    return None


def _fitted(kind: ScalerKind, rows: Array) -> tuple[Array, Array]:
    """Shift and scale of each column, as they are where all of them have a spread."""
    known: dict[str, Array | float] = {"count": float(len(rows))}
    in_order = np.sort(rows, axis=0)
    for statistic in kind.statistics:
        known[statistic.name] = (
            _folded(statistic, rows, known) if isinstance(statistic, Fold) else _quantile(statistic, in_order)
        )
    return _of_known(kind.shift, known), _of_known(kind.scale, known)


def _folded(fold: Fold, rows: Array, known: Mapping[str, Array | float]) -> Array:
    """The number of each column, from its first value to its last."""
    last = rows[0] if fold.start is None else np.full(rows.shape[1], fold.start)
    for value in rows:
        last = _of_known(fold.formula, {**known, fold.name: last, "value": value})
    return last


def _quantile(quantile: Quantile, in_order: Array) -> Array:
    place = quantile_place(quantile.share, len(in_order))
    below = math.floor(place)
    upper = in_order[min(below + 1, len(in_order) - 1)]
    return elementwise(quantile_between)(in_order[below], upper, place - below)


def _of_known(formula: Formula, known: Mapping[str, Array | float]) -> Array:
    """A formula of what is known by the names of its arguments."""
    names = formula.__code__.co_varnames[: formula.__code__.co_argcount]
    return elementwise(formula)(*(known[name] for name in names))


def _of_min_max(scaler: Any) -> tuple[ArrayLike, ArrayLike]:
    if scaler.clip:
        raise ValueError("The scaler must not clip: a Scaler goes on beyond the range of its samples.")
    if tuple(scaler.feature_range) == (0, 1):
        return scaler.data_min_, np.where(scaler.data_range_ == 0, 1.0, scaler.data_range_)
    return -scaler.min_ / scaler.scale_, 1.0 / scaler.scale_


def _of_standard(scaler: Any) -> tuple[ArrayLike, ArrayLike]:
    return _or_all(scaler.mean_ if scaler.with_mean else None, 0.0, scaler), _or_all(scaler.scale_, 1.0, scaler)


def _of_robust(scaler: Any) -> tuple[ArrayLike, ArrayLike]:
    return _or_all(scaler.center_, 0.0, scaler), _or_all(scaler.scale_, 1.0, scaler)


def _or_all(numbers: ArrayLike | None, number: float, scaler: Any) -> ArrayLike:
    """Numbers or, where there are none since they were not wanted, the same one in all columns."""
    return np.full(scaler.n_features_in_, number) if numbers is None else numbers


# How scikit-learn's scalers are read, by what only each of them has once it is fitted.
_SKLEARN: Mapping[str, tuple[str, Callable[[Any], tuple[ArrayLike, ArrayLike]]]] = MappingProxyType(
    {
        "data_min_": ("MinMax", _of_min_max),
        "mean_": ("Standard", _of_standard),
        "center_": ("Robust", _of_robust),
    }
)
