"""Where a network and its users meet: what goes in and comes out, in their own words and units.

The same as networks/boundary.luau.

Inside a network there are arrays of numbers alone. A network with names takes dictionaries, too, one with classes takes
their names as targets; dictionaries come out where dictionaries went in. One with scalers takes and gives numbers as
its user measures them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import ArrayLike

from engine.arguments import (
    array_fault,
    check,
    described_unless_numbers,
    fault,
    fault_of,
    named_fault,
    parameter_of,
    refusal,
    rows_fault,
    sample_rule,
)
from engine.describe import describe, describe_name, is_array
from engine.elementwise import Array
from engine.files.extras import Extras
from engine.formulas.scaling import scaled, unscaled
from engine.interface.messages import MESSAGES
from engine.scaler import Scaler

# What goes in or should come out in one sample: an array, a dictionary by names, or the name of a class.
Sample = ArrayLike | Mapping[str, float]
Samples = ArrayLike | Sequence[Sample]
# What comes out for dictionaries: of one sample, or of many; an array where outputs have no names.
Named = dict[str, float] | list[dict[str, float]] | Array


@dataclass(frozen=True)
class End:
    """One end of a network: what goes in, or what comes out.

    Attributes:
        count: how many numbers.
        names: what they are called; None if they are numbered.
        classes: the classes that they stand for; None if they stand for none.
        scaler: between a user's units and the network's numbers; None if they are the same.
    """

    count: int
    names: tuple[str, ...] | None = None
    classes: tuple[str, ...] | None = None
    scaler: Scaler | None = None

    @classmethod
    def of_inputs(cls, count: int, extras: Extras) -> "End":
        """Where things go in."""
        return cls(count, extras.inputs, scaler=extras.input_scaler)

    @classmethod
    def of_outputs(cls, count: int, extras: Extras) -> "End":
        """Where things come out."""
        return cls(count, extras.outputs, extras.classes, extras.target_scaler)

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to be said but numbers."""
        return self.names is None and self.classes is None and self.scaler is None

    @property
    def rule(self) -> str:
        """What one sample has to be."""
        return sample_rule(self.count, self.names, self.classes)

    def take_one(self, function: str, parameter: str, sample: object) -> Array:
        """The numbers that an argument of a public function stands for.

        Raises:
            ArgumentError: if it will not do.
        """
        if self.is_plain:
            check(function, parameter, sample, count=self.count)
            return np.asarray(sample, dtype=np.float64)
        taken = self._taken(parameter_of(function, parameter).label, sample)
        if isinstance(taken, str):
            raise refusal(function, parameter, taken)
        return taken

    def take_any(self, function: str, parameter: str, given: object, *, in_time: bool) -> Array:
        """The numbers that one sample stands for, or those of a batch, which a network that goes on in time refuses.

        Raises:
            ArgumentError: if they will not do.
        """
        is_batch = (isinstance(given, np.ndarray) and given.ndim == 2) or (
            is_array(given)
            and len(given) > 0
            and (is_array(given[0]) or (self.names is not None and isinstance(given[0], Mapping)))
        )
        if not is_batch:
            return self.take_one(function, parameter, given)
        if in_time:
            label = parameter_of(function, parameter).label
            raise refusal(function, parameter, fault(label, MESSAGES["batch"], describe(given)))
        batch = cast(Sequence[object], given)
        if len(batch) == 0:
            # An empty batch has no sample to look at, but a width.
            self.take_one(function, parameter, np.zeros(np.shape(cast(Array, given))[1]))
        return self.take_batch(function, parameter, batch)

    def take_batch(self, function: str, parameter: str, samples: Sequence[object]) -> Array:
        """The numbers that samples stand for, (samples, count), each of them looked at as a single one is.

        Raises:
            ArgumentError: if one of them will not do.
        """
        label = parameter_of(function, parameter).label
        if self.is_plain:
            found = rows_fault(label, samples, self.count)
            if found is None:
                return np.asarray(samples, dtype=np.float64)
            raise refusal(function, parameter, found)
        return self._taken_rows(function, parameter, label, samples).reshape(-1, self.count)

    def take_many(
        self,
        function: str,
        parameter: str,
        samples: object,
        context: Mapping[str, int],
        *,
        of: str | None = None,
        place: str | None = None,
    ) -> Array:
        """The numbers that many samples stand for, (samples, count); ``context`` as in `engine.arguments.check`.

        If they are a part of the argument, they have to be what the parameter ``of`` is, and stand at ``place``.

        Raises:
            ArgumentError: if one of them will not do.
        """
        described = parameter_of(function, of or parameter)
        place = place or described.label
        if self.is_plain:
            found = fault_of(described.rule, place, samples, {"count": self.count, **context})
        else:
            found = array_fault(described.rule, place, samples, context)
        if found is not None:
            raise refusal(function, parameter, found)
        if self.is_plain:
            return np.ascontiguousarray(cast(ArrayLike, samples), dtype=np.float64)
        return self._taken_rows(function, parameter, place, cast(Sequence[object], samples))

    def give(self, outputs: Array, *, named: bool) -> Named:
        """Outputs, (count,) or (batch, count), as users get them: in dictionaries if that is wanted and can be."""
        if self.scaler is not None:
            outputs = self.scaler.apply(unscaled, outputs)
        if not named or self.names is None:
            return outputs
        names = self.names
        if outputs.ndim > 1:
            return [dict(zip(names, row, strict=True)) for row in outputs.tolist()]
        return dict(zip(names, outputs.tolist(), strict=True))

    def _taken_rows(self, function: str, parameter: str, label: str, samples: Sequence[object]) -> Array:
        rows = []
        for index, sample in enumerate(samples, start=1):
            taken = self._taken(f"{label}[{index}]", sample)
            if isinstance(taken, str):
                raise refusal(function, parameter, taken)
            rows.append(taken)
        return np.array(rows)

    def _taken(self, place: str, sample: object) -> Array | str:
        """The numbers that a sample stands for, or what is wrong with it."""
        if self.classes is not None and isinstance(sample, str):
            if sample not in self.classes:
                return fault(place, self.rule, describe_name(sample, self.classes))
            return np.array([float(sample == name) for name in self.classes])
        if self.names is not None and isinstance(sample, Mapping) and sample:
            found = named_fault(place, sample, self.names, self.rule)
            if found is not None:
                return found
            return self._scaled(place, np.array([sample[name] for name in self.names], dtype=np.float64), self.names)
        instead = described_unless_numbers(sample, self.count)
        if instead is not None:
            return fault(place, self.rule, instead)
        return self._scaled(place, np.array(sample, dtype=np.float64), None)

    def _scaled(self, place: str, numbers: Array, names: Sequence[str] | None) -> Array | str:
        """A user's numbers as the network has them, or which one does not stay finite, by its name if it has one."""
        if self.scaler is None:
            return numbers
        taken = self.scaler.apply(scaled, numbers)
        return self.scaler.fault_of_result("scalable", place, numbers, taken, names) or taken


def is_dictionary(sample: object) -> bool:
    """Whether a sample, or the first of many, is a dictionary."""
    first = sample[0] if is_array(sample) and len(sample) > 0 else sample
    return isinstance(first, Mapping)
