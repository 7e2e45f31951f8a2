"""Every choice with every other choice: of networks, of their training and of what is done with them then.

Each case is one row of choices (tests/parity/choices.py). Many go through a runtime in one call: without --thorough
one of six parts of them through each, another through the next.
"""

import json
import math
from collections.abc import Callable, Container, Sequence
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest

from codegen.runtimes import RUNTIMES
from engine import ArgumentError, Network, save_optimizer
from engine.elementwise import Array
from engine.formulas.registry import ELEMENTWISE_OPTIMIZERS
from engine.interface.limits import Precision
from tests.engine.samples import ODD_DATA
from tests.library import tree
from tests.parity.checks import parameters
from tests.parity.choices import FACTORS, REFUSED, RUNS, Case, Rule, go_together, has_state, run
from tests.parity.covering import Covering, Row, pairs_of
from tests.parity.machine import Machine
from tests.parity.tolerances import single_precision_batch_tolerance, single_precision_tolerance, tolerance, tolerances
from tests.skips import or_skip

# What is calm, and how many random numbers are tried until a case is.
CALM, TURNS = 1e-11, 8
# How many cases have to be right that do not show a fault.
OTHERS = 100
PARTS = 12

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*infinite range"),
    pytest.mark.filterwarnings("ignore:the mean loss grew"),
    ODD_DATA,
]

_PLAY = """
local KNN, cases = ...
local function answersOf(network, case)
	local answers = {}
	if case.run == "forwardBatch" then
		return KNN.forwardBatch(network, case.numbers and KNN.createBatch(case.numbers) or case.samples, case.batch)
	end
	local made = case.run == "createFunction" and KNN.createFunction(network)
	for index, sample in ipairs(case.samples) do
		if made then
			answers[index] = made(sample)
		elseif case.run == "classifyNet" then
			answers[index] = { KNN.classifyNet(network, sample) }
		else
			answers[index] = KNN.forwardNet(network, sample, case.cache)
		end
	end
	return answers
end
local function play(case)
	local network = KNN.createNetwork(case.description)
	local made = KNN.saveNet(network)
	local layers = network[2]
	for _, row in ipairs(layers[#layers][1]) do
		for index, weight in ipairs(row) do
			row[index] = weight * case.outputShare
		end
	end
	local inputScaler = case.inputScaler and KNN.createScaler(case.inputs, case.inputScaler)
	local targetScaler = case.targetScaler and KNN.createScaler(case.wanted, case.targetScaler)
	KNN.setScaler(network, inputScaler, targetScaler)
	local optimizer = case.optimizer and KNN.createOptimizer(case.optimizer, case.options)
	local rate, losses = optimizer or case.rate, {}
	KNN.setSeed(case.seed)
	if case.training then
		losses = KNN.trainNet(network, case.samples, case.targets, rate, case.training)
	else
		for _ = 1, case.epochs do
			for index, sample in ipairs(case.samples) do
				KNN.backwardNet(network, rate, sample, case.targets[index])
			end
		end
	end
	local saved = KNN.saveNet(network, { precision = case.precision })
	return {
		made = made,
		trained = KNN.saveNet(network),
		optimizer = optimizer and KNN.saveOptimizer(optimizer) or "",
		losses = losses,
		saved = saved,
		answers = answersOf(KNN.loadNet(saved), case),
	}
end
local results = {}
for index, case in ipairs(cases) do
	local done, result = pcall(play, case)
	results[index] = done and result or { error = tostring(result) }
end
return results, vector ~= nil
"""


@cache
def covering() -> Covering:
    return Covering(FACTORS, go_together)


@cache
def rows() -> list[Row]:
    return covering().rows()


def cases(part: int) -> list[Case]:
    """Those of a part of all rows."""
    return [calm(number) for number in range(part, len(rows()), PARTS)]


@cache
def calm(number: int) -> Case:
    """A case of a row whose last digits stay what they are, of some with other random numbers; else the calmest.

    Where a weight comes to a kink, such as that of an l1 at zero, a last digit tells what happens next.
    """
    found = []
    for turn in range(TURNS):
        case = Case(number + 1, rows()[number], turn)
        found.append((unrest(case), turn, case))
        if found[-1][0] <= CALM:
            break
    return min(found)[-1]


def unrest(case: Case) -> float:
    """How far off the numbers of a case may be, relative to the largest of their kind."""
    if case.is_exact:
        return 0.0
    try:
        numbers = numbers_in_python(case)
    except ArgumentError:
        # No string holds what has diverged.
        return math.inf
    largest = [float(np.max(np.abs(part), initial=1.0)) for part in numbers]
    return max(limit / size for limit, size in zip(allowed_in(case), largest, strict=True))


