"""Generations: what stays, who has children, what changes, and what a refusal leaves alone."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Network, Random, create_generation, run_generation
from tests.engine.samples import LARGEST, bits, refused

BIAS_NOISE, MUTATED_NODES, MUTATION_RANGE = 0.01, 2, 4.0
NO_MUTATION = {"mutated_nodes": 0}


def generation(count: int, hidden_nodes: int = 4, recurrent: bool = False, seed: int = 0) -> list[Network]:
    """Networks of one shape without any number in common."""
    networks = create_generation(count, 2, 2, hidden_nodes, 2, "Tanh", recurrent, 0.0, Random(seed))
    rng = np.random.default_rng(seed)
    for network in networks:
        for layer in network.layers:
            layer.biases[:] = rng.normal(size=layer.nodes)
    return networks


def copies(networks: Sequence[Network]) -> list[Network]:
    return [network.copy() for network in networks]


def nodes(network: Network) -> list[list[float]]:
    """Each node's weights, its own weight if recurrent, and its bias last."""
    return [row for layer in network.layers for row in np.column_stack([layer.weights, layer.biases]).tolist()]


def changed(before: Network, after: Network) -> list[int]:
    """Which nodes are not what they were."""
    return [index for index, (a, b) in enumerate(zip(nodes(before), nodes(after), strict=True)) if bits(a) != bits(b)]


def parents_of(child: Network, candidates: Sequence[Network], noise: float = BIAS_NOISE) -> Counter[int | None]:
    """How many nodes come from each candidate, weights bit for bit and the bias up to noise; None for all others."""
    found: Counter[int | None] = Counter()
    pools = [nodes(candidate) for candidate in candidates]
    for index, node in enumerate(nodes(child)):
        sources = [
            which
            for which, pool in enumerate(pools)
            if pool[index][:-1] == node[:-1] and abs(pool[index][-1] - node[-1]) <= noise
        ]
        found[sources[0] if sources else None] += 1
    return found


