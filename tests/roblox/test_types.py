"""Strict types: the library and the examples have them, users of `require` get them, and misuse is caught."""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from codegen.library.generate import ROOT
from codegen.library.template_context import OPTIONS
from codegen.translate.luau_literals import luau_string
from engine.formulas.registry import OPTIMIZERS, SCALERS
from engine.interface.functions import FUNCTIONS, VALUES
from roblox_facts.declarations import DECLARATIONS
from tests.roblox.library_forms import LIBRARY_FORMS, library_files
from tests.roblox.type_checker import Finding, check, check_sources, exported_types
from tests.skips import or_skip

SOURCES = ROOT / "roblox_place" / "src"
# Examples of one script each, and those whose script has modules beside it: then the script is the folder.
FOLDER_SCRIPT = "init.client.luau"
EXAMPLES = sorted(path for path in SOURCES.rglob("*.client.luau") if path.name != FOLDER_SCRIPT)
EXAMPLE_FOLDERS = sorted(path.parent for path in SOURCES.rglob(FOLDER_SCRIPT))

HEAD = """\
--!strict
local KNN = require(game:GetService("ReplicatedStorage").KNNLibrary)
local network = KNN.createNet(2, 1, 3, 1)
print(network)
"""

# What the checker says each member is.
NETWORK = "Network | StringValue"
SAMPLE = "{ [string]: number } | {number}"
SHAPE = "number, number, number, number, (string | {string})?, boolean?"
MEMBERS = {
    "createNet": f"({SHAPE}, number?, boolean?) -> Network",
    "createNetwork": "(NetworkDescription) -> Network",
    "forwardNet": f"(({NETWORK}, {SAMPLE}) -> {{ [string]: number }} & {{number}}) & "
    f"(({NETWORK}, {SAMPLE}, boolean) -> {{any}})",
    "classifyNet": f"({NETWORK}, {SAMPLE}) -> (number | string, number)",
    "backwardNet": f"({NETWORK}, Optimizer | number, {SAMPLE}, string | {SAMPLE}) -> ()",
    "createOptimizer": f"({' | '.join(sorted(map(luau_string, OPTIMIZERS)))}, OptimizerOptions?) -> Optimizer",
    "saveOptimizer": "(Optimizer) -> string",
    "loadOptimizer": "(string) -> Optimizer",
    "saveTraining": f"({NETWORK}, Optimizer | number) -> string",
    "loadTraining": "(string) -> (Network, Optimizer | number, TrainingProgress)",
    "createBatch": "({{number}}) -> Batch",
    "forwardBatch": f"({NETWORK}, {{ [any]: any }}, BatchOptions?) -> "
    "{ [string]: {number} } & {{ [string]: number }} & {{number}}",
    "createFunction": f"({NETWORK}, FunctionOptions?) -> "
    f"(({SAMPLE}) -> {{ [string]: number }} & {{number}}, ((...number) -> (...number))?)",
    "trainNet": f"({NETWORK}, Samples, Targets, Optimizer | number, TrainingOptions?) -> ({{number}}, TrainingHistory)",
    "evaluateNet": f"({NETWORK}, Samples, Targets) -> (number, TrainingMetrics, {{{{number}}}}?)",
    "createScaler": f"(Samples, {' | '.join(sorted(map(luau_string, SCALERS)))}) -> Scaler",
    "setScaler": f"({NETWORK}, Scaler?, Scaler?) -> ()",
    "scaleSample": f"(Scaler, {SAMPLE}) -> {{ [string]: number }} & {{number}}",
    "unscaleSample": f"(Scaler, {SAMPLE}) -> {{ [string]: number }} & {{number}}",
    "createGenNet": f"(Instance, number, {SHAPE}, number?) -> {{StringValue}}",
    "runGenNet": f"(Instance | {{{NETWORK}}} | {{Network}} | {{StringValue}}, {{number}}, boolean?, "
    "GenerationOptions?) -> (number, number?)",
    "saveNet": f"({NETWORK}, SaveOptions?) -> string",
    "loadNet": "(StringValue | string) -> Network",
    "hardCode": f"({NETWORK}) -> string",
    "getAproxLength": f"({SHAPE}) -> number",
    "getNetworkData": f"({NETWORK}) -> (number, number, number, number, string | {{string}}, boolean)",
    "summarizeNet": f"({NETWORK}) -> string",
    "resetState": f"({NETWORK}) -> ()",
    "getVisual": f"({NETWORK}) -> ScreenGui",
    "updateVisualState": f"({NETWORK}, ScreenGui) -> ()",
    "updateVisualActive": f"({NETWORK}, ScreenGui, {SAMPLE}, number?) -> ()",
    "setSeed": "(number) -> ()",
    "VERSION": "string",
    "ACTIVATORS": "{string}",
}

