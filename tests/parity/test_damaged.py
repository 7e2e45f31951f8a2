"""A network that its user damages after it was checked is refused with its fault, and nothing is half changed."""

import pytest

from engine import Network
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS
from engine.kernels.schedules import NARROW
from engine.layers.registry import IMPLIED_FEED_FORWARD, LAYER_KINDS
from tests.engine.samples import network_of_kinds
from tests.parity.machine import Machine

# What is wrong with a 2-3-1 network then.
DAMAGES = {
    "network[2] = nil": "Network[2] must be an array of 1 to",
    "network[2][1] = nil": "Network[2]",
    "network[2][1][1] = nil": "Network[2][1]",
    "network[2][1][1][2] = 5": "Network[2][1][1][2] must be in an array of 2 numbers, got the number 5",
    "network[2][1][1][2] = {}": "Network[2][1][1][2] must be in an array of 2 numbers, got an empty table",
    "table.insert(network[2][1][1][1], 1)": "Network[2][1][1][1] must be in an array of 2 numbers, got an array of 3",
    "network[2][1][2] = nil": "Network[2][1]",
    "network[2][1][2] = {}": "Network[2][1][2] must be in an array of 3 numbers, got an empty table",
    "network[4] = nil": "Network[4] must be one of",
    "network[4] = {}": "Network[4] must be one of",
    'network[4] = { "Tanh", nil, "x" }': "Network[4] must be one of",
    "network[5] = 3": "Network[5] must be left out or a dictionary",
    "network[5] = { kinds = 3 }": "Network[5].kinds must be an array of 2 kinds",
    'network[5] = { loss = "CrossEntropy" }': "Network[5].loss must be one of",
    'network[5] = { loss = { name = "CrossEntropy" } }': "Network[5].loss.name must be one of",
    'network[5] = { loss = { name = "BinaryCrossEntropy", smoothing = {} } }': "Network[5].loss.smoothing must be a",
    'network[5] = { loss = { name = "BinaryCrossEntropy", smoothing = true } }': "Network[5].loss.smoothing must be a",
    'network[5] = { Loss = "HalfSquaredError" }': "Network[5] must be left out or a dictionary",
}
CALLS = {
    "backwardNet": "KNN.backwardNet, network, stepper, { 1, 2 }, { 1 }",
    "trainNet": "KNN.trainNet, network, { { 1, 2 } }, { { 1 } }, stepper",
}


@pytest.mark.parametrize("name", ["", *ELEMENTWISE_OPTIMIZERS])
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("is_owned", [False, True])
def test_a_step_refuses_it_and_leaves_the_optimizer_as_it_was(
    machine: Machine, name: str, call: str, is_owned: bool
) -> None:
    for damage, expected in DAMAGES.items():
        script = f"""
        local KNN, name, isOwned = ...
        local network, other = KNN.createNet(2, 1, 3, 1, "ReLU"), KNN.createNet(2, 1, 3, 1, "ReLU")
        local optimizer = name ~= "" and KNN.createOptimizer(name)
        local stepper = optimizer or 0.1
        KNN.forwardNet(network, {{ 1, 2 }})
        if isOwned then
            assert(pcall({CALLS[call]}))
        end
        local before = optimizer and KNN.saveOptimizer(optimizer)
        {damage}
        local _, message = pcall({CALLS[call]})
        local isSame = not optimizer or KNN.saveOptimizer(optimizer) == before
        if optimizer and not isOwned then
            KNN.backwardNet(other, optimizer, {{ 1, 2 }}, {{ 1 }})
        end
        return message, isSame
        """
        message, is_same = machine.run(script, name, is_owned)
        assert message.startswith(f"Wrong Arg#1: {expected}"), (damage, message)
        assert is_same, damage


@pytest.mark.parametrize("kind", [name for name, kind in LAYER_KINDS.items() if kind.remembers])
def test_a_state_of_another_length_is_no_memory(machine: Machine, kind: str) -> None:
    text = network_of_kinds((kind, IMPLIED_FEED_FORWARD), seed=1, sizes=(2, 3, 1)).save()
    script = """
    local KNN, text, inputs, optimizers = ...
    local messages = {}
    for case = 0, 3 * #optimizers - 1 do
        local length, name = case % 3, optimizers[math.floor(case / 3) + 1]
        for _, step in ipairs({
            function(network) return pcall(KNN.forwardNet, network, inputs) end,
            function(network) return pcall(KNN.backwardNet, network, 0.1, inputs, { 1 }) end,
            function(network)
                return pcall(KNN.backwardNet, network, KNN.createOptimizer(name), inputs, { 1 })
            end,
        }) do
            local network = KNN.loadNet(text)
            KNN.forwardNet(network, inputs)
            network[2][1][3] = {}
            for index = 1, length do network[2][1][3][index] = 0.5 end
            local _, message = step(network)
            messages[#messages + 1] = tostring(message)
        end
    end
    return messages
    """
    (messages,) = machine.run(script, text, [0.5, -0.25], list(ELEMENTWISE_OPTIMIZERS))
    assert len(messages) == 9 * len(ELEMENTWISE_OPTIMIZERS)
    assert all(
        each.startswith("Wrong Arg#1: Network[2][1][3] must be in an array of 3 numbers, got") for each in messages
    )


