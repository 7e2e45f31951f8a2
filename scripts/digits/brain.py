"""The trained network: as a string, which is the truth, and as the module that is exported from it."""

from pathlib import Path

from codegen.export.limits import Precision
from codegen.export.module import inference_module
from codegen.library.generate import PLACE_FOLDER
from engine import Network

STRING = Path(__file__).with_name("network.txt")
BRAIN = PLACE_FOLDER / "src" / "ReplicatedStorage" / "Examples" / "Digits" / "Brain.luau"


def brain_source(text: str) -> str:
    """The module for a network whose string this is."""
    return inference_module(Network.load(text), Precision.F32, BRAIN.stem).source
