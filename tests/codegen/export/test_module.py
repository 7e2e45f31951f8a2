"""A module for one network: the same outputs as the library's, to the last bit, however it is built."""

import re
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from codegen.export import module
from codegen.export.limits import (
    FUNCTION_CONSTANTS,
    FUNCTION_INPUTS,
    FUNCTION_NODES,
    UNROLLED_FUNCTIONS,
    UNROLLED_VALUES,
    VALUES_INPUTS,
    VALUES_OUTPUTS,
    Precision,
)
from codegen.export.module import Layout, inference_module
from codegen.export.precision import ExportError, VectorNetwork, held
from codegen.export.unrolled import UnrolledLayout, parameter_count
from codegen.library.line_breaks import WIDTH
from codegen.runtimes import LuaError
from engine import ACTIVATIONS, OUTPUT_ACTIVATIONS, Network, Random, Scaler
from engine.interface.limits import MAXIMUM_SEED, SCRIPT_CHARACTERS, VERSION
from engine.layers.registry import IMPLIED_KINDS
from tests.codegen.export.exported import (
    KINDS_OF_SHARED,
    RUN_ALL,
    SHAPES,
    Shape,
    brain_in,
    each_precision,
    every_layout,
    every_shape,
    exported,
    is_interpreted,
    network,
    python_outputs,
    samples_for,
    scaled,
    scaled_module,
    shared,
    sources,
    with_and_without_memory,
)
from tests.conftest import shared_machine
from tests.engine.samples import AWKWARD, network_of_kinds, networks
from tests.parity.machine import Machine
from tests.parity.tolerances import tolerance, transcendental_calls

pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")


# Runs the same samples through the library and through the module, and says where they differ in a bit.
COMPARE = """
local KNN, brain, text, samples = ...
local network = KNN.loadNet(text)
local all = {}
for number, sample in ipairs(samples) do
	local wanted, got = KNN.forwardNet(network, sample), brain(sample)
	assert(#got == brain.OUTPUTS and #sample == brain.INPUTS)
	for j = 1, #wanted do
		local a, b = wanted[j], got[j]
		local same = a == b and 1 / a == 1 / b or a ~= a and b ~= b
		local found = "sample %d, output %d: %.17g from the library, %.17g from the module"
		assert(same, string.format(found, number, j, a, b))
	end
	all[number] = got
end
return all
"""
_VALUES = """
local _, brain, samples = ...
local all = {}
for number, sample in ipairs(samples) do
	all[number] = { brain.values(unpack(sample)) }
end
return all
"""
_CALL = "local _, brain, sample = ... return brain(sample)"

# Every activation in every layout, feed-forward in one half of them and recurrent in the other.
CASES = [
    (activator, shape, (row + column) % 2 == 1)
    for row, activator in enumerate(ACTIVATIONS)
    for column, shape in enumerate(SHAPES)
]


@pytest.mark.parametrize(("activator", "shape", "recurrent"), CASES, ids=str)
def test_it_gives_the_bits_of_the_library_and_the_numbers_of_python(
    machine: Machine, activator: str, shape: Shape, recurrent: bool
) -> None:
    module, made = exported(shape, activator, recurrent), network(shape, activator, recurrent)
    assert module.layout is SHAPES[shape]
    samples = samples_for(made)
    brain = brain_in(machine, module.source)
    (outputs,) = machine.run(COMPARE, brain, made.save(), samples)
    allowed = tolerance(lambda: python_outputs(made, samples))
    assert_allclose(outputs, python_outputs(made, samples), rtol=0, atol=allowed)


# The same for those that only output layers have.
SHARED = [(name, shape, kinds) for name in OUTPUT_ACTIVATIONS for shape in SHAPES for kinds in KINDS_OF_SHARED]


