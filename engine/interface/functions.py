"""The signatures of the public functions, with every option and default."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType

from engine.formulas.records import Setting
from engine.formulas.registry import (
    ALL_ACTIVATIONS,
    COMMON_SETTINGS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    RATE_SCHEDULES,
    SCALERS,
    SCHEDULE_SETTINGS,
)
from engine.interface.limits import (
    CLASSES_ACTIVATOR,
    DEFAULT_ACTIVATOR,
    DEFAULT_BIAS,
    DEFAULT_FRAME_BUDGET,
    DESCRIBED_OUTPUT_ACTIVATOR,
    ENGINES,
    GENERATED_CHILD,
    LAYOUTS,
    MAXIMUM_CHANGE,
    MAXIMUM_EPOCHS,
    MAXIMUM_HIDDEN_LAYERS,
    MAXIMUM_NODES,
    MAXIMUM_SEED,
    MINIMUM_GENERATION,
    MINIMUM_LAYERS,
    PRECISIONS,
)
from engine.interface.rules import (
    Activator,
    AnySamples,
    Boolean,
    Callback,
    Choice,
    Container,
    CountOrNames,
    Description,
    Folder,
    Function,
    Integer,
    KindOfLayer,
    LayerDescriptions,
    LossDescription,
    NamedChoice,
    NetworkLike,
    NetworkText,
    Number,
    NumberAbove,
    NumberBelow,
    NumberBetween,
    Numbers,
    OptimizerHandle,
    OptimizerText,
    Option,
    Options,
    Parameter,
    RateOrOptimizer,
    Sample,
    Samples,
    SamplesOrBatch,
    SamplesOrNamed,
    ScalerLike,
    Schedule,
    SomeNames,
    Target,
    Targets,
    Visual,
    number_rule,
    which,
)
from engine.interface.visual import DEFAULT_RANGE

NETWORK = Parameter("network", "Network", NetworkLike(), "the network")
WHOLE_NETWORK = replace(NETWORK, rule=NetworkLike(whole=True))
CHANGED_NETWORK = replace(NETWORK, rule=NetworkLike(whole=True, changed=True))
VISUAL = Parameter("visual", "Visual", Visual(), "what getVisual returned for it or for a network of the same sizes")

SHAPE = (
    Parameter("inputs", "Inputs", Integer(1, MAXIMUM_NODES), "how many numbers go in"),
    Parameter("hiddenL", "Hidden layers", Integer(1, MAXIMUM_HIDDEN_LAYERS), "how many hidden layers"),
    Parameter("hiddenN", "Hidden nodes", Integer(1, MAXIMUM_NODES), "how many nodes in each hidden layer"),
    Parameter("outputs", "Outputs", Integer(1, MAXIMUM_NODES), "how many numbers come out"),
    Parameter(
        "activator",
        "Activator",
        Activator(),
        "activation of the hidden layers, or an array of one per layer, output included",
        default=DEFAULT_ACTIVATOR,
        optional=True,
    ),
    Parameter(
        "recurrent",
        "Recurrent",
        Boolean(),
        "whether every hidden node also sees its own last output",
        default=False,
        optional=True,
    ),
)
DEFAULT_BIAS_PARAMETER = Parameter(
    "defaultBias", "Default bias", Number(), "every bias at the start", default=DEFAULT_BIAS, optional=True
)

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
        Option("shuffle", "shuffle", Boolean(), False, "whether every epoch takes the samples in a new random order"),
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
            Callback("(epoch: number, loss: number) -> ...unknown"),
            None,
            "called after every epoch with its number and mean loss; returning false ends the training",
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
            "batch_size",
            Integer(1, MAXIMUM_NODES),
            1,
            "how many samples make one step, along the mean of their gradients; feed-forward networks only",
        ),
        Option(
            "",
            "engine",
            Choice(ENGINES),
            ENGINES[0],
            "what computes: numpy, or LuaJIT, which is many times faster for single samples",
        ),
        Option("", "random", Integer(0, MAXIMUM_SEED), None, "a `Random` or a seed for shuffling and dropout"),
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
SAMPLES = Parameter("samples", "Samples", Samples(1, "inputs"), "an array of what goes in, sample by sample")
SCALER = Parameter("scaler", "Scaler", ScalerLike(), "what createScaler returned")
RATE = Parameter(
    "rate",
    "Learning rate",
    RateOrOptimizer(0.0),
    "size of the step, or an optimizer, which belongs to the first network that it steps",
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

_FUNCTIONS = (
    Function(
        "createNet",
        "Network.create",
        (
            *SHAPE,
            DEFAULT_BIAS_PARAMETER,
            Parameter(
                "noWarn",
                "NoWarn",
                Boolean(),
                "silences the warning about recurrent networks with an activation of infinite range",
                default=False,
                optional=True,
            ),
        ),
        "Network",
        "Makes a network: He-uniform weights, every bias at the default bias.",
    ),
    Function(
        "createNetwork",
        "Network.build",
        (Parameter("description", "Description", NETWORK_DESCRIPTION, "what it is to be"),),
        "Network",
        "Makes a network from a description of its layers.",
    ),
    Function(
        "forwardNet",
        "Network.forward",
        (
            NETWORK,
            Parameter("inputs", "Inputs", Sample(), "what goes in"),
            Parameter(
                "giveCache",
                "GiveCache",
                Boolean(),
                "return { outputs, activations of every layer } instead",
                default=False,
                optional=True,
            ),
        ),
        "{ any }",
        "Runs the network and returns its outputs, in a dictionary if the inputs came in one and outputs have names; a "
        "recurrent network moves one time step on.",
        returns_short="Outputs",
    ),
    Function(
        "backwardNet",
        "Network.backward",
        (
            NETWORK,
            RATE,
            Parameter("input", "Inputs", Sample(), "what goes in"),
            Parameter("target", "Target", Target(), "what should come out, or a class by its name"),
        ),
        "()",
        "One step of stochastic gradient descent, or of an optimizer, on one sample, in place, against the "
        "gradient of the network's loss.",
    ),
    Function(
        "classifyNet",
        "Network.classify",
        (NETWORK, Parameter("inputs", "Inputs", Sample(), "what goes in")),
        "(string | number, number)",
        "Runs the network as forwardNet does and returns the likeliest class, by its name or else its index, and its "
        "share: the largest output, the first of equal ones.",
    ),
    Function(
        "createOptimizer",
        "Optimizer",
        (
            Parameter("name", "Name", Choice(tuple(OPTIMIZERS)), "which one"),
            Parameter("options", "Options", OPTIMIZER_OPTIONS, "its settings", optional=True),
        ),
        "Optimizer",
        "Makes an optimizer, for one network: what backwardNet and trainNet take in place of a learning rate.",
    ),
    Function(
        "createBatch",
        "",
        (Parameter("samples", "Samples", AnySamples(1), SAMPLES.description),),
        "Batch",
        "Checks samples once and copies them into the order that forwardBatch reads fastest, for samples that go "
        "through many networks.",
    ),
    Function(
        "forwardBatch",
        "Network.forward",
        (
            NETWORK,
            Parameter(
                "samples",
                "Samples",
                SamplesOrBatch(1, "inputs"),
                "an array of what goes in, sample by sample, or a batch of createBatch, which is faster",
            ),
            Parameter("options", "Options", BATCH_OPTIONS, "how to go about it", optional=True),
        ),
        "BatchOutputs",
        "Runs a feed-forward network on many samples at once and returns the outputs of each: the same numbers as "
        "forwardNet's, in less time.",
    ),
    Function(
        "trainNet",
        "Network.train",
        (
            CHANGED_NETWORK,
            SAMPLES,
            Parameter("targets", "Targets", Targets("outputs"), "what should come out, sample by sample"),
            RATE,
            Parameter("options", "Options", TRAINING_OPTIONS, "how to go about it", optional=True),
        ),
        "{ number }",
        "Trains on many samples, as backwardNet would on one after the other; returns the mean loss of every epoch.",
    ),
    Function(
        "createScaler",
        "Scaler.fit",
        (
            Parameter("samples", "Samples", SamplesOrNamed(1), "an array of what will be scaled, sample by sample"),
            Parameter(
                "name",
                "Name",
                Choice(tuple(SCALERS)),
                "how: to between 0 and 1, to mean 0 and deviation 1, or to median 0 and interquartile range 1",
            ),
        ),
        "Scaler",
        "Makes a scaler from samples, for inputs or targets: of each column what is subtracted and what it is divided "
        "by then.",
    ),
    Function(
        "setScaler",
        "Network.set_scaler",
        (
            CHANGED_NETWORK,
            Parameter("inputScaler", "Input scaler", ScalerLike("inputs"), "of what goes in", optional=True),
            Parameter("targetScaler", "Target scaler", ScalerLike("outputs"), "of what comes out", optional=True),
        ),
        "()",
        "Makes a network take and return numbers as its user has them, scaled for its layers: they are saved with it. "
        "What is left out is taken away.",
    ),
    Function(
        "scaleSample",
        "Scaler.scale",
        (SCALER, Parameter("sample", "Sample", Sample("scaler"), "a user's numbers")),
        "Outputs",
        "Scales a sample: what a network with this scaler does by itself.",
    ),
    Function(
        "unscaleSample",
        "Scaler.unscale",
        (SCALER, Parameter("sample", "Sample", Sample("scaler"), "a network's numbers")),
        "Outputs",
        "Undoes the scaling of a sample.",
    ),
    Function(
        "createGenNet",
        "create_generation",
        (
            Parameter("folder", "Folder", Folder(), "where the StringValues go"),
            Parameter("networkCount", "Network count", Integer(MINIMUM_GENERATION, MAXIMUM_NODES), "how many networks"),
            *SHAPE,
            DEFAULT_BIAS_PARAMETER,
        ),
        "{ StringValue }",
        f"Makes the networks of a generation as StringValues {GENERATED_CHILD}1, {GENERATED_CHILD}2, … in a folder.",
    ),
    Function(
        "runGenNet",
        "run_generation",
        (
            Parameter(
                "networks",
                "Networks",
                Container(MINIMUM_GENERATION),
                "the generation: an array of networks, or a folder of StringValues",
            ),
            Parameter("scores", "Scores", Numbers("networks"), "how good each one was; higher is better"),
            Parameter(
                "giveBestScore",
                "GiveBestScore",
                Boolean(),
                "return the best network's score too",
                default=False,
                optional=True,
            ),
            Parameter("options", "Options", GENERATION_OPTIONS, "the rates of the genetic algorithm", optional=True),
        ),
        "(number, number?)",
        "Replaces a generation by the next one, in place, and returns the index of the best network (and its score).",
    ),
    Function(
        "saveNet",
        "Network.save",
        (NETWORK, Parameter("options", "Options", SAVE_OPTIONS, "how exactly", optional=True)),
        "string",
        "Writes a network as a string that loads for ever.",
    ),
    Function(
        "loadNet",
        "Network.load",
        (Parameter("text", "String", NetworkText(), "a string made by saveNet, or a StringValue that holds one"),),
        "Network",
        "Reads a network from its string.",
    ),
    Function(
        "saveOptimizer",
        "save_optimizer",
        (Parameter("optimizer", "Optimizer", OptimizerHandle(), "the optimizer"),),
        "string",
        "Writes an optimizer with all that it remembers as a string, so that training can go on later.",
    ),
    Function(
        "loadOptimizer",
        "load_optimizer",
        (Parameter("text", "String", OptimizerText(), "a string made by saveOptimizer"),),
        "Optimizer",
        "Reads an optimizer from its string, for the network that it belonged to, once that is loaded, too.",
    ),
    Function(
        "hardCode",
        "Network.hard_code",
        (NETWORK,),
        "string",
        "Writes a network as a Lua table, to be pasted into a script.",
    ),
    Function(
        "getAproxLength",
        "approximate_length",
        SHAPE,
        "number",
        "Estimates how many characters a new network of that shape takes when saved: never too few, often too many.",
    ),
    Function(
        "getNetworkData",
        "Network.inputs, .hidden_layers, …",
        (NETWORK,),
        "(number, number, number, number, Activator, boolean)",
        "Returns inputs, hiddenL, hiddenN (both 0 without a hidden layer), outputs, activator and recurrent.",
    ),
    Function(
        "summarizeNet",
        "Network.summary",
        (NETWORK,),
        "string",
        "Returns a table of the layers as text: nodes, activators, parameters, multiply-adds and memory, how long the "
        "network is when saved, and where that fits.",
    ),
    Function(
        "resetState",
        "Network.reset_state",
        (NETWORK,),
        "()",
        "Makes a recurrent network forget its last time step.",
    ),
    Function(
        "getVisual",
        "draw",
        (NETWORK,),
        "ScreenGui",
        "Makes a picture of a network; give it a Parent to see it. Its Container can be resized.",
    ),
    Function(
        "updateVisualState",
        "draw",
        (WHOLE_NETWORK, VISUAL),
        "()",
        "Colours a picture by weights and biases: from red (negative) over yellow (zero) to green (positive).",
    ),
    Function(
        "updateVisualActive",
        "draw",
        (
            WHOLE_NETWORK,
            VISUAL,
            Parameter("inputs", "Inputs", Sample(), "what goes in"),
            Parameter(
                "range",
                "Range",
                NumberAbove(0.0),
                "the activity that is shown in white",
                default=DEFAULT_RANGE,
                optional=True,
            ),
        ),
        "()",
        "Colours a picture by what the inputs make of it: the brighter, the more active. The network stays as it is.",
    ),
    Function(
        "setSeed",
        "Random",
        (Parameter("seed", "Seed", Integer(0, MAXIMUM_SEED), "the same seed gives the same random numbers"),),
        "()",
        "Seeds the library's random numbers; without it they start from the clock.",
    ),
)
FUNCTIONS: Mapping[str, Function] = MappingProxyType({each.name: each for each in _FUNCTIONS})


@dataclass(frozen=True)
class Value:
    """A public constant of the library."""

    name: str
    description: str


VALUES: Mapping[str, Value] = MappingProxyType(
    {
        each.name: each
        for each in (
            Value("VERSION", "The version of the library."),
            Value("ACTIVATORS", "The names of all activations."),
        )
    }
)