def kept_of(count: int) -> int:
    """40 %, rounded, at least two, in whole numbers."""
    return max(2, (4 * count + 5) // 10)


def ranked(scores: Sequence[float]) -> list[int]:
    """Indices from the best score to the worst, the earlier one first where scores are equal."""
    return sorted(sorted(range(len(scores))), key=lambda index: scores[index], reverse=True)


@given(st.lists(st.floats(-1e308, 1e308) | st.sampled_from((0.0, -0.0, LARGEST, -LARGEST)), min_size=2, max_size=12))
@settings(max_examples=60)
def test_the_first_of_the_best_scores_wins_and_stays_as_it_is(scores: list[float]) -> None:
    networks = generation(len(scores))
    before = copies(networks)
    best = run_generation(networks, scores, random=Random(1))
    assert best == scores.index(max(scores))
    assert changed(before[best], networks[best]) == []
    assert [network.best for network in networks] == [index == best for index in range(len(scores))]


@pytest.mark.parametrize("count", range(2, 31))
def test_the_best_forty_percent_stay_and_the_rest_are_their_children(count: int) -> None:
    scores = np.random.default_rng(count).permutation(count).astype(float).tolist()
    networks = generation(count, hidden_nodes=12)
    before = copies(networks)
    run_generation(networks, scores, NO_MUTATION, Random(count))
    kept, replaced = ranked(scores)[: kept_of(count)], ranked(scores)[kept_of(count) :]
    for index in kept:
        assert changed(before[index], networks[index]) == []
    for index in replaced:
        sources = parents_of(networks[index], [before[parent] for parent in kept])
        # 26 nodes all from one of two parents would be a chance of 2⁻²⁵.
        assert None not in sources
        assert len(sources) == 2


@pytest.mark.parametrize(("share", "count", "kept"), [(0.0, 9, 2), (1.0, 9, 9), (0.5, 9, 5), (0.25, 9, 2), (0.3, 9, 3)])
def test_the_share_that_stays_is_an_option(share: float, count: int, kept: int) -> None:
    networks = generation(count)
    before = copies(networks)
    run_generation(networks, list(range(count, 0, -1)), {"keep_share": share, **NO_MUTATION}, Random(0))
    assert [changed(a, b) == [] for a, b in zip(before, networks, strict=True)] == [
        index < kept for index in range(count)
    ]


@pytest.mark.parametrize("recurrent", [False, True], ids=["feed-forward", "recurrent"])
def test_two_nodes_of_all_but_the_best_are_mutated(recurrent: bool) -> None:
    count = 25
    networks = generation(count, recurrent=recurrent)
    before = copies(networks)
    scores = [float(count - index) for index in range(count)]
    run_generation(networks, scores, random=Random(4))
    changes = []
    for index in range(1, kept_of(count)):
        mutated = changed(before[index], networks[index])
        assert len(mutated) == MUTATED_NODES
        for node in mutated:
            moves = np.subtract(nodes(networks[index])[node], nodes(before[index])[node])
            assert np.all(moves != 0)
            assert np.abs(moves).max() <= MUTATION_RANGE
            changes += moves.tolist()
    # Some 70 uniform numbers in ±4: the outermost of both signs, and a mean within four standard deviations.
    assert min(changes) < -3.5
    assert max(changes) > 3.5
    assert abs(np.mean(changes)) < 4 * MUTATION_RANGE / math.sqrt(3 * len(changes))
    for index in range(kept_of(count), count):
        sources = parents_of(networks[index], before[: kept_of(count)])
        assert sources[None] == MUTATED_NODES


def test_every_node_gets_its_turn_to_mutate() -> None:
    networks = generation(2)
    before = copies(networks)
    turns: Counter[int] = Counter()
    for seed in range(200):
        trial = copies(before)
        run_generation(trial, [1.0, 0.0], random=Random(seed))
        turns.update(changed(before[1], trial[1]))
    # 10 nodes, 2 of them each time: 40 on average, standard deviation √(200 · 0.2 · 0.8) = 5.7.
    assert set(turns) == set(range(10))
    assert all(17 < turn < 63 for turn in turns.values())


@pytest.mark.parametrize("wanted", [0, 1, 5, 10, 11, 1000])
def test_mutated_nodes_are_different_ones_and_at_most_all(wanted: int) -> None:
    networks = generation(2)
    before = copies(networks)
    run_generation(networks, [0.0, 1.0], {"mutated_nodes": wanted}, Random(2))
    assert len(changed(before[0], networks[0])) == min(wanted, 10)


FALLING = [5.0, 4.0, 3.0, 2.0, 1.0]


@pytest.mark.parametrize("limit", [0.0, 1.0, 300.0])
def test_mutation_has_the_size_of_its_option(limit: float) -> None:
    networks = generation(5)
    before = copies(networks)
    run_generation(networks, FALLING, {"mutated_nodes": 1000, "mutation_range": limit}, Random(6))
    pairs = zip(nodes(networks[1]), nodes(before[1]), strict=True)
    moves = [abs(after - old) for one, other in pairs for after, old in zip(one, other, strict=True)]
    # 42 numbers, and a rounding in each of them.
    assert 0.9 * limit <= max(moves) <= limit * (1 + 1e-12)


@pytest.mark.parametrize("noise", [0.0, 0.2])
def test_noise_on_the_biases_of_children_has_the_size_of_its_option(noise: float) -> None:
    networks = generation(5, hidden_nodes=12)
    before = copies(networks)
    run_generation(networks, FALLING, {"bias_noise": noise, **NO_MUTATION}, Random(6))
    first, second = np.array([[node[-1] for node in nodes(parent)] for parent in before[:2]])
    for child in networks[2:]:
        assert None not in parents_of(child, before[:2], noise)
        biases = np.array([node[-1] for node in nodes(child)])
        # The nearer of the parents is not always the right one, but then all the nearer.
        assert 0.7 * noise <= np.minimum(abs(biases - first), abs(biases - second)).max() <= noise


RUNS, REPLACED = 150, 6


def parent_shares(scores: Sequence[float], options: Mapping[str, float]) -> tuple[list[float], int]:
    """How often each kept network is one of a child's two parents, and how many parents were counted."""
    networks = generation(len(scores), hidden_nodes=10)
    kept = kept_of(len(scores))
    times: Counter[int | None] = Counter()
    for seed in range(RUNS):
        trial = copies(networks)
        run_generation(trial, scores, {**options, **NO_MUTATION}, Random(seed))
        for child in trial[kept:]:
            times.update(parents_of(child, networks[:kept]).keys())
    total = sum(times.values())
    return [times[index] / total for index in range(kept)], total


def expected_shares(chances: Sequence[float]) -> list[float]:
    """The same for two draws without putting back."""
    shares = [0.0] * len(chances)
    for first, second in permutations(range(len(chances)), 2):
        probability = chances[first] / sum(chances) * chances[second] / (sum(chances) - chances[first])
        shares[first] += probability / 2
        shares[second] += probability / 2
    return shares


@pytest.mark.parametrize(
    ("scores", "options", "chances"),
    [
        ([7.0, 6.0, 5.0, 4.0], {}, [3, 7 / 3, 5 / 3, 1]),
        ([-1.0, -1.5, -1.5, -3.0], {}, [3, 2.5, 2.5, 1]),
        ([9.0, 8.0, 7.0, 6.0], {"selection_pressure": 1}, [1, 1, 1, 1]),
        ([9.0, 8.0, 7.0, 6.0], {"selection_pressure": 1e6}, [3, 2, 1, 0]),
        ([2.0, 2.0, 2.0, 2.0], {}, [1, 1, 1, 1]),
        ([LARGEST, 0.0, 0.0, -LARGEST / 1.5], {}, [3, 1.8, 1.8, 1]),
    ],
    ids=["even steps", "negative", "no pressure", "all pressure", "equal", "huge"],
)
def test_chances_to_become_a_parent_grow_with_the_score(
    scores: list[float], options: dict[str, float], chances: list[float]
) -> None:
    shares, counted = parent_shares([*scores, *[min(scores)] * REPLACED], options)
    # Every child has two parents; four standard deviations of a share of a half at most.
    assert counted == 2 * REPLACED * RUNS
    tolerance = 4 * math.sqrt(0.25 / counted)
    for share, expected in zip(shares, expected_shares(chances), strict=True):
        assert abs(share - expected) < tolerance


def test_children_take_about_half_of_their_nodes_from_each_parent() -> None:
    networks = generation(20, hidden_nodes=12)
    before = copies(networks)
    run_generation(networks, [float(-index) for index in range(20)], NO_MUTATION, Random(0))
    smaller = sum(min(parents_of(child, before[:8]).values()) for child in networks[8:])
    # 12 children of 26 nodes each: on average the smaller part of 26 is 11.
    assert 9.5 < smaller / 12 < 12.5


@pytest.mark.parametrize("recurrent", [False, True], ids=["feed-forward", "recurrent"])
def test_the_same_random_gives_the_same_generation(recurrent: bool) -> None:
    def next_generation(seed: int) -> list[str]:
        networks = generation(7, recurrent=recurrent)
        run_generation(networks, [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0], random=Random(seed))
        return [network.save() for network in networks]

    assert next_generation(3) == next_generation(3)
    assert next_generation(3) != next_generation(4)


def test_no_two_networks_of_a_generation_draw_the_same_numbers() -> None:
    networks = generation(10)
    before = copies(networks)
    run_generation(networks, [float(-index) for index in range(10)], {"keep_share": 1.0}, Random(0))
    moves = [
        tuple(np.subtract(nodes(b)[node], nodes(a)[node]).round(9).tolist())
        for a, b in zip(before, networks, strict=True)
        for node in changed(a, b)
    ]
    assert len(set(moves)) == len(moves) == 18


def test_what_a_network_draws_does_not_depend_on_the_others() -> None:
    networks = generation(6)
    few, many = copies(networks[:2]), copies(networks)
    # The best one draws nothing: the first of the few, the last of the many.
    run_generation(few, [2.0, 1.0], random=Random(0))
    run_generation(many, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], {"keep_share": 1.0}, Random(0))
    assert nodes(few[1]) == nodes(many[1]) != nodes(networks[1])


