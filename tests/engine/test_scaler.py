"""Scalers by hand and as scikit-learn has them; networks with scalers are those that were fed by hand."""

import math
import warnings
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

from engine import Network, Scaler, create_generation, draw, run_generation
from engine.formulas.registry import SCALERS
from engine.formulas.scaling import scaled
from tests.engine.samples import ODD_DATA, bits, refused

# Of each: samples, and shift and scale by hand.
BY_HAND: dict[str, list[tuple[list[list[float]], list[float], list[float]]]] = {
    "MinMax": [([[1.0, -2.0], [3.0, 4.0], [2.0, 0.0]], [1.0, -2.0], [2.0, 6.0])],
    # (2, 4, 4, 4, 5, 5, 7, 9) is the textbook's: mean 5, deviation 2.
    "Standard": [([[2.0], [4.0], [4.0], [4.0], [5.0], [5.0], [7.0], [9.0]], [5.0], [2.0])],
    # Quartiles of 0, 1, 2, 3, 4 are 1 and 3; those of 0, 1, 2, 10 are 0.75 and 4, the median is 1.5.
    "Robust": [
        ([[4.0], [0.0], [3.0], [1.0], [2.0]], [2.0], [2.0]),
        ([[10.0], [1.0], [0.0], [2.0]], [1.5], [3.25]),
    ],
}
THEIRS: dict[str, Any] = {"MinMax": MinMaxScaler, "Standard": StandardScaler, "Robust": RobustScaler}


def test_every_scaler_is_known_by_hand_and_from_elsewhere() -> None:
    assert BY_HAND.keys() == THEIRS.keys() == SCALERS.keys()


@pytest.mark.parametrize(
    ("name", "samples", "shift", "scale"), [(name, *case) for name, cases in BY_HAND.items() for case in cases]
)
def test_shift_and_scale_are_those_by_hand(
    name: str, samples: list[list[float]], shift: list[float], scale: list[float]
) -> None:
    assert Scaler.fit(samples, name) == Scaler(name, shift, scale)


@pytest.mark.parametrize("name", SCALERS)
@pytest.mark.parametrize("count", [2, 3, 10, 101])
def test_they_are_those_of_scikit_learn(name: str, count: int) -> None:
    samples = np.random.default_rng(count).normal([5.0, -300.0, 0.0, 1e-3], [1.0, 80.0, 1e6, 1e-5], (count, 4))
    ours, theirs = Scaler.fit(samples, name), THEIRS[name]().fit(samples)
    same = Scaler.from_sklearn(theirs)
    assert same.name == name
    np.testing.assert_allclose(ours.shifts, same.shifts, rtol=1e-12)
    np.testing.assert_allclose(ours.scales, same.scales, rtol=1e-12)
    for sample, expected in zip(samples, theirs.transform(samples), strict=True):
        np.testing.assert_allclose(ours.scale(sample), expected, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(same.unscale(expected), sample, rtol=1e-12)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_quantiles_are_those_of_numpy(column: list[float]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scaler = Scaler.fit([[value] for value in column], "Robust")
    lower, median, upper = np.quantile(column, [0.25, 0.5, 0.75])
    assert scaler.shifts[0] == pytest.approx(median, rel=1e-12, abs=1e-9)
    if upper - lower > 1e-3:
        assert scaler.scales[0] == pytest.approx(upper - lower, rel=1e-6)


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=20).filter(lambda column: len(set(column)) > 1))
def test_mean_and_deviation_are_the_exact_ones_rounded(column: list[int]) -> None:
    scaler = Scaler.fit([[float(value)] for value in column], "Standard")
    mean = Fraction(sum(column), len(column))
    variance = sum((value - mean) ** 2 for value in column) / len(column)
    assert scaler.shifts[0] == float(mean)
    assert scaler.scales[0] == pytest.approx(math.sqrt(variance), rel=1e-13)