# Where no real type can stand: an entry's type depends on its place, which Luau's types of arrays cannot say.
ANY_MEMBERS = {
    "forwardNet": "with giveCache: { outputs, activations of every layer }",
    "forwardBatch": "Samples | Batch, a union that Luau takes for nothing that users write",
}
ANY_TYPES = {
    "Network": "{ inputs, layers, best, activator }, and what users hang on it",
    "Samples": "arrays of Sample in all ways to write one: an array of one type is no array of a wider one",
    "Targets": "the same of Target",
    "Layer": "{ weights, biases, state }: arrays of arrays and arrays of numbers",
}


def definitions() -> str:
    return DECLARATIONS.read_text(encoding="utf-8")


@pytest.fixture(params=LIBRARY_FORMS)
def library(request: pytest.FixtureRequest) -> Path:
    """Every form of the library, by what its users require."""
    return LIBRARY_FORMS[request.param]


def checked(library: Path, script: str) -> Sequence[Finding]:
    """What is said of a script that may require the library; what is said of the library, another test holds."""
    return findings(library)[script]


@cache
def findings(library: Path) -> Mapping[str, Sequence[Finding]]:
    """What is said of each of the scripts below."""
    return or_skip(lambda: check_sources(definitions(), scripts(), modules={"KNNLibrary": library}))


def scripts() -> Iterator[str]:
    """All scripts that tests ask about."""
    yield ALL_MEMBERS
    yield from (path.read_text(encoding="utf-8") for path in EXAMPLES)
    yield from map(using, (*USES.values(), *MISUSES))
    yield from map(misspelt, DESCRIBED)
    yield from map(described, NESTED.values())
    yield from (mistaken(*change) for change in PLANTED.values())


def using(statement: str) -> str:
    """A script with a statement that uses the library."""
    return f"{HEAD}{statement}\n"


def said(library: Path, statement: str) -> str:
    """The one thing that is said of a statement in a script that uses the library."""
    (found,) = checked(library, using(statement))
    assert found.line == HEAD.count("\n") + 1
    return found.message


# What asks for each member's type.
ALL_MEMBERS = HEAD + "".join(f"local _: never = KNN.{member}\n" for member in (*FUNCTIONS, *VALUES))


@cache
def types(library: Path) -> dict[str, str]:
    """Each member's type in the checker's words: what it says when nothing at all was expected."""
    members = (*FUNCTIONS, *VALUES)
    found = checked(library, ALL_MEMBERS)
    shown = [re.search(r"but got\s+'([^']*)'", each.message) for each in found]
    assert [each.line - HEAD.count("\n") for each in found] == list(range(1, len(members) + 1))
    return {member: each[1] for member, each in zip(members, shown, strict=True) if each}


def test_the_library_is_clean(library: Path) -> None:
    assert or_skip(lambda: check(definitions(), *library_files(library))) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_an_example_is_clean(library: Path, path: Path) -> None:
    assert checked(library, path.read_text(encoding="utf-8")) == []


