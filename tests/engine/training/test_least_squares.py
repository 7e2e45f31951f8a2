"""Training by least squares, held to numpy's own linear algebra, to differences, and to the algorithm as published."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import (
    ArgumentError,
    Network,
    Optimizer,
    TrainingError,
    load_optimizer,
    load_training,
    propagation,
    save_optimizer,
    save_training,
)
from engine.elementwise import Array
from engine.formulas.optimizers import levenberg_marquardt
from engine.formulas.registry import ACTIVATIONS, ALL_ACTIVATIONS, LOSSES
from engine.interface.limits import LEAST_SQUARES_PARAMETERS
from engine.training import least_squares
from engine.training.least_squares import OrderedEquations, ProductEquations
from tests.engine.training.interruption import interrupted_at
from tests.engine.training.squared_networks import squared_network

NAME = "LevenbergMarquardt"
EQUATIONS = [OrderedEquations, ProductEquations]
ENGINES = ["numpy", "auto"]
SHAPES = [(1, 1), (2, 3), (3, 4, 2), (2, 3, 3, 1)]

pytestmark = pytest.mark.filterwarnings("ignore:.*gives|.*unchanging|.*teaches nothing")


def optimizer(**options: Any) -> Optimizer:
    return Optimizer(NAME, **options)


def network(*sizes: int, hidden: str = "Tanh", output: str = "Identity", loss: str = "HalfSquaredError") -> Network:
    return squared_network(sizes, hidden, output, loss, seed=3, bias_seed=5)


def data(made: Network, samples: int, seed: int = 0) -> tuple[Array, Array]:
    random = np.random.default_rng(seed)
    return random.normal(size=(samples, made.inputs)), random.normal(size=(samples, made.outputs))


def flat(made: Network) -> Array:
    """All parameters: of each layer its weights row by row, then its biases."""
    return np.concatenate([part.ravel() for layer in made.layers for part in (layer.weights, layer.biases)])


def with_parameters(made: Network, parameters: Array) -> Network:
    other, first = made.copy(), 0
    for layer in other.layers:
        for part in (layer.weights, layer.biases):
            part[...] = parameters[first : first + part.size].reshape(part.shape)
            first += part.size
    return other


def mean_loss(made: Network, inputs: Array, targets: Array, weights: Array | None = None) -> float:
    squares = np.sum((made.forward(inputs) - targets) ** 2, axis=1)
    losses = squares / 2 if made.loss == "HalfSquaredError" else squares / made.outputs
    return float(np.mean(losses if weights is None else losses * weights))


def _given(value: Callable[..., float], output: float, target: float, count: int) -> list[float]:
    names = value.__code__.co_varnames[: value.__code__.co_argcount]
    return [{"output": output, "target": target, "count": count}[name] for name in names]


# Slopes of outputs, and the equations that are made of them.


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("activator", ALL_ACTIVATIONS)
def test_slopes_of_outputs_are_those_of_differences(activator: str, ordered: bool) -> None:
    hidden = activator if activator in ACTIVATIONS else "Tanh"
    for sizes in SHAPES if activator in ACTIVATIONS else SHAPES[1:3]:
        made = network(*sizes, hidden=hidden, output=activator)
        inputs, targets = data(made, 5)
        _, errors, slopes = propagation.output_slopes(made.layers, inputs, targets, LOSSES[made.loss], ordered=ordered)
        assert np.allclose(errors, made.forward(inputs) - targets, rtol=1e-14, atol=1e-14)
        parameters, step = flat(made), 1e-6
        for place in range(len(parameters)):
            moved = np.eye(len(parameters))[place] * step
            above, below = (with_parameters(made, parameters + sign * moved).forward(inputs) for sign in (1, -1))
            if not (activator == "Binary" and sizes[1:-1]):
                np.testing.assert_allclose(slopes[:, :, place], (above - below) / (2 * step), atol=2e-8, rtol=1e-6)


@pytest.mark.parametrize("kind", EQUATIONS)
@pytest.mark.parametrize("loss", ["HalfSquaredError", "MeanSquaredError"])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_equations_are_those_of_matrix_products(kind: Any, loss: str, weighted: bool) -> None:
    """The matrix is had by solving for unit gradients with all damping that there is."""
    made = network(3, 4, 2, loss=loss)
    inputs, targets = data(made, 7)
    weights = np.arange(7) * 0.5 if weighted else None
    _, errors, slopes = propagation.output_slopes(made.layers, inputs, targets, LOSSES[loss], ordered=True)
    of_loss = 1.0 if loss == "HalfSquaredError" else 2.0 / made.outputs
    of_samples = np.ones(7) if weights is None else weights
    factors = of_loss * np.repeat(of_samples, made.outputs)
    equations = kind(slopes.shape[-1])
    jacobian = slopes.reshape(-1, slopes.shape[-1])
    equations.add(jacobian, (errors * of_samples[:, None]).ravel(), factors)
    equations.divide(7)
    matrix = jacobian.T @ np.diag(factors) @ jacobian / 7
    difference = (made.forward(inputs) - targets).ravel()
    np.testing.assert_allclose(equations.gradient, jacobian.T @ (factors * difference) / 7, atol=1e-14)
    step = equations.solve(levenberg_marquardt.damped, 0.25)
    np.testing.assert_allclose(
        step, np.linalg.solve(matrix + 0.25 * np.eye(len(matrix)), equations.gradient), atol=1e-13
    )


def test_a_squared_loss_has_one_curvature() -> None:
    random = np.random.default_rng(1)
    for name, loss in LOSSES.items():
        for count in (1, 3):
            outputs, targets = random.uniform(0.1, 0.9, size=(2, 20))
            slopes = (
                np.array([loss.slope(*_given(loss.slope, o, t, count)) for o, t in zip(outputs, targets, strict=True)])
                if not loss.settings
                else None
            )
            is_squared = slopes is not None and np.allclose(slopes, loss.curvature(count) * (outputs - targets))
            assert is_squared == loss.squared, name
    assert [name for name, loss in LOSSES.items() if loss.squared] == ["HalfSquaredError", "MeanSquaredError"]


@st.composite
def systems(draw: st.DrawFn) -> tuple[Array, Array]:
    """A symmetric positive definite matrix, as a product of slopes, and what it should give."""
    size, seed = draw(st.integers(1, 12)), draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    scale = 10.0 ** draw(st.integers(-3, 3))
    return random.normal(size=(size + draw(st.integers(0, 20)), size)) * scale, random.normal(size=size)


@pytest.mark.parametrize("kind", EQUATIONS)
@given(systems(), st.sampled_from([0.0, 1e-9, 1e-3, 1.0, 100.0]))
@settings(max_examples=100)
def test_what_is_solved_is_what_numpy_solves(kind: Any, system: tuple[Array, Array], damping: float) -> None:
    slopes, gradient = system
    equations = kind(len(gradient))
    equations.add(slopes, np.zeros(len(slopes)), np.ones(len(slopes)))
    equations.gradient[:] = gradient
    matrix = slopes.T @ slopes + damping * np.eye(len(gradient))
    step = equations.solve(levenberg_marquardt.damped, damping)
    condition = float(np.linalg.cond(matrix))
    if condition < 1e10:
        expected = np.linalg.solve(matrix, gradient)
        assert step is not None
        assert np.linalg.norm(step - expected) <= 1e-14 * condition * np.linalg.norm(expected)


@pytest.mark.parametrize("kind", EQUATIONS)
@pytest.mark.parametrize("slope", [0.0, math.nan, math.inf])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_what_is_not_positive_definite_has_no_step(kind: Any, slope: float, sign: float) -> None:
    equations = kind(2)
    with np.errstate(all="ignore"):
        equations.add(np.array([[1.0, slope]]), np.ones(1), np.full(1, sign))
        step = equations.solve(levenberg_marquardt.damped, 0.0)
    # What numpy makes of nan is nan, which moves nothing.
    assert step is None or (kind is ProductEquations and not np.isfinite(step).any())


# The algorithm, as it was published.


class Published:
    """Hagan and Menhaj 1994, in matrices, for a network of one hidden layer of Tanh and outputs of Identity."""

    def __init__(self, made: Network, damping: float = 0.001) -> None:
        first, second = made.layers
        self.parts = [first.weights.copy(), first.biases.copy(), second.weights.copy(), second.biases.copy()]
        self.damping, self.used = damping, list[float]()

    def errors(self, parts: list[Array], inputs: Array, targets: Array) -> Array:
        hidden = np.tanh(inputs @ parts[0].T + parts[1])
        return hidden @ parts[2].T + parts[3] - targets

    def jacobian(self, inputs: Array) -> Array:
        """(samples × outputs, parameters), each row written out."""
        hidden = np.tanh(inputs @ self.parts[0].T + self.parts[1])
        rows = []
        for x, h in zip(inputs, hidden, strict=True):
            for k, weights in enumerate(self.parts[2]):
                inner = weights * (1 - h**2)
                own = np.eye(len(self.parts[2]))[k]
                rows.append(np.concatenate([np.outer(inner, x).ravel(), inner, np.outer(own, h).ravel(), own]))
        return np.array(rows)

    def step(self, inputs: Array, targets: Array) -> float:
        """One epoch: the mean of half the squares before it."""
        count = len(inputs)
        errors = self.errors(self.parts, inputs, targets)
        before = (errors**2).sum() / 2 / count
        jacobian = self.jacobian(inputs)
        curvature, gradient = jacobian.T @ jacobian / count, jacobian.T @ errors.ravel() / count
        while True:
            self.used.append(self.damping)
            step = np.linalg.inv(curvature + self.damping * np.eye(len(gradient))) @ gradient
            moved, first = [], 0
            for part in self.parts:
                moved.append(part - step[first : first + part.size].reshape(part.shape))
                first += part.size
            if (self.errors(moved, inputs, targets) ** 2).sum() / 2 / count < before:
                self.parts, self.damping = moved, self.damping / 10
                return float(before)
            self.damping *= 10


@pytest.mark.parametrize("engine", ENGINES)
def test_steps_are_those_of_the_published_algorithm(engine: Any) -> None:
    """Also where steps are refused: both look for the same damping."""
    made = network(2, 3, 2)
    inputs, targets = data(made, 25)
    published = Published(made, damping=1e-6)
    expected, refused = [], 0
    for _ in range(8):
        before = len(published.used)
        expected.append(published.step(inputs, targets))
        refused += len(published.used) - before - 1
    told = made.train(inputs, targets, optimizer(damping=1e-6), 8, history=True, engine=engine)
    np.testing.assert_allclose(told.losses, expected, rtol=1e-9)
    assert refused > 2
    np.testing.assert_allclose(flat(made), np.concatenate([part.ravel() for part in published.parts]), rtol=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("loss", ["HalfSquaredError", "MeanSquaredError"])
def test_a_linear_network_is_there_in_two_steps(engine: Any, loss: str) -> None:
    """A quadratic problem: with next to no damping the first step goes to where least squares are."""
    made = network(3, 2, loss=loss)
    inputs, targets = data(made, 40)
    matrix = np.column_stack([inputs, np.ones(40)])
    exact, *_ = np.linalg.lstsq(matrix, targets, rcond=None)
    made.train(inputs, targets, optimizer(damping=1e-9), 2, engine=engine)
    (layer,) = made.layers
    np.testing.assert_allclose(layer.weights, exact[:3].T, atol=1e-12)
    np.testing.assert_allclose(layer.biases, exact[3], atol=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
def test_weights_are_those_of_weighted_least_squares(engine: Any) -> None:
    made = network(3, 2)
    inputs, targets = data(made, 40)
    weights = np.arange(40, dtype=np.float64) % 4 * 0.5
    matrix = np.column_stack([inputs, np.ones(40)]) * np.sqrt(weights)[:, None]
    exact, *_ = np.linalg.lstsq(matrix, targets * np.sqrt(weights)[:, None], rcond=None)
    told = made.train(inputs, targets, optimizer(damping=1e-9), 3, engine=engine, sample_weights=weights, history=True)
    np.testing.assert_allclose(made.layers[0].weights, exact[:3].T, atol=1e-12)
    assert told.losses[-1] == pytest.approx(mean_loss(made, inputs, targets, weights), rel=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_damping_falls_with_each_step_and_rises_with_each_that_is_refused(engine: Any) -> None:
    """x² + 1 by one number: from the curve's flat end the first steps are too long, by hand from 1e-8 up to 0.1."""
    made = Network.from_table([1, [[[[0.05]], [3.0]]], False, ["Tanh"], {}])
    stepper = optimizer(damping=1e-8)
    told = made.train([[0.0]], [[0.5]], stepper, 30, history=True, engine=engine)
    # One sample whose input is 0: the bias b alone learns, by (tanh b - 0.5)², so each step can be worked out.
    bias, damping, used = 3.0, 1e-8, []
    for _ in range(len(told.losses)):
        error, slope = math.tanh(bias) - 0.5, 1 - math.tanh(bias) ** 2
        if abs(error * slope) <= 1e-7:
            used.append(damping)
            break
        while True:
            moved = bias - error * slope / (slope * slope + damping)
            if (math.tanh(moved) - 0.5) ** 2 < error * error:
                break
            damping *= 10.0
        used.append(damping)
        bias, damping = moved, damping * 0.1
    assert max(used) > 1e-3
    np.testing.assert_allclose(told.rates, used, rtol=1e-9)
    assert told.ended_by == "min_gradient"
    assert made.layers[0].biases[0] == pytest.approx(math.atanh(0.5), abs=1e-6)


