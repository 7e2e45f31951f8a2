"""The example in which cars learn to drive: its track, its cars, what it rewards, that it learns, and what it shows."""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from codegen.library.generate import PLACE_FOLDER
from codegen.runtimes import Handle
from codegen.translate.requires import taking_require
from engine.elementwise import Array
from playing.place import FRAMES_PER_SECOND, Box, named
from tests.conftest import make_machine
from tests.parity.machine import Machine
from tests.place import FINGER, SCREENS, open_place

CARS = PLACE_FOLDER / "src" / "ReplicatedStorage" / "Examples" / "Cars"
# What has no instances.
MODULES = ("Track", "Car", "Generation")
# The numbers of the example that are its design.
WIDTH, HEIGHT, HALF_ROAD, POINTS = 120.0, 90.0, 5.0, 192
RADIUS, RANGE, TOP_SPEED = 1.5, 20.0, 40.0
ANGLES = [math.radians(degrees) for degrees in (-80, -40, 0, 40, 80)]
STEP = 1 / 60

# The modules as Roblox runs them: a string is a module beside the one that requires, anything else is the library.
LOAD = """
local KNN, chunks, wanted = ...
local modules = {}
local function require(target)
	if type(target) ~= "string" then
		return KNN
	end
	local name = string.match(target, "^%./(%a+)$")
	modules[name] = modules[name] or chunks[name](require)
	return modules[name]
end
for _, name in wanted do
	require("./" .. name)
end
return modules
"""

Run = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def run() -> Run:
    """What runs a script that has the library, the example's modules and its own arguments in ``...``."""
    machine: Machine = make_machine("lune-native-tree", roblox=True)
    machine.run("addModule('KNNLibrary', (...))")
    sources = {name: (CARS / f"{name}.luau").read_text(encoding="utf-8") for name in MODULES}
    chunks = {name: machine.runtime.compile(taking_require(source), name) for name, source in sources.items()}
    modules: Handle = machine.keep(LOAD, chunks, MODULES)
    return lambda script, *arguments: machine.run(script, modules, *arguments)


def points(ring: list[dict[str, float]]) -> Array:
    return np.array([[point["x"], point["y"]] for point in ring])


def new_track(run: Run, seed: int) -> dict[str, Array]:
    (track,) = run("local _, cars, seed = ... math.randomseed(seed) return cars.Track.create()", seed)
    return {name: points(ring) for name, ring in track.items()}


def following(ring: Array) -> Array:
    """Of every point the one behind it."""
    return np.roll(ring, -1, axis=0)


def cross(a: Array, b: Array) -> Array:
    product: Array = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return product


def distances(places: Array, ring: Array) -> Array:
    """How far each place (n, 2) is from the line through a ring of points."""
    along = following(ring) - ring
    away = places[:, None] - ring
    share = np.clip((away * along).sum(-1) / (along * along).sum(-1), 0, 1)
    nearest: Array = np.linalg.norm(away - share[..., None] * along, axis=-1).min(axis=1)
    return nearest


def crossings(walls: Array, ends: Array) -> int:
    """How many pairs of pieces cross that do not touch."""
    along = ends - walls
    # On which side of every piece every start and every end is.
    start = np.sign(cross(along[:, None], walls[None] - walls[:, None]))
    end = np.sign(cross(along[:, None], ends[None] - walls[:, None]))
    passed = start * end < 0
    return int((passed & passed.T).sum()) // 2


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_tracks_wind_and_never_cross_themselves_and_are_as_wide_as_they_should_be(run: Run, first: int) -> None:
    for seed in range(first, first + 50):
        track = new_track(run, seed)
        middle, walls = track["middle"], np.concatenate([track["left"], track["right"]])
        ends = np.concatenate([following(track["left"]), following(track["right"])])
        assert all(ring.shape == (POINTS, 2) for ring in track.values()), seed
        assert (walls > 0).all(), seed
        assert (walls < [WIDTH, HEIGHT]).all(), seed
        assert crossings(walls, ends) == 0, seed
        # The road is of straight pieces, which makes it a little narrower in bends.
        for side in ("left", "right"):
            assert distances(middle, track[side]).min() > 0.97 * HALF_ROAD, seed
            assert distances(track[side], middle).min() > 0.97 * HALF_ROAD, seed
        assert np.linalg.norm(walls - np.concatenate([middle, middle]), axis=1) == pytest.approx(HALF_ROAD)
        along = following(middle) - middle
        turns = np.arctan2(cross(along, following(along)), (along * following(along)).sum(-1))
        # Once round, clockwise; and at least two quarters of a circle the other way, so as many more this way.
        assert turns.sum() == pytest.approx(2 * math.pi)
        assert -turns[turns < 0].sum() > 0.97 * math.pi, seed