def test_networks_keep_their_places_and_share_no_memory() -> None:
    networks = generation(8, recurrent=True)
    same = list(networks)
    scores = [float(index) for index in range(8)]
    best = run_generation(networks, scores, random=Random(0))
    assert all(a is b for a, b in zip(networks, same, strict=True))
    assert scores == [float(index) for index in range(8)]
    assert best == 7
    for one, other in combinations(networks, 2):
        for a, b in zip(one.layers, other.layers, strict=True):
            assert a.state is not None
            assert b.state is not None
            assert not np.shares_memory(a.weights, b.weights)
            assert not np.shares_memory(a.biases, b.biases)
            assert not np.shares_memory(a.state, b.state)


def test_a_new_generation_remembers_nothing() -> None:
    networks = generation(6, recurrent=True)
    for network in networks:
        network.forward([0.5, -0.5])
    run_generation(networks, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], random=Random(0))
    for network in networks:
        for layer in network.layers:
            assert layer.state is not None
            assert not np.any(layer.state)


def test_the_flag_of_the_last_best_is_taken_away() -> None:
    networks = generation(4)
    networks[3].best = True
    before = copies(networks)
    run_generation(networks, [4.0, 3.0, 2.0, 1.0], random=Random(0))
    assert [network.best for network in networks] == [True, False, False, False]
    assert changed(before[3], networks[3])