class Trained(NamedTuple):
    """A training: strings of the network before and after it and of the optimizer, and the losses of epochs."""

    made: str
    network: str
    optimizer: str
    losses: list[float]

    @property
    def numbers(self) -> list[Array]:
        """All its numbers: of the network, losses, and what the optimizer has and remembers."""
        return numbers_of(Network.load(self.network), json.loads(self.optimizer or "[]"), self.losses)


def numbers_of(network: Network, optimizer: Sequence[object], losses: Sequence[float]) -> list[Array]:
    """All numbers of a training, of an optimizer by its table."""
    return [parameters(network), np.array(losses), np.array(numbers_in(list(optimizer)))]


def numbers_in(nested: Any) -> list[float]:
    """All numbers in arrays and dictionaries."""
    if isinstance(nested, (list, dict)):
        parts = [nested[name] for name in sorted(nested)] if isinstance(nested, dict) else nested
        return [number for part in parts for number in numbers_in(part)]
    return [float(nested)] if isinstance(nested, (int, float)) and not isinstance(nested, bool) else []


def without_numbers(nested: Any) -> Any:
    """The same with nothing in place of every number."""
    if isinstance(nested, dict):
        return {name: without_numbers(part) for name, part in nested.items()}
    if isinstance(nested, list):
        return [without_numbers(part) for part in nested]
    return nested if isinstance(nested, str) else None


@cache
def trained(case: Case) -> Trained:
    """What Python makes of a case."""
    network, optimizer, losses = case.train()
    return Trained(case.made.save(), network.save(), "" if optimizer is None else save_optimizer(optimizer), losses)


@cache
def numbers_in_python(case: Case) -> list[Array]:
    return trained(case).numbers


@cache
def saved_again(text: str, precision: Precision) -> str:
    """What Python writes of a network that a runtime wrote."""
    return Network.load(text).save(precision)


@cache
def allowed_in(case: Case) -> list[float]:
    """By how much the numbers of a training may be off, where they are not arithmetic alone."""
    return tolerances(lambda: trained_numbers(case), numbers_in_python(case))


@cache
def single_allowed_in(case: Case) -> float:
    """By how much they may be off in 32 bits."""
    exact = np.concatenate(numbers_in_python(case)[:2])
    return single_precision_tolerance(lambda: np.concatenate(trained_numbers(case)[:2]), exact)


def trained_numbers(case: Case) -> list[Array]:
    """The numbers of a training that Python does now."""
    network, optimizer, losses = case.train()
    return numbers_of(network, [] if optimizer is None else optimizer.to_table(), losses)


class Answers(NamedTuple):
    """What a network says in the end, and by how much its numbers may be off, in 64 bits and in 32 bits."""

    found: Any
    allowed: float
    single_allowed: float


@cache
def answers(case: Case, saved: str) -> Answers:
    """What Python makes of the string of a trained network."""

    def numbers() -> Array:
        return np.array(numbers_in(run(Network.load(saved), case)))

    is_single = "f32" in RUNS[case.row["run"]]
    return Answers(
        run(Network.load(saved), case),
        0.0 if case.runs_exactly else tolerance(numbers),
        single_precision_batch_tolerance(numbers, case.most_columns + 1) if is_single else 0.0,
    )


def complaint(case: Case, result: dict[str, Any], left_out: Container[str]) -> str | None:
    """What is wrong with what a runtime makes of a case; some files of the library may not be there."""
    if "error" in result:
        return str(result["error"])
    expected = trained(case)
    if result["made"] != expected.made:
        return f"makes {result['made']}, not {expected.made}"
    found = Trained(*(result[name] for name in ("made", "trained", "optimizer", "losses")))
    is_single = case.trains_in_vectors and "kernels/vectors" not in left_out
    if is_single:
        allowed = [single_allowed_in(case)] * 2 + [0.0]
    elif case.is_exact:
        if found != expected:
            return "trains to other bits"
        allowed = [0.0] * 3
    else:
        allowed = allowed_in(case)
    for what, one, other, limit in zip(
        ("weights", "losses", "memory"), found.numbers, numbers_in_python(case), allowed, strict=True
    ):
        far = distance(one, other)
        if not far <= limit:
            return f"{what} are {far} off, {limit} may be"
    if result["saved"] != saved_again(found.network, case.row["precision"]):
        return "saves another network"
    wanted = answers(case, result["saved"])
    if without_numbers(result["answers"]) != without_numbers(wanted.found):
        return f"answers {result['answers']}, not {wanted.found}"
    limit = wanted.allowed if "layers/vector_batches" in left_out else max(wanted.allowed, wanted.single_allowed)
    far = distance(np.array(numbers_in(result["answers"])), np.array(numbers_in(wanted.found)))
    return None if far <= limit else f"answers are {far} off, {limit} may be"


def distance(one: Array, other: Array) -> float:
    """How far numbers are from others at most; of another count, infinitely."""
    return float(np.max(np.abs(one - other), initial=0.0)) if one.shape == other.shape else math.inf