@pytest.mark.parametrize(("name", "shape", "kinds"), SHARED, ids=str)
def test_so_it_does_where_each_output_depends_on_all_sums(
    machine: Machine, name: str, shape: Shape, kinds: tuple[str, str]
) -> None:
    made = shared(shape, name, kinds)
    module, samples = inference_module(made), samples_for(made)
    assert module.layout is SHAPES[shape]
    (outputs,) = machine.run(COMPARE, brain_in(machine, module.source), made.save(), samples)
    wanted = python_outputs(made, samples)
    assert_allclose(outputs, wanted, rtol=0, atol=tolerance(lambda: python_outputs(made, samples)))
    if shape[0] <= VALUES_INPUTS and shape[-1] <= VALUES_OUTPUTS:
        assert machine.run(_VALUES, brain_in(machine, module.source), samples) == [outputs]


@pytest.mark.parametrize("name", OUTPUT_ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(1, 1, 120), (60, 1, 120)], ids=str)
def test_so_it_does_of_huge_sums_for_many_outputs(machine: Machine, name: str, sizes: tuple[int, ...]) -> None:
    made = network_of_kinds(["Dense", "Dense"], ("Identity", name), seed=1, sizes=sizes)
    made.layers[0].weights[:], made.layers[0].biases[:] = 0.0, 1.0
    for size in (1e3, 1e6, 1.7e308):
        made.layers[1].weights[:, 0] = np.where(np.arange(sizes[-1]) % 7, -size, size)
        found = machine.run(COMPARE, brain_in(machine, inference_module(made).source), made.save(), [[0.0] * sizes[0]])
        assert found == [[made.forward([0.0] * sizes[0]).tolist()]]
        assert np.isfinite(found).all()


@each_precision
@every_shape
def test_biases_of_such_outputs_keep_what_their_precision_can_hold(
    machine: Machine, precision: Precision, shape: Shape
) -> None:
    made = shared(shape, "Softmax").copy()
    made.layers[-1].biases[:] = [-(0.1**node) * node for node in range(shape[-1])]
    module, samples = inference_module(made, precision), samples_for(made)
    rounded = held(made, precision, is_packed=module.layout is Layout.PACKED)
    brain = brain_in(machine, module.source)
    if module.layout is Layout.PACKED and precision is Precision.F32 and is_interpreted(machine):
        (found,) = machine.run(RUN_ALL, brain, samples)
        near = VectorNetwork(rounded)
        wanted = np.array([near.forward(np.array(sample)) for sample in samples])
        assert_allclose(found, wanted, rtol=0, atol=tolerance(lambda: python_outputs(made, samples)))
    else:
        machine.run(COMPARE, brain, rounded.save(), samples)


EXACT = tuple(name for name in ACTIVATIONS if not transcendental_calls(name))


@every_shape
@with_and_without_memory
def test_without_transcendental_functions_it_gives_the_bits_of_python(
    machine: Machine, shape: Shape, recurrent: bool
) -> None:
    names = tuple(EXACT[layer % len(EXACT)] for layer in range(shape[1] + 1))
    made = network(shape, names, recurrent)
    brain = brain_in(machine, exported(shape, names, recurrent).source)
    (outputs,) = machine.run(COMPARE, brain, made.save(), samples_for(made))
    assert outputs == python_outputs(made, samples_for(made)).tolist()


@settings(max_examples=20)
@given(networks(st.floats(-1e3, 1e3) | st.sampled_from(AWKWARD[:-2])), st.integers(0, MAXIMUM_SEED))
@pytest.mark.parametrize("name", ["lua51-bundle", "luau-tree"])
def test_networks_of_all_shapes_give_the_bits_of_the_library(name: str, made: Network, seed: int) -> None:
    machine, random = shared_machine(name), Random(seed)
    awkward = [AWKWARD[random.index(len(AWKWARD) - 2)] for _ in range(made.inputs)]
    samples = [awkward, [0.0] * made.inputs, [-0.0] * made.inputs, [random.symmetric(1.0) for _ in awkward]]
    machine.run(COMPARE, brain_in(machine, inference_module(made).source), made.save(), samples)