@pytest.mark.parametrize("recurrent", [False, True], ids=["", "recurrent"])
def test_nothing_is_read_behind_the_last_input(machine: Machine, recurrent: bool) -> None:
    script = """
    local KNN, isRecurrent = ...
    local function results(inputs)
        KNN.setSeed(1)
        local network = KNN.createNet(2, 1, 3, 2, "Tanh", isRecurrent)
        local outputs = { KNN.forwardNet(network, inputs), { KNN.classifyNet(network, inputs) } }
        KNN.backwardNet(network, 0.1, inputs, { 1, 0 })
        KNN.backwardNet(network, KNN.createOptimizer("Adam"), inputs, { 1, 0 })
        return outputs, KNN.trainNet(network, { inputs }, { { 1, 0 } }, 0.1), KNN.saveNet(network)
    end
    return { results({ 1, 2 }) }, { results(setmetatable({ 1, 2 }, { __index = 5 })) }
    """
    plain, behind = machine.run(script, recurrent)
    assert plain == behind


EXTRAS = [
    '{ loss = "Hubr" }',
    '{ loss = { name = "Huber", delta = -1 } }',
    '{ loss = { name = "Huber", delt = 1 } }',
    "{ inputs = { 'a', 'a' } }",
    "{ classes = { 'a', 'b' }, outputs = { 'c', 'd' } }",
    "{ inputScaler = { name = 'MinMax', shift = { 0, 0 }, scale = { -1, 1 } } }",
    "{ targetScaler = { name = 'MinMax', shift = { 0 / 0, 0 }, scale = { 1, 1 } } }",
    "{ dropout = 0.5 }",
    "{ Dropout = { 0, 0 } }",
]
FIRST_CALLS = {
    "forwardNet": "network, { 1, 2 }",
    "classifyNet": "network, { 1, 2 }",
    "backwardNet": "network, 0.1, { 1, 2 }, { 1, 0 }",
    "trainNet": "network, { { 1, 2 } }, { { 1, 0 } }, 0.1",
    "forwardBatch": "network, { { 1, 2 } }",
    "setScaler": "network",
    "getNetworkData": "network",
}


@pytest.mark.parametrize("call", FIRST_CALLS)
@pytest.mark.parametrize("is_used", [False, True], ids=["new", "used"])
def test_extras_that_its_user_writes_are_looked_at_by_the_next_call(machine: Machine, call: str, is_used: bool) -> None:
    for extras in EXTRAS:
        script = f"""
        local KNN, isUsed = ...
        local network = KNN.createNet(2, 1, 3, 2, "Tanh")
        if isUsed then
            KNN.forwardNet(network, {{ 1, 2 }})
            network[5] = {{ loss = "Huber" }}
            KNN.backwardNet(network, 0.1, {{ 1, 2 }}, {{ 1, 0 }})
        end
        local before = network[2][1][1][1][1]
        network[5] = {extras}
        local _, said = pcall(KNN.{call}, {FIRST_CALLS[call]})
        local _, expected = pcall(KNN.saveNet, network)
        return said, expected, network[2][1][1][1][1] == before
        """
        said, expected, is_same = machine.run(script, is_used)
        assert said == expected
        assert "Network[5]" in said
        assert is_same


def test_kinds_that_their_user_takes_away_are_missed_by_the_next_call(machine: Machine) -> None:
    for call in ("KNN.forwardNet, network, { 1, 2 }", "KNN.backwardNet, network, 0.1, { 1, 2 }, { 1, 0 }"):
        script = f"""
        local KNN = ...
        local layers = {{ {{ nodes = 6, kind = "Recurrent" }}, {{ nodes = 2 }} }}
        local network = KNN.createNetwork({{ inputs = 2, layers = layers, seed = 1 }})
        KNN.backwardNet(network, 0.1, {{ 1, 2 }}, {{ 1, 0 }})
        network[5] = nil
        local _, said = pcall({call})
        local _, expected = pcall(KNN.saveNet, network)
        return said, expected
        """
        said, expected = machine.run(script)
        assert said == expected
        assert "Network[2][2] must be an array of 3" in said


