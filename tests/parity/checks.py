"""The comparisons, as plain functions: the tests call them, and so does the test that plants faults."""

from functools import cache

import numpy as np
from numpy.testing import assert_allclose

from codegen.runtimes import Handle
from engine import Network, Random, approximate_length, create_generation, propagation, run_generation
from engine.elementwise import Array
from engine.formulas.registry import LOSSES
from engine.formulas.single import LARGEST_SINGLE
from engine.interface.limits import LAYOUTS
from engine.interface.options import GENERATION_OPTIONS
from engine.training.updates import Sgd
from tests.parity.cases import NETWORKS, RATE, SESSION_EPOCHS, SESSION_SAMPLES, STEPS, Case
from tests.parity.machine import Machine
from tests.parity.tolerances import single_precision_batch_tolerance, single_precision_tolerance, tolerance

_CREATE = """
local KNN, seed, inputs, hiddenL, hiddenN, outputs, activator, recurrent = ...
KNN.setSeed(seed)
return KNN.createNet(inputs, hiddenL, hiddenN, outputs, activator, recurrent, nil, true)
"""
_LOAD = "local KNN, text = ... return KNN.loadNet(text)"
_SAVE = "local KNN, network = ... return KNN.saveNet(network)"
_FORWARD = """
local KNN, network, samples = ...
local twin, outputs = KNN.loadNet(KNN.saveNet(network)), {}
for index, sample in ipairs(samples) do
	local answer = KNN.forwardNet(network, sample[1], true)
	outputs[index] = answer[2]
	assert(answer[1] == answer[2][#answer[2]])
	-- Without the activations of the hidden layers it may go another way.
	local plain = KNN.forwardNet(twin, sample[1])
	assert(#plain == #answer[1])
	for j, output in ipairs(plain) do
		local same = answer[1][j]
		assert(output == same or output ~= output and same ~= same, "another output without cache")
	end
end
assert(KNN.saveNet(twin) == KNN.saveNet(network), "another state without cache")
return outputs
"""
_TRAIN = """
local KNN, network, rate, samples = ...
for index, sample in ipairs(samples) do
	if index % 10 == 0 then
		KNN.resetState(network)
	end
	KNN.backwardNet(network, rate, sample[1], sample[2])
end
return KNN.saveNet(network)
"""
# A batch in every way: samples as arrays and as a batch, outputs by sample and by node, each twice, since the second
# call finds what the first one left behind. All of 64 bits are what forwardNet says, all of 32 bits are the same.
_BATCH = """
local KNN, network, samples = ...
local batch, double, single = KNN.createBatch(samples), {}, nil
assert(batch.count == #samples and batch.inputs == #samples[1], "not what was put in")
for index, sample in ipairs(samples) do
	double[index] = KNN.forwardNet(network, sample)
end
local function compare(outputs, expected, inColumns)
	assert(#outputs == (inColumns and #expected[1] or #expected), "not as many arrays as asked for")
	for first, array in ipairs(outputs) do
		assert(#array == (inColumns and #expected or #expected[1]), "not as many numbers as asked for")
		for second, output in ipairs(array) do
			local wanted = inColumns and expected[second][first] or expected[first][second]
			assert(output == wanted, "other outputs than before")
		end
	end
end
for _, given in ipairs({ samples, batch, samples, batch }) do
	single = single or KNN.forwardBatch(network, given, { f32 = true })
	compare(KNN.forwardBatch(network, given), double)
	compare(KNN.forwardBatch(network, given, { columns = true }), double, true)
	compare(KNN.forwardBatch(network, given, { f32 = true }), single)
	compare(KNN.forwardBatch(network, given, { columns = true, f32 = true }), single, true)
end
return double, single, vector ~= nil
"""
# A network trained by one backwardNet after the other, and the same trained in one session, in every layout. Samples
# come as pairs.
_SESSION = """
local KNN, network, rate, pairs_, epochs, layouts = ...
local text, samples, targets = KNN.saveNet(network), {}, {}
for index, pair in ipairs(pairs_) do
	samples[index], targets[index] = pair[1], pair[2]
end
for _ = 1, epochs do
	for index, sample in ipairs(samples) do
		KNN.backwardNet(network, rate, sample, targets[index])
	end
end
local trained, losses = KNN.saveNet(network), nil
for _, layout in ipairs(layouts) do
	local other = KNN.loadNet(text)
	local these = KNN.trainNet(other, samples, targets, rate, { epochs = epochs, layout = layout })
	assert(KNN.saveNet(other) == trained, layout .. " is not what backwardNet does")
	for epoch, loss in ipairs(these) do
		assert(not losses or losses[epoch] == loss, layout .. " has other losses")
	end
	losses = these
end
return trained, losses
"""
_SINGLE = """
local KNN, network, rate, pairs_, epochs = ...
local text, samples, targets = KNN.saveNet(network), {}, {}
for index, pair in ipairs(pairs_) do
	samples[index], targets[index] = pair[1], pair[2]
end
local options = { epochs = epochs, layout = "tables" }
local double = KNN.trainNet(network, samples, targets, rate, options)
options.f32 = true
local other = KNN.loadNet(text)
local single = KNN.trainNet(other, samples, targets, rate, options)
return KNN.saveNet(other), single, KNN.saveNet(network), double, vector ~= nil
"""
_EVOLVE = """
local KNN, seed, texts, scores, options = ...
local networks, bests = {}, {}
for index, text in ipairs(texts) do
	networks[index] = KNN.loadNet(text)
end
KNN.setSeed(seed)
for index, row in ipairs(scores) do
	local best, bestScore = KNN.runGenNet(networks, row, true, options)
	bests[index] = { best, bestScore }
end
for index, network in ipairs(networks) do
	texts[index] = KNN.saveNet(network)
end
return texts, bests
"""


