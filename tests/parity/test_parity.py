"""Python and the generated module are equal: activations × shapes × recurrence or kinds of layers × runtimes."""

import pytest

from codegen.library.schedules import COLUMN_SAMPLES
from engine import Network
from engine.formulas.registry import LOSSES
from tests.parity import checks
from tests.parity.cases import (
    BATCH_CASES,
    CASES,
    EXACT_BATCH_CASES,
    EXACT_CASES,
    EXACT_KIND_CASES,
    EXACT_LOSS_CASES,
    EXACT_SESSION_CASES,
    KIND_CASES,
    LINEAR_OUTPUT_CASES,
    LOSS_CASES,
    NAMED_SINGLE_CASES,
    NAMING_CASES,
    NARROW_CASES,
    SESSION_CASES,
    SHAPES,
    SINGLE_CASES,
    Case,
)
from tests.parity.machine import Machine

# Recurrence of activations with infinite range is compared like everything else.
pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")

every_case = pytest.mark.parametrize("case", CASES, ids=str)
every_naming_case = pytest.mark.parametrize("case", NAMING_CASES, ids=str)
every_exact_case = pytest.mark.parametrize("case", EXACT_CASES, ids=str)


@every_naming_case
def test_the_same_seed_gives_the_same_network(machine: Machine, case: Case) -> None:
    checks.check_created(machine, case)


@every_case
def test_forward_is_equal(machine: Machine, case: Case) -> None:
    checks.check_forward(machine, case)


@pytest.mark.parametrize("case", [*EXACT_CASES, *LINEAR_OUTPUT_CASES], ids=str)
def test_forward_is_equal_to_the_last_bit_without_transcendental_functions(machine: Machine, case: Case) -> None:
    checks.check_forward(machine, case, exact=True)


@every_case
def test_a_hundred_steps_of_training_are_equal(machine: Machine, case: Case) -> None:
    checks.check_training(machine, case)


@pytest.mark.parametrize("case", NARROW_CASES, ids=str)
def test_every_shape_of_narrow_layers_is_equal(machine: Machine, case: Case) -> None:
    checks.check_forward(machine, case)
    checks.check_training(machine, case)


@every_exact_case
def test_training_is_equal_to_the_last_bit_without_transcendental_functions(machine: Machine, case: Case) -> None:
    checks.check_training(machine, case, exact=True)


@pytest.mark.parametrize("case", SESSION_CASES, ids=str)
def test_a_training_session_is_equal(machine: Machine, case: Case) -> None:
    checks.check_session(machine, case)


@pytest.mark.parametrize("case", EXACT_SESSION_CASES, ids=str)
def test_a_training_session_is_equal_to_the_last_bit_without_transcendental_functions(
    machine: Machine, case: Case
) -> None:
    checks.check_session(machine, case, exact=True)


@pytest.mark.parametrize("case", [*SINGLE_CASES, *NAMED_SINGLE_CASES], ids=str)
def test_a_network_of_one_layer_is_equal(machine: Machine, case: Case) -> None:
    is_exact = case in SINGLE_CASES
    checks.check_forward(machine, case, exact=is_exact)
    checks.check_training(machine, case, exact=is_exact)
    checks.check_session(machine, case, exact=is_exact)
    checks.check_generations(machine, case)
    checks.check_saving(machine, case)
    if not case.recurrent:
        checks.check_batch(machine, case, exact=is_exact)


@pytest.mark.parametrize("case", BATCH_CASES, ids=str)
def test_a_batch_is_equal(machine: Machine, case: Case) -> None:
    checks.check_batch(machine, case)


@pytest.mark.parametrize("case", EXACT_BATCH_CASES, ids=str)
def test_a_batch_is_equal_to_the_last_bit_without_transcendental_functions(machine: Machine, case: Case) -> None:
    checks.check_batch(machine, case, exact=True)


