"""The engine stands on numpy alone, where it runs and not only by what its files import."""

import json
import subprocess
import sys

from codegen.library.generate import ROOT
from engine import Network, draw

# Whatever is neither Python's own, nor numpy, nor the engine cannot be imported, whether it is installed or not.
ALONE = """
import sys

ALLOWED = {*sys.stdlib_module_names, "numpy", "engine"}


class Refusal:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in ALLOWED:
            raise ModuleNotFoundError(f"{name} is refused", name=name)


sys.meta_path.insert(0, Refusal())
for name in [*sys.modules]:
    if name.partition(".")[0] not in {*ALLOWED, "__main__"}:
        del sys.modules[name]  # what the environment itself imported at its start
sys.path.insert(0, sys.argv[1])
"""
WORK = """
import json

import engine

network = engine.Network.create(2, 2, 3, 1, "Tanh", seed=1)
generation = engine.create_generation(4, 2, 1, 3, 1, random=2)
engine.run_generation(generation, [1.0, 2.0, 3.0, 4.0], random=3)
samples, targets = [[0.5, -1.0], [2.0, 0.25]], [[1.0], [0.0]]
losses = [*network.train(samples, targets, 0.5, epochs=5, shuffle=True, random=4, engine="numpy")]
losses += [*network.train(samples, targets, 0.5, epochs=2, batch_size=2)]
# So long that LuaJIT would pay.
losses += [*network.train(samples, targets, 0.01, epochs=800)][-1:]
loaded = engine.Network.load(network.save())
try:
    network.train(samples, targets, 0.5, engine="luajit")
except engine.ArgumentError as error:
    refusal = str(error)
picture = engine.draw(loaded, [1.0, -3.0])
outputs = [*loaded.forward([0.5, -1.0]), *loaded.forward([[0.5, -1.0], [2.0, 0.25]]).ravel()]
length = engine.approximate_length(2, 1, 3, 1)
print(json.dumps([engine.__file__, loaded.save(), losses, outputs, repr(picture), length, refusal]))
"""


def run_alone(script: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", ALONE + script, str(ROOT)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_the_engine_does_all_it_does_where_there_is_nothing_but_numpy() -> None:
    done = run_alone(WORK)
    assert done.stderr == ""
    path, saved, losses, outputs, picture, length, refusal = json.loads(done.stdout)
    assert path == str(ROOT / "engine" / "__init__.py")

    network = Network.create(2, 2, 3, 1, "Tanh", seed=1)
    samples, targets = [[0.5, -1.0], [2.0, 0.25]], [[1.0], [0.0]]
    expected = [*network.train(samples, targets, 0.5, epochs=5, shuffle=True, random=4, engine="numpy")]
    expected += [*network.train(samples, targets, 0.5, epochs=2, batch_size=2)]
    expected += [*network.train(samples, targets, 0.01, epochs=800, engine="numpy")][-1:]
    assert losses == expected
    assert saved == network.save()
    assert outputs == [*network.forward(samples[0]), *network.forward(samples).ravel()]
    assert picture == repr(draw(network, [1.0, -3.0]))
    assert length >= 1
    assert refusal == (
        'Wrong Arg#5: Options.engine must be auto or numpy where LuaJIT is missing (codegen is refused), got "luajit".'
    )


def test_everything_else_is_refused_there() -> None:
    for name in ("lupa", "jinja2", "tqdm", "codegen.tools", "tests"):
        assert f"{name.partition('.')[0]} is refused" in run_alone(f"import {name}").stderr