def _made(machine: Machine, case: Case) -> Handle:
    """The network in the machine: createNet's, or what cannot be created, loaded."""
    if not case.is_made_by_create_net:
        return machine.keep(_LOAD, case.create(case.seed).save())
    return machine.keep(_CREATE, case.seed, *case.shape, case.activator, case.recurrent)


def check_created(machine: Machine, case: Case) -> None:
    """The same seed gives the same network, to the last bit."""
    network = _made(machine, case)
    assert machine.run(_SAVE, network) == [case.create(case.seed).save()]


def check_forward(machine: Machine, case: Case, *, exact: bool = False) -> None:
    """Five passes, with all activations; a recurrent network remembers."""
    samples = case.samples(5)
    (answers,) = machine.run(_FORWARD, _made(machine, case), samples)
    expected = _forward(case)
    allowed = 0.0 if exact else _forward_tolerance(case)
    assert_allclose(np.array([_flat(answer) for answer in answers]), expected, rtol=0, atol=allowed, err_msg=str(case))


def check_training(machine: Machine, case: Case, *, exact: bool = False, steps: int = STEPS) -> None:
    """Steps of stochastic gradient descent, the state reset before every tenth."""
    network = _made(machine, case)
    (text,) = machine.run(_TRAIN, network, RATE, case.samples(steps))
    if exact:
        assert text == _trained(case, steps).save(), case
    else:
        difference = parameters(Network.load(text)), parameters(_trained(case, steps))
        assert_allclose(*difference, rtol=0, atol=_training_tolerance(case, steps), err_msg=str(case))


def check_batch(machine: Machine, case: Case, *, exact: bool = False, count: int = 5) -> None:
    """A batch through a feed-forward network: what forwardNet says of each sample, and what Python says of all.

    With 32 bits it is off by their rounding, where there are vectors, and by nothing where there are none.
    """
    network = _made(machine, case)
    samples = [inputs for inputs, _ in case.samples(count)]
    double, single, has_vectors = machine.run(_BATCH, network, samples)
    expected = case.create(case.seed).forward(samples)
    allowed = 0.0 if exact else _forward_tolerance(case)
    assert_allclose(np.array(double), expected, rtol=0, atol=allowed, err_msg=str(case))
    if has_vectors and "layers/vector_batches" not in machine.left_out:
        allowed = _single_precision_batch_tolerance(case, count)
        assert_allclose(np.array(single), expected, rtol=0, atol=allowed, err_msg=str(case))
    else:
        assert single == double


