"""The parity checks have teeth: small faults, planted one at a time, are all caught.

Faults in the truth come of its syntax trees, faults in loops of every line that Luau has of them; those in templates,
which have no truth in Python, are listed. Of the first two, a sample is planted, which changes with the truth; all of
them with the option --thorough.
"""

import ast
import random
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest

from codegen.library.generate import library_sources
from codegen.runtimes import RUNTIMES, LuaError
from codegen.translate.luau_formulas import FORMULAS, read_formulas
from codegen.translate.python_subset import FormulaError
from engine.layers.program import ProgramError
from tests.library import Library
from tests.parity.battery import complaint
from tests.parity.faults import NOWHERE, Fault, faults, formulas_with, library_with, truth, unchanged
from tests.parity.formulas import check_formulas
from tests.parity.harmless import why_harmless
from tests.parity.kernels import FOLDERS, arrays_complaint
from tests.skips import or_skip

# How many faults of the truth, and how many lines of loops, are tried without --thorough.
SAMPLE, LINES = 4, 3
# How the generator refuses a fault: with a sentence.
REFUSALS = (FormulaError, ProgramError)

Chosen = TypeVar("Chosen")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Faults by the option --thorough."""
    for name, planned, count in (("fault", faults, SAMPLE), ("line", lines_of_loops, LINES)):
        if name in metafunc.fixturenames:
            every = planned()
            chosen = every if metafunc.config.getoption("thorough") else sampled(every, count)
            metafunc.parametrize(name, chosen, ids=str)


def sampled(every: Sequence[Chosen], count: int) -> list[Chosen]:
    """Some of them: the same ones on every machine until the truth changes."""
    texts = "".join(path.read_text(encoding="utf-8") for path in truth())
    return random.Random(zlib.crc32(texts.encode())).sample(every, count)


@cache
def library() -> dict[str, str]:
    return library_sources()


def test_the_library_as_it_is_passes_all_checks() -> None:
    assert complaint(library()) is None


@pytest.mark.parametrize("nothings", unchanged(), ids=len)
def test_to_plant_nothing_changes_nothing(nothings: list[Fault]) -> None:
    assert library_with(*nothings) == library()
    assert all(why_harmless(each, read_formulas(), library(), library()) is not None for each in nothings)


def has_names_alone(path: Path) -> bool:
    """Whether all that a file calculates is a name, for which no other can stand."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    bodies = [each.body[1:] for each in functions]
    return bool(functions) and all(
        len(body) == 1 and isinstance(body[0], ast.Return) and isinstance(body[0].value, ast.Name) for body in bodies
    )


def test_every_part_of_the_truth_has_faults() -> None:
    planted = faults()
    assert {fault.path for fault in planted} == {path for path in truth() if not has_names_alone(path)}
    functions = {
        (path, node.name)
        for path in truth()
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    # Some formulas are one number, and some layers' columns one name that no other can stand for.
    assert len(functions - {(fault.path, fault.name) for fault in planted}) < len(functions) / 10
    assert len(planted) > 2000


def test_a_fault_in_the_truth_is_caught_or_changes_nothing(fault: Fault) -> None:
    refusal: Exception | None = None
    try:
        wrong = library_with(fault)
    except REFUSALS as error:
        refusal = error
    if refusal is not None:
        assert "\n" not in str(refusal)
        assert fault.path.name in str(refusal) or isinstance(refusal, ProgramError)
        return
    found = None
    if fault.place == NOWHERE:
        found = loop_complaint(fault)
    elif wrong != library():
        found = formula_complaint(fault) or complaint(wrong)
    assert found or why_harmless(fault, read_formulas(), library(), wrong), f"nobody has noticed: {fault}"


def formula_complaint(fault: Fault) -> str | None:
    """What is wrong with the formulas of a file; None if it has none, or if all give the right numbers."""
    if not fault.path.is_relative_to(FORMULAS):
        return None
    try:
        check_formulas(or_skip(RUNTIMES["luau"]), formulas_with(fault), fault.path)
    except (AssertionError, LuaError) as error:
        return str(error)
    return None


def loop_complaint(fault: Fault) -> str | None:
    """What is wrong with a loop that Luau has no use for, compared with numpy's."""
    names: dict[str, object] = {"__name__": fault.path.stem}
    exec(compile(fault.source, fault.path, "exec"), names)
    loop = names[fault.name]
    assert callable(loop)
    try:
        return arrays_complaint(fault.name, loop)
    except (ArithmeticError, LookupError, NameError, TypeError) as error:
        return str(error)


# Every line of the loops, of every rung of their ladders.


@dataclass(frozen=True)
class Line:
    """A statement in a file of the library."""

    path: str
    number: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.number} {self.text.strip()}"


