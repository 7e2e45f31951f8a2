"""Which machine trains: numpy, the reference, or LuaJIT, which runs generated loops.

The engine knows nothing of Lua. A package that does offers its trainer as an entry point of the group `GROUP`: a
function without arguments that returns a `Trainer`, or raises ImportError where its machine cannot be had.
"""

from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import entry_points

from engine.arguments import ArgumentError, option_refusal
from engine.describe import describe
from engine.elementwise import Array
from engine.formulas.records import Loss
from engine.interface.messages import MESSAGES, fill
from engine.layer import Layer
from engine.training.dropout import Dropout
from engine.training.least_squares import LeastSquaresSession
from engine.training.luajit_limits import LUAJIT_LAYERS, LUAJIT_PAYS_FROM, NUMPY_COST_OF_LAYER
from engine.training.optimizer import Optimizer
from engine.training.session import Dataset, NumpySession, Session, Trainer
from engine.training.updates import Update

GROUP = "luaunn.trainers"
AUTO, LUAJIT = "auto", "luajit"


def session_of(
    engine: str,
    layers: Sequence[Layer],
    dataset: Dataset,
    update: Update,
    loss: Loss,
    epochs: int,
    batch_size: int,
    dropout: Dropout | None = None,
    weights: Array | None = None,
) -> Callable[[], Session]:
    """How to begin a session on the machine that was asked for.

    Raises:
        ArgumentError: if it cannot do what is wanted, or cannot be had.
    """
    if isinstance(update, Optimizer) and update.least_squares is not None:
        if engine == LUAJIT:
            raise _refusal(fill(MESSAGES["engine_of_optimizer"], name=update.name))
        optimizer = update
        return lambda: LeastSquaresSession(layers, dataset, optimizer, loss, weights=weights, ordered=engine != AUTO)
    rule = MESSAGES["engine_of_weights"] if weights is not None else None
    rule = rule or _why_not_luajit(layers, update, dropout, batch_size)
    if engine == LUAJIT and rule is not None:
        raise _refusal(rule)
    pays = epochs * len(dataset) * cost_in_numpy(layers) >= LUAJIT_PAYS_FROM
    if rule is None and (engine == LUAJIT or (engine == AUTO and pays)):
        try:
            trainer = luajit_trainer()
        except ImportError as error:
            if engine == LUAJIT:
                raise _refusal(fill(MESSAGES["engine_missing"], reason=error)) from error
        else:
            return lambda: trainer(layers, dataset, update, loss)
    return lambda: NumpySession(
        layers, dataset, update, loss, batch_size, dropout=dropout, weights=weights, ordered=engine != AUTO
    )


def _why_not_luajit(layers: Sequence[Layer], update: Update, dropout: Dropout | None, batch_size: int) -> str | None:
    """What the engine must be instead, if LuaJIT has no loops for this."""
    if batch_size > 1:
        return MESSAGES["engine_of_batches"]
    if dropout is not None:
        return MESSAGES["engine_of_dropout"]
    if len(layers) > LUAJIT_LAYERS:
        return fill(MESSAGES["engine_of_layers"], maximum=LUAJIT_LAYERS)
    return MESSAGES["engine_of_clip_norm"] if isinstance(update, Optimizer) and update.rule.clips_norm else None


def cost_in_numpy(layers: Sequence[Layer]) -> int:
    """What a step on a single sample costs numpy, which adds input by input: about so many vector operations."""
    inputs = sum(int(layer.weights.shape[1]) for layer in layers)
    nodes = sum(layer.nodes for layer in layers[1:])
    return NUMPY_COST_OF_LAYER * len(layers) + inputs + nodes


def _refusal(rule: str) -> ArgumentError:
    return option_refusal("trainNet", "options", "engine", rule, describe(LUAJIT))


@cache
def luajit_trainer() -> Trainer:
    """The trainer that runs in LuaJIT; it is started at the first call.

    Raises:
        ImportError: if it is not installed or LuaJIT cannot be had.
    """
    for entry in entry_points(group=GROUP, name=LUAJIT):
        start: Callable[[], Trainer] = entry.load()
        return start()
    raise ImportError("the package luaunn is not installed")
