"""A compact battery of the parity checks: every loop of the library in every way it is written, in a few seconds."""

import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice, product

import pytest
from numpy.testing import assert_allclose

from codegen.library.schedules import COLUMN_SAMPLES, VECTOR_ACTIVATIONS, WRITTEN_OUT_ACTIVATORS
from codegen.runtimes import RUNTIMES, LuaError
from engine.formulas.registry import ACTIVATIONS, ELEMENTWISE_OPTIMIZERS
from engine.kernels.schedules import NARROW
from engine.layers.registry import LAYER_KINDS
from tests.library import Library
from tests.parity import checks
from tests.parity.cases import KIND_SHAPES, LOSS_CASES, NARROW_COUNTS, OUTPUT_CASES, Case
from tests.parity.kernels import check_kernels
from tests.parity.machine import Machine
from tests.parity.test_answers import test_a_batch_with_one_sample_too_large_is_refused as check_answers
from tests.parity.test_batches import test_an_output_has_the_sign_that_forwardnet_gives_it as check_signs
from tests.parity.test_boundary import test_known_scalers_are_python_s as check_fitted
from tests.parity.test_boundary import test_names_give_the_bits_of_python as check_names
from tests.parity.test_boundary import test_scaled_networks_have_the_bits_of_python as check_scaled
from tests.parity.test_common_options import test_steps_have_the_bits_of_python as check_common_steps
from tests.parity.test_dropout import test_the_same_seed_leaves_out_the_same as check_dropout
from tests.parity.test_frozen import test_a_step_changes_nothing_if_a_part_is_frozen as check_frozen
from tests.parity.test_least_squares import compare as check_least_squares
from tests.parity.test_least_squares import test_it_ends_in_the_same_place as check_least_squares_end
from tests.parity.test_optimizers import test_steps_have_the_bits_of_python as check_steps
from tests.skips import or_skip

Check = Callable[[], None]
# So many steps are enough to see a fault.
STEPS = 20
check_training = partial(checks.check_training, steps=STEPS)
check_saving = partial(checks.check_saving, steps=STEPS)

# Of arithmetic alone, so that all numbers have to be equal to the last bit.
HIDDEN, OUTPUT = "LeakyReLU", "ElliotSign"
# Narrow networks, wide ones, and those with some narrow layers; sizes that leave something over behind every loop.
SHAPES = (
    (1, 1, 1, 1),
    (2, 2, 3, 1),
    (3, 1, 2, 3),
    (4, 2, 4, 2),
    (7, 2, 11, 2),
    (6, 1, 3, 2),
    (3, 1, 6, 2),
    (5, 1, 19, 5),
)