def test_other_options_of_scikit_learn_are_read_too() -> None:
    samples = np.random.default_rng(1).normal(size=(20, 3))
    for theirs in (
        MinMaxScaler(feature_range=(-1, 3)),
        StandardScaler(with_mean=False),
        StandardScaler(with_std=False),
        RobustScaler(with_centering=False),
        RobustScaler(with_scaling=False),
        RobustScaler(quantile_range=(10, 90)),
    ):
        expected = theirs.fit_transform(samples)
        ours = Scaler.from_sklearn(theirs)
        np.testing.assert_allclose(ours.apply(scaled, samples), expected, rtol=1e-12, atol=1e-14)


def test_what_is_no_such_scaler_is_refused() -> None:
    for wrong in (StandardScaler(), 3, MaxAbsScaler().fit([[1.0]])):
        with pytest.raises(ValueError, match="must be a fitted MinMaxScaler, StandardScaler or RobustScaler"):
            Scaler.from_sklearn(wrong)
    with pytest.raises(ValueError, match="must not clip"):
        Scaler.from_sklearn(MinMaxScaler(clip=True).fit([[1.0], [2.0]]))


@pytest.mark.parametrize("name", SCALERS)
def test_a_column_without_spread_is_said_and_only_shifted(name: str) -> None:
    with pytest.warns(UserWarning, match=r"^The numbers of column 2, column 4 have no spread: they are shifted, but"):
        scaler = Scaler.fit([[1.0, 0.1, 2.0, -7.0], [2.0, 0.1, 4.0, -7.0], [4.0, 0.1, 9.0, -7.0]], name)
    assert (scaler.shifts[1], scaler.shifts[3]) == (0.1, -7.0)
    assert (scaler.scales[1], scaler.scales[3]) == (1.0, 1.0)
    with pytest.warns(UserWarning, match="column 1 have no spread"):
        assert Scaler.fit([[3.0]], name) == Scaler(name, [3.0], [1.0])


def test_a_column_most_of_whose_numbers_are_one_has_no_spread_for_quartiles() -> None:
    with pytest.warns(UserWarning, match="column 1 have no spread"):
        assert Scaler.fit([[0.0], [0.0], [0.0], [0.0], [9.0]], "Robust") == Scaler("Robust", [0.0], [1.0])


@pytest.mark.parametrize("name", SCALERS)
def test_a_spread_that_overflows_is_refused(name: str) -> None:
    samples = [[1.0, -1.7e308], [2.0, -1.7e308], [3.0, 1.7e308], [4.0, 1.7e308]]
    assert refused(lambda: Scaler.fit(samples, name)) == (
        "Wrong Arg#1: Samples must be small enough for a finite shift and scale of every column, got -1.7e+308 to "
        "1.7e+308 in column 2."
    )


@pytest.mark.parametrize("name", SCALERS)
def test_dictionaries_have_the_scaler_of_their_columns(name: str) -> None:
    columns = {"speed": [3.0, -1.0, 8.0, 0.5], "angle": [0.0, 1.0, 2.0, -7.0]}
    samples = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    scaler = Scaler.fit(samples, name)
    assert scaler.names == ("angle", "speed")
    for index, key in enumerate(scaler.names):
        alone = Scaler.fit([[value] for value in columns[key]], name)
        assert (scaler.shifts[index], scaler.scales[index]) == (alone.shifts[0], alone.scales[0])
    made = scaler.scale(samples[2])
    assert made == dict(zip(("angle", "speed"), scaler.scale([2.0, 8.0]).tolist(), strict=True))
    assert scaler.unscale(made) == pytest.approx(samples[2])


def test_a_scaler_with_names_takes_the_order_of_its_network() -> None:
    samples = [{"far": 1.0, "fast": 100.0, "away": 5.0}, {"far": 3.0, "fast": 500.0, "away": 25.0}]
    order = ["fast", "away", "far"]
    network = Network.build(inputs=order, layers=[{"nodes": 2}], outputs=["y", "x"], seed=1)
    targets = Scaler.fit([{"x": 0.0, "y": 10.0}, {"x": 1.0, "y": 30.0}], "MinMax")
    network.set_scaler(Scaler.fit(samples, "MinMax"), targets)
    assert network.extras.input_scaler == Scaler("MinMax", [100.0, 5.0, 1.0], [400.0, 20.0, 2.0])
    assert network.extras.target_scaler == Scaler("MinMax", [10.0, 0.0], [20.0, 1.0])
    by_hand = Network.build(inputs=order, layers=[{"nodes": 2}], outputs=["y", "x"], seed=1)
    by_hand.set_scaler(Scaler.fit([[row[key] for key in order] for row in samples], "MinMax"))
    by_hand.set_scaler(by_hand.extras.input_scaler, Scaler.fit([[10.0, 0.0], [30.0, 1.0]], "MinMax"))
    assert network.save() == by_hand.save()