# Where it ends.


@pytest.mark.parametrize("engine", ENGINES)
def test_it_ends_where_nothing_gets_smaller(engine: Any) -> None:
    made = network(2, 3, 1)
    inputs, targets = data(made, 30)
    stepper = optimizer(min_gradient=0.0)
    told = made.train(inputs, targets, stepper, 5000, history=True, engine=engine)
    assert told.ended_by == "max_damping"
    assert told.rates[-1] <= 1e10 < told.rates[-1] * 10.1
    # The last epoch took no step: all is as the one before had left it, its damping too.
    assert stepper.to_table()[2] == [max(told.rates[-2] * 0.1, 1e-20)]
    again, same = made.copy(), load_optimizer(save_optimizer(stepper))
    assert again.train(inputs, targets, same, 5000, history=True, engine=engine).ended_by == "max_damping"
    assert again.to_table() == made.to_table()
    assert save_optimizer(same) == save_optimizer(stepper)
    assert told.losses[-1] == pytest.approx(mean_loss(made, inputs, targets), rel=1e-13)
    gradient = [
        mean_loss(with_parameters(made, flat(made) + 1e-5 * each), inputs, targets)
        - mean_loss(with_parameters(made, flat(made) - 1e-5 * each), inputs, targets)
        for each in np.eye(len(flat(made)))
    ]
    assert np.abs(gradient).max() / 2e-5 < 1e-6