# But for a loop's own counter, without which it would never end, for chains that are made and kept, and for the length
# of a row that is looked for, without which loops give the same numbers.
_STATEMENT = re.compile(
    r"\t+(?!local |for |while |if |elseif |return|function|[a-z] \+= \d+$|chain = |chains\[|rowLength = )"
    r"\S.* [+*]?= .*[^{(,]"
)


# What raises an error there only sends its caller the way without it, with the same numbers: test_tiny_networks.py and
# test_functions.py compare what these put out.
_WITH_ANOTHER_WAY = tuple(f"kernels/{name}" for name in ("runners", "steppers", "closures", "padded", "buffered"))


def lines_of_loops() -> list[Line]:
    return [
        Line(path, number, text)
        for path, source in library().items()
        if path.startswith(FOLDERS) and path not in _WITH_ANOTHER_WAY
        for number, text in enumerate(source.split("\n"), start=1)
        if _STATEMENT.fullmatch(text)
    ]


def test_a_line_that_is_left_out_of_a_loop_is_missed(line: Line) -> None:
    lines = library()[line.path].split("\n")
    assert lines[line.number - 1] == line.text
    del lines[line.number - 1]
    assert complaint({**library(), line.path: "\n".join(lines)}) is not None


# What has no truth in Python.


@dataclass(frozen=True)
class Slip:
    """A piece of the library and what it is replaced with, wherever it stands."""

    name: str
    right: str
    wrong: str

    def __str__(self) -> str:
        return self.name