@pytest.mark.parametrize("count", [1, COLUMN_SAMPLES, COLUMN_SAMPLES + 1, 2 * COLUMN_SAMPLES + 7])
def test_a_batch_of_any_size_is_equal(machine: Machine, count: int) -> None:
    checks.check_batch(machine, Case(5, 2, 4, 2, activator="LeakyReLU", recurrent=False), count=count)


@every_naming_case
def test_twenty_generations_are_equal(machine: Machine, case: Case) -> None:
    checks.check_generations(machine, case)


@every_naming_case
def test_strings_are_read_and_written_the_same(machine: Machine, case: Case) -> None:
    checks.check_saving(machine, case)


@pytest.mark.parametrize(
    "options",
    [
        {"keep_share": 0.0, "mutated_nodes": 0},
        {"keep_share": 1.0, "mutation_range": 0.5},
        {"selection_pressure": 1.0, "bias_noise": 0.0},
        {"selection_pressure": 50.0, "mutated_nodes": 1000},
    ],
    ids=str,
)
def test_generations_are_equal_with_every_option(machine: Machine, options: dict[str, float]) -> None:
    checks.check_generations(machine, Case(*SHAPES[1], activator="Tanh", recurrent=True), options)


@pytest.mark.parametrize("extras", [{}, {"kinds": ["Dense", "Dense"]}, {"loss": "HalfSquaredError"}], ids=str)
def test_what_goes_without_saying_is_not_saved(machine: Machine, extras: dict[str, object]) -> None:
    network = Network.create(1, 1, 1, 1, seed=1)
    assert machine.call("saveNet", [*network.to_table(), extras]) == [network.save()]
    assert Network.from_table([*network.to_table(), extras]).save() == network.save()


every_kind = pytest.mark.parametrize("case", KIND_CASES, ids=str)


@every_kind
def test_every_kind_of_layer_runs_the_same(machine: Machine, case: Case) -> None:
    checks.check_forward(machine, case)


@every_kind
def test_every_kind_of_layer_is_trained_the_same(machine: Machine, case: Case) -> None:
    checks.check_training(machine, case)
    checks.check_session(machine, case)


@pytest.mark.parametrize("case", EXACT_KIND_CASES, ids=str)
def test_every_kind_of_layer_is_equal_to_the_last_bit_without_transcendental_functions(
    machine: Machine, case: Case
) -> None:
    checks.check_forward(machine, case, exact=True)
    checks.check_training(machine, case, exact=True)
    checks.check_session(machine, case, exact=True)


def test_every_kind_of_layer_without_a_state_runs_in_batches(machine: Machine) -> None:
    # Dense layers are among them, whether or not there are further kinds.
    dense = Case(5, 2, 9, 3, ("LeakyReLU", "ReLU", "ElliotSign"), recurrent=False)
    for case in (dense, *(case for case in EXACT_KIND_CASES if not case.recurrent)):
        checks.check_batch(machine, case, exact=True)


@every_kind
def test_every_kind_of_layer_is_bred_and_saved_the_same(machine: Machine, case: Case) -> None:
    checks.check_generations(machine, case)
    checks.check_saving(machine, case)


@pytest.mark.parametrize("case", LOSS_CASES, ids=str)
def test_every_loss_is_trained_by_and_saved_the_same(machine: Machine, case: Case) -> None:
    checks.check_training(machine, case)
    checks.check_session(machine, case)
    checks.check_saving(machine, case)


@pytest.mark.parametrize("case", EXACT_LOSS_CASES, ids=str)
def test_every_loss_is_equal_to_the_last_bit_without_transcendental_functions(machine: Machine, case: Case) -> None:
    checks.check_training(machine, case, exact=True)
    checks.check_session(machine, case, exact=True)


@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_is_trained_by_in_32_bits(machine: Machine, name: str) -> None:
    checks.check_single_precision(machine, Case(9, 2, 13, 9, "Tanh", recurrent=False, loss=name))