def test_it_ends_where_the_gradient_is_as_good_as_nothing() -> None:
    made = network(2, 3, 1)
    inputs, targets = data(made, 30)
    told = made.train(inputs, targets, optimizer(min_gradient=0.01), 500, history=True)
    assert told.ended_by == "min_gradient"
    before = made.to_table()
    again = made.train(inputs, targets, optimizer(min_gradient=0.01), 500, history=True)
    assert (len(again.losses), again.ended_by) == (1, "min_gradient")
    assert made.to_table() == before
    # With other data it goes on.
    stepper = optimizer(min_gradient=0.01)
    made.train(inputs, targets, stepper, 500)
    on = made.train(inputs, targets + 1, stepper, 3, history=True)
    assert (len(on.losses), on.ended_by) == (3, "epochs")


def test_options_of_training_end_it_as_they_do_any_other() -> None:
    made = network(2, 3, 1)
    inputs, targets = data(made, 30)
    told = made.copy().train(inputs, targets, optimizer(), 40, history=True)
    assert told.ended_by == "epochs"
    bound = float(told.losses[5])
    reached = made.copy().train(inputs, targets, optimizer(), 40, history=True, target_loss=bound)
    assert (reached.ended_by, len(reached.losses)) == ("target_loss", 6)
    stopped = made.copy().train(inputs, targets, optimizer(), 40, history=True, on_epoch=lambda epoch, loss: epoch < 3)
    assert (stopped.ended_by, len(stopped.losses)) == ("on_epoch", 3)
    timed = made.copy().train(inputs, targets, optimizer(), 40, history=True, time_limit=1e-9)
    assert timed.ended_by == "time_limit"
    patient = made.copy().train(
        inputs, targets, optimizer(), 400, history=True, validation_share=0.3, patience=3, metrics=True
    )
    assert patient.ended_by == "patience"
    assert patient.best_epoch == len(patient.losses) - 3
    assert patient.metrics["validation_loss"].argmin() + 1 == patient.best_epoch


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("option", [{"shuffle": True}, {"batch_size": 30}, {"batch_size": 1}])
def test_every_step_takes_all_samples_whatever_their_order(engine: Any, option: dict[str, Any]) -> None:
    inputs, targets = data(network(2, 3, 1), 30)
    one, other = network(2, 3, 1), network(2, 3, 1)
    expected = one.train(inputs, targets, optimizer(), 6, engine=engine)
    np.testing.assert_allclose(
        other.train(inputs, targets, optimizer(), 6, engine=engine, **option), expected, rtol=1e-9
    )