@each_precision
@every_shape
@pytest.mark.parametrize("value", [-0.0, 5e-324, 1e-40, -1.5])
def test_every_weight_keeps_what_its_precision_can_hold(
    machine: Machine, precision: Precision, shape: Shape, value: float
) -> None:
    made = network(shape, "Identity").copy()
    for layer in made.layers:
        layer.weights[:] = value
        layer.biases[:] = -0.0
    module = inference_module(made, precision)
    rounded = held(made, precision, is_packed=module.layout is Layout.PACKED)
    samples = [[1.0] * made.inputs, [-1.0] * made.inputs]
    machine.run(COMPARE, brain_in(machine, module.source), rounded.save(), samples)


@every_shape
@with_and_without_memory
def test_values_are_those_of_the_call(machine: Machine, shape: Shape, recurrent: bool) -> None:
    made, module = network(shape, recurrent=recurrent), exported(shape, recurrent=recurrent)
    brain = brain_in(machine, module.source)
    if shape[0] > VALUES_INPUTS:
        assert machine.run("local _, brain = ... return brain.values == nil", brain) == [True]
        return
    samples = samples_for(made)
    (called,) = machine.run(COMPARE, brain_in(machine, module.source), made.save(), samples)
    assert machine.run(_VALUES, brain, samples) == [called]


@every_shape
@with_and_without_memory
def test_the_heading_tells_of_reset_where_there_is_one(shape: Shape, recurrent: bool) -> None:
    source = exported(shape, recurrent=recurrent).source
    assert (".reset()" in source) == ("reset = reset" in source) == (recurrent and shape[1] > 0)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape[1]], ids=str)
def test_reset_forgets_the_last_time_step(machine: Machine, shape: Shape) -> None:
    made = network(shape, recurrent=True)
    (sample, *_) = samples_for(made)
    brain = brain_in(machine, exported(shape, recurrent=True).source)
    first, second = (machine.run(_CALL, brain, sample) for _ in range(2))
    machine.run("local _, brain = ... brain.reset()", brain)
    fresh = made.copy()
    fresh.reset_state()
    (wanted,) = machine.run(
        "local KNN, text, sample = ... return KNN.forwardNet(KNN.loadNet(text), sample)", fresh.save(), sample
    )
    assert machine.run(_CALL, brain, sample) == [wanted]
    assert first != second != [wanted] != first


@every_shape
def test_each_state_goes_to_its_own_node(machine: Machine, shape: Shape) -> None:
    made = network(shape, "Tanh", True).copy()
    for layer in made.layers:
        if layer.state is not None:
            layer.state = np.where(np.arange(layer.nodes) % 2, 0.25, 0.0)
    machine.run(COMPARE, brain_in(machine, inference_module(made).source), made.save(), samples_for(made))


@every_shape
def test_only_recurrent_networks_have_something_to_reset(machine: Machine, shape: Shape) -> None:
    has_reset = "local _, brain = ... return brain.reset ~= nil"
    for recurrent in (False, True):
        remembers = recurrent and shape[1] > 0
        assert machine.run(has_reset, brain_in(machine, exported(shape, recurrent=recurrent).source)) == [remembers]


@pytest.mark.parametrize("sizes", [(2, 3, 4, 2), (70, 11, 9, 5)], ids=str)
@pytest.mark.parametrize("kinds", list(product(sorted(IMPLIED_KINDS), repeat=3)), ids="/".join)
def test_layers_may_be_of_any_kinds_that_a_module_has_code_for(
    machine: Machine, kinds: tuple[str, ...], sizes: tuple[int, ...]
) -> None:
    made = network_of_kinds(kinds, ("LeakyReLU", "ReLU", "ElliotSign"), seed=1, sizes=sizes)
    samples, run = samples_for(made), made.copy()
    found = machine.run(COMPARE, brain_in(machine, inference_module(made).source), made.save(), samples)
    assert found == [[run.forward(sample).tolist() for sample in samples]]


