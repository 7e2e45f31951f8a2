"""The reference engine: the truth that the generated Luau module is proven equal to."""

from engine.arguments import ArgumentError
from engine.evolution import create_generation, run_generation
from engine.files.optimizer_text import load_optimizer, save_optimizer
from engine.files.size import approximate_length
from engine.files.training_text import load_training, save_training
from engine.formulas.registry import ACTIVATIONS, OUTPUT_ACTIVATIONS
from engine.interface.limits import VERSION
from engine.network import Network
from engine.picture import Picture, draw
from engine.random import Random
from engine.scaler import Scaler
from engine.training.evaluation import Evaluation
from engine.training.history import History
from engine.training.loop import TrainingError
from engine.training.optimizer import Optimizer
from engine.training.progress import TrainingProgress

__all__ = [
    "ACTIVATIONS",
    "OUTPUT_ACTIVATIONS",
    "VERSION",
    "ArgumentError",
    "Evaluation",
    "History",
    "Network",
    "Optimizer",
    "Picture",
    "Random",
    "Scaler",
    "TrainingError",
    "TrainingProgress",
    "approximate_length",
    "create_generation",
    "draw",
    "load_optimizer",
    "load_training",
    "run_generation",
    "save_optimizer",
    "save_training",
]
