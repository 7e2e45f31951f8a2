"""Every file of kernels is in the list, and every kernel is known by its name."""

import inspect
from pathlib import Path

from codegen.translate.loop_reader import read_kernels
from engine.kernels import loops
from engine.kernels.registry import FILES, KERNELS


def test_every_file_is_in_the_list() -> None:
    folder = Path(inspect.getfile(loops)).parent
    assert sorted(file.__name__.rpartition(".")[2] for file in FILES) == sorted(
        path.stem for path in folder.glob("*.py") if path.name != "__init__.py"
    )


def test_no_name_stands_for_two() -> None:
    names = [name for file in FILES for name in read_kernels(Path(inspect.getfile(file)))]
    assert sorted(names) == sorted(KERNELS)