@pytest.mark.parametrize(
    "edit",
    ["inputScaler.scale[2] = -1", "targetScaler.scale[2] = math.huge", "targetScaler.shift[1] = 0 / 0"],
)
def test_numbers_of_a_scaler_that_its_user_spoils_are_found_by_the_next_call(machine: Machine, edit: str) -> None:
    script = f"""
    local KNN, scaler = ...
    local network = KNN.createNet(2, 1, 3, 2, "Tanh", true)
    KNN.setScaler(network, scaler, scaler)
    KNN.forwardNet(network, {{ 1, 2 }})
    network[5].{edit}
    local before = network[2][1][3][1]
    local _, said = pcall(KNN.forwardNet, network, {{ 1, 2 }})
    local _, expected = pcall(KNN.saveNet, network)
    return said, expected, network[2][1][3][1] == before
    """
    scaler = {"name": "MinMax", "shift": [0.0, 1.0], "scale": [1.0, 2.0]}
    said, expected, is_same = machine.run(script, scaler)
    assert said == expected
    assert is_same


def test_an_index_that_a_used_network_gets_makes_lua_raise_no_error(machine: Machine) -> None:
    script = """
    local KNN = ...
    local network = KNN.createNet(2, 1, 3, 2, "Tanh")
    local outputs = KNN.forwardNet(network, { 1, 2 })
    setmetatable(network, { __index = 5 })
    local found = {}
    for index, call in ipairs({
        function() return KNN.forwardNet(network, { 1, 2 })[1] end,
        function() return KNN.forwardNet(network, { 1 }) end,
        function() return KNN.classifyNet(network, { 1, 2 }) end,
        function() return KNN.backwardNet(network, 0, { 1, 2 }, { 1, 0 }) end,
        function() return KNN.forwardBatch(network, { { 1, 2 } })[1][1] end,
        function() return KNN.trainNet(network, { { 1, 2 } }, { { 1, 0 } }, 0) end,
    }) do
        local _, said = pcall(call)
        found[index] = tostring(said)
    end
    return found
    """
    (found,) = machine.run(script)
    assert [each for each in found if "attempt" in each] == []


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ("network[2][1][1][1][3] = 1", "Network[2][1][1][1] must be in an array of 2 numbers, got an array of 3."),
        ("network[2][1][1][2][2] = nil", "Network[2][1][1][2] must be in an array of 2 numbers, got an array of 1."),
        ("network[2][1][1][4] = { 1, 2 }", "Network[2][1][2] must be in an array of 4 numbers, got an array of 3."),
        ("network[2][2][2][3] = nil", "Network[2][2][2] must be in an array of 3 numbers, got an array of 2."),
        ("network[2][2][2][4] = 1", "Network[2][2][2] must be in an array of 3 numbers, got an array of 4."),
        (
            "network[2][1][1] = {}",
            "Network[2][1][1] must be an array of 1 to 1000000 rows of weights, got an empty table.",
        ),
        # What an inputs array must be is read from the network.
        (
            "network[1] = 3; table.insert(inputs, 3)",
            "Network[2][1][1][1] must be in an array of 3 numbers, got an array of 2.",
        ),
        ("network[1] = 2.5", "Network[1] must be an integer from 1 to 1000000, got 2.5."),
        ("network[2] = 5", "Network[2] must be an array of 1 to 10001 layers, got 5."),
        ("network[2] = nil", "Network[2] must be an array of 1 to 10001 layers, got nothing."),
        # A memory in one layer only.
        (
            "network[2][1][3] = { 0, 0, 0 }",
            "Network[2][1][1][1] must be in an array of 3 numbers, got an array of 2.",
        ),
        (
            "network[4] = 'relu'",
            (
                "or an array of 3 of them (one per layer; the output layer may also have Softmax), "
                'got "relu" (did you mean ReLU?).'
            ),
        ),
        (
            "network[2][2] = { {}, {} }",
            "Network[2][2][1] must be an array of 1 to 1000000 rows of weights, got an empty table.",
        ),
    ],
)
def test_a_network_that_its_user_damages_is_refused(machine: Machine, edit: str, message: str) -> None:
    script = """
    local KNN, text, edit = ...
    local function dump(value)
        if type(value) ~= "table" then return tostring(value) end
        local parts = {}
        for index, each in ipairs(value) do parts[index] = dump(each) end
        return "{" .. table.concat(parts, ",") .. "}"
    end
    local network = KNN.loadNet(text)
    local inputs = { 1, 2 }
    KNN.forwardNet(network, inputs)
    KNN.backwardNet(network, 0.5, inputs, { 1 })
    edit(network, inputs)
    local before = dump(network)
    local run, saidOfRun = pcall(KNN.forwardNet, network, inputs)
    local trained, saidOfTraining = pcall(KNN.backwardNet, network, 0.5, inputs, { 1 })
    return run, saidOfRun, trained, saidOfTraining, dump(network) == before
    """
    run, said_of_run, trained, said_of_training, is_unchanged = machine.run(
        script,
        Network.create(2, 2, 3, 1, seed=1).save(),
        machine.runtime.compile(f"local network, inputs = ... {edit}", "edit"),
    )
    assert not run
    assert said_of_run.endswith(message)
    assert not trained
    assert said_of_training.endswith(message)
    assert is_unchanged