def test_a_named_column_without_spread_is_called_by_its_name() -> None:
    with pytest.warns(UserWarning, match=r'^The numbers of "far" have no spread'):
        Scaler.fit([{"far": 1.0, "fast": 2.0}, {"far": 1.0, "fast": 3.0}], "Standard")


NAMED = Scaler("MinMax", [0.0, 0.0], [1e-10, 1.0], ["far", "fast"])


def fit(*samples: Any) -> Scaler:
    return Scaler.fit(samples, "MinMax")


def network_with(**description: Any) -> Network:
    return Network.build(**{"inputs": 2, "layers": [{"nodes": 2}], "seed": 1, **description})


REFUSED: dict[str, tuple[Any, str]] = {
    "another name": (
        lambda: fit({"far": 1.0}, {"fat": 1.0}),
        '1: Samples[2] must be a dictionary with a number for each of far, got one with "fat".',
    ),
    "a name that is missing": (
        lambda: fit({"far": 1.0, "b": 2.0}, {"far": 1.0}),
        "1: Samples[2] must be a dictionary with a number for each of b, far, got one without b.",
    ),
    "an array among dictionaries": (
        lambda: fit({"far": 1.0}, [1.0]),
        "1: Samples[2] must be a dictionary with a number for each of far, got an array of 1.",
    ),
    "a dictionary among arrays": (
        lambda: fit([1.0], {"far": 1.0}),
        "1: Samples[2] must be in an array of 1 number, got a dictionary.",
    ),
    "text in a dictionary": (
        lambda: fit({"far": "x"}),
        '1: Samples[1]["far"] must be a finite number, got "x"',
    ),
    "names that are none": (
        lambda: fit({1: 1.0}),
        "1: Samples[1] must be an array of 1 to 1000000 numbers, or a dictionary of numbers by names, got one",
    ),
    "a name with a quote": (
        lambda: fit({'said "x"': 1.0, "far": 1.0}),
        "1: Samples[1] must be an array of 1 to 1000000 numbers, or a dictionary of numbers by names, got one with",
    ),
    "a masked number": (
        lambda: Scaler.fit(np.ma.array([[1.0, 9.0], [2.0, 3.0]], mask=[[False, True], [False, False]]), "MinMax"),
        "1: Samples[1] must be in an array of 2 numbers, got a masked number as number 2.",
    ),
    "names twice": (
        lambda: Scaler("MinMax", [0.0, 0.0], [1.0, 1.0], ["far", "far"]),
        "1: Scaler.names must be an array of 2 different names of 1 to",
    ),
    "a dictionary for a scaler without names": (
        lambda: Scaler("MinMax", [0.0], [1.0]).scale({"far": 1.0}),
        "2: Sample must be in an array of 1 number, got a dictionary.",
    ),
    "an unknown name to be scaled": (
        lambda: NAMED.scale({"far": 1.0, "fats": 2.0}),
        "2: Sample must be in an array of 2 numbers or a dictionary with a number for each of far, fast, got one with",
    ),
    "too few for names": (
        lambda: NAMED.unscale([1.0]),
        "2: Sample must be in an array of 2 numbers or a dictionary with a number for each of far, fast, got an array ",
    ),
    "a named number too large for the scale": (
        lambda: NAMED.scale({"fast": 1.0, "far": 1e300}),
        '2: Sample["far"] must be a number that stays finite when scaled, got 1e+300.',
    ),
    "other names than the network's": (
        lambda: network_with(inputs=["far", "fats"]).set_scaler(NAMED),
        '2: Input scaler.names must be those of the network (far, fats), got one with "fast" (did you mean fats?).',
    ),
    "names where the network has none": (
        lambda: network_with().set_scaler(None, NAMED),
        "3: Target scaler.names must be left out, as the network has no names there, got an array of 2.",
    ),
    "no samples": (lambda: Scaler.fit([], "MinMax"), "1: Samples must be an array of at least 1 sample, got"),
    "a short sample": (lambda: Scaler.fit([[1.0, 2.0], [1.0]], "MinMax"), "1: Samples[2] must be in an array of 2"),
    "no scaler's name": (lambda: Scaler.fit([[1.0]], "Minmax"), "2: Name must be one of MinMax, Standard, Robust, got"),
    "no scale": (lambda: Scaler("MinMax", [1.0], [0.0]), "1: Scaler.scale[1] must be a finite number above 0, got 0."),
    "no columns": (lambda: Scaler("MinMax", [], []), "1: Scaler.shift must be an array of 1 to 1000000 numbers, got"),
    "too few numbers": (lambda: Scaler("MinMax", [0.0], [1.0]).scale([]), "2: Sample must be in an array of 1 number"),
    "too large for the scale": (
        lambda: Scaler("MinMax", [0.0], [1e-10]).scale([1e300]),
        "2: Sample[1] must be a number that stays finite when scaled, got 1e+300.",
    ),
    "too large for its unit": (
        lambda: Scaler("MinMax", [0.0], [1e10]).unscale([-1e300]),
        "2: Sample[1] must be a number that stays finite when its scaling is undone, got -1e+300.",
    ),
}