def said_of_folder(folder: Path, copy: Path, library: Path) -> list[str]:
    """What is said of an example with modules, in a copy: the checker knows what is a folder by the name init.luau."""
    shutil.copytree(folder, copy, dirs_exist_ok=True)
    (copy / FOLDER_SCRIPT).replace(copy / "init.luau")
    found = or_skip(lambda: check(definitions(), *copy.rglob("*.luau"), modules={"KNNLibrary": library}))
    return [each.message for each in found if each.path.is_relative_to(copy)]


@pytest.mark.parametrize("folder", EXAMPLE_FOLDERS, ids=lambda folder: folder.name)
def test_an_example_with_modules_is_clean(library: Path, folder: Path, tmp_path: Path) -> None:
    assert said_of_folder(folder, tmp_path, library) == []


def test_a_mistake_between_modules_of_an_example_is_found(library: Path, tmp_path: Path) -> None:
    folder = next(folder for folder in EXAMPLE_FOLDERS if folder.name == "Digits")
    changed = tmp_path / "changed"
    shutil.copytree(folder, changed)
    script = changed / FOLDER_SCRIPT
    source = script.read_text(encoding="utf-8").replace("Preparation.picture(pad.ink)", "Preparation.picture(pad)")
    script.write_text(source, encoding="utf-8")
    (message,) = said_of_folder(changed, tmp_path / "copy", library)
    assert "number" in message


def test_the_examples_are_found() -> None:
    assert {path.name for path in EXAMPLES} >= {
        "Backpropagation.client.luau",
        "Genetic.client.luau",
        "Memory.client.luau",
    }


@pytest.mark.parametrize("member", [*FUNCTIONS, *VALUES])
def test_users_get_the_real_type_of_every_member(library: Path, member: str) -> None:
    shown = types(library)[member]
    # The checker lists the parts of an intersection in no fixed order.
    assert sorted(shown.split(" & ")) == sorted(MEMBERS[member].split(" & "))


def test_any_stands_only_where_no_real_type_can(library: Path) -> None:
    members = {name for name, text in types(library).items() if re.search(r"\bany\b", text)}
    # What users may name stands in the file that they require; in a tree, what it means stands in another.
    public = exported_types(library.read_text(encoding="utf-8"))
    files = [exported_types(path.read_text(encoding="utf-8")) for path in library_files(library)]
    exported = {name for file in files for name in file.keys() & public if re.search(r"\bany\b", file[name])}
    assert (members, exported) == (set(ANY_MEMBERS), set(ANY_TYPES))


