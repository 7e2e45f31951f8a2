"""The project's own random numbers, the same in every runtime: MRG32k3a with substreams."""

import time
from functools import cache

from engine.arguments import check
from engine.formulas import random as formulas
from engine.interface.limits import MAXIMUM_SEED, SEED_WARM_UP, SUBSTREAM_EXPONENT

State = tuple[float, float, float, float, float, float]
Matrix = tuple[tuple[int, ...], ...]


class Random:
    """A stream of random numbers.

    Args:
        seed: an integer from 0 to 2^32 - 1, or None for a stream that no other of this process has, from the clock.
            The state that follows from a seed is the one of R's ``set.seed(seed, kind = "L'Ecuyer-CMRG")``, and so
            are the uniform numbers.

    Raises:
        ArgumentError: if the seed is something else.
    """

    def __init__(self, seed: int | None = None) -> None:
        if seed is None:
            self._state = _unseeded().spawn().state
        else:
            check("setSeed", "seed", seed)
            self._state = _spread(int(seed))

    @classmethod
    def from_state(cls, state: State) -> "Random":
        """A stream that goes on from a state: two triples of integers, oldest first, neither all zero."""
        stream = cls.__new__(cls)
        stream._state = state
        return stream

    @classmethod
    def of(cls, seed: "int | Random | None") -> "Random":
        """The stream itself, or a new one from a seed or from the clock."""
        return seed if isinstance(seed, Random) else cls(seed)

    @property
    def state(self) -> State:
        """Where the stream stands."""
        return self._state

    @state.setter
    def state(self, state: State) -> None:
        """Go on from another state."""
        self._state = state

    def uniform(self) -> float:
        """The next number, uniform in (0, 1)."""
        s10, s11, s12, s20, s21, s22 = self._state
        first = formulas.next_first(s10, s11)
        second = formulas.next_second(s20, s22)
        self._state = (s11, s12, first, s21, s22, second)
        return formulas.combine(first, second)

    def symmetric(self, limit: float) -> float:
        """The next number as one uniform in (-limit, limit)."""
        return formulas.symmetric(self.uniform(), limit)

    def normal(self) -> float:
        """The next twelve numbers as one that is almost normal, with mean 0 and variance 1."""
        total = 0.0
        for _ in range(int(formulas.NORMAL_TERMS)):
            total += self.uniform()
        return formulas.normal(total)

    def index(self, count: int) -> int:
        """The next number as an integer from 0 to count - 1."""
        return int(formulas.index_below(self.uniform(), count))

    def spawn(self) -> "Random":
        """A stream of its own, which goes on from here, while this one moves to the next substream.

        Substreams are 2^76 numbers long, so the two never meet.
        """
        child = Random.from_state(self._state)
        first, second = self._state[:3], self._state[3:]
        self._state = (
            *_transform(FIRST_JUMP, first, formulas.FIRST_MODULUS),
            *_transform(SECOND_JUMP, second, formulas.SECOND_MODULUS),
        )
        return child


@cache
def _unseeded() -> Random:
    """The stream that unseeded ones come from, so that two made within one tick of the clock differ."""
    return Random(time.time_ns() % (MAXIMUM_SEED + 1))


def _spread(seed: int) -> State:
    """Six valid state numbers from a seed."""
    multiplier, increment, _ = WARM_UP
    number = float((multiplier * seed + increment) % int(formulas.SEED_MODULUS))
    numbers: list[float] = []
    while len(numbers) < 6:
        number = formulas.next_seed(number)
        if number < formulas.SECOND_MODULUS:
            numbers.append(number)
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f


def _transform(matrix: Matrix, triple: tuple[float, ...], modulus: float) -> tuple[float, float, float]:
    """A triple of the state times a matrix, modulo the component's modulus."""
    exact = [int(number) for number in triple]
    a, b, c = (float(sum(m * s for m, s in zip(row, exact, strict=True)) % int(modulus)) for row in matrix)
    return a, b, c


def _power(matrix: Matrix, exponent: int, modulus: float) -> Matrix:
    """A matrix to the power 2^exponent, modulo the component's modulus."""
    for _ in range(exponent):
        matrix = tuple(
            tuple(sum(row[k] * matrix[k][column] for k in range(3)) % int(modulus) for column in range(3))
            for row in matrix
        )
    return matrix


def _many_steps(count: int) -> tuple[int, int, int]:
    """So many steps of the seeding generator at once, as a row of a matrix on (seed, 1, 0)."""
    multiplier, increment, modulus = 1, 0, int(formulas.SEED_MODULUS)
    for _ in range(count):
        multiplier = multiplier * int(formulas.SEED_MULTIPLIER) % modulus
        increment = (increment * int(formulas.SEED_MULTIPLIER) + 1) % modulus
    return multiplier, increment, 0


WARM_UP = _many_steps(SEED_WARM_UP)

# One step of each component as a matrix on its triple, raised to the length of a substream.
FIRST_JUMP = _power(
    ((0, 1, 0), (0, 0, 1), (-int(formulas.FIRST_SUBTRAHEND), int(formulas.FIRST_MULTIPLIER), 0)),
    SUBSTREAM_EXPONENT,
    formulas.FIRST_MODULUS,
)
SECOND_JUMP = _power(
    ((0, 1, 0), (0, 0, 1), (-int(formulas.SECOND_SUBTRAHEND), 0, int(formulas.SECOND_MULTIPLIER))),
    SUBSTREAM_EXPONENT,
    formulas.SECOND_MODULUS,
)