@pytest.mark.parametrize(("call", "said"), REFUSED.values(), ids=REFUSED)
def test_what_will_not_do_is_refused(call: Any, said: str) -> None:
    assert refused(call).startswith(f"Wrong Arg#{said}")


# Networks with scalers.

INPUTS = Scaler("Standard", [20.0, -3.0], [10.0, 0.25])
TARGETS = Scaler("MinMax", [-5.0, 100.0, 0.0], [10.0, 50.0, 0.125])
SAMPLES = [[25.0, -2.5], [0.0, -4.0], [31.0, 7.5]]
WANTED = [[1.0, 120.0, 0.1], [-2.0, 101.0, 0.0], [0.0, 150.0, -0.5]]


def scaled_network(extras: Mapping[str, object] | None = None, *, recurrent: bool = False) -> Network:
    """A network of 2 inputs and 3 outputs, in its user's units."""
    network = Network.create(2, 1, 4, 3, ("Tanh", "Identity"), recurrent=recurrent, seed=5)
    if extras:
        network = Network.from_table([*network.to_table(), extras])
    network.set_scaler(INPUTS, TARGETS)
    return network


@ODD_DATA
@pytest.mark.parametrize("recurrent", [False, True])
def test_a_network_with_scalers_is_one_that_was_fed_by_hand(recurrent: bool) -> None:
    network, plain = scaled_network(recurrent=recurrent), scaled_network(recurrent=recurrent)
    plain.set_scaler()
    by_hand = [INPUTS.scale(sample) for sample in SAMPLES]
    wanted = [TARGETS.scale(target) for target in WANTED]
    for sample, inner in zip(SAMPLES, by_hand, strict=True):
        outputs, activities = network.forward(sample, give_cache=True)
        inside, expected = plain.forward(inner, give_cache=True)
        assert bits(outputs) == bits(TARGETS.unscale(inside))
        assert [bits(part) for part in activities] == [bits(part) for part in expected]
    network.backward(0.1, SAMPLES[0], WANTED[0])
    plain.backward(0.1, by_hand[0], wanted[0])
    losses = network.train(SAMPLES, WANTED, 0.05, 3)
    assert bits(losses) == bits(plain.train(by_hand, wanted, 0.05, 3))
    assert network.to_table()[:4] == plain.to_table()[:4]
    assert draw(network, SAMPLES[0]) == draw(plain, by_hand[0])
    index, share = network.classify(SAMPLES[0]), plain.forward(by_hand[0])
    if not recurrent:
        assert bits(network.forward(SAMPLES)) == bits([TARGETS.unscale(row) for row in plain.forward(by_hand)])
        assert index == (int(np.argmax(TARGETS.unscale(share))), max(TARGETS.unscale(share)))