def check_session(machine: Machine, case: Case, *, exact: bool = False) -> None:
    """A training session, in every layout: the bits of backwardNet, and within tolerance those of Python."""
    network = _made(machine, case)
    pairs = case.samples(SESSION_SAMPLES)
    text, losses = machine.run(_SESSION, network, RATE, pairs, SESSION_EPOCHS, list(LAYOUTS))
    trained, expected = session(case)
    if exact:
        assert text == trained.save(), case
        assert losses == expected, case
    else:
        allowed = _session_tolerance(case)
        assert_allclose(parameters(Network.load(text)), parameters(trained), rtol=0, atol=allowed, err_msg=str(case))
        assert_allclose(losses, expected, rtol=0, atol=allowed, err_msg=str(case))


def check_single_precision(machine: Machine, case: Case) -> None:
    """A session in 32 bits is off by their rounding: by some where there are vectors, by none where there are not.

    A script may have been made without what works on vectors.
    """
    network = _made(machine, case)
    single, losses, double, double_losses, has_vectors = machine.run(
        _SINGLE, network, RATE, case.samples(SESSION_SAMPLES), SESSION_EPOCHS
    )
    assert (single != double) == (has_vectors and "kernels/vectors" not in machine.left_out)
    allowed = _single_precision_tolerance(case)
    numbers = parameters(Network.load(single)), parameters(Network.load(double))
    assert_allclose(*numbers, rtol=0, atol=allowed, err_msg=str(case))
    assert_allclose(losses, double_losses, rtol=0, atol=allowed, err_msg=str(case))


def check_generations(machine: Machine, case: Case, options: dict[str, float] | None = None) -> None:
    """Twenty generations from the same seed and scores: the same networks, to the last bit."""
    texts, expected, evolved = _generations(case, tuple((options or {}).items()))
    named = {option.name: (options or {}).get(option.python) for option in GENERATION_OPTIONS.fields}
    given = {name: value for name, value in named.items() if value is not None}
    assert machine.run(_EVOLVE, case.seed, texts, case.scores(), given) == [evolved, expected], case


def check_saving(machine: Machine, case: Case, *, steps: int = STEPS) -> None:
    """Strings written by one side are read by the other and written again as they were; hard code gives the network."""
    trained = _trained(case, steps).copy()
    trained.best = True
    text = trained.save()
    (network,) = machine.run("local KNN, text = ... return KNN.loadNet(text)", text)
    assert network == trained.to_table()
    assert machine.run("local KNN, text = ... return KNN.saveNet(KNN.loadNet(text))", text) == [text]
    assert machine.call("saveNet", trained.to_table()) == [text]
    assert machine.call("hardCode", trained.to_table()) == [trained.hard_code()]
    (pasted,) = machine.call("hardCode", trained.to_table())
    assert machine.runtime.run(f"return {pasted}") == [trained.to_table()]
    activator = case.activator if isinstance(case.activator, str) else list(case.activator)
    assert machine.call("getNetworkData", network) == [*case.shape, activator, case.recurrent]
    assert machine.call("summarizeNet", network) == [trained.summary()]
    if not case.hidden_layers:
        return
    length = approximate_length(*case.shape, case.activator, case.recurrent)
    assert machine.call("getAproxLength", *case.shape, case.activator, case.recurrent) == [length]