SLIPS = [
    # Random numbers and creation.
    Slip(
        "a component that is not moved on",
        "generator[4], generator[5], generator[6] = generator[5]",
        "generator[4], generator[5], generator[6] = generator[4]",
    ),
    Slip("a substream that starts where the last one did", "generator[1] = jumped(", "local _ = jumped("),
    Slip("a warm-up of other steps", "jumped(seed, 1, 0, 8397,", "jumped(seed, 1, 0, 8398,"),
    Slip(
        "a fan-in without the recurrent weight", "initializer.size(columns, nodes)", "initializer.size(inputs, nodes)"
    ),
    Slip("a default bias that is dropped", "weights[j], biases[j] = row, bias", "weights[j], biases[j] = row, 0"),
    # Forward.
    Slip("a recurrent weight of the wrong column", "past.add(weights, width,", "past.add(weights, width - 1,"),
    Slip("the same where kinds go without saying", "addImplied(weights, width,", "addImplied(weights, width - 1,"),
    Slip("a state that is never stored", "moveOn(network, outputs, cache, true)", ""),
    Slip("a state that nobody looks at before", "outputs, cache, true)", "outputs, cache, false)"),
    Slip("inputs of a wide network that nobody looks at", " or not areNumbers(inputs, network[INPUTS]) then", " then"),
    Slip("a state that narrow networks do not store", "outputs[1], outputs[2] = x1, x2", "outputs[1] = x1"),
    Slip(
        "an output layer that remembers",
        "for l = 1, #layers - 1 do\n\t\tlocal state",
        "for l = 1, #layers do\n\t\tlocal state",
    ),
    Slip(
        "the output layer with the hidden activation", "activation = shared and OUTPUT_ACTIVATION or activation\n", ""
    ),
    # Backward.
    Slip(
        "a derivative of the output layer that is left out",
        "activation.scaleBySlope(deltas, space.sums, outputs, count)",
        "",
    ),
    Slip(
        "a derivative at the wrong place",
        "activation.scaleBySlope(upstream, space.sums, space.outputs, width)",
        "activation.scaleBySlope(upstream, space.outputs, space.outputs, width)",
    ),
    Slip(
        "the new state in the gradient",
        "past.step(weights, width, deltas, rate, state",
        "past.step(weights, width, deltas, rate, workspaces[l].outputs",
    ),
    Slip(
        "the activations of the wrong layer",
        "values, width, upstream = space.outputs,",
        "values, width, upstream = workspaces[l].outputs,",
    ),
    Slip("weights that an optimizer steps twice", "if not block then", "if block then"),
    Slip(
        "weights of the first layer that no optimizer steps",
        "block.stepRows(weights, memory.rows, deltas, values, width, settings, factors)",
        "",
    ),
    Slip("a state that is not forgotten", "fill(state, #state, 0)", ""),
    # Generations.
    Slip(
        "ranked from the worst",
        "scores[ranking[rank - 1]] < scores[index]",
        "scores[ranking[rank - 1]] > scores[index]",
    ),
    Slip("ties ranked from the last", "rank - 1]] < scores[index]", "rank - 1]] <= scores[index]"),
    Slip("one network too many kept", "networks * share + 0.5", "networks * share + 1.5"),
    Slip("a swapped parent", "indexBelow(drawn[used + 1], 2) < 1", "indexBelow(drawn[used + 1], 2) > 0"),
    Slip("a child of one parent", "choose(chances, index, sumOf(chances, index)", "choose(chances, 0, allChances"),
    Slip("a child that keeps its biases", "biases[j] = parent[BIASES][j] + ", "biases[j] = biases[j] + "),
    Slip("a child without its parent's weights", "row[i] = parentRow[i]", ""),
    Slip(
        "the best one is mutated too",
        "if rank > 1 then\n\t\t\tbreeding.mutate",
        "if true then\n\t\t\tbreeding.mutate",
    ),
    Slip("the same node mutated twice", "ahead[index] = ahead[last]", ""),
    Slip("a best one that is not marked", "rawset(network :: any, BEST, rank == 1)", ""),
    Slip("the score of another network", "giveBestScore and scores[best]", "giveBestScore and scores[1]"),
    Slip("the score of another table", "giveBestScore and scores[first]", "giveBestScore and scores[1]"),
    Slip(
        "parents that change before their children are there", "for rank = #networks, 1, -1", "for rank = 1, #networks"
    ),
    Slip("numbers drawn ahead from another place", "nextSecond(s21, s20)", "nextSecond(s21, s22)"),
    Slip("more numbers drawn than are counted", "have += 3", "have += 2"),
    Slip("a jump to another substream", "631, 14277", "14277, 631"),
    # Saving.
    Slip("numbers with one digit less", '"%.17g"', '"%.16g"'),
    Slip(
        "a hard code with the best mark left out",
        "network[LAYERS], network[BEST], network[ACTIVATOR] }",
        "network[LAYERS], false, network[ACTIVATOR] }",
    ),
    Slip("kinds of layers that are not saved", "saved.kinds = structure.furtherKinds(network)", "saved.kinds = nil"),
    Slip("the kind of another layer", "return KINDS[names[layer]]", "return KINDS[names[1]]"),
    Slip(
        "a size that forgets the recurrent weights", "+ recurrent * CHARACTERS_PER_PARAMETER * (previous + nodes)", ""
    ),
    Slip("outputs and hidden nodes swapped", "hiddenN, outputs, structure", "outputs, hiddenN, structure"),
    # Sessions.
    Slip("shares of fewer nodes in a session", "scaleAndShareTiles(nodes,", "scaleAndShareTiles(nodes - 1,"),
    Slip(
        "a last step that is not taken",
        "stepTiles(nodes, weights, biases, deltas, rate, inputs, count)",
        "",
    ),
    Slip("a step along other inputs", "\t\tinputs = values\n", ""),
    Slip(
        "weights brought back to the wrong row",
        "local j = 3 * g - 2\n\t\t\t\tunpackRows",
        "local j = 1\n\t\t\t\tunpackRows",
    ),
    Slip("weights that are not brought back", "run.session.writeBack()\n\t\tif", "if"),
    Slip("a recurrent weight left out of a session", "multiplyNumbers(state, own, nodes, pasts)", ""),
    Slip("a recurrent weight that does not learn in a session", "stepFactors(own, deltas, rate, state, nodes)", ""),
    Slip(
        "the weights of a past left out of a session",
        "further.add(layer.rowsOfWeights, count, layer.state, layer.sums)",
        "",
    ),
    Slip(
        "the weights of a past that do not learn in a session",
        "further.step(layer.rowsOfWeights, count, layer.deltas, rate, layer.state)",
        "",
    ),
    Slip("biases that are not brought back", "restoreNumbers(biases, nodes, layer.biases)", ""),
    Slip("recurrent weights that are not brought back", "row[count + 1] = last[j]", ""),
    Slip("a state of a session that stays as it was", "\t\t\tstate = outputs\n", ""),
    Slip("a state of a session that is never stored", "restoreNumbers(state, nodes, layer.state)", ""),
    Slip("a past of a session that is never stored", "copy(layer.outputs, nodes, layer.state)", ""),
    Slip("a loss that is not the mean", "losses[#losses + 1] = total / count", "losses[#losses + 1] = total"),
    Slip("the losses of one sample only", "total += loss", "total = loss"),
    # What goes in and comes out in users' words and units.
    Slip("a scaler that only shifts", "(value - shift[index]) / scale[index]", "value - shift[index]"),
    Slip("a batch that is not scaled", "(column[n] - shift[i]) / scale[i]", "column[n]"),
    Slip("outputs that stay scaled", "value = value * scale[j] + shift[j]", ""),
    Slip("columns that stay scaled", "column[index] * (scale :: any)[j] + (shift :: any)[j]", "column[index]"),
    Slip("the quick way past a scaler", "or rawget(net :: any, EXTRAS) ~= nil and isScaled(net)", ""),
    Slip("the quick step past a scaler", " and not (rawget(net :: any, EXTRAS) ~= nil and isScaled(net))", ""),
    Slip("a class that is 0 where the others are 1", "class == sample and 1 or 0", "class == sample and 0 or 1"),
    Slip("names of outputs by another's place", "given[names and names[j] or j] = value", "given[j] = value"),
    Slip("the last of the largest outputs", "outputs[j] > outputs[best]", "outputs[j] < outputs[best]"),
    Slip("a dictionary in the order of its first name", "found[index] = value", "found[1] = value"),
    Slip("names that go out of order", "table.sort(found)", "table.sort(found, function(a, b) return a > b end)"),
    Slip("a scaler in its own order", "columns[name] = column", "columns[name] = 1"),
    Slip("a quantile of unsorted numbers", "table.sort(sorted)", ""),
    # Batches.
    Slip("columns of a wide layer without their biases", "(sums[j], late[j], count)", "(sums[j], 0, count)"),
    Slip(
        "columns of a narrow layer with their biases twice", "(sums[j], late[j], count)", "(sums[j], biases[j], count)"
    ),
    Slip("a wide layer whose biases do not come last", "sumColumns(weights, early,", "sumColumns(weights, biases,"),
    Slip("an input of a wide layer left out", "(width - 1) % 4 + 1", "(width - 1) % 4"),
    Slip(
        "a layer with its slope before its sums are whole", "slope = zeros, biases, nil", "slope = zeros, biases, slope"
    ),
    Slip("a slope below zero that is none", "Slope = LEAKY_SLOPE", "Slope = 1"),
    Slip("a slope of vectors that is none", "roughSlope = 0,", "roughSlope = 1,"),
    Slip("a wide layer of vectors without its activation", "rectifyVectors(sum, slope, groups)", ""),
    Slip("vectors that are not activated", "activation.activateColumn(column, 0, 3 * groups)", ""),
    Slip("vectors that are not joined again", "join(column, sum, groups)", ""),
    Slip("columns of a wide output layer without their biases", "Layer(sums, late,", "Layer(sums, zeros,"),
    Slip("columns of a narrow output layer with their biases twice", "Layer(sums, late,", "Layer(sums, biases,"),
    Slip("vectors of an output layer that are not activated", "activateLayer(values, zeros, nodes, 3 * groups)", ""),
    Slip("a chain that does", "if activationOf(activator, last, last).value == nil then", "if false then"),
    Slip("a batch with one block only", "blocks[#blocks + 1] = block", "blocks[1] = block"),
    Slip("vectors of the first block only", "batch.vectors, number)", "batch.vectors, 1)"),
    Slip(
        "columns of which each block overwrites the last",
        "1, count, before + 1, results[j])",
        "1, count, 1, results[j])",
    ),
    Slip("rows of the first sample", "results[before + n] = { first[n] }", "results[before + n] = { first[1] }"),
]


@pytest.mark.share(6)
@pytest.mark.parametrize("slip", SLIPS, ids=str)
def test_a_slip_in_a_template_is_caught(slip: Slip) -> None:
    assert complaint(planted(slip.right, slip.wrong)) is not None


def test_every_slip_can_be_planted() -> None:
    assert all(planted(slip.right, slip.wrong) != library() for slip in SLIPS)


def planted(right: str, wrong: str) -> Library:
    """The library with a text replaced wherever it stands."""
    files = {path: source for path, source in library().items() if right in source}
    assert files, "the slip can no longer be planted: the library reads differently now"
    return {**library(), **{path: source.replace(right, wrong) for path, source in files.items()}}