def test_a_kind_that_a_module_has_no_code_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IMPLIED_KINDS", {"Dense"})
    made = network_of_kinds(["Dense", "Recurrent", "RecurrentOutput"], seed=1)
    with pytest.raises(ExportError) as caught:
        inference_module(made)
    assert str(caught.value) == (
        "A module of its own cannot have layers of kind Recurrent, RecurrentOutput, only of Dense; "
        "save the network as a string and load it with loadNet instead."
    )


def test_what_require_returns_cannot_be_changed(machine: Machine) -> None:
    brain = brain_in(machine, exported((2, 2, 3, 1)).source)
    changed = machine.run("local _, brain = ... return (pcall(function() brain.INPUTS = 3 end))", brain)
    assert changed == [not machine.runtime.runs_luau]  # plain Lua has no frozen tables


WRONG: list[Any] = [
    None,
    True,
    3.0,
    float("nan"),
    "text",
    len,
    [],
    [1.0],
    [1.0, 2.0, 3.0],
    [1.0, float("nan")],
    [float("inf"), 1.0],
    [1.0, -float("inf")],
    [1.0, "2"],
    ["1", 2.0],
    [True, 1.0],
    {"x": 1.0},
]


@pytest.mark.parametrize("shape", [(2, 2, 3, 1), (2, 3, 15, 2), (2, 2, 60, 60)], ids=str)
def test_bad_inputs_are_refused_with_the_sentence_of_the_library(machine: Machine, shape: Shape) -> None:
    made = network(shape, "Tanh", True)
    brain = brain_in(machine, exported(shape, "Tanh", True).source)
    (before,) = machine.run(_CALL, brain, [0.5, -0.5])
    machine.run("local _, brain = ... brain.reset()", brain)
    (start,) = machine.run(_CALL, brain, [0.5, -0.5])
    machine.run("local _, brain = ... brain.reset()", brain)
    assert before != start
    for inputs in WRONG:
        wanted = machine.refusal("forwardNet", made.to_table(), inputs)
        assert wanted, inputs
        with pytest.raises(LuaError) as caught:
            machine.run("local _, brain, inputs = ...\nbrain(inputs)", brain, inputs)
        assert caught.value.message == wanted.replace("Wrong Arg#2", "Wrong Arg#1")
        assert caught.value.position == "script:2"
    assert machine.run(_CALL, brain, [0.5, -0.5]) == [start]


@pytest.mark.parametrize("shape", [(2, 2, 3, 1), (2, 3, 15, 2)], ids=str)
def test_bad_values_are_refused(machine: Machine, shape: Shape) -> None:
    brain = brain_in(machine, exported(shape, "Tanh", True).source)
    for given_values, message in {
        "nil, 1": "Wrong Arg#1: Input 1 must be a finite number, got nothing.",
        "1": "Wrong Arg#2: Input 2 must be a finite number, got nothing.",
        "1, '2'": 'Wrong Arg#2: Input 2 must be a finite number, got "2" (text: tonumber makes a number of it).',
        "0 / 0, 1": "Wrong Arg#1: Input 1 must be a finite number, got nan.",
        "1, -math.huge": "Wrong Arg#2: Input 2 must be a finite number, got -infinity.",
        "{ 1, 2 }, 1": "Wrong Arg#1: Input 1 must be a finite number, got an array of 2.",
    }.items():
        with pytest.raises(LuaError) as caught:
            machine.run(f"local _, brain = ...\nbrain.values({given_values})", brain)
        assert (caught.value.message, caught.value.position) == (message, "script:2")