USES = {
    "an array of tables": "local all = {}\nfor i = 1, 4 do\n\tall[i] = KNN.loadNet(KNN.saveNet(network))\nend\n"
    "KNN.runGenNet(all, { 1, 2, 3, 4 }, true, { keepShare = 0.3 })",
    "an array of StringValues": "KNN.runGenNet(KNN.createGenNet(Instance.new('Folder'), 2, 1, 1, 1, 1), { 1, 2 })",
    "both in one array": "KNN.runGenNet({ network, Instance.new('StringValue') }, { 1, 2 })",
    "a folder": "KNN.runGenNet(Instance.new('Folder'), { 1, 2 })",
    "outputs": "local output: number = KNN.forwardNet(network, { 1, 2 })[1]\nprint(output)",
    "outputs and activations": "local both = KNN.forwardNet(network, { 1, 2 }, true)\n"
    "print(both[1][1] + both[2][1][1])",
    "outputs as they always were": "local outputs: { number } = KNN.forwardNet(network, { 1, 2 })\n"
    "for i, output in ipairs(outputs) do\n\tprint(i + output, #outputs)\nend\n"
    "local many: { { number } } = KNN.forwardBatch(network, { outputs })\nprint(many[1][1] + 1)",
    "samples put together": "local samples, targets = {}, {}\nfor i = 1, 3 do\n"
    "\ttable.insert(samples, { i, i + 1 })\n\ttable.insert(targets, { i })\nend\n"
    "KNN.trainNet(network, samples, targets, 0.1)",
    "dictionaries": "local seen = { distance = 3, speed = 1 }\n"
    "local turn: number = KNN.forwardNet(network, seen).turn + KNN.forwardNet(network, { distance = 3 }).turn\n"
    "local sample: KNN.Sample = seen\nlocal outputs: KNN.Outputs = KNN.forwardNet(network, sample)\n"
    "KNN.backwardNet(network, 0.1, seen, { turn = turn })\nprint(outputs.turn + outputs[1])\n"
    "print(KNN.forwardNet(network, seen, true)[1].turn)",
    "many dictionaries": "local samples, targets = {}, {}\nfor i = 1, 3 do\n"
    "\tsamples[i] = { distance = i, speed = 2 }\n\ttargets[i] = { turn = i }\nend\n"
    "KNN.trainNet(network, samples, targets, 0.1)\n"
    "KNN.trainNet(network, { { distance = 3 }, { 4, 5 } }, { { 1 }, { turn = 1 } }, 0.1)\n"
    "print(KNN.forwardBatch(network, samples)[1].turn + 1)\n"
    "print(KNN.forwardBatch(network, samples, { columns = true }).turn[1] + 1)",
    "classes": "local target: KNN.Target = 'cat'\nKNN.backwardNet(network, 0.1, { 1, 2 }, target)\n"
    "KNN.backwardNet(network, 0.1, { 1, 2 }, 'dog')\n"
    "KNN.trainNet(network, { { 1, 2 }, { 3, 4 } }, { 'cat', 'dog' }, 0.1)\n"
    "local class, share = KNN.classifyNet(network, { 1, 2 })\nprint(class == 'cat', share + 1)",
    "scalers": "local scaler: KNN.Scaler = KNN.createScaler({ { 1, 2 }, { 3, 5 } }, 'MinMax')\n"
    "KNN.setScaler(network, scaler)\nKNN.setScaler(network, nil, KNN.createScaler({ { 1 }, { 2 } }, 'Standard'))\n"
    "KNN.setScaler(network, nil, { name = 'Robust', shift = { 1 }, scale = { 2 } })\n"
    "print(KNN.unscaleSample(scaler, KNN.scaleSample(scaler, { 1, 2 }))[1] + scaler.shift[1])",
    "scalers by names": "local scaler = KNN.createScaler({ { far = 1, fast = 2 }, { far = 3, fast = 5 } }, 'MinMax')\n"
    "KNN.setScaler(network, scaler)\nprint(KNN.scaleSample(scaler, { far = 2, fast = 3 }).far + 1, scaler.names)",
    "fields of the network": "network.score = 3\nprint(network[1] + network.score, network[2][1][2][1])",
    "all of its data": "local a, b, c, d, name, recurrent = KNN.getNetworkData(network)\n"
    "print(a + b + c + d, name, not recurrent)",
    "an activation for each layer": "local options: KNN.Activator = { KNN.ACTIVATORS[1], 'Tanh' }\n"
    "KNN.createNet(1, 1, 1, 1, options, true)",
    "a summary": "local text: string = KNN.summarizeNet(network)\nprint(text)",
    "training": "local losses = KNN.trainNet(network, { { 1, 2 } }, { { 1 } }, 0.1, {\n\tepochs = 2,\n\t"
    "layout = 'tables',\n\tonEpoch = function(epoch, loss)\n\t\tprint(epoch + loss)\n\tend,\n})\nprint(losses[1] + 1)",
    "a callback that ends training": "local options: KNN.TrainingOptions = {\n\tonEpoch = function(_, loss)\n\t\t"
    "return loss > 1\n\tend,\n}\nKNN.trainNet(network, { { 1, 2 } }, { { 1 } }, 0.1, options)",
    "an optimizer": "local options: KNN.OptimizerOptions = { rate = 0.1 }\n"
    "local optimizer: KNN.Optimizer = KNN.createOptimizer('SGD', options)\n"
    "KNN.backwardNet(network, optimizer, { 1, 2 }, { 1 })\n"
    "KNN.trainNet(network, { { 1, 2 } }, { { 1 } }, KNN.loadOptimizer(KNN.saveOptimizer(optimizer)))\n"
    "print(optimizer.name .. '')",
    "a training that goes on": "local saved = KNN.saveTraining(network, 0.1)\n"
    "local other, rate, progress: KNN.TrainingProgress = KNN.loadTraining(saved)\n"
    "KNN.trainNet(other, { { 1, 2 } }, { { 1 } }, rate, { resume = progress, epochs = progress.epoch + 1 })\n",
    "a schedule by its name": "KNN.createOptimizer('AdamW', { weightDecay = 0.1, schedule = 'Cosine' })",
    "a schedule": "local schedule: KNN.ScheduleOptions = { name = 'Step', steps = 10, factor = 0.5, warmUp = 3 }\n"
    "local options: KNN.OptimizerOptions = { clipNorm = 1, clipValue = 1, l1 = 0.1, l2 = 0.1, schedule = schedule }\n"
    "KNN.createOptimizer('Lion', options)\n"
    "KNN.createOptimizer('SGD', { schedule = { name = 'OnPlateau', patience = 3 } })",
    "samples": "print(KNN.forwardBatch(network, { { 1, 2 }, { 3, 4 } })[2][1] + 1)",
    "a batch": "local batch = KNN.createBatch({ { 1, 2 }, { 3, 4 } })\nprint(batch.count + batch.inputs)\n"
    "print(KNN.forwardBatch(network, batch, { columns = true })[1][2] + 1)",
    "options of a batch": "local options: KNN.BatchOptions = { f32 = true }\n"
    "local batch: KNN.Batch = KNN.createBatch({ { 1, 2 } })\nprint(KNN.forwardBatch(network, batch, options)[1][1])",
    "a function": "local options: KNN.FunctionOptions = { f32 = true }\n"
    "local run, values = KNN.createFunction(network, options)\nlocal turn: number = run({ 1, 2 })[1]\n"
    "print(turn + run({ far = 1 }).turn)\nif values then\n\tprint(values(1, 2) + 1)\nend",
    "losses": "local loss: KNN.LossDescription = { name = 'BinaryCrossEntropy', smoothing = 0.1 }\n"
    "KNN.createNetwork({ inputs = 1, layers = { { nodes = 1, activator = 'Sigmoid' } }, loss = loss })\n"
    "KNN.createNetwork({ inputs = 1, layers = { { nodes = 1 } }, loss = 'MeanSquaredError' })",
    "layers from a loop": "local layers: { KNN.LayerDescription } = {}\nfor i = 1, 3 do\n"
    "\tlayers[i] = { nodes = 2 * i, dropout = 0.1 }\nend\n"
    "local last: KNN.LayerDescription = { nodes = 1 }\ntable.insert(layers, last)\n"
    "local description: KNN.NetworkDescription = { inputs = { 'a', 'b' }, layers = layers }\n"
    "description.seed = 1\nKNN.createNetwork(description)",
    "options of a string": "local options: KNN.SaveOptions = { precision = 'f32' }\n"
    "print(#KNN.saveNet(network, options), KNN.saveNet(network, { precision = 'f64' }))",
    "named options": "local options: KNN.GenerationOptions = { mutatedNodes = 1 }\n"
    "KNN.runGenNet({ network, network }, { 1, 2 }, false, options)",
}