# What is regressed: tens of steps, where Adam takes thousands.


def wave() -> tuple[Network, Array, Array]:
    x = np.arange(63)[:, None] / 10
    return network(1, 8, 1), x, np.sin(x)


def saddle() -> tuple[Network, Array, Array]:
    x = np.stack(np.meshgrid(np.linspace(-1, 1, 10), np.linspace(-1, 1, 10)), axis=-1).reshape(-1, 2)
    return network(2, 6, 1), x, x[:, :1] * x[:, 1:]


def ballistics() -> tuple[Network, Array, Array]:
    x = np.stack(np.meshgrid(np.linspace(0, 1, 12), np.linspace(0, 1, 12)), axis=-1).reshape(-1, 2)
    height = np.sin(1.2 * x[:, :1]) * (0.5 + x[:, 1:]) - 0.4 * x[:, :1] ** 2
    return network(2, 5, 2), x, np.concatenate([height, np.cos(2 * x[:, 1:])], axis=1)


@pytest.mark.parametrize("task", [wave, saddle, ballistics])
def test_it_fits_small_regressions_in_tens_of_steps(task: Callable[[], tuple[Network, Array, Array]]) -> None:
    made, inputs, targets = task()
    losses = made.copy().train(inputs, targets, optimizer(), 100)
    assert losses.min() < 1e-5
    adam = made.copy().train(inputs, targets, Optimizer("Adam", rate=0.01), 1000, batch_size=len(inputs))
    assert adam.min() > 1e-5