@pytest.mark.parametrize(
    "scores",
    [
        (2, 0, 3, -1),
        np.array([2.0, 0.0, 3.0, -1.0]),
        np.array([2.0, 0.0, 3.0, -1.0], dtype=np.float32),
        np.array([2, 0, 3, -1], dtype=np.int8),
        [np.float64(2), 0, np.int64(3), -1.0],
    ],
    ids=["tuple", "float64", "float32", "int8", "mixed"],
)
def test_scores_of_every_type_work_the_same(scores: Sequence[float]) -> None:
    expected, networks = generation(4), generation(4)
    run_generation(expected, [2.0, 0.0, 3.0, -1.0], random=Random(0))
    best = run_generation(tuple(networks), scores, random=Random(0))
    assert (best, type(best)) == (2, int)
    assert [network.save() for network in networks] == [network.save() for network in expected]


@pytest.mark.parametrize(
    ("scores", "winner"),
    [(np.array([0, 5, 3], dtype=np.uint8), 1), (np.array([-128, 5, 3], dtype=np.int8), 1)],
    ids=str,
)
def test_scores_whose_negative_their_type_cannot_hold_are_ranked_right(scores: Sequence[float], winner: int) -> None:
    assert run_generation(generation(3), scores, random=Random(0)) == winner


def test_options_may_be_left_out_one_by_one() -> None:
    def after(options: Mapping[str, float | None] | None) -> list[str]:
        networks = generation(5)
        run_generation(networks, [1.0, 2.0, 3.0, 4.0, 5.0], options, Random(0))  # type: ignore[arg-type]  # wrong on purpose
        return [network.save() for network in networks]

    documented = {"keep_share": 0.4, "selection_pressure": 3.0, "bias_noise": 0.01, "mutated_nodes": 2}
    assert after(None) == after({}) == after({**documented, "mutation_range": 4.0})
    assert after(None) == after({"mutated_nodes": None})
    assert after(None) != after({"mutated_nodes": 3})


def test_huge_weights_stay_finite() -> None:
    networks = generation(6)
    for network in networks:
        for layer in network.layers:
            layer.weights[:] = LARGEST
            layer.biases[:] = -LARGEST
    extremes = {"mutated_nodes": 1000, "mutation_range": 1e6, "bias_noise": 1e6, "selection_pressure": 1e6}
    run_generation(networks, [LARGEST, -LARGEST, 0.0, 1.0, 2.0, 3.0], extremes, Random(0))
    for network in networks:
        assert Network.load(network.save()).save() == network.save()


OTHER_SHAPE = Network.create(2, 2, 3, 2, "Tanh", seed=0)
OTHER_ACTIVATOR = Network.create(2, 2, 4, 2, "Sin", seed=0)
RECURRENT = Network.create(2, 2, 4, 2, "Tanh", True, seed=0)
FIRST_SHAPE = "must have the shape of the first network, 2-4-4-2 Tanh, got "
OPTION_NAMES = "keep_share, selection_pressure, bias_noise, mutated_nodes, mutation_range"