@pytest.mark.parametrize("script", USES.values(), ids=USES)
def test_what_users_write_is_clean(library: Path, script: str) -> None:
    assert checked(library, using(script)) == []


MISUSES = {
    "KNN.createNetwork({ inputs = 1, layers = { { nodes = 1 } }, loss = 'Error' })": "but got",
    "KNN.createNetwork({ inputs = 1, layers = { { nodes = 1 } }, loss = { name = 'Error' } })": "but got",
    "KNN.createNetwork({ inputs = 1, layers = { { nodes = 1 } }, loss = { name = 'BinaryCrossEntropy', "
    "smoothing = '0.1' } })": "but got",
    "KNN.nope()": "Key 'nope' not found",
    "KNN.createNet('2', 1, 3, 1)": "'number', but got 'string'",
    "KNN.setSeed()": "Argument count mismatch",
    "KNN.backwardNet(network, 0.1, { 'a' }, { 1 })": "but got '{string}'",
    "KNN.resetState(3)": f"'{NETWORK}', but got 'number'",
    "KNN.resetState(Instance.new('Folder'))": f"'{NETWORK}', but got 'Folder'",
    "KNN.runGenNet({ 1, 2 }, { 1, 2 })": "but got '{number}'",
    "KNN.runGenNet({ network, network }, { 1, 2 }, true, { keepShare = 'a' })": "'number?', but got 'string'",
    "KNN.createBatch({ 1 })": "'{number}', but got 'number'",
    "KNN.forwardBatch(network, 3)": "but got 'number'",
    "KNN.forwardNet(network, { 'a' })": "'{ [string]: number } | {number}', but got '{string}'",
    "KNN.classifyNet(network, 3)": "'{ [string]: number } | {number}', but got 'number'",
    "KNN.forwardBatch(network, { { 1, 2 } }, { f32 = 1 })": "'boolean?', but got 'number'",
    "KNN.trainNet(network, KNN.createBatch({ { 1 } }), { { 1 } }, 0.1)": "but got 'Batch'",
    "KNN.trainNet(network, 1, { { 1 } }, 0.1)": "'Samples', but got 'number'",
    "KNN.trainNet(network, { { 1 } }, { { 1 } }, 0.1, { shuffle = 1 })": "'boolean?', but got 'number'",
    "KNN.trainNet(network, { { 1 } }, { { 1 } }, 0.1, { layout = 'table' })": """but got '"table"'""",
    "KNN.saveNet(network, { precision = 'f16' })": """but got '"f16"'""",
    "KNN.createOptimizer('sgd')": """but got '"sgd"'""",
    "KNN.createOptimizer('SGD', { rate = 'a' })": "'number?', but got 'string'",
    "KNN.createOptimizer('SGD', { schedule = 'cosine' })": """but got '"cosine"'""",
    "KNN.createOptimizer('SGD', { clipNorm = 'a' })": "'number?', but got 'string'",
    "local _: KNN.ScheduleOptions = { name = 'Step', steps = 'a' }": "'number?', but got 'string'",
    "KNN.createScaler({ { 1 } }, 'Minmax')": """but got '"Minmax"'""",
    "KNN.setScaler(network, { name = 'MinMax' })": "missing fields 'shift', and 'scale'",
    "KNN.setScaler(network, { name = 'MinMax', shift = { 1 }, scale = { 1 }, nams = { 'a' } })": "'nil', but got",
    "KNN.createOptimizer('SGD', { schedule = { steps = 100 } })": "missing field 'name'",
    "KNN.trainNet(network, {}, {}, 0.1, { resume = 3 })": "'TrainingProgress?', but got 'number'",
    "KNN.saveTraining(network)": "2 arguments",
    "KNN.saveOptimizer(3)": "'Optimizer', but got 'number'",
    "local _: string = KNN.forwardNet(network, { 1, 2 })[1]": "'string', but got 'number'",
    "local _: { string } = KNN.getNetworkData(network)": "'{string}', but got 'number'",
    "local _: KNN.Nope = network": "Unknown type 'KNN.Nope'",
    "KNN.createNet = nil": "but got 'nil'",
    "local _: Network = network": "Unknown type 'Network'",
    "freeze(network)": "Unknown global 'freeze'",
    "local unread = 1": "Variable 'unread' is never used",
}