def check_singles(machine: Machine) -> None:
    """Numbers of 32 bits have the characters that Python writes: of every size, between two, and the largest."""
    random = np.random.default_rng(1)
    powers = 2.0 ** np.arange(-151.0, 128.0)
    near = np.concatenate([powers * factor for factor in (1.0, 1 - 2.0**-25, 1 + 2.0**-24, 1 + 3 * 2.0**-24, 1.1)])
    sizes = random.normal(size=200) * 10.0 ** random.uniform(-46, 37, 200)
    numbers = [*near, *sizes, 0.0, -0.0, -0.1, 16777217.0, 16777219.0, LARGEST_SINGLE, -LARGEST_SINGLE]
    network = Network.create(len(numbers), 1, 1, 1, seed=1)
    network.layers[0].weights[0] = numbers
    assert machine.call("saveNet", network.to_table(), {"precision": "f32"}) == [network.save("f32")]


def _generation(case: Case) -> list[Network]:
    random = Random(case.seed)
    if not case.is_made_by_create_net:
        return [case.create(random.spawn()) for _ in range(NETWORKS)]
    return create_generation(NETWORKS, *case.shape, case.activator, case.recurrent, random=random)


@cache
def _generations(case: Case, options: tuple[tuple[str, float], ...]) -> tuple[list[str], list[list[float]], list[str]]:
    """The first networks as strings, the best of each generation with its score, and the last networks."""
    networks, random, bests = _generation(case), Random(case.seed), []
    first = [network.save() for network in networks]
    for row in case.scores():
        best = run_generation(networks, row, dict(options), random)
        bests.append([best + 1, row[best]])
    return first, bests, [network.save() for network in networks]


@cache
def _forward(case: Case) -> Array:
    network = case.create(case.seed)
    return np.array([np.concatenate(network.forward(inputs, give_cache=True)[1]) for inputs, _ in case.samples(5)])


@cache
def _forward_tolerance(case: Case) -> float:
    return tolerance(lambda: _forward.__wrapped__(case), _forward(case))


@cache
def _trained(case: Case, steps: int) -> Network:
    network = case.create(case.seed)
    for index, (inputs, target) in enumerate(case.samples(steps), start=1):
        if index % 10 == 0:
            network.reset_state()
        network.backward(RATE, inputs, target)
    return network


@cache
def _training_tolerance(case: Case, steps: int) -> float:
    return tolerance(lambda: parameters(_trained.__wrapped__(case, steps)), parameters(_trained(case, steps)))


@cache
def session(case: Case) -> tuple[Network, list[float]]:
    """What a training session does, one step after the other in Python: the network and the losses."""
    network, losses = case.create(case.seed), []
    pairs = case.samples(SESSION_SAMPLES)
    for _ in range(SESSION_EPOCHS):
        total = 0.0
        for inputs, target in pairs:
            total += sample_loss(network, inputs, target)
            network.backward(RATE, inputs, target)
        losses.append(total / len(pairs))
    return network, losses


def sample_loss(network: Network, inputs: list[float], target: list[float]) -> float:
    """The loss of one sample, added from the first output to the last, with the network as it is."""
    # As the engine has it, so that the errors of a tolerance are put into it too.
    loss = LOSSES[network.loss].with_settings(network.loss_settings)
    return propagation.backward(network.copy().layers, Sgd(0.0), np.array(inputs), np.array(target), loss)


@cache
def _session_tolerance(case: Case) -> float:
    return tolerance(lambda: _numbers(session.__wrapped__(case)), _numbers(session(case)))


@cache
def _single_precision_tolerance(case: Case) -> float:
    return single_precision_tolerance(lambda: _numbers(session.__wrapped__(case)), _numbers(session(case)))


@cache
def _single_precision_batch_tolerance(case: Case, count: int) -> float:
    samples = [inputs for inputs, _ in case.samples(count)]
    return single_precision_batch_tolerance(lambda: case.create(case.seed).forward(samples))


def _numbers(of_session: tuple[Network, list[float]]) -> Array:
    trained, losses = of_session
    return np.concatenate([parameters(trained), losses])


def parameters(network: Network) -> Array:
    """Every number of a network's layers, in the order of its table."""
    return np.array(_flat(network.to_table()[1]))


def _flat(nested: object) -> list[float]:
    if isinstance(nested, list):
        return [number for part in nested for number in _flat(part)]
    assert isinstance(nested, float)
    return [nested]