@pytest.mark.parametrize(
    ("replacement", "sentence"),
    [
        (OTHER_SHAPE, FIRST_SHAPE + "2-3-3-2 Tanh."),
        (OTHER_ACTIVATOR, FIRST_SHAPE + "2-4-4-2 Sin."),
        (RECURRENT, FIRST_SHAPE + "2-4-4-2 Tanh recurrent."),
        (None, "must be a Network, got nothing."),
        ("[]", 'must be a Network, got "[]" (loadNet makes a network of it).'),
    ],
    ids=["sizes", "activation", "recurrent", "nothing", "text"],
)
def test_a_network_that_does_not_belong_is_refused(replacement: object, sentence: str) -> None:
    networks: list[object] = [*generation(4)]
    networks[2] = replacement
    assert_refused(networks, [1.0, 2.0, 3.0, 4.0], None, f"Wrong Arg#1: Networks[3] {sentence}")


def test_a_network_that_diverged_is_refused() -> None:
    networks = generation(4)
    before = [network.save() for network in networks]
    networks[2].layers[1].biases[3] = math.nan
    sentence = "Wrong Arg#1: Networks[3][2][2][2] must be in an array of 4 numbers, got nan as number 4."
    assert refused(lambda: run_generation(networks, [1.0, 2.0, 3.0, 4.0])) == sentence
    assert [network.save() for network in (*networks[:2], networks[3])] == [*before[:2], before[3]]


def test_the_same_network_twice_is_refused() -> None:
    networks = generation(4)
    networks[3] = networks[1]
    sentence = "Wrong Arg#1: Networks[4] must be a network of its own, got the same as Networks[2]."
    assert_refused(networks, [1.0, 2.0, 3.0, 4.0], None, sentence)


@pytest.mark.parametrize(
    ("networks", "got"),
    [
        ([], "an empty table"),
        (generation(2)[:1], "an array of 1"),
        (generation(2)[0], "a Network"),
        (None, "nothing"),
        (5, "5"),
        ({1: 2}, "a dictionary"),
    ],
)
def test_what_is_no_generation_is_refused(networks: object, got: str) -> None:
    sentence = f"Wrong Arg#1: Networks must be an array or a folder of at least 2 networks, got {got}."
    assert refused(lambda: run_generation(networks, [1.0])) == sentence  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    ("scores", "got"),
    [
        ([1.0, 2.0], "an array of 2"),
        ([1.0, 2.0, 3.0, 4.0], "an array of 4"),
        ([1.0, math.nan, 3.0], "nan as number 2"),
        ([1.0, 2.0, -math.inf], "-infinity as number 3"),
        ([1.0, None, 3.0], "nothing as number 2"),
        ([True, 2.0, 3.0], "true as number 1"),
        (np.array([1.0, 2.0, np.nan]), "nan as number 3"),
        (np.ones((3, 1)), "an array of 1 as number 1"),
        ([], "an empty table"),
        (7, "the number 7"),
        (None, "nothing"),
        ({1: 1.0, 2: 2.0, 3: 3.0}, "a dictionary"),
    ],
    ids=str,
)
def test_bad_scores_are_refused(scores: object, got: str) -> None:
    sentence = f"Wrong Arg#2: Scores must be in an array of 3 numbers, got {got}."
    assert_refused(generation(3), scores, None, sentence)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (5, "Options must be a table of options, got 5."),
        ([("keep_share", 0.5)], "Options must be a table of options, got an array of 1."),
        ({"keep": 0.5}, f'Options must have nothing but {OPTION_NAMES}, got "keep".'),
        ({"bias_noise": 0.5, 3: 4}, f"Options must have nothing but {OPTION_NAMES}, got 3."),
        ({"keep_share": 1.5}, "Options.keep_share must be a number from 0 to 1, got 1.5."),
        ({"keep_share": -0.1}, "Options.keep_share must be a number from 0 to 1, got -0.1."),
        ({"selection_pressure": 0.5}, "Options.selection_pressure must be a number from 1 to 1000000, got 0.5."),
        (
            {"selection_pressure": math.inf},
            "Options.selection_pressure must be a number from 1 to 1000000, got infinity.",
        ),
        ({"bias_noise": -1}, "Options.bias_noise must be a number from 0 to 1000000, got -1."),
        ({"bias_noise": math.nan}, "Options.bias_noise must be a number from 0 to 1000000, got nan."),
        ({"mutated_nodes": 1.5}, "Options.mutated_nodes must be an integer from 0 to 1000000, got 1.5."),
        ({"mutated_nodes": -1}, "Options.mutated_nodes must be an integer from 0 to 1000000, got -1."),
        ({"mutation_range": 1000001}, "Options.mutation_range must be a number from 0 to 1000000, got 1000001."),
        (
            {"mutation_range": "4"},
            'Options.mutation_range must be a number from 0 to 1000000, got "4" (text: tonumber makes a number of it).',
        ),
        ({"mutation_range": True}, "Options.mutation_range must be a number from 0 to 1000000, got true."),
    ],
    ids=str,
)
def test_bad_options_are_refused(options: object, sentence: str) -> None:
    assert_refused(generation(3), [1.0, 2.0, 3.0], options, f"Wrong Arg#4: {sentence}")