def complaints(machine: Machine, chosen: Sequence[Case]) -> list[str]:
    """What is wrong with what a machine makes of cases."""
    results, has_vectors = machine.run(_PLAY, [case.in_lua for case in chosen])
    left_out = machine.left_out if has_vectors else ("kernels/vectors", "layers/vector_batches")
    found = {case: complaint(case, result, left_out) for case, result in zip(chosen, results, strict=True)}
    return [f"{case}: {said}" for case, said in found.items() if said is not None]


def test_every_pair_that_there_is_is_covered() -> None:
    assert {pair for row in rows() for pair in pairs_of(row)} == covering().pairs


def test_no_other_pair_is_left_out_than_the_rules_say() -> None:
    """A pair is not there if a rule parts it, or if a third factor has no choice that both go with."""
    choices = {name: {(name, choice) for choice in FACTORS[name]} for name in FACTORS}
    every = [each for own in choices.values() for each in own]
    partners = {each: {other for other in every if go_together(*each, *other)} - choices[each[0]] for each in every}
    expected = {
        frozenset((one, other))
        for one in every
        for other in partners[one]
        if all(partners[one] & partners[other] & own for name, own in choices.items() if name not in (one[0], other[0]))
    }
    assert covering().pairs == expected


@pytest.mark.parametrize("rule", REFUSED, ids=lambda rule: f"{rule.factor} and {rule.other}")
def test_what_a_rule_parts_is_refused(rule: Rule) -> None:
    parted = [pair for pair in product(FACTORS[rule.factor], FACTORS[rule.other]) if rule.parts(*pair)]
    assert parted
    for choice, other in parted:
        # One that would have it, if the rule did not part them.
        possible = (row for row in rows() if go_together("way", row["way"], rule.other, other))
        row = next(row for row in possible if row[rule.factor] == choice)
        case = Case(1, {**row, rule.other: other})
        with pytest.raises(ArgumentError):
            run(case.train()[0], case)


every_part = pytest.mark.parametrize("part", range(PARTS))


@pytest.mark.share(PARTS)
@every_part
def test_all_choices_mean_the_same_in_both_languages(machine: Machine, part: int) -> None:
    found = complaints(machine, cases(part))
    assert not found, "\n".join([f"{len(found)} of {len(cases(part))}", *found[:10]])


@pytest.mark.share(PARTS)
@every_part
def test_pythons_own_luajit_trains_the_same(part: int) -> None:
    chosen = [case for case in cases(part) if case.goes_to_luajit]
    assert len(chosen) > len(cases(part)) / 3
    for case in chosen:
        network, _, losses = case.train("luajit")
        limits = [0.0, 0.0] if case.is_exact else allowed_in(case)[:2]
        for one, other, limit in zip(numbers_of(network, [], losses), numbers_in_python(case), limits, strict=False):
            assert distance(one, other) <= limit, case


# Faults that only two choices together show: a file, what stands there, what takes its place, and which cases show it.
FAULTS: dict[str, tuple[str, str, str, Callable[[Row], bool]]] = {
    "decoupled decay by the rate that was set, where a schedule has changed it": (
        "layers/gradients",
        "state.common, settings[1],",
        "state.common, state.settings[1],",
        lambda row: row["schedule"] is not None and ELEMENTWISE_OPTIMIZERS[row["optimizer"]].decouples,
    ),
    "a penalty that leaves out the weights of what was": (
        "layers/gradients",
        "penalize(gradient, weights[j], #gradient,",
        "penalize(gradient, weights[j], layers[l][3] and #gradient - 1 or #gradient,",
        lambda row: (row["l1"] or row["l2"]) and any(has_state(row[each]) for each in ("kind", "output kind")),
    ),
    "outputs with names that are scaled, but not shifted": (
        "networks/boundary",
        "value = value * scale[j] + shift[j]",
        "value = value * scale[j] + (names and 0 or shift[j])",
        lambda row: row["names of outputs"] == "outputs" and row["target scaler"] is not None,
    ),
}


@pytest.mark.parametrize(("path", "right", "wrong", "shows"), FAULTS.values(), ids=FAULTS)
def test_a_fault_that_two_choices_show_is_found(
    path: str, right: str, wrong: str, shows: Callable[[Row], bool]
) -> None:
    source = tree()[path]
    assert right in source, "the fault can no longer be planted: the library reads differently now"
    machine = or_skip(lambda: Machine(RUNTIMES["luau"], {**tree(), path: source.replace(right, wrong)}))
    showing = [number for number, row in enumerate(rows()) if shows(row)]
    others = [number for number, row in enumerate(rows()) if not shows(row)]
    assert complaints(machine, [calm(number) for number in showing])
    assert not complaints(machine, [calm(number) for number in others[:OTHERS]])