@pytest.mark.parametrize(("statement", "message"), MISUSES.items(), ids=MISUSES)
def test_misuse_is_caught(library: Path, statement: str, message: str) -> None:
    assert message in said(library, statement)


# What each type cannot do without.
REQUIRED = {
    "NetworkDescription": "inputs = 1, layers = { { nodes = 1 } },",
    "LossDescription": "name = 'Huber',",
    "ScheduleOptions": "name = 'Step',",
}


DESCRIBED = [*(options.type_name for options in OPTIONS), "LossDescription"]


def misspelt(name: str) -> str:
    """A script with a table of that type in which one field is misspelt."""
    return using(f"local _: KNN.{name} = {{\n{REQUIRED.get(name, '')}\nsped = 1,\n}}")


@pytest.mark.parametrize("name", DESCRIBED)
def test_a_misspelt_field_is_found_in_its_line(library: Path, name: str) -> None:
    found = checked(library, misspelt(name))
    assert [each.line - HEAD.count("\n") for each in found] == [3]


NESTED = {
    "layers": "inputs = 1,\nlayers = {\n{ nodes = 1 },\n{ nodes = 1, activation = 'ReLU' },\n},",
    "loss": "inputs = 1,\nlayers = { { nodes = 1 } },\n\nloss = { name = 'Huber', detla = 1 },",
}