def test_names_and_units_go_together() -> None:
    network = scaled_network({"inputs": ["heat", "depth"], "outputs": ["x", "y", "z"]})
    outputs = np.asarray(scaled_network().forward(SAMPLES[0]))
    assert network.forward({"depth": -2.5, "heat": 25.0}) == dict(zip("xyz", outputs.tolist(), strict=True))
    network.backward(0.1, SAMPLES[0], {"x": 1.0, "z": 0.1, "y": 120.0})
    other = scaled_network()
    other.backward(0.1, SAMPLES[0], WANTED[0])
    assert network.to_table()[:4] == other.to_table()[:4]
    network.set_scaler(Scaler("MinMax", [0.0, 0.0], [1e-300, 1.0]))
    said = refused(lambda: network.forward({"heat": 1e10, "depth": 1.0}))
    assert said == 'Wrong Arg#2: Inputs["heat"] must be a number that stays finite when scaled, got 10000000000.'
    said = refused(lambda: network.train([SAMPLES[0], [1e10, 1.0]], WANTED[:2], 0.1))
    assert said == "Wrong Arg#2: Samples[2][1] must be a number that stays finite when scaled, got 10000000000."


def test_scalers_are_saved_copied_and_taken_away() -> None:
    network = scaled_network()
    for other in (network.copy(), Network.load(network.save()), Network.from_table(network.to_table())):
        assert (other.extras.input_scaler, other.extras.target_scaler) == (INPUTS, TARGETS)
        assert bits(other.forward(SAMPLES)) == bits(network.forward(SAMPLES))
    network.set_scaler(targets=TARGETS)
    assert (network.extras.input_scaler, network.extras.target_scaler) == (None, TARGETS)
    network.set_scaler()
    assert len(network.to_table()) == 4


def test_scalers_go_with_every_child() -> None:
    networks = create_generation(6, 2, 1, 3, 3, random=1)
    for network in networks:
        network.set_scaler(INPUTS, TARGETS)
    run_generation(networks, [6.0, 5.0, 4.0, 3.0, 2.0, 1.0], random=2)
    assert all((each.extras.input_scaler, each.extras.target_scaler) == (INPUTS, TARGETS) for each in networks)


def test_a_scaler_has_to_fit_its_network() -> None:
    network = scaled_network()
    said = refused(lambda: network.set_scaler(TARGETS))
    assert said == "Wrong Arg#2: Input scaler.shift must be in an array of 2 numbers, got an array of 3."
    said = refused(lambda: network.set_scaler(INPUTS, INPUTS))
    assert said == "Wrong Arg#3: Target scaler.shift must be in an array of 3 numbers, got an array of 2."
    wrong: Any = 3
    assert refused(lambda: network.set_scaler(wrong)).startswith("Wrong Arg#2: Input scaler must be a Scaler, made by")
    assert (network.extras.input_scaler, network.extras.target_scaler) == (INPUTS, TARGETS)
    classes = Network.from_table([*Network.create(2, 1, 2, 3, seed=1).to_table(), {"classes": ["a", "b", "c"]}])
    classes.set_scaler(INPUTS)
    said = refused(lambda: classes.set_scaler(INPUTS, TARGETS))
    assert said == "Wrong Arg#3: Target scaler must be left out beside classes, got a dictionary."


def test_scaling_makes_a_network_learn_what_it_could_not() -> None:
    """Samples far from zero, of which the unscaled network always says the same."""
    samples = [[1000.0 + n] for n in range(9)]
    targets = [[n / 8] for n in range(9)]
    plain, scaled = (Network.create(1, 1, 4, 1, "Tanh", seed=3) for _ in range(2))
    scaled.set_scaler(Scaler.fit(samples, "Standard"))
    with pytest.warns(UserWarning, match=r"^samples\[1\]\[1\] is 1000, and nothing scales inputs"):
        plain.train(samples, targets, 0.5, 300)
    scaled.train(samples, targets, 0.5, 300)
    spread = [float(np.ptp(np.asarray(network.forward(samples)))) for network in (plain, scaled)]
    assert spread[0] < 0.01
    assert spread[1] > 0.8
