"""Rows of a packed network whose weights are constants of the source, as short as they can be written.

Interpreted, a constant is the fastest weight there is, but it takes twice as many characters as a packed one. So as
many rows as a script has room for get functions of their own. In native code packed weights are faster: there the
module asks those functions for the weights, by giving them inputs of which one is 1 and the others are 0.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice, pairwise, product
from string import ascii_letters

from codegen.export.limits import CODED_CONSTANTS, CODED_NAMES, CODED_TERMS, INTERLEAVED_NODES, UNPACKED_INPUTS
from codegen.export.unrolled import literal
from codegen.translate.luau_rules import RESERVED_WORDS
from engine import Network
from engine.elementwise import Array


@dataclass(frozen=True)
class CodedRows:
    """The function of some nodes of a layer.

    Attributes:
        layer: the number of the layer, from 1.
        nodes: the numbers of the nodes, from 1.
        weights: how many weights they have.
        text: the function, without its name.
    """

    layer: int
    nodes: range
    weights: int
    text: str


def coded_rows(network: Network) -> Iterator[CodedRows]:
    """The functions of all nodes that can have one, layer by layer."""
    for number, layer in enumerate(network.layers, start=1):
        inputs = layer.inputs
        if inputs <= UNPACKED_INPUTS:
            step = min(CODED_CONSTANTS // inputs, INTERLEAVED_NODES)
            bounds = [*range(1, layer.nodes + 1, step), layer.nodes + 1]
            for first, stop in pairwise(bounds):
                rows = layer.input_weights[first - 1 : stop - 1]
                yield CodedRows(number, range(first, stop), rows.size, _function(rows, first))


def short_names() -> Iterator[str]:
    """Names, the shortest first."""
    names = ("".join(letters) for length in count(1) for letters in product(ascii_letters, repeat=length))
    return (name for name in names if name not in RESERVED_WORDS)


def _function(rows: Array, first: int) -> str:
    names = short_names()
    sums = list(islice(names, len(rows)))
    inputs = list(islice(names, rows.shape[1]))
    named = [",".join(inputs[start : start + CODED_NAMES]) for start in range(0, len(inputs), CODED_NAMES)]
    lines = ["function(" + ",\n".join(named) + ")"]
    for start in range(0, len(inputs), CODED_TERMS):
        block = slice(start, start + CODED_TERMS)
        for name, row in zip(sums, rows, strict=True):
            # Always a plus: where additions and subtractions take turns, the processor cannot foresee the interpreter's
            # next step (measured: 1.7 times slower).
            terms = "+".join(
                f"{value}*{_short(weight)}" for value, weight in zip(inputs[block], row[block], strict=True)
            )
            lines.append(f"{name}={name}+{terms}" if start else f"local {name}={terms}")
    stored = ",".join(f"sums[{number}]" for number in range(first, first + len(sums)))
    return "\n".join([*lines, f"{stored}={','.join(sums)}", "end"])


def _short(weight: float) -> str:
    """A constant without the 0 in front of its point."""
    return re.sub(r"^(-?)0\.", r"\1.", literal(weight))