@pytest.mark.parametrize("state", ["false", "true", "5", '"state"', "{}", "{ 1, 2 }"])
@pytest.mark.parametrize("inputs", [2, NARROW + 1])
@pytest.mark.parametrize("recurrent", [False, True])
def test_a_memory_that_is_none_is_refused_and_changes_nothing(
    machine: Machine, state: str, inputs: int, recurrent: bool
) -> None:
    script = """
    local KNN, text, state, inputs, target = ...
    local function numbers(value, found)
        for index = 1, type(value) == "table" and #value or 0 do numbers(value[index], found) end
        if type(value) ~= "table" then found[#found + 1] = value end
        return found
    end
    local network = KNN.loadNet(text)
    KNN.forwardNet(network, inputs)
    KNN.backwardNet(network, 0.5, inputs, target)
    network[2][1][3] = state
    local before, said = numbers(network, {}), {}
    for index, call in ipairs({
        function() return KNN.saveNet(network) end,
        function() return KNN.forwardNet(network, inputs) end,
        function() return KNN.classifyNet(network, inputs) end,
        function() return KNN.backwardNet(network, 0.5, inputs, target) end,
        function() return KNN.evaluateNet(network, { inputs }, { target }) end,
        function() return KNN.trainNet(network, { inputs }, { target }, 0.5) end,
    }) do
        local _, message = pcall(call)
        said[index] = tostring(message)
    end
    return said, before, numbers(network, {})
    """
    network = Network.create(inputs, 1, 3, 2, "Tanh", recurrent=recurrent, seed=1)
    given = machine.runtime.keep(machine.runtime.compile(f"return {state}", "state"))
    said, before, after = machine.run(script, network.save(), given, [0.5] * inputs, [1.0, 0.0])
    told = {each.partition("Wrong Arg#1: ")[2] for each in said}
    assert len(told) == 1, told
    assert "" not in told
    assert before == after


@pytest.mark.parametrize("damage", ["[2][2][1][1] = {}", "[2][3][2][1] = false", "[2][2][3] = nil", "[4] = 'Sine'"])
def test_what_cannot_be_evaluated_keeps_its_memory(machine: Machine, damage: str) -> None:
    script = """
    local KNN, text, damage = ...
    local network = KNN.loadNet(text)
    KNN.forwardNet(network, { 1, 2 })
    local first = network[2][1][3]
    local before = table.concat(first, " ")
    damage(network)
    local done, message = pcall(KNN.evaluateNet, network, { { 1, 2 }, { 3, 4 } }, { { 1 }, { 0 } })
    return done, message, table.concat(first, " ") == before
    """
    network = Network.create(2, 2, 3, 1, "Tanh", recurrent=True, seed=1)
    given = machine.runtime.compile(f"local network = ... network{damage}", "damage")
    done, message, is_kept = machine.run(script, network.save(), given)
    assert not done
    assert "Wrong Arg#1: " in message
    assert is_kept


def test_an_evaluation_puts_back_what_is_hardly_a_memory(machine: Machine) -> None:
    script = """
    local KNN, text = ...
    local holes, shared = KNN.loadNet(text), KNN.loadNet(text)
    KNN.forwardNet(holes, { 1, 2 })
    KNN.forwardNet(shared, { 1, 2 })
    shared[2][2][3] = shared[2][1][3]
    holes[2][1][3][1] = nil
    local found = {}
    for index, network in ipairs({ holes, shared }) do
        local state = network[2][1][3]
        local before = { tostring(state[1]), state[2], state[3] }
        pcall(KNN.evaluateNet, network, { { 1, 2 }, { 3, 4 } }, { { 1 }, { 0 } })
        found[index] = before[1] == tostring(state[1]) and before[2] == state[2] and before[3] == state[3]
    end
    return found
    """
    (found,) = machine.run(script, Network.create(2, 2, 3, 1, "Tanh", recurrent=True, seed=1).save())
    assert found == [True, True]


def test_a_layer_whose_memory_is_gone_is_refused(machine: Machine) -> None:
    script = """
    local KNN, text = ...
    local network = KNN.loadNet(text)
    KNN.backwardNet(network, 0.5, { 1, 2 }, { 1 })
    network[2][2][3] = nil
    local _, run = pcall(KNN.forwardNet, network, { 1, 2 })
    local _, trained = pcall(KNN.backwardNet, network, 0.5, { 1, 2 }, { 1 })
    return run, trained
    """
    for said in machine.run(script, Network.create(2, 2, 3, 1, "Tanh", recurrent=True, seed=1).save()):
        assert said.endswith("like every layer of the network, got an array of 2."), said
