"""Python and the generated module are equal: activations × shapes × recurrence × runtimes."""

import pytest

from codegen.library.schedules import COLUMN_SAMPLES
from tests.parity import checks
from tests.parity.cases import (
    BATCH_CASES,
    CASES,
    EXACT_BATCH_CASES,
    EXACT_CASES,
    EXACT_SESSION_CASES,
    LINEAR_OUTPUT_CASES,
    NARROW_CASES,
    SESSION_CASES,
    SHAPES,
    Case,
)
from tests.parity.machine import Machine

# Recurrence of activations with infinite range is compared like everything else.
pytestmark = pytest.mark.filterwarnings("ignore:.*infinite range")

every_case = pytest.mark.parametrize("case", CASES, ids=str)
every_exact_case = pytest.mark.parametrize("case", EXACT_CASES, ids=str)


@every_case
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


@pytest.mark.parametrize("case", BATCH_CASES, ids=str)
def test_a_batch_is_equal(machine: Machine, case: Case) -> None:
    checks.check_batch(machine, case)


@pytest.mark.parametrize("case", EXACT_BATCH_CASES, ids=str)
def test_a_batch_is_equal_to_the_last_bit_without_transcendental_functions(machine: Machine, case: Case) -> None:
    checks.check_batch(machine, case, exact=True)


@pytest.mark.parametrize("count", [1, COLUMN_SAMPLES, COLUMN_SAMPLES + 1, 2 * COLUMN_SAMPLES + 7])
def test_a_batch_of_any_size_is_equal(machine: Machine, count: int) -> None:
    checks.check_batch(machine, Case(5, 2, 4, 2, activator="LeakyReLU", recurrent=False), count=count)


@every_case
def test_twenty_generations_are_equal(machine: Machine, case: Case) -> None:
    checks.check_generations(machine, case)


@every_case
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