def assert_refused(networks: Sequence[object], scores: object, options: object, sentence: str) -> None:
    """The call says the sentence, changes no network and draws no number."""
    real = [network for network in networks if isinstance(network, Network)]
    before = [network.save() for network in real]
    stream = Random(5)
    assert refused(lambda: run_generation(networks, scores, options, stream)) == sentence  # type: ignore[arg-type]  # wrong on purpose
    assert [network.save() for network in real] == before
    assert stream.state == Random(5).state


def test_the_networks_of_a_first_generation_have_substreams_of_their_own() -> None:
    networks = create_generation(5.0, 2.0, np.int8(1), 3, 1, "Tanh", True, 0.25, Random(8))  # type: ignore[arg-type]  # whole floats and numpy's numbers do too
    stream = Random(8)
    expected = [Network.create(2, 1, 3, 1, "Tanh", True, 0.25, stream.spawn()) for _ in range(5)]
    assert [network.save() for network in networks] == [network.save() for network in expected]
    assert len({network.save() for network in networks}) == 5


def test_a_seed_will_do_where_a_stream_does() -> None:
    def made(random: Random | int) -> list[str]:
        networks = create_generation(3, 2, 1, 3, 1, random=random)
        run_generation(networks, [0.0, 1.0, 2.0], random=random)
        return [network.save() for network in networks]

    stream = Random(8)
    networks = create_generation(3, 2, 1, 3, 1, random=stream)
    run_generation(networks, [0.0, 1.0, 2.0], random=Random(8))
    assert made(8) == [network.save() for network in networks]
    assert made(Random(8)) != made(8)


def test_a_first_generation_of_unbounded_recurrence_warns_its_caller_once() -> None:
    with pytest.warns(UserWarning, match="ReLU has an infinite range") as caught:
        create_generation(3, 2, 1, 3, 1, "ReLU", True, random=0)
    assert [each.filename for each in caught] == [__file__]


def test_a_first_generation_has_the_defaults_of_a_network() -> None:
    (network, _) = create_generation(2, 2, 1, 3, 1, random=Random(8))
    assert network.shape == "2-3-1 LeakyReLU"
    assert network.layers[0].biases.tolist() == [0.5] * 3


@pytest.mark.parametrize(
    ("count", "got"), [(1, "1"), (0, "0"), (2.5, "2.5"), (None, "nothing"), (1_000_001, "1000001")]
)
def test_a_bad_number_of_networks_is_refused(count: object, got: str) -> None:
    sentence = f"Wrong Arg#2: Network count must be an integer from 2 to 1000000, got {got}."
    assert refused(lambda: create_generation(count, 2, 1, 3, 1)) == sentence  # type: ignore[arg-type]  # wrong on purpose


def test_generations_learn_xor() -> None:
    samples = [((0.0, 0.0), 0.0), ((0.0, 1.0), 1.0), ((1.0, 0.0), 1.0), ((1.0, 1.0), 0.0)]
    inputs = np.array([x for x, _ in samples])
    targets = np.array([[y] for _, y in samples])
    stream = Random(2)
    networks = create_generation(20, 2, 1, 3, 1, "Tanh", random=stream)
    course = []
    for _ in range(60):
        scores = [-float(np.sum((network.forward(inputs) - targets) ** 2)) for network in networks]
        course.append(max(scores))
        run_generation(networks, scores, random=stream)
    # The best one stays as it is, so the course never falls; guessing 1/2 would score -1.
    assert course == sorted(course)
    assert course[0] < -0.5
    assert course[-1] > -0.1