@pytest.mark.parametrize(("precision", "most"), [(Precision.F64, 15_000), (Precision.F32, 31_000)])
def test_the_largest_network_that_fits_does_and_a_larger_one_is_refused(precision: Precision, most: int) -> None:
    nodes = most // 102
    module = inference_module(Network.create(100, 1, nodes, 1, seed=1), precision)
    assert (module.layout, most - 200 < module.parameters <= most) == (Layout.PACKED, True)
    assert len(module.source) < SCRIPT_CHARACTERS
    with pytest.raises(ExportError) as caught:
        inference_module(Network.create(100, 1, int(1.3 * nodes), 1, seed=1), precision)
    assert "a script takes fewer than 200,000 characters: about 15,000 of them in f64, 31,000 in f32." in str(
        caught.value
    )
    assert ("--precision f32 halves the text." in str(caught.value)) == (precision is Precision.F64)


def test_a_network_of_too_many_layers_is_refused_for_its_layers() -> None:
    with pytest.raises(ExportError) as caught:
        inference_module(Network.create(1, 700, 1, 1, seed=1))
    assert str(caught.value) == (
        "The code for the network's 701 layers is too long: a script takes fewer than 200,000 characters."
    )


def test_what_is_too_long_as_constants_is_packed() -> None:
    made = Network.create(59, 2, 46, 1, seed=1)
    assert UnrolledLayout(made).fits
    for layer in made.layers:
        layer.weights *= 1e-300
    made.layers[0].weights *= -1
    assert inference_module(made).layout is Layout.PACKED


@settings(max_examples=40)
@given(st.integers(1, 70), st.lists(st.integers(1, 60), min_size=2, max_size=6), st.booleans())
def test_unrolled_layouts_keep_the_limits_of_the_languages(inputs: int, nodes: list[int], recurrent: bool) -> None:
    random = Random(1)
    table: list[Any] = []
    for fan_in, count in zip([inputs, *nodes], nodes, strict=False):
        rows = [[random.uniform()] * (fan_in + recurrent) for _ in range(count)]
        table.append([rows, [0.5] * count, [0.0] * count] if recurrent else [rows, [0.5] * count])
    made = Network.from_table([inputs, table, False, "Tanh"])
    layout = UnrolledLayout(made)
    seen = [(piece.layer, node.number) for piece in layout.pieces for block in piece.blocks for node in block]
    assert seen == [(layer, node) for layer, count in enumerate(nodes, 1) for node in range(1, count + 1)]
    if not layout.fits:
        return
    assert len(layout.pieces) <= UNROLLED_FUNCTIONS
    assert inputs + sum(nodes) <= UNROLLED_VALUES
    for piece in layout.pieces:
        made_here = [node for block in piece.blocks for node in block]
        constants = sum(len(node.weights) + (1 if node.recurrent is None else 2) for node in made_here)
        assert constants <= FUNCTION_CONSTANTS
        assert len(piece.inputs) <= FUNCTION_INPUTS
        if not layout.is_small:
            assert len(made_here) <= FUNCTION_NODES


def test_the_widest_unrolled_network_is_within_the_limits_of_every_language(machine: Machine) -> None:
    made = Network.create(59, 2, 43, 10, "ReLU", seed=1)
    module = inference_module(made)
    assert module.layout is Layout.UNROLLED
    machine.run(COMPARE, brain_in(machine, module.source), made.save(), samples_for(made))


def test_it_says_what_it_is_and_not_when_or_where_it_was_made() -> None:
    source = exported((9, 2, 13, 3), recurrent=True).source
    lines = source.splitlines()
    assert lines[:3] == ["--!strict", "--!native", "--!optimize 2"]
    assert lines[3] == (
        "-- A neural network, 9-13-13-3 Tanh recurrent: 380 weights and biases in double precision (f64), "
        "351 multiply-adds."
    )
    assert f"-- Generated by luaunn export {VERSION}. Do not edit: export the network again." in lines
    assert source == inference_module(network((9, 2, 13, 3), recurrent=True)).source
    assert "require(" not in "".join(line for line in lines if not line.startswith("--"))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Racer", "local Racer = require(script.Parent.Racer)"),
        ("my net", 'local Brain = require(script.Parent["my net"])'),
        ("end", 'local Brain = require(script.Parent["end"])'),
    ],
)
def test_the_example_in_its_heading_is_luau_whatever_the_file_is_called(name: str, line: str) -> None:
    assert f"--\t{line}\n" in inference_module(network((2, 2, 3, 1)), name=name).source


