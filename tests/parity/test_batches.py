"""What batches do beside the arithmetic: what is taken and refused, and what stays as it is."""

from typing import Any

import pytest

from benchmarks import machines
from benchmarks.machines import MACHINES
from codegen.library.schedules import COLUMN_SAMPLES
from engine import Network
from engine.interface.options import BATCH_OPTIONS
from engine.kernels.schedules import NARROW, SCHEDULES
from tests.parity.cases import BATCH_SHAPES
from tests.parity.machine import Machine
from tests.skips import or_skip

NETWORK = Network.create(2, 2, 3, 1, seed=1)
RECURRENT = Network.create(2, 1, 3, 1, "Tanh", recurrent=True, seed=1)
SAMPLES = [[0.5, -1.0], [2.0, 0.25], [0.0, 1.0], [-3.0, 1.5]]

HEAD = """
local KNN, text, samples = ...
local network = KNN.loadNet(text)
"""


def run(machine: Machine, script: str, *arguments: Any) -> list[Any]:
    """Run a script that has a network and samples."""
    return machine.run(HEAD + script, NETWORK.save(), SAMPLES, *arguments)


def test_the_shapes_reach_every_loop() -> None:
    widths = {width for shape in BATCH_SHAPES for width in (shape[0], shape[2])}
    assert widths >= set(range(1, NARROW + 1))
    wide = {(width - 1) % NARROW + 1 for width in widths if width > NARROW}
    assert wide == set(range(1, NARROW + 1))
    nodes = {nodes for shape in BATCH_SHAPES for nodes in shape[2:]}
    at_once = max(SCHEDULES["sum_columns"].rows)
    assert {count % at_once for count in nodes} == set(range(at_once))


def test_a_batch_tells_how_much_it_holds(machine: Machine) -> None:
    assert run(machine, "return KNN.createBatch(samples)") == [{"count": 4, "inputs": 2}]


def test_later_changes_of_samples_do_not_reach_a_batch(machine: Machine) -> None:
    script = """
    local batch = KNN.createBatch(samples)
    samples[1][1], samples[2], samples[3] = 1000, { "x" }, nil
    local outputs, single = KNN.forwardBatch(network, batch), KNN.forwardBatch(network, batch, { f32 = true })
    samples[1], samples[4] = nil, nil
    local after, singleAfter = KNN.forwardBatch(network, batch), KNN.forwardBatch(network, batch, { f32 = true })
    return outputs, after, single, singleAfter
    """
    outputs, after, single, single_after = run(machine, script)
    assert outputs == after == run(machine, "return KNN.forwardBatch(network, samples)")[0]
    assert single == single_after == run(machine, "return KNN.forwardBatch(network, samples, { f32 = true })")[0]


def test_nobody_can_change_a_batch_or_make_one(machine: Machine) -> None:
    """Plain Lua cannot freeze a table; what is changed there changes nothing."""
    script = """
    local batch = KNN.createBatch(samples)
    local changed = pcall(function()
        batch.count, batch.inputs = 1, 3
    end)
    local copy = {}
    for key, value in pairs(batch) do
        copy[key] = value
    end
    return changed, table.freeze ~= nil, #KNN.forwardBatch(network, batch), pcall(KNN.forwardBatch, network, copy)
    """
    changed, can_freeze, count, taken, message = run(machine, script)
    assert (changed, count) == (not can_freeze, 4)
    assert taken is False
    assert message == (
        "Wrong Arg#2: Samples must be an array of at least 1 sample or a batch made by createBatch, got a dictionary."
    )


def test_a_batch_fits_networks_with_as_many_inputs(machine: Machine) -> None:
    script = """
    local batch = KNN.createBatch({ { 1, 2, 3 }, { 4, 5, 6 } })
    local _, message = pcall(KNN.forwardBatch, network, batch)
    return message, #KNN.forwardBatch(KNN.createNet(3, 1, 1, 1), batch)
    """
    expected = "Wrong Arg#2: Samples must be a batch of samples of 2 numbers, got one of 3."
    assert run(machine, script) == [expected, 2]


def test_a_recurrent_network_takes_no_batch(machine: Machine) -> None:
    rule = "Wrong Arg#2: Samples must be one sample at a time for a recurrent network, got"
    assert machine.refusal("forwardBatch", RECURRENT.to_table(), SAMPLES) == f"{rule} an array of 4."
    script = "local KNN, network, samples = ... return pcall(KNN.forwardBatch, network, KNN.createBatch(samples))"
    assert machine.run(script, RECURRENT.to_table(), SAMPLES) == [False, f"{rule} a batch of 4."]