# One optimizer more.


@pytest.mark.parametrize("engine", ENGINES)
def test_going_on_is_as_never_having_stopped(engine: Any) -> None:
    made = network(2, 3, 1)
    inputs, targets = data(made, 30)
    stepper, texts = optimizer(damping=1e-5), list[str]()
    options: Any = {"validation_share": 0.2, "patience": 4, "shuffle": True, "engine": engine}
    told = made.train(
        inputs,
        targets,
        stepper,
        25,
        history=True,
        random=1,
        on_epoch=lambda epoch, loss: texts.append(save_training(made, stepper)),
        **options,
    )
    last = save_training(made, stepper)
    for text in texts:
        other, update, progress = load_training(text)
        again = other.train(inputs, targets, update, 25, history=True, resume=progress, **options)
        assert save_training(other, update) == last
        assert (again.ended_by, again.best_epoch) == (told.ended_by, told.best_epoch)
        assert again.losses.tolist() == told.losses[progress.epoch :].tolist()


def test_it_remembers_its_damping() -> None:
    made = network(2, 3, 1)
    inputs, targets = data(made, 30)
    stepper = optimizer(damping=0.5, damping_decrease=0.25)
    assert save_optimizer(stepper) == '["LevenbergMarquardt",[0.5,0.25,10,10000000000,1e-07],[0.5],false,false]'
    made.train(inputs, targets, stepper, 2)
    kept = 0.5 * 0.25 * 0.25
    assert (
        save_optimizer(stepper) == f'["LevenbergMarquardt",[0.5,0.25,10,10000000000,1e-07],[{kept}],"{made.shape}",[]]'
    )
    again = load_optimizer(save_optimizer(stepper))
    assert again.settings == stepper.settings
    one, other = made.copy(), made.copy()
    whole, parts = one.train(inputs, targets, load_optimizer(save_optimizer(stepper)), 3), []
    for _ in range(3):
        parts.append(float(other.train(inputs, targets, again)[0]))
    assert parts == whole.tolist()
    assert one.to_table() == other.to_table()