def first_complaint(every_check: Iterable[Check]) -> str | None:
    """What the first check that fails says; None if all of them pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for check in every_check:
            try:
                check()
            except (AssertionError, LuaError, IndexError, ValueError) as error:
                return str(error) or repr(error)
    return None


def complaint(library: Library, runtime: str = "luau", chosen: slice = slice(None)) -> str | None:
    """What the first check of the battery, or of some of its checks, that fails says of a library; None if all pass."""
    try:
        machine = or_skip(lambda: Machine(RUNTIMES[runtime], library))
    except LuaError as error:
        return str(error)
    return first_complaint(islice(battery(machine, library), chosen.start, chosen.stop, chosen.step))


def battery(machine: Machine, library: Library) -> Iterator[Check]:
    """The checks, those first that find most."""
    for recurrent in (False, True):
        for shape in ((2, 1, 3, 2), (5, 2, 9, 3)):
            yield partial(check_training, machine, Case(*shape, "Tanh", recurrent))
    for recurrent in (False, True):
        for shape in SHAPES:
            case = Case(*shape, (*[HIDDEN] * shape[1], OUTPUT), recurrent)
            yield partial(checks.check_created, machine, case)
            yield partial(checks.check_forward, machine, case, exact=True)
            yield partial(check_training, machine, case, exact=True)
            yield partial(checks.check_session, machine, case, exact=True)
    for case in (
        Case(3, 1, 2, 3, HIDDEN, recurrent=True),
        Case(1, 2, 2, 1, (HIDDEN, "Tanh", "Sigmoid"), recurrent=False),
    ):
        yield partial(checks.check_generations, machine, case)
        yield partial(check_saving, machine, case)
    mixed = Case(3, 2, 5, 2, ("Tanh", "Tanh", "Sigmoid"), recurrent=True, kinds=("Dense", "Recurrent", "Dense"))
    yield partial(check_saving, machine, mixed)
    yield partial(checks.check_singles, machine)
    if not (isinstance(library, str) or machine.left_out):
        yield partial(check_kernels, machine.runtime, library)
    for shape in SHAPES:
        case = Case(*shape, (*[HIDDEN] * shape[1], OUTPUT), recurrent=False)
        yield partial(checks.check_batch, machine, case, exact=True, count=COLUMN_SAMPLES + 4)
    for case in OUTPUT_CASES:
        yield partial(check_training, machine, case)
        yield partial(checks.check_session, machine, case)
        if not case.recurrent:
            yield partial(checks.check_batch, machine, case)
    for kind in LAYER_KINDS.values():
        case = Case(5, 2, 9, 2, (HIDDEN, HIDDEN, OUTPUT), kind.has_state, (kind.name, "Dense", kind.name))
        yield partial(checks.check_forward, machine, case, exact=True)
        yield partial(check_training, machine, case, exact=True)
        yield partial(checks.check_session, machine, case, exact=True)
    for activator in ("Tanh", "Sigmoid", "ReLU", "Identity", "Sin"):
        for names in (activator, (activator,) * 3):
            yield partial(
                checks.check_batch, machine, Case(3, 2, 7, 4, names, recurrent=False), count=COLUMN_SAMPLES + 4
            )
    for nodes in NARROW_COUNTS:
        yield partial(checks.check_batch, machine, Case(nodes, 1, nodes, 1, "Tanh", recurrent=False))
    for shape in ((9, 2, 13, 9), (7, 1, 25, 2)):
        yield partial(checks.check_single_precision, machine, Case(*shape, "Tanh", recurrent=False))
        yield partial(checks.check_session, machine, Case(*shape, (*[HIDDEN] * shape[1], OUTPUT), False), exact=True)
    yield partial(check_signs, machine)
    for shape in ((1, 2, 1, 1), (2, 2, 2, 2), (3, 2, 3, 3), (NARROW, 2, NARROW, NARROW), (5, 2, 5, 2)):
        yield partial(check_frozen, machine, shape, recurrent=True)
    yield partial(check_refusals, machine)
    for nodes, recurrent in ((3, False), (NARROW + 2, True)):
        yield partial(check_scaled, machine, nodes, recurrent=recurrent)
    for which in ("both", "classes"):
        yield partial(check_names, machine, which, 2, recurrent=False)
    yield partial(check_fitted, machine)
    for place in (0, COLUMN_SAMPLES + 4):
        yield partial(check_answers, machine, f32=False, columns=True, place=place)
    for kind, nodes in product(LAYER_KINDS.values(), (3, 9)):
        yield partial(check_dropout, machine, kind.name, nodes, shuffle=not kind.has_state)
    for name in ELEMENTWISE_OPTIMIZERS:
        for recurrent in (False, True):
            yield partial(check_steps, machine, name, Case(5, 2, 13, 3, (HIDDEN, "ReLU", OUTPUT), recurrent))
        for kind in LAYER_KINDS.values():
            case = Case(5, 2, 9, 2, (HIDDEN, HIDDEN, OUTPUT), kind.has_state, (kind.name, "Dense", kind.name))
            yield partial(check_steps, machine, name, case)
    # Every two numbers of nodes, each with every activation that is written out for a few and with one that is called.
    for hidden, outputs, recurrent in product(NARROW_COUNTS, NARROW_COUNTS, (False, True)):
        name = (*WRITTEN_OUT_ACTIVATORS, "Swish")[(hidden + outputs) % (len(WRITTEN_OUT_ACTIVATORS) + 1)]
        case = Case(NARROW, 1, hidden, outputs, (name, name), recurrent)
        yield partial(checks.check_forward, machine, case)
        yield partial(check_training, machine, case)
        if recurrent:
            yield partial(checks.check_session, machine, case)
    # Every two numbers of nodes, and every number of inputs with each, with every such activation.
    ends = (*WRITTEN_OUT_ACTIVATORS, "Swish")
    for hidden, outputs, shift, recurrent in product(NARROW_COUNTS, NARROW_COUNTS, range(len(ends)), (False, True)):
        layers, inputs = 1 + 2 * ((hidden + outputs) % 2), 1 + (outputs + shift) % NARROW
        last = ends[(shift + 1) % len(ends)]
        case = Case(inputs, layers, hidden, outputs, (*[ends[shift]] * layers, last), recurrent)
        yield partial(check_again, machine, case)
    # Functions as they are where code is interpreted, and as they are in native code.
    likely = () if isinstance(library, str) else ({**library, "native": "return { isNative = true }"},)
    for each in (machine, *(Machine(type(machine.runtime), native) for native in likely)):
        for name, shape in product(ACTIVATIONS, ((5, 2, 7, 6), (3, 1, 16, 9), (18, 1, 21, 3))):
            yield partial(check_again, each, Case(*shape, (*[name] * shape[1], "Tanh"), recurrent=False))
        for shape in ((5, 2, 7, 6), (13, 1, 16, 9)):
            yield partial(check_again, each, Case(*shape, "Tanh", recurrent=True))
        yield partial(check_again, each, Case(17, 1, 20, 3, ("Tanh", "Softmax"), recurrent=False))
    for name in VECTOR_ACTIVATIONS:
        yield partial(check_extremes, machine, name)
    for name in ACTIVATIONS:
        for case in (Case(5, 1, 6, 2, name, recurrent=False), Case(5, 1, 6, 2, (HIDDEN, name), recurrent=False)):
            yield partial(check_training, machine, case)
            yield partial(checks.check_batch, machine, case)
        yield partial(check_training, machine, Case(2, 1, 3, 1, name, recurrent=False))
    # Of one node alone, the first is the only one.
    single = ("Tanh", "Softmax")
    yield partial(check_training, machine, Case(3, 1, 2, 1, single, recurrent=False, loss="CategoricalCrossEntropy"))
    for name in ELEMENTWISE_OPTIMIZERS:
        yield partial(check_common_steps, machine, name, {"l2": 0.5})
    # What decays apart from its gradients has kernels of its own for when it does not.
    for name in (name for name, optimizer in ELEMENTWISE_OPTIMIZERS.items() if optimizer.decouples):
        yield partial(check_common_steps, machine, name, {"weight_decay": 0.0})
    # As many parameters as loops have steps at once, and many more; some steps are not taken.
    for sizes, weights in (((2, 3, 1), "none"), ((3, 2, 5, 2), "samples")):
        for loss in ("HalfSquaredError", "MeanSquaredError"):
            yield partial(check_least_squares, machine, sizes, "ElliotSign", "Identity", loss, weights)
    yield partial(check_least_squares_end, machine)
    for case in LOSS_CASES:
        if case.shape == KIND_SHAPES[1]:
            yield partial(check_training, machine, case)
            yield partial(checks.check_session, machine, case)
            yield partial(check_saving, machine, case)


# What networks put out, time step by time step, as they are run and trained again and again, and as functions.
_AGAIN = """
local KNN, text, inputs, target = ...
local network = KNN.loadNet(text)
local run, values = KNN.createFunction(network)
local _, again = KNN.createFunction(network)
local found = {}
for step = 1, 3 do
    found[step] = { run(inputs), again and { again(unpack(inputs)) } or false, KNN.forwardNet(network, inputs) }