@pytest.mark.parametrize("options", ["nil", "{ columns = true }", "{ f32 = true }"])
@pytest.mark.parametrize("samples", ["{ { 1, 2 } }", "KNN.createBatch({ { 1, 2 } })"])
def test_a_batch_through_a_network_that_was_broken_is_refused(machine: Machine, samples: str, options: str) -> None:
    script = f"""
    local KNN = ...
    local network = KNN.createNet(2, 1, 3, 1)
    KNN.forwardNet(network, {{ 1, 2 }})
    network[2][1][1][2][1] = "x"
    local _, first = pcall(KNN.forwardBatch, network, {samples}, {options})
    network[2][1][1][2] = {{ 1, 2, 3 }}
    network[2][1][1][1] = {{ 1, 2, 3 }}
    return first, select(2, pcall(KNN.forwardBatch, network, {samples}, {options}))
    """
    assert machine.run(script) == [
        'Wrong Arg#1: Network[2][1][1][2] must be in an array of 2 numbers, got "x" as number 1.',
        "Wrong Arg#1: Network[2][1][1][1] must be in an array of 2 numbers, got an array of 3.",
    ]


OPTION_FAULTS: list[tuple[object, str]] = [
    (True, "Options must be a table of options, got true."),
    ({"columns": 1}, "Options.columns must be true or false, got 1."),
    ({"f32": "yes"}, 'Options.f32 must be true or false, got "yes".'),
    ({"column": True}, 'Options must have nothing but columns, f32, got "column" (did you mean columns?).'),
]


@pytest.mark.parametrize(("options", "fault"), OPTION_FAULTS, ids=str)
def test_a_bad_option_is_refused(machine: Machine, options: object, fault: str) -> None:
    assert machine.refusal("forwardBatch", NETWORK.to_table(), SAMPLES, options) == f"Wrong Arg#3: {fault}"


def test_every_option_has_a_fault_that_is_tried() -> None:
    tried = {name for options, _ in OPTION_FAULTS if isinstance(options, dict) for name in options}
    assert tried > {option.name for option in BATCH_OPTIONS.fields}


@pytest.mark.parametrize(
    ("samples", "fault"),
    [
        (None, "Samples must be an array of at least 1 sample, got nothing."),
        ([], "Samples must be an array of at least 1 sample, got an empty table."),
        ("x", 'Samples must be an array of at least 1 sample, got "x".'),
        ([False], "Samples[1] must be an array of 1 to 1000000 numbers, got false."),
        (
            [1.0],
            "Samples[1] must be an array of 1 to 1000000 numbers, got the number 1 (in an array: { 1 }).",
        ),
        ([[]], "Samples[1] must be an array of 1 to 1000000 numbers, got an empty table."),
        ([["x"]], 'Samples[1] must be in an array of 1 number, got "x" as number 1.'),
        ([[1.0, 2.0], [1.0]], "Samples[2] must be in an array of 2 numbers, got an array of 1."),
        ([[1.0], 2.0], "Samples[2] must be in an array of 1 number, got the number 2 (in an array: { 2 })."),
        ([[1.0, 2.0], [1.0, float("inf")]], "Samples[2] must be in an array of 2 numbers, got infinity as number 2."),
    ],
    ids=str,
)
def test_samples_that_make_no_batch_are_refused(machine: Machine, samples: Any, fault: str) -> None:
    assert machine.refusal("createBatch", samples) == f"Wrong Arg#1: {fault}"


def test_every_call_returns_new_arrays(machine: Machine) -> None:
    script = """
    local batch = KNN.createBatch(samples)
    for _, options in ipairs({ {}, { columns = true }, { f32 = true }, { columns = true, f32 = true } }) do
        local one = KNN.forwardBatch(network, batch, options)
        local first, number = one[1], one[1][1]
        local other = KNN.forwardBatch(KNN.createNet(2, 2, 3, 1), batch, options)
        assert(one ~= other and first ~= other[1] and number == first[1] and number ~= other[1][1])
        -- What a user puts into them stays there.
        for index in ipairs(first) do
            first[index] = "mine"
        end
        assert(KNN.forwardBatch(network, batch, options)[1][1] == number and first[1] == "mine")
    end
    """
    run(machine, script)