def test_the_damping_never_becomes_nothing() -> None:
    """Of a network that fits better with each step, it falls for as long as that goes."""
    stepper = optimizer(damping=1e-19, damping_decrease=0.0, min_gradient=0.0)
    made = network(2, 3, 1)
    made.train(*data(made, 30), stepper, 1)
    assert save_optimizer(stepper).split("],[")[1].startswith("1e-20]")


def test_it_is_none_for_luajit() -> None:
    made = network(2, 3, 1)
    before, stepper = made.to_table(), optimizer()
    with pytest.raises(ArgumentError) as caught:
        made.train(*data(made, 30), stepper, engine="luajit")
    assert str(caught.value) == (
        'Wrong Arg#5: Options.engine must be auto or numpy for LevenbergMarquardt, got "luajit".'
    )
    assert (made.to_table(), stepper.shape) == (before, None)


@pytest.mark.filterwarnings("ignore:.*nothing scales targets")
@pytest.mark.parametrize("at", [0, 3])
def test_a_loss_that_is_not_finite_takes_no_step(at: int) -> None:
    made = network(1, 2, 1, hidden="Identity")
    inputs, targets = np.ones((5, 1)), np.zeros((5, 1))
    targets[at] = 1e200
    before, stepper = made.to_table(), optimizer()
    with pytest.raises(TrainingError, match=f"Training ended in epoch 1 at sample {at + 1}, whose loss would be inf"):
        made.train(inputs, targets, stepper, 3)
    assert (made.to_table(), stepper.shape, stepper.to_table()[2]) == (before, None, [0.001])


@pytest.mark.parametrize("wild", [math.nan, math.inf])
def test_a_step_to_what_is_not_finite_is_none(wild: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saturated, an infinite weight would fit best: tanh of it is 1."""
    made = network(1, 1, output="Tanh")
    solve, tried = ProductEquations.solve, list[float]()

    def wildly(self: ProductEquations, damped: Any, damping: float) -> Array | None:
        tried.append(damping)
        return np.array([-wild, 0.0]) if len(tried) == 1 else solve(self, damped, damping)

    monkeypatch.setattr(ProductEquations, "solve", wildly)
    told = made.train([[1.0], [2.0]], [[1.0], [1.0]], optimizer(), 1, history=True)
    assert len(tried) > 1
    assert told.rates.tolist() == [tried[-1]]
    assert np.isfinite(flat(made)).all()


@pytest.mark.parametrize(
    ("module", "function"),
    [(propagation, "output_slopes"), (propagation, "losses"), (least_squares, "put_back_numbers")],
)
def test_what_is_interrupted_is_as_before(module: Any, function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = network(2, 3, 1)
    inputs, targets = data(made, 30)
    stepper = optimizer(damping=1e-6)
    made.train(inputs, targets, stepper, 2)
    before, text = made.to_table(), save_optimizer(stepper)
    monkeypatch.setattr(module, function, interrupted_at(1, getattr(module, function)))
    with pytest.raises(KeyboardInterrupt):
        made.train(inputs, targets, stepper, 1)
    assert (made.to_table(), save_optimizer(stepper)) == (before, text)


def test_as_many_parameters_as_may_be() -> None:
    made = network(2, 71, 4)
    assert len(flat(made)) == LEAST_SQUARES_PARAMETERS + 1
    with pytest.raises(ArgumentError, match="must be another optimizer for more than 500 weights and biases, got Leve"):
        made.train(*data(made, 3), optimizer())
    made = network(1, 166, 1)
    assert len(flat(made)) <= LEAST_SQUARES_PARAMETERS
    made.train(*data(made, 3), optimizer())