def test_crossing_walls_would_be_seen() -> None:
    eight = np.array([[0.0, 0.0], [10.0, 10.0], [10.0, 0.0], [0.0, 10.0]])
    assert crossings(eight, following(eight)) == 1


def test_other_random_numbers_make_other_tracks(run: Run) -> None:
    assert len({new_track(run, seed)["middle"].tobytes() for seed in range(50)}) == 50


LOOK = """
local _, cars, seed, poses = ...
math.randomseed(seed)
local track = cars.Track.create()
local seen = {}
for index, pose in poses do
	local car = cars.Car.create(track)
	car.x, car.y, car.heading, car.place = pose[1], pose[2], pose[3], pose[4]
	cars.Car.drive(car, track, 0, 0, 0)
	seen[index] = { car.sight, car.isOut, car.place }
end
return seen
"""


def ray_lengths(track: dict[str, Array], place: Array, heading: float) -> Array:
    """How far it is to the nearest of all walls, solving place + t · direction = wall + s · piece for each."""
    starts = np.concatenate([track["left"], track["right"]])
    pieces = np.concatenate([following(track["left"]), following(track["right"])]) - starts
    lengths = []
    for angle in ANGLES:
        direction = np.array([math.cos(heading + angle), math.sin(heading + angle)])
        systems = np.stack([np.broadcast_to(direction, pieces.shape), -pieces], axis=-1)
        far, share = np.linalg.solve(systems, (starts - place)[..., None])[..., 0].T
        lengths.append(min(RANGE, *far[(far >= 0) & (share >= 0) & (share <= 1)]))
    return np.array(lengths)


def test_rays_end_at_the_nearest_of_all_walls(run: Run) -> None:
    random = np.random.default_rng(1)
    for seed in range(40):
        track = new_track(run, seed)
        poses = []
        for index in range(0, POINTS, 5):
            share = random.uniform(-0.95, 0.95)
            place = track["middle"][index] + share * (track["right"][index] - track["middle"][index])
            poses.append([*place, random.uniform(-math.pi, math.pi), index])
        (seen,) = run(LOOK, seed, poses)
        for (x, y, heading, index), (sight, is_out, place) in zip(poses, seen, strict=True):
            expected = ray_lengths(track, np.array([x, y]), heading)
            assert np.array(sight) * RANGE == pytest.approx(expected, abs=1e-9), (seed, index)
            assert is_out == bool((expected < RADIUS).any())
            assert place == index


DRIVE = """
local _, cars, seed, steering, throttle = ...
math.randomseed(seed)
local track = cars.Track.create()
local car, steps = cars.Car.create(track), 0
while not car.isOut and steps < 1000 do
	cars.Car.drive(car, track, steering, throttle, 1 / 60)
	steps += 1
end
return car, steps
"""


@pytest.mark.parametrize("steering", [-1, 0, 1])
def test_a_car_that_drives_into_a_wall_is_out_when_it_touches_it(run: Run, steering: int) -> None:
    for seed in range(50):
        car, steps = run(DRIVE, seed, steering, 1)
        track = new_track(run, seed)
        assert car["isOut"]
        assert car["seconds"] < 0.17
        assert 0 < steps < 5 * FRAMES_PER_SECOND
        nearest = min(distances(np.array([[car["x"], car["y"]]]), track[side])[0] for side in ("left", "right"))
        # It is seen by the rays, one step late at most.
        assert RADIUS - TOP_SPEED * STEP < nearest < RADIUS


def test_a_car_that_stands_is_out_after_a_moment(run: Run) -> None:
    car, steps = run(DRIVE, 1, 0, -1)
    assert car["isOut"]
    assert car["furthest"] < 3
    assert steps * STEP < 1


# Puts a car at points of the middle of the road, one after the other, as if it drove there.
PUT = """
local _, cars, seed, places = ...
math.randomseed(seed)
local track = cars.Track.create()
local car, told = cars.Car.create(track), {}
for index, place in places do
	local point = cars.Track.around(track.middle, place + 1)
	car.x, car.y = point.x, point.y
	cars.Car.drive(car, track, 0, 0, 0)
	told[index] = { car.place, car.furthest }
end
return told
"""


@pytest.mark.parametrize("seed", range(10))
def test_the_score_is_the_furthest_that_a_car_ever_was(run: Run, seed: int) -> None:
    steps = np.random.default_rng(seed).choice([-1, 1], 600, p=[0.4, 0.6])
    places = np.cumsum(steps)
    (told,) = run(PUT, seed, places.tolist())
    assert [place for place, _ in told] == places.tolist()
    assert [furthest for _, furthest in told] == np.maximum.accumulate(np.maximum(places, 0)).tolist()


def test_backing_over_the_start_is_no_lap(run: Run) -> None:
    places = [-index for index in range(3 * POINTS)]
    (told,) = run(PUT, 1, places)
    assert told[-1] == [places[-1], 0]