def test_an_output_has_the_sign_that_forwardnet_gives_it(machine: Machine) -> None:
    """Zeros have signs; a sum that starts from 0 is never -0."""
    script = """
    local KNN, width = ...
    local zero = -1 / math.huge
    local network = KNN.createNet(width, 1, 2, 1, { "Identity", "LeakyReLU" })
    local sample = {}
    for i = 1, width do
        sample[i] = zero
        for j = 1, 2 do
            network[2][1][1][j][i], network[2][1][2][j] = 1, zero
        end
    end
    network[2][2][1][1], network[2][2][2][1] = { zero, zero }, zero
    return 1 / KNN.forwardNet(network, sample)[1] == 1 / KNN.forwardBatch(network, { sample })[1][1]
    """
    for width in (1, 2, 3, 4, 5, 9):
        assert machine.run(script, width) == [True], width


# Networks with a few nodes in each layer: of one width throughout, of several, and with a wide layer among them.
NARROW_NETWORKS = """
local KNN, narrow, use = ...
local names = { "LeakyReLU", "Identity", "ReLU", "Tanh" }
local function network(inputs, layers)
	return KNN.createNetwork({ inputs = inputs, layers = layers, seed = 7 })
end
for inputs = 1, narrow do
	for nodes = 1, narrow do
		for hidden = 1, 5 do
			local layers = {}
			for l = 1, hidden do
				layers[l] = { nodes = nodes, activator = (inputs + l) % 3 == 0 and "Identity" or "LeakyReLU" }
			end
			layers[hidden + 1] = { nodes = 1, activator = "Sigmoid" }
			use(network(inputs, layers))
			layers[hidden + 1] = { nodes = 2, activator = nodes > 2 and "Sigmoid" or "LeakyReLU" }
			use(network(inputs, layers))
			layers[hidden + 1] = { nodes = 1, activator = "LeakyReLU" }
			use(network(inputs, layers))
			layers[hidden + 1] = { nodes = 1, activator = "Sigmoid" }
			local odd = (inputs + nodes + hidden) % hidden + 1
			layers[odd] = { nodes = (nodes + hidden) % 6 + 1, activator = names[(inputs + nodes) % 4 + 1] }
			use(network(inputs, layers))
		end
	end
end
"""


def narrow_networks(machine: Machine, use: str) -> list[Any]:
    """What a function makes of each of many narrow networks and of samples for it."""
    script = f"""
    local KNN, narrow, networks, count = ...
    local found, samples = {{}}, {{}}
    for n = 1, count do
        samples[n] = {{ n / 7 - 2, 3 - n / 3, (n % 5) * (n % 7) - 9, n % 2 - 1 / n }}
    end
    networks(KNN, narrow, function(network)
        local own = {{}}
        for n, sample in ipairs(samples) do
            own[n] = {{}}
            for i = 1, network[1] do
                own[n][i] = sample[i]
            end
        end
        {use}
    end)
    return found
    """
    networks = machine.runtime.compile(NARROW_NETWORKS, "networks")
    return machine.run(script, NARROW, networks, 7)


def test_a_narrow_network_gives_a_batch_the_bits_of_forwardnet(machine: Machine) -> None:
    use = """
    local outputs, columns = KNN.forwardBatch(network, own), KNN.forwardBatch(network, own, { columns = true })
    for n, sample in ipairs(own) do
        for j, output in ipairs(KNN.forwardNet(network, sample)) do
            if outputs[n][j] ~= output or columns[j][n] ~= output then
                table.insert(found, KNN.saveNet(network))
            end
        end
    end
    """
    assert not narrow_networks(machine, use)[0]


# Runtimes whose arrays have as much room as they are asked for, and how many bytes each number takes.
BYTES_OF_A_NUMBER = {name: 16 for name in MACHINES if name != "luajit"}


@pytest.mark.parametrize("name", BYTES_OF_A_NUMBER)
@pytest.mark.parametrize("f32", [False, True])
def test_a_call_allocates_what_it_returns_and_next_to_nothing_else(name: str, f32: bool) -> None:
    # A table more for every block of samples would be more than the measurement is off.
    count, outputs = 65 * COLUMN_SAMPLES, 2
    script = """
    local KNN, count, outputs, f32 = ...
    local network, samples = KNN.createNet(3, 2, 7, outputs), {}
    for n = 1, count do
        samples[n] = { n, -n, 1 / n }
    end
    local batch, options = KNN.createBatch(samples), { columns = true, f32 = f32 }
    local function call()
        KNN.forwardBatch(network, batch, options)
    end
    call()
    return call
    """
    machine = or_skip(lambda: machines.Machine(name))
    (call,) = machine.runtime.run(script, machine.library, count, outputs, f32)
    returned = count * outputs * BYTES_OF_A_NUMBER[name]
    assert returned <= machine.allocated(call) < returned + 3_000