end
for _ = 1, 3 do
    KNN.backwardNet(network, 0.5, inputs, target)
end
return found, values ~= nil, KNN.forwardNet(network, inputs)
"""


def check_again(machine: Machine, case: Case) -> None:
    """Functions that are made for a network give what Python gives, at every time step."""
    network = case.create(3)
    inputs = [0.5, -1.25, 2.0, 0.75, *([0.25] * case.inputs)][: case.inputs]
    target = [0.25] * case.outputs
    found, has_values, trained = machine.run(_AGAIN, network.save(), inputs, target)
    assert has_values == (max(case.inputs, case.hidden_nodes, case.outputs) <= NARROW)
    for step in found:
        outputs = network.forward(inputs)
        for own in step:
            assert own is False or list(own) == pytest.approx(list(outputs), rel=CLOSE, abs=CLOSE)
    for _ in range(3):
        network.backward(0.5, inputs, target)
    assert list(trained) == pytest.approx(list(network.forward(inputs)), rel=CLOSE, abs=CLOSE)


_REFUSALS = """
local KNN, activators = ...
local wrong = {}
local function expect(what, start, f, ...)
    local done, message = pcall(f, ...)
    if done or string.sub(message, 1, #start) ~= start then
        wrong[#wrong + 1] = what .. ": " .. tostring(message)
    end
end
for width = 1, 5 do
    local network = KNN.createNet(width, 2, width, 1, "Tanh", true)
    for i = 1, width do
        local inputs = {}
        for k = 1, width do
            inputs[k] = k == i and math.huge or 1
        end
        expect("infinite input " .. i .. " of " .. width, "Wrong Arg#2: ", KNN.forwardNet, network, inputs)
    end
    for l = 1, table.freeze and 2 or 0 do
        local frozen = KNN.loadNet(KNN.saveNet(network))
        table.freeze(frozen[2][l][3])
        local inputs = {}
        for k = 1, width do
            inputs[k] = 1
        end
        expect("frozen state " .. l .. " of " .. width, "Wrong Arg#1: ", KNN.forwardNet, frozen, inputs)
        if KNN.saveNet(frozen) ~= KNN.saveNet(network) then
            wrong[#wrong + 1] = "half moved " .. l .. " of " .. width
        end
    end
end
for _, name in ipairs(activators) do
    local network = KNN.createNet(2, 1, 5, 1, name)
    for j = 1, 5 do
        network[2][1][1][j][1], network[2][1][1][j][2] = 1e308, 1e308
    end
    expect(name, "Wrong Arg#1: Network[2][1] ", KNN.forwardNet, network, { 1e10, -1e10 }, true)
    expect(name, "Wrong Arg#1: Network[2][1] ", KNN.forwardBatch, network, { { 1e10, -1e10 } })
end
return wrong
"""


def check_refusals(machine: Machine) -> None:
    """What is not finite comes in and goes out nowhere, and a frozen state is moved by nothing."""
    assert machine.run(_REFUSALS, list(ACTIVATIONS)) == [[]]


_EXTREMES = """
local KNN, network, samples = ...
return KNN.forwardBatch(network, samples), KNN.forwardBatch(network, samples, { f32 = true })
"""
# Weights become so much larger, and numbers of 32 bits are so close.
LARGER, CLOSE, CLOSE_IN_32_BITS = 1000.0, 1e-12, 1e-6


def check_extremes(machine: Machine, name: str) -> None:
    """Sums where exponentials overflow give what they give in Python."""
    network = Case(2, 1, 3, 3, (name, name), recurrent=False).create(1)
    for layer in network.layers:
        layer.weights *= LARGER
    samples = [[0.1 * n, 0.5 - 0.1 * n] for n in range(-10, 11)]
    double, single = machine.run(_EXTREMES, network.to_table(), samples)
    expected = network.forward(samples)
    assert_allclose(double, expected, rtol=0, atol=CLOSE)
    assert_allclose(single, expected, rtol=0, atol=CLOSE_IN_32_BITS)