def test_circling_earns_nothing(run: Run) -> None:
    # There and back over and over is all that circles are to the road.
    once, often = ([*range(4), *range(4, -4, -1), *range(-4, 0)] * times for times in (1, 50))
    assert run(PUT, 1, once)[0][-1] == run(PUT, 1, often)[0][-1] == [-1, 4]


RACE = """
local KNN, cars, seed = ...
math.randomseed(seed)
KNN.setSeed(seed)
local generation = cars.Generation.create(cars.Track.create())
local function answers()
	local all = {}
	for index, network in generation.networks do
		all[index] = table.concat(KNN.forwardNet(network, { 0.1, 0.2, 0.3, 0.4, 0.5 }), " ")
	end
	return all
end
local before = answers()
local last, drives, frozen = 0, true, true
while not generation.isOver do
	local places = {}
	for index, car in generation.cars do
		places[index] = if car.isOut then car.x else nil
	end
	cars.Generation.step(generation)
	for index, x in places do
		frozen = frozen and generation.cars[index].x == x
	end
	last = cars.Generation.leader(generation)
	drives = drives and (generation.isOver or not generation.cars[last].isOut)
end
local ended, scores, allOut = generation.seconds, {}, true
for index, car in generation.cars do
	scores[index] = cars.Generation.score(generation, car)
	allOut = allOut and car.isOut
end
local best = cars.Generation.bestScore(generation)
cars.Generation.breed(generation)
local same = {}
for index, answer in answers() do
	same[index] = answer == before[index]
end
return scores, best, last, drives, frozen, allOut, ended, same, generation.number, generation.seconds
"""


@pytest.mark.parametrize("seed", range(5))
def test_a_race_is_scored_by_how_far_cars_came_and_the_best_one_stays(run: Run, seed: int) -> None:
    scores, best, leader, drives, frozen, all_out, seconds, same, number, again = run(RACE, seed)
    assert len(scores) == len(same) == 20
    assert all(0 <= score <= 1 for score in scores)
    assert max(scores) == best == scores[int(leader) - 1]
    assert drives
    assert frozen
    assert all_out == (best < 1)
    assert seconds > 0
    (index,) = (index for index, is_same in enumerate(same) if is_same)
    assert index == scores.index(best)
    assert (number, again) == (2, 0)


def layer(boxes: list[Box], index: int) -> tuple[Box, ...]:
    """What the field shows at one height: the road, the rays or the cars."""
    return named(boxes, "Field").inside[index].inside


@pytest.mark.parametrize("screen", ["small phone", "wide"])
def test_it_shows_all_cars_and_the_rays_of_one_and_its_network(screen: str) -> None:
    place = open_place(*SCREENS[screen])
    captions, networks = set(), set()
    for _ in range(3):
        place.frames(FRAMES_PER_SECOND)
        boxes = place.boxes()
        captions.add(named(boxes, "Caption").text)
        networks.add(tuple(box.colour for box in boxes if "/Container/" in box.path))
    pattern = r"Generation \d+: the best came \d+ % of the way round( \(fastest lap yet: \d+\.\d s\))?"
    assert all(re.fullmatch(pattern, text) for text in captions), captions
    assert len(captions) == len(networks) == 3
    stage, field, button, network = (named(boxes, name) for name in ("Stage", "Field", "NewTrack", "Container"))
    assert field.width / field.height == pytest.approx(WIDTH / HEIGHT, rel=1e-3)
    assert button.height >= FINGER
    for left, right in ((field, button), (field, network)):
        assert left.x + left.width < right.x
        assert right.x + right.width <= stage.x + stage.width
    assert network.y + network.height < button.y
    text = named(boxes, "Caption")
    assert text.y + text.height <= min(field.y, network.y)
    assert max(box.y + box.height for box in (field, button)) <= stage.y + stage.height
    road, rays, cars = (layer(boxes, index) for index in range(3))
    assert sum(len(each.inside) for each in road) == 3 * POINTS + 1
    assert (len(rays), len(cars)) == (len(ANGLES), 20)
    for car in cars:
        x, y = car.centre
        assert field.x < x < field.x + field.width
        assert field.y < y < field.y + field.height
    # One stands out.
    colours = [car.colour for car in cars]
    assert sorted(map(colours.count, set(colours))) == [1, 19]


def test_another_track_comes_at_once_and_the_same_generation_drives_there() -> None:
    place = open_place()
    while (generation := named(before := place.boxes(), "Caption").text.partition(":")[0]) in ("", "Generation 1"):
        place.frames(3 * FRAMES_PER_SECOND)
    place.click("New track")
    place.frames(1)
    after = place.boxes()
    assert layer(after, 0) != layer(before, 0)
    assert len(layer(after, 0)) == len(layer(before, 0))
    # They drive there already, but have not come to the next of its points.
    assert named(after, "Caption").text == f"{generation}: the best came 0 % of the way round"