def test_only_the_activations_in_use_are_there() -> None:
    source = exported((2, 2, 3, 1), ("ReLU", "ArSinh", "Identity")).source
    assert re.findall(r"local function (\w+)\(x: number\): number", source) == ["logOnePlus", "arsinhOfMagnitude"]
    assert "LEAKY_SLOPE" not in source


def test_lines_fit() -> None:
    for name, source in sources().items():
        # The names on the left of an assignment cannot be broken.
        long = [line for line in source.splitlines() if len(line.expandtabs(4)) > WIDTH and not line.endswith("=")]
        assert long == [], name


def test_estimates_grow_with_the_network_and_shrink_in_native_code() -> None:
    modules = [exported(shape) for shape in SHAPES]
    for shape, each in zip(SHAPES, modules, strict=True):
        interpreted, native = each.seconds
        assert 0 < native < interpreted < 1e-3
        assert each.parameters == parameter_count(network(shape))
    assert modules[0].seconds < modules[1].seconds


def test_vectors_are_estimated_to_be_faster_than_constants_and_those_than_packed_weights() -> None:
    made = Network.create(64, 2, 64, 10, seed=1)
    double, single = (inference_module(made, precision) for precision in Precision)
    uncoded = replace(double, coded=0)
    assert 1.5 * single.seconds[0] < double.seconds[0] < 0.9 * uncoded.seconds[0]
    assert single.seconds[1] == double.seconds[1] == uncoded.seconds[1]


@every_layout
def test_it_scales_as_the_network_does(machine: Machine, shape: Shape, recurrent: bool) -> None:
    made = scaled(shape, recurrent)
    samples = [[5.0 * value for value in sample] for sample in samples_for(made)]
    brain = brain_in(machine, scaled_module(shape, recurrent).source)
    (outputs,) = machine.run(COMPARE, brain, made.save(), samples)
    assert_allclose(outputs, python_outputs(made, samples), rtol=1e-12)
    assert np.abs(outputs).max() > 1


def test_one_that_scales_says_so_and_refuses_what_the_library_refuses(machine: Machine) -> None:
    made = scaled((2, 2, 3, 1)).copy()
    scaler = Scaler("MinMax", [0.0, 0.0], [1.0, 1e-10])
    made.set_scaler(scaler)
    module = inference_module(made)
    for line in ("-- Inputs in their order: input 0, input 1.", "-- Inputs and outputs are in their user's units"):
        assert line in module.source
    assert ".values(" not in module.source
    brain = brain_in(machine, module.source)
    for wrong in ([1.0], [1.0, float("nan")], [1.0, 1e300], "x"):
        with pytest.raises(LuaError) as caught:
            machine.run(_CALL, brain, wrong)
        said = machine.refusal("forwardNet", [*made.to_table()[:4], {"inputScaler": scaler.to_fields()}], wrong)
        assert caught.value.message == str(said).replace("#2", "#1")


def test_outputs_alone_may_be_scaled_and_single_precision_says_of_what_it_tells(machine: Machine) -> None:
    made = network((2, 2, 3, 1)).copy()
    made.set_scaler(targets=Scaler("MinMax", [10.0], [3.0]))
    brain = brain_in(machine, inference_module(made).source)
    assert machine.run(_CALL, brain, [0.5, 0.25]) == [pytest.approx(made.forward([0.5, 0.25]).tolist(), rel=1e-12)]
    assert "the numbers of the layers" in " ".join(scaled_module((2, 2, 3, 1), False, Precision.F32).source.split())
