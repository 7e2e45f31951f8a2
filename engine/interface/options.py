"""What can be set in options and descriptions, with every default."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType

from engine.formulas.records import Setting
from engine.formulas.registry import (
    ALL_ACTIVATIONS,
    COMMON_SETTINGS,
    INITIALIZERS,
    LEAST_SQUARES,
    LOSSES,
    OPTIMIZERS,
    RATE_SCHEDULES,
    SCHEDULE_SETTINGS,
)
from engine.interface.limits import (
    CLASSES_ACTIVATOR,
    DEFAULT_ACTIVATOR,
    DEFAULT_FRAME_BUDGET,
    DESCRIBED_OUTPUT_ACTIVATOR,
    ENGINES,
    LAYOUTS,
    MAXIMUM_CHANGE,
    MAXIMUM_EPOCHS,
    MAXIMUM_HIDDEN_LAYERS,
    MAXIMUM_NODES,
    MAXIMUM_SEED,
    MINIMUM_LAYERS,
    PRECISIONS,
)
from engine.interface.rules import (
    Boolean,
    Callback,
    Choice,
    ClassWeights,
    CountOrNames,
    Description,
    Integer,
    KindOfLayer,
    LayerDescriptions,
    LossDescription,
    NamedChoice,
    Number,
    NumberAbove,
    NumberBelow,
    NumberBetween,
    NumberFrom,
    Option,
    Options,
    ProgressHandle,
    SampleWeights,
    Schedule,
    SomeNames,
    Validation,
    number_rule,
    which,
)


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.capitalize() for each in others)


def _option(setting: Setting) -> Option:
    rule = number_rule(setting.limits)
    return Option(_camel_case(setting.name), setting.name, rule, setting.default, setting.description)


def _fields(groups: Iterable[Sequence[Option]]) -> tuple[Option, ...]:
    """All options of some groups, the first of each name."""
    options: dict[str, Option] = {}
    for option in chain(*groups):
        options.setdefault(option.name, option)
    return tuple(options.values())


GENERATION_OPTIONS = Options(
    "GenerationOptions",
    (
        Option("keepShare", "keep_share", NumberBetween(0.0, 1.0), 0.4, "share of the networks that stays"),
        Option(
            "selectionPressure",
            "selection_pressure",
            NumberBetween(1.0, MAXIMUM_CHANGE),
            3.0,
            "how many times likelier the best network becomes a parent than the last one kept",
        ),
        Option(
            "biasNoise",
            "bias_noise",
            NumberBetween(0.0, MAXIMUM_CHANGE),
            0.01,
            "uniform noise (±) on the biases of a child",
        ),
        Option("mutatedNodes", "mutated_nodes", Integer(0, MAXIMUM_NODES), 2, "nodes of each network that are mutated"),
        Option(
            "mutationRange",
            "mutation_range",
            NumberBetween(0.0, MAXIMUM_CHANGE),
            4.0,
            "uniform change (±) of each weight and bias of a mutated node",
        ),
    ),
)

TRAINING_OPTIONS = Options(
    "TrainingOptions",
    (
        Option("epochs", "epochs", Integer(1, MAXIMUM_EPOCHS), 1, "how often all samples are gone through"),
        Option(
            "shuffle",
            "shuffle",
            Boolean(),
            False,
            "whether every epoch takes the samples in a new random order; feed-forward networks only",
        ),
        Option(
            "batchSize",
            "batch_size",
            Integer(1, MAXIMUM_NODES),
            1,
            "how many samples make one step, along the mean of their gradients; feed-forward networks only",
        ),
        Option(
            "validation",
            "validation",
            Validation(),
            None,
            "{ samples, targets } that training does not see: their loss and metrics are measured after every epoch",
        ),
        Option(
            "validationShare",
            "validation_share",
            NumberBelow(0.0, 1.0),
            0.0,
            "instead of these, the share of the samples that is set aside for that, spread evenly over them",
        ),
        Option(
            "patience",
            "patience",
            Integer(1, MAXIMUM_EPOCHS),
            None,
            "early stopping: training ends after so many epochs without a lower loss (that of validation where there "
            "is one); the network is then as it was after the best epoch",
        ),
        Option("targetLoss", "target_loss", NumberFrom(0.0), None, "training ends once that loss is as low as this"),
        Option(
            "timeLimit",
            "time_limit",
            NumberAbove(0.0),
            None,
            "training ends with the epoch in which so many seconds pass",
        ),
        Option(
            "sampleWeights",
            "sample_weights",
            SampleWeights(),
            None,
            "how much each sample counts: its loss and its gradient are multiplied by that",
        ),
        Option(
            "classWeights",
            "class_weights",
            ClassWeights(),
            None,
            "the same for all samples of a class, that of the largest target; classes that are left out count 1",
        ),
        Option(
            "metrics",
            "metrics",
            Boolean(),
            None,
            "whether accuracy and mean absolute error are measured after every epoch; by itself where there are "
            "validation samples or onEpoch",
        ),
        Option(
            "seed",
            "random",
            Integer(0, MAXIMUM_SEED),
            None,
            "a seed for shuffling and dropout alone; by itself they go on with the library's random numbers",
        ),
        Option(
            "resume",
            "resume",
            ProgressHandle(),
            None,
            "the progress that loadTraining returned: training goes on from there, as if it had never stopped; epochs "
            "counts those that were done before, too",
        ),
        Option(
            "frameBudget",
            "",
            NumberAbove(0.0),
            DEFAULT_FRAME_BUDGET,
            "seconds of work between two task.wait(), so that the game stays smooth",
        ),
        Option(
            "onEpoch",
            "on_epoch",
            Callback("(epoch: number, loss: number, metrics: TrainingMetrics) -> ...unknown"),
            None,
            "called after every epoch with its number, mean loss and metrics; returning false ends the training",
        ),
        Option(
            "f32",
            "",
            Boolean(),
            False,
            "allows 32-bit arithmetic where that is faster: wide networks in the interpreter; the results drift apart",
        ),
        Option(
            "layout",
            "",
            Choice(LAYOUTS),
            LAYOUTS[0],
            "where the weights lie meanwhile; by itself buffers in native code, else tables; the results are the same",
        ),
    ),
    python_fields=(
        Option(
            "",
            "engine",
            Choice(ENGINES),
            ENGINES[0],
            "what computes: numpy, or LuaJIT, which is many times faster for single samples",
        ),
        Option("", "progress", Boolean(), False, "whether a progress bar is shown"),
        Option("", "history", Boolean(), False, "whether a `History` is returned: losses, metrics, rates and seconds"),
    ),
)
BATCH_OPTIONS = Options(
    "BatchOptions",
    (
        Option(
            "columns",
            "",
            Boolean(),
            False,
            "return outputs[node][sample], an array for each output node (under its name, if it has one), instead of "
            "outputs[sample][node]: faster",
        ),
        Option(
            "f32",
            "",
            Boolean(),
            False,
            "allows 32-bit arithmetic where that is faster: right to about 7 digits of the largest number in a sum",
        ),
    ),
)
FUNCTION_OPTIONS = Options(
    "FunctionOptions",
    (next(option for option in BATCH_OPTIONS.fields if option.name == "f32"),),
)
SAVE_OPTIONS = Options(
    "SaveOptions",
    (
        Option(
            "precision",
            "precision",
            Choice(PRECISIONS),
            PRECISIONS[0],
            "f32 rounds weights, biases and states to 32 bits and writes as few characters as give these back",
        ),
    ),
)
_SETTINGS = tuple((name, tuple(map(_option, optimizer.settings))) for name, optimizer in OPTIMIZERS.items())
_OF_SCHEDULES = tuple((name, tuple(map(_option, each.settings))) for name, each in RATE_SCHEDULES.items())
_OF_EVERY_SCHEDULE = tuple(map(_option, SCHEDULE_SETTINGS))
SCHEDULE_OPTIONS = Options(
    "ScheduleOptions",
    _fields(([which(tuple(RATE_SCHEDULES))], *dict(_OF_SCHEDULES).values(), _OF_EVERY_SCHEDULE)),
    of="name",
    variants=_OF_SCHEDULES,
    common=_OF_EVERY_SCHEDULE,
)
_COMMON = (
    *map(_option, COMMON_SETTINGS),
    Option(
        "schedule",
        "schedule",
        Schedule(tuple(RATE_SCHEDULES), SCHEDULE_OPTIONS),
        None,
        "what becomes of the rate from step to step: a schedule's name, or a table with its name and options",
    ),
)
OPTIMIZER_OPTIONS = Options(
    "OptimizerOptions",
    _fields((*dict(_SETTINGS).values(), _COMMON)),
    of="name",
    variants=_SETTINGS,
    common=_COMMON,
    without_common=tuple(LEAST_SQUARES),
)

LAYER_DESCRIPTION = Options(
    "LayerDescription",
    (
        Option(
            "nodes",
            "nodes",
            Integer(1, MAXIMUM_NODES),
            None,
            "how many nodes; of an output layer, by itself, as many as there are outputs or classes",
        ),
        Option(
            "activator",
            "activator",
            NamedChoice(tuple(ALL_ACTIVATIONS), "ActivationName"),
            None,
            f"its activation; by itself {DEFAULT_ACTIVATOR}, of an output layer {CLASSES_ACTIVATOR} where there are "
            f"classes, else {DESCRIBED_OUTPUT_ACTIVATOR}",
        ),
        Option(
            "initializer",
            "initializer",
            NamedChoice(tuple(INITIALIZERS), "InitializerName"),
            None,
            "how its weights start; by itself as suits the activation",
        ),
        Option("bias", "bias", Number(), 0.0, "every bias at the start"),
        Option(
            "dropout",
            "dropout",
            NumberBelow(0.0, 1.0),
            0.0,
            "share of its outputs that each step of trainNet leaves out, at random; none of an output layer's",
        ),
        Option("kind", "kind", KindOfLayer(), None, "its kind; by itself one whose nodes see its inputs"),
    ),
)
NETWORK_DESCRIPTION = Description(
    "NetworkDescription",
    fields=(
        Option(
            "inputs",
            "inputs",
            CountOrNames(1, MAXIMUM_NODES),
            None,
            "how many numbers go in, or an array of their names",
            required=True,
        ),
        Option(
            "layers",
            "layers",
            LayerDescriptions(MINIMUM_LAYERS, MAXIMUM_HIDDEN_LAYERS + 1, LAYER_DESCRIPTION),
            None,
            "the layers, output layer last",
            required=True,
        ),
        Option("outputs", "outputs", SomeNames(1), None, "the names of what comes out"),
        Option("classes", "classes", SomeNames(2), None, "instead of outputs: the classes that they stand for"),
        Option(
            "loss",
            "loss",
            LossDescription(),
            None,
            "what training makes small; by itself as suits the activation of the output layer",
        ),
        Option("seed", "seed", Integer(0, MAXIMUM_SEED), None, "a seed for the weights alone"),
    ),
)
# What there is to set beside the name of a loss.
LOSS_SETTINGS: Mapping[str, tuple[Option, ...]] = MappingProxyType(
    {name: tuple(map(_option, loss.settings)) for name, loss in LOSSES.items()}
)