def described(fields: str) -> str:
    """A script with a network of that description."""
    return using(f"KNN.createNetwork({{\n{fields}\n}})")


@pytest.mark.parametrize("fields", NESTED.values(), ids=NESTED)
def test_a_misspelt_field_is_found_in_its_line_deep_in_a_description(library: Path, fields: str) -> None:
    found = checked(library, described(fields))
    assert [each.line - HEAD.count("\n") for each in found] == [5]


PLANTED = {
    "a wrong argument": ("KNN.createNet(2, 2, 3, 1)", 'KNN.createNet("2", 2, 3, 1)'),
    "a missing field": ("KNN.saveNet(network)", "KNN.storeNet(network)"),
    "a wrong use of a result": ("right / count", "KNN.createNet(1, 1, 1, 1)"),
    "a member that Roblox lacks": ('game:GetService("ReplicatedStorage")', "game.Nowhere"),
    "a service that Roblox lacks": ('GetService("ReplicatedStorage")', 'GetService("ReplicatedStore")'),
}


def example() -> str:
    return (SOURCES / "ReplicatedStorage" / "Examples" / "Backpropagation.client.luau").read_text(encoding="utf-8")


def mistaken(old: str, new: str) -> str:
    """The example with a mistake in it."""
    return example().replace(old, new)


@pytest.mark.parametrize(("old", "new"), PLANTED.values(), ids=PLANTED)
def test_a_mistake_in_an_example_is_found_in_its_line(library: Path, old: str, new: str) -> None:
    assert example().count(old) == 1
    line = example()[: example().index(old)].count("\n") + 1
    assert line in {found.line for found in checked(library, mistaken(old, new))}


REMOVED = {
    "Value: string": ".Value=",
    "JSONEncode: (self: HttpService, input: unknown) -> string": ".JSONEncode",
    "GetChildren: (self: Instance) -> { Instance }": ":GetChildren()",
    "ClassName: string": ".ClassName",
}


@pytest.mark.share(2)
@pytest.mark.parametrize(("declared", "use"), REMOVED.items(), ids=REMOVED)
def test_a_member_that_roblox_removes_is_found_where_the_library_uses_it(
    library: Path, declared: str, use: str
) -> None:
    line = f"\t{declared}\n"
    assert definitions().count(line) == 1
    found = or_skip(lambda: check(definitions().replace(line, ""), library))
    lines = [each.path.read_text(encoding="utf-8").splitlines()[each.line - 1] for each in found]
    # The one script has no spaces that only readers need.
    assert any(use.replace(" ", "") in line.replace(" ", "") for line in lines)
