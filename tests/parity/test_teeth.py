"""The parity checks have teeth: small faults, planted one at a time in the generated module, are all caught."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest

from codegen.library.schedules import COLUMN_SAMPLES, WRITTEN_OUT_ACTIVATORS
from codegen.library.template_context import aliases
from codegen.runtimes import RUNTIMES, LuaError
from codegen.translate.luau_formulas import inline, luau_name, read_formulas
from engine import ACTIVATIONS
from tests.library import Library, tree
from tests.parity import checks
from tests.parity.cases import Case
from tests.parity.machine import Machine
from tests.skips import or_skip


@dataclass(frozen=True)
class Fault:
    """A piece of the module and what it is replaced with, wherever it stands."""

    name: str
    right: str
    wrong: str


FAULTS = [
    # Random numbers and creation.
    Fault("a digit of the generator", "1403580", "1403581"),
    Fault(
        "a component that is not moved on",
        "generator[4], generator[5], generator[6] = generator[5]",
        "generator[4], generator[5], generator[6] = generator[4]",
    ),
    Fault("a substream that starts where the last one did", "jump(generator, 1, FIRST_JUMP, FIRST_MODULUS)", ""),
    Fault("a warm-up one step short", "for _ = 1, 50 do", "for _ = 1, 49 do"),
    Fault("a fan-in without the recurrent weight", "heUniformLimit(width)", "heUniformLimit(inputs)"),
    Fault("a variance of another initialisation", "math.sqrt(6 / fanIn)", "math.sqrt(3 / fanIn)"),
    Fault(
        "a default bias that is dropped", "layer[1][j], layer[2][j] = row, bias", "layer[1][j], layer[2][j] = row, 0"
    ),
    # Forward.
    Fault("one row of the ladder reads its neighbour", "sum5 += value * row5[i]", "sum5 += value * row4[i]"),
    Fault("an unrolled input reads its neighbour", "value3 * row1[i3]\n\t\t\tsum2", "value3 * row1[i2]\n\t\t\tsum2"),
    Fault("the inputs behind the unrolled ones are left out", "for i = whole + 1, width do", "for i = 1, 0 do"),
    Fault("sums written one row too far", "sums[j + 2] = sum2", "sums[j + 1] = sum2"),
    Fault("an input of a narrow layer that is left out", "sum += x3 * row[3]", ""),
    Fault("a bias that is dropped", "local x = sums[j] + biases[j]", "local x = sums[j]"),
    Fault("an input of a narrow network that is left out", "s2 += x3 * r2[3]", ""),
    Fault("a bias that is dropped in narrow networks", "s1 += biases[1]", ""),
    Fault("the output of another node in narrow networks", "x2 = math.tanh(s2)", "x2 = math.tanh(s1)"),
    Fault(
        "a recurrent weight of another node in narrow networks", "state[2] * r2[rowLength]", "state[2] * r1[rowLength]"
    ),
    Fault("a state that narrow networks do not store", "outputs[1], outputs[2] = x1, x2", "outputs[1] = x1"),
    Fault(
        "a recurrent weight of the wrong column",
        "addStates(weights, state, width + 1",
        "addStates(weights, state, width",
    ),
    Fault(
        "a state that is never stored",
        "\tif layers[1][3] then\n\t\tremember(network)\n\tend\n",
        "",
    ),
    Fault(
        "an output layer that remembers",
        "for l = 1, #layers - 1 do\n\t\tlocal state",
        "for l = 1, #layers do\n\t\tlocal state",
    ),
    Fault(
        "the output layer with the hidden activation", "activation = shared and OUTPUT_ACTIVATION or activation\n", ""
    ),
    # Backward.
    Fault("the sign of the step", "local step0 = -rate * delta0", "local step0 = rate * delta0"),
    Fault("an error with the wrong sign", "deltas[j] = output - wanted", "deltas[j] = wanted - output"),
    Fault(
        "a derivative of the output layer that is left out",
        "activation.scaleBySlope(deltas, space.sums, outputs, count)",
        "",
    ),
    Fault(
        "a derivative at the wrong place",
        "activation.scaleBySlope(upstream, space.sums, values, width)",
        "activation.scaleBySlope(upstream, values, values, width)",
    ),
    Fault(
        "upstream errors through weights that are already changed",
        " + delta3 * weight3\n\t\t\trow0",
        " + delta3 * (weight3 + step3 * value)\n\t\t\trow0",
    ),
    Fault("upstream errors that pile up", "upstream[i] = 0\n", "\n"),
    Fault("a share of the error with the wrong weight", "share2 += delta * weight2", "share2 += delta * weight1"),
    Fault("a narrow weight that does not learn", "row[2] = weight2 + step * x2", "row[2] = weight2"),
    Fault("a bias that does not learn", "biases[j] = biases[j] + step\n", "\n"),
    Fault("a bias of the ladder that does not learn", "biases[j + 1] = biases[j + 1] + step1", ""),
    Fault("a recurrent weight that does not learn", "row[place] = row[place] + step * state[j]", ""),
    Fault(
        "the new state in the gradient",
        "\t\t\tstepStates(weights, deltas, rate, state,",
        "\t\t\tstepStates(weights, deltas, rate, workspaces[l].outputs,",
    ),
    Fault(
        "the activations of the wrong layer",
        "values, width, upstream = space.outputs,",
        "values, width, upstream = workspaces[l].outputs,",
    ),
    Fault("the sign of the step in narrow networks", "-rate * d1", "rate * d1"),
    Fault("an error with the wrong sign in narrow networks", "return x1 - wanted1", "return wanted1 - x1"),
    Fault("an error without the derivative in narrow networks", "d2 *= 1 - y2 * y2", ""),
    Fault("a weight of narrow networks with the wrong input", "r1[2] = w12 + t1 * x2", "r1[2] = w12 + t1 * x1"),
    Fault("a share through the wrong weight in narrow networks", "+ d2 * w21", "+ d2 * w11"),
    Fault("a share through a weight that has changed in narrow networks", "= d1 * w11", "= d1 * r1[1]"),
    Fault("a bias that does not learn in narrow networks", "biases[1] = biases[1] + t1", ""),
    Fault(
        "a recurrent weight that does not learn in narrow networks", "r2[rowLength] = r2[rowLength] + t2 *", "local _ ="
    ),
    Fault("a state that training does not store in narrow networks", "state[2] = y2", ""),
    Fault("a state that is not forgotten", "state[j] = 0", "state[j] = state[j]"),
    # Generations.
    Fault("ranked from the worst", "scores[a] > scores[b]", "scores[a] < scores[b]"),
    Fault("ties ranked from the last", "and a < b", "and a > b"),
    Fault("one network too many kept", "networks * share + 0.5", "networks * share + 1.5"),
    Fault("a swapped parent", "nextIndex(generator, 2) == 1 and first", "nextIndex(generator, 2) == 2 and first"),
    Fault("a child of one parent", "choose(chances, first, generator)", "choose(chances, 0, generator)"),
    Fault("a child that keeps its biases", "biases[j] = parent[2][j] + ", "biases[j] = biases[j] + "),
    Fault("a child without its parent's weights", "row[i] = parentRow[i]", ""),
    Fault(
        "the best one is mutated too",
        "if index ~= best then\n\t\t\tbreeding.mutate",
        "if true then\n\t\t\tbreeding.mutate",
    ),
    Fault("the same node mutated twice", "nodes[#nodes] = nil\n\t\tlocal row", "local row"),
    Fault("a best one that is not marked", "network[3] = index == best", ""),
    Fault("the score of another network", "giveBestScore and scores[best]", "giveBestScore and scores[1]"),
    # Saving.
    Fault("numbers with one digit less", '"%.17g"', '"%.16g"'),
    Fault(
        "a hard code with the best mark left out",
        "{ network[1], network[2], network[3], network[4] }",
        "{ network[1], network[2], false, network[4] }",
    ),
    Fault(
        "a size that forgets the recurrent weights", "+ recurrent * CHARACTERS_PER_PARAMETER * (previous + nodes)", ""
    ),
    Fault("outputs and hidden nodes swapped", "hiddenN, structure.outputsOf(net)", "structure.outputsOf(net), hiddenN"),
]

# In what runs many samples at once. Buffers and vectors are Luau's.
SESSION_FAULTS = [
    Fault("a sum with its neighbour's weight", "sum5 += x3 * get(w, at + 232)", "sum5 += x3 * get(w, at + 240)"),
    Fault("an input left out behind a tile", "count - count % 8, count - 1", "count - count % 8, count - 2"),
    Fault("a share of the wrong node", "e2 += d6 * w2_6", "e2 += d5 * w2_6"),
    Fault("a share through a weight that is already changed", "e0 += d0 * w0_0", "e0 += d0 * (w0_0 + t0 * x0)"),
    Fault("a step with the wrong node's delta", "set(w, at + 8, w0_1 + t1 * x0)", "set(w, at + 8, w0_1 + t0 * x0)"),
    Fault("a step of the first layer with the wrong input", "get(w, at + 64) + t0 * x1", "get(w, at + 64) + t0 * x0"),
    Fault("shares that pile up", "buffer.fill(shares, 0, 0)", ""),
    Fault("weights brought back to the wrong row", "weights[k][i] = readf64", "weights[j][i] = readf64"),
    Fault("weights that are not brought back", "\tsession.writeBack()\n\treturn losses", "\treturn losses"),
    Fault("a recurrent weight left out of a network in a session", "sums[j] += state[j] * weights[j][own]", ""),
    Fault("a recurrent weight that does not learn in a session", "row[own] = row[own] + change * state[j]", ""),
    Fault("a bias that does not learn in a session", "biases[j] = biases[j] + change", ""),
    Fault(
        "a state of a session that is never stored",
        "state[j] = outputs[j]\n\t\t\tend\n\t\tend\n\tend\n\treturn loss",
        "end end end return loss",
    ),
    Fault("a loss that is not the mean", "losses[epoch] = total / count", "losses[epoch] = total"),
    Fault("the losses of one sample only", "total += backward", "total = backward"),
    Fault("a vector with two equal parts", "= sum0.x, sum0.y, sum0.z", "= sum0.x, sum0.y, sum0.y"),
    Fault("a share of two nodes of three", "share.x + share.y + share.z", "share.x + share.y"),
    Fault("a group of vectors with its neighbour's step", "w1 + step1 * value", "w1 + step0 * value"),
    Fault("a column that forgets what came before", "= s1 + x1 * w1_1", "= x1 * w1_1"),
    Fault("a column with the wrong weight", "x2 * w2_2", "x2 * w1_2"),
    Fault("a column without its bias", "x3 * w2_3 + b2", "x3 * w2_3"),
    Fault("columns of a wide layer without their biases", "(sums[j], biases[j], count)", "(sums[j], 0, count)"),
    Fault("columns of a narrow layer with their biases twice", "(sums[j], 0, count)", "(sums[j], biases[j], count)"),
    Fault("a wide layer whose biases do not come last", "sumColumns(weights, zeros,", "sumColumns(weights, biases,"),
    Fault("an input of a wide layer left out", "(width - 1) % 4 + 1", "(width - 1) % 4"),
    Fault("inputs that are added twice", "for i = first + 1, width, 4 do", "for i = first, width, 4 do"),
    Fault(
        "a layer with its slope before its sums are whole", "zeros, columns, first, 1,", "zeros, columns, first, 0.1,"
    ),
    Fault("a slope below zero that is none", "Slope = LEAKY_SLOPE", "Slope = 1"),
    Fault("a slope of vectors that is none", "roughSlope = 0,", "roughSlope = 1,"),
    Fault("a wide layer of vectors without its activation", "vectors[n] = vector.max(x * slope, x)", ""),
    Fault("an output without its bias", "c1[n] * w1 + c2[n] * w2 + b", "c1[n] * w1 + c2[n] * w2"),
    Fault("an output with the wrong input", "c3[n] * w3 + c4[n]", "c2[n] * w3 + c4[n]"),
    Fault("vectors with one sample twice", "column[3 * n - 1] or 0, column[3 * n] or 0", "column[3 * n - 1] or 0, 0"),
    Fault("a sample of three that is lost", "column[at + 1] = y", "column[at + 1] = z"),
    Fault("vectors split into the wrong samples", "column[at + 2] = three.z", "column[at + 2] = three.y"),
    Fault("vectors that are not activated", "activation.activateColumn(column, 0, 3 * groups)", ""),
    Fault("vectors that are not joined again", "join(column, sum, groups)", ""),
    Fault("a batch with one block only", "spaceOf(blocks, #blocks + 1, width)", "spaceOf(blocks, 1, width)"),
    Fault("vectors of the first block only", "batch and number or 1, width)", "1, width)"),
    Fault("a block of samples taken twice", "local sample = samples[before + n]", "local sample = samples[n]"),
    Fault("the remaining inputs of a block taken twice", "= samples[before + n][i]", "= samples[n][i]"),
    Fault(
        "columns of which each block overwrites the last",
        "(from, 1, count, before + 1, into)",
        "(from, 1, count, 1, into)",
    ),
    Fault("rows of another output", "row[j] = outputs[j][n]", "row[j] = outputs[1][n]"),
]
SESSION_CASES = [
    Case(9, 2, 13, 9, activator="Tanh", recurrent=False),
    Case(7, 2, 13, 4, activator="Tanh", recurrent=True),
]
# Narrow layers with and without a kernel of their own, wide ones, and what is left over behind every loop.
BATCH_CASES = [
    Case(9, 2, 13, 9, activator="Tanh", recurrent=False),
    Case(3, 2, 5, 2, activator="LeakyReLU", recurrent=False),
    Case(2, 2, 3, 4, activator=("LeakyReLU", "ReLU", "Identity"), recurrent=False),
    Case(6, 1, 2, 1, activator="Gaussian", recurrent=False),
    Case(1, 1, 4, 1, activator="LeakyReLU", recurrent=False),
]

CASES = [
    Case(*shape, activator=name, recurrent=recurrent)
    for shape in ((7, 2, 11, 2), (1, 1, 1, 1), (16, 3, 19, 5), (3, 1, 2, 3), (3, 1, 6, 2), (6, 1, 3, 2))
    for name, recurrent in (("Tanh", False), ("Tanh", True), ("LeakyReLU", False), ("Swish", False))
]


def test_the_library_as_it_is_passes_all_checks() -> None:
    assert complaint(tree(), CASES) is None


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_caught(fault: Fault) -> None:
    assert complaint(planted(fault.right, fault.wrong), CASES) is not None


def planted(right: str, wrong: str, path: str = "") -> dict[str, str]:
    """The library with a text replaced wherever it stands, or only in one file."""
    files = {name: source for name, source in tree().items() if right in source and path in ("", name)}
    assert files, "the fault can no longer be planted: the library reads differently now"
    return {**tree(), **{name: source.replace(right, wrong) for name, source in files.items()}}


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_wrong_derivative_of_any_activation_is_caught(name: str) -> None:
    case = Case(5, 2, 6, 1, activator=name, recurrent=False)
    assert complaint(tree(), [case]) is None
    path = "kernels/activations"
    assert complaint({**tree(), path: _with_wrong_slope(tree()[path], name)}, [case]) is not None


def _with_wrong_slope(source: str, name: str) -> str:
    """The loops of all activations, the slope of one off by a hundredth."""
    name = aliases().get(name, name)
    head, entry = source.split(f'["{name}"] = {{\n', 1)
    before, after = entry.split("deltas[j] *= ", 1)
    slope, rest = after.split("\n", 1)
    return f'{head}["{name}"] = {{\n{before}deltas[j] *= 0.01 + ({slope})\n{rest}'


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_wrong_derivative_in_narrow_networks_is_caught(name: str) -> None:
    """There it is written out, or called."""
    case = Case(2, 2, 3, 1, activator=name, recurrent=False)
    slope = ACTIVATIONS[name].slope.__name__
    assert complaint(tree(), [case]) is None
    if name in WRITTEN_OUT_ACTIVATORS:
        formula = inline(read_formulas(), f"activations.{slope}", "s1", "y1")
        faulty = planted(f"d1 *= {formula}\n", f"d1 *= 0.01 + ({formula})\n")
    else:
        function = luau_name(slope)
        wrong = f"slope = function(x, y) return 0.01 + {function}(x, y) end,"
        faulty = planted(f"slope = {function},", wrong, "formulas/activations")
    assert complaint(faulty, [case]) is not None


def test_sessions_of_the_library_as_it_is_pass_all_checks() -> None:
    assert session_complaint(tree()) is None


@pytest.mark.parametrize("fault", SESSION_FAULTS, ids=lambda fault: fault.name)
def test_a_fault_planted_in_a_session_or_a_batch_is_caught(fault: Fault) -> None:
    assert session_complaint(planted(fault.right, fault.wrong)) is not None


def complaint(library: Library, cases: list[Case]) -> str | None:
    """What the first check that fails says of a library; None if all of them pass."""
    machine = Machine(RUNTIMES["lua51"], library)
    return first_complaint(_checks(machine, cases))


def session_complaint(library: Library) -> str | None:
    """The same of the checks of sessions and batches, in Luau."""
    machine = or_skip(lambda: Machine(RUNTIMES["luau"], library))
    return first_complaint(_session_checks(machine))


def first_complaint(every_check: Iterable[Callable[[], None]]) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for check in every_check:
            try:
                check()
            except (AssertionError, LuaError, IndexError, ValueError) as error:
                return str(error)
    return None


def _session_checks(machine: Machine) -> Iterator[Callable[[], None]]:
    for case in SESSION_CASES:
        yield partial(checks.check_session, machine, case)
        yield partial(checks.check_single_precision, machine, case)
    for case in BATCH_CASES:
        yield partial(checks.check_batch, machine, case, count=COLUMN_SAMPLES + 4)


def _checks(machine: Machine, cases: list[Case]) -> Iterator[Callable[[], None]]:
    every = (
        checks.check_created,
        checks.check_forward,
        checks.check_training,
        checks.check_generations,
        checks.check_saving,
    )
    for case in cases:
        for check in every:
            yield partial(check, machine, case)
