"""Modules in single precision: how far off they are and say that they are, and what they hold."""

import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from codegen.export.limits import (
    UNROLLED_PARAMETERS,
    Precision,
)
from codegen.export.module import Layout, inference_module, rounded_up
from codegen.export.precision import ExportError, VectorNetwork, error_samples, held, largest_error
from codegen.export.unrolled import parameter_count
from engine import ArgumentError, Network
from tests.codegen.export.exported import (
    RUN_ALL,
    SHAPES,
    Shape,
    brain_in,
    each_precision,
    every_layout,
    exported,
    is_interpreted,
    network,
    python_outputs,
    samples_for,
    unwrapped,
    with_and_without_memory,
)
from tests.engine.samples import networks
from tests.parity.machine import Machine
from tests.parity.tolerances import tolerance

pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")


def bound_in(source: str) -> float:
    """The error that the first lines of a module promise not to exceed."""
    found = re.search(r"Single precision changed no output by more than (\S+), on 1,000 samples", unwrapped(source))
    assert found
    return float(found[1])


@every_layout
def test_single_precision_is_within_the_bound_of_its_heading(machine: Machine, shape: Shape, recurrent: bool) -> None:
    made, module = network(shape, recurrent=recurrent), exported(shape, recurrent=recurrent, precision=Precision.F32)
    samples = error_samples(made.inputs)[:50].tolist()
    brain = brain_in(machine, module.source)
    (outputs,) = machine.run(RUN_ALL, brain, samples)
    wanted = python_outputs(made, samples)
    allowed = tolerance(lambda: python_outputs(made, samples))
    error = np.abs(np.array(outputs) - wanted).max()
    assert allowed < error <= bound_in(module.source) + allowed


@every_layout
def test_the_bound_is_the_largest_error_of_the_samples(shape: Shape, recurrent: bool) -> None:
    made, module = network(shape, recurrent=recurrent), exported(shape, recurrent=recurrent, precision=Precision.F32)
    rounded = held(made, Precision.F32, is_packed=module.layout is Layout.PACKED)
    error = largest_error(made, rounded)
    if module.layout is Layout.PACKED:
        rough = largest_error(made, VectorNetwork(rounded))
        assert rough > error
        error = rough
    assert error <= bound_in(module.source) < 1.1 * error
    speaks = "Where Luau is interpreted, its sums are of single precision too." in unwrapped(module.source)
    assert speaks == (module.layout is Layout.PACKED)


PACKED = [shape for shape, layout in SHAPES.items() if layout is Layout.PACKED]


@pytest.mark.parametrize("shape", PACKED, ids=str)
@with_and_without_memory
def test_sums_of_vectors_are_those_that_python_measures(machine: Machine, shape: Shape, recurrent: bool) -> None:
    names = ("LeakyReLU",) * (shape[1] + 1)
    made, module = network(shape, names, recurrent), exported(shape, names, recurrent, Precision.F32)
    rounded, samples = held(made, Precision.F32, is_packed=True), samples_for(made)
    (found,) = machine.run(RUN_ALL, brain_in(machine, module.source), samples)
    near = VectorNetwork(rounded.copy())
    rough = [near.forward(np.array(sample)).tolist() for sample in samples]
    doubles = python_outputs(rounded, samples).tolist()
    assert rough != doubles
    assert found == (rough if is_interpreted(machine) else doubles)


def test_outputs_without_end_have_no_bound() -> None:
    made = network((2, 2, 3, 1), "Identity", True).copy()
    for layer in made.layers:
        assert layer.state is not None
        layer.weights[:, layer.inputs] = 1e9
    made = Network.from_table([*made.to_table()[:3], ["Identity"] * 3])
    assert "grow beyond all numbers" in inference_module(made, Precision.F32).source


@given(st.floats(1e-300, 1e300))
@example(9.99e-8)
@example(9.96e-8)
def test_a_bound_is_rounded_up_to_two_digits(error: float) -> None:
    assert error <= float(rounded_up(error)) <= 1.11 * error
    assert len(rounded_up(error).partition("e")[0]) == 3


@given(networks(st.floats(-1e30, 1e30)), st.booleans())
def test_single_precision_is_the_nearest_single_or_a_decimal_that_rounds_to_it(made: Network, is_packed: bool) -> None:
    before = made.save()
    rounded = held(made, Precision.F32, is_packed=is_packed)
    assert made.save() == before
    for layer, kept in zip(made.layers, rounded.layers, strict=True):
        for part, single in ((layer.weights, kept.weights), (layer.biases, kept.biases)):
            assert (part.astype(np.float32) == single.astype(np.float32)).all()
            if is_packed:
                assert (single == part.astype(np.float32)).all()


@each_precision
def test_a_number_that_is_no_number_is_refused(precision: Precision) -> None:
    made = network((2, 2, 3, 1)).copy()
    made.layers[1].biases[2] = np.nan
    with pytest.raises(ArgumentError, match=r"Network\[2\]\[2\]\[2\] must be .* got nan as number 3"):
        inference_module(made, precision)


def test_a_number_beyond_single_precision_is_refused() -> None:
    made = network((2, 2, 3, 1)).copy()
    made.layers[1].biases[2] = -1e39
    sentence = "Single precision (f32) holds numbers up to 3.4e+38, but the network has a weight or bias of -1e+39."
    with pytest.raises(ExportError) as caught:
        inference_module(made, Precision.F32)
    assert str(caught.value) == sentence
    inference_module(made)


def test_single_precision_is_packed_as_soon_as_vectors_are_faster() -> None:
    small, large = (Network.create(24, 2, nodes, 8, seed=1) for nodes in (32, 40))
    assert parameter_count(small) < UNROLLED_PARAMETERS[Precision.F32] < parameter_count(large)
    layouts = {
        (made.layers[0].nodes, precision): inference_module(made, precision).layout
        for made in (small, large)
        for precision in Precision
    }
    assert [each for each, layout in layouts.items() if layout is Layout.PACKED] == [(40, Precision.F32)]
