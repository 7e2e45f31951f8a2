"""Modules for one network (`luaunn export`): how they are built, within which limits, and what a call costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from codegen.translate.places import BYTES


class Precision(Enum):
    """How exactly a module for one network holds its weights and biases."""

    F64 = "f64"
    F32 = "f32"

    @property
    def size(self) -> int:
        """Bytes of a number."""
        return BYTES if self is Precision.F64 else BYTES // 2

    @property
    def fraction_bits(self) -> int:
        """How many bits of a number stand behind its point (IEEE 754)."""
        return 52 if self is Precision.F64 else 23

    @property
    def exponent_bias(self) -> int:
        """What its exponent is stored with in addition (IEEE 754)."""
        return 1023 if self is Precision.F64 else 127


# Modules for one network (`luaunn export`). Weights and biases stand in the source as constants where the languages'
# limits allow it and it pays: up to so many of them (in double precision a script has room for few more; in single
# precision vectors are faster from there on), so many inputs, nodes and outputs (Luau and Lua take 200 locals in a
# function), and so many functions (Lua takes 60 from outside).
UNROLLED_PARAMETERS: Mapping[Precision, int] = MappingProxyType({Precision.F64: 5_000, Precision.F32: 2_500})
UNROLLED_VALUES = 170
UNROLLED_FUNCTIONS = 50
# An instruction of Luau's interpreter reaches the first 256 constants of its function. Some more are slower, but on the
# whole faster than one more function.
FUNCTION_CONSTANTS = 272
FUNCTION_INPUTS = 59
FUNCTION_NODES = 12
# Up to so many inputs and outputs can be given and returned as plain values too.
VALUES_INPUTS, VALUES_OUTPUTS = 16, 8
# Nodes of one layer whose sums grow side by side, so that the processor need not wait for one addition to end before
# the next begins.
INTERLEAVED_NODES = 8
# Products in one statement, of constants and of packed weights: as many as a line takes (measured: more gain nothing,
# and native code gives up on very long expressions).
TERMS_PER_STATEMENT, PACKED_TERMS_PER_STATEMENT = 3, 2
# At most so many inputs of a packed layer at a time are in locals, and fewer than so many are read where they are used,
# for unpacking a short row costs more than it saves.
UNPACKED_INPUTS = 64
INDEXED_INPUTS = 10
# A packed network in double precision gets functions with constants for as many rows as the script has room for: so
# many constants in each, which is as many as the interpreter reaches, and so many products or names on a line (measured
# on 64-64-64-10: two thirds of the weights fit, and a call interpreted is 1.2 times faster).
CODED_CONSTANTS = 256
CODED_TERMS, CODED_NAMES = 4, 32
# At most so many characters there are around all of those functions, and around those of each layer.
CODED_CODE, CODED_CODE_PER_LAYER = 2_000, 200
# Where the interpreter has vectors, single precision sums so many nodes in one.
VECTOR_SIZE = 3
# In native code, so many inputs of a packed layer at a time.
PACKED_INPUTS = 8
PACKED_LINE = 100
# The code beside the numbers is at most about so long.
PACKED_CODE = 30_000
# Error bounds of single precision are measured on so many samples of inputs between -1 and 1, from this seed.
ERROR_SAMPLES = 1_000
ERROR_SEED = 1


@dataclass(frozen=True)
class CallCost:
    """How long a call of a module for one network takes, in seconds: at least, and more for each part."""

    call: float
    value: float
    multiply_add: float

    def seconds(self, values: int, multiply_adds: int) -> float:
        """About how long a call takes, in seconds; every input and every node is a value."""
        return self.call + self.value * values + self.multiply_add * multiply_adds


# By how the weights are held, and by how Luau runs. Measured in Lune, on one core of a server.
CALL_COSTS: Mapping[tuple[str, str], CallCost] = MappingProxyType(
    {
        ("unrolled", "interpreted"): CallCost(60e-9, 15e-9, 4.7e-9),
        ("unrolled", "native"): CallCost(90e-9, 1e-9, 0.5e-9),
        ("packed", "interpreted"): CallCost(300e-9, 20e-9, 7e-9),
        ("packed", "native"): CallCost(550e-9, 8e-9, 0.3e-9),
        ("vectors", "interpreted"): CallCost(300e-9, 40e-9, 2.7e-9),
    }
)
