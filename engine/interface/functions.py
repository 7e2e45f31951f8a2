"""The signatures of the public functions, with every default; their options are in options.py."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.formulas.registry import (
    OPTIMIZERS,
    SCALERS,
)
from engine.interface.limits import (
    DEFAULT_ACTIVATOR,
    DEFAULT_BIAS,
    GENERATED_CHILD,
    MAXIMUM_HIDDEN_LAYERS,
    MAXIMUM_NODES,
    MAXIMUM_SEED,
    MINIMUM_GENERATION,
)
from engine.interface.options import (
    BATCH_OPTIONS,
    FUNCTION_OPTIONS,
    GENERATION_OPTIONS,
    NETWORK_DESCRIPTION,
    OPTIMIZER_OPTIONS,
    SAVE_OPTIONS,
    TRAINING_OPTIONS,
)
from engine.interface.rules import (
    Activator,
    AnySamples,
    Boolean,
    Choice,
    Container,
    Folder,
    Function,
    Integer,
    NamedChoice,
    NetworkLike,
    NetworkText,
    Number,
    NumberAbove,
    Numbers,
    OptimizerHandle,
    OptimizerText,
    Parameter,
    RateOrOptimizer,
    Sample,
    Samples,
    SamplesOrBatch,
    SamplesOrNamed,
    ScalerLike,
    Target,
    Targets,
    TrainingText,
    Visual,
)
from engine.interface.visual import DEFAULT_RANGE

NETWORK = Parameter("network", "Network", NetworkLike(), "the network")
WHOLE_NETWORK = replace(NETWORK, rule=NetworkLike(whole=True))
CHANGED_NETWORK = replace(NETWORK, rule=NetworkLike(whole=True, changed=True, alone=True))
STEPPED_NETWORK = replace(NETWORK, rule=NetworkLike(alone=True))
RESET_NETWORK = replace(NETWORK, rule=NetworkLike(alone=True, lent=True))
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

SAMPLES = Parameter("samples", "Samples", Samples(1, "inputs"), "an array of what goes in, sample by sample")
TARGETS = Parameter("targets", "Targets", Targets("outputs"), "what should come out, sample by sample")
SCALER = Parameter("scaler", "Scaler", ScalerLike(), "what createScaler returned")
RATE = Parameter(
    "rate",
    "Learning rate",
    RateOrOptimizer(0.0),
    "size of the step, or an optimizer, which belongs to the first network that it steps",
)

# What they are for, in the order in which the documentation has them.
CREATE, RUN, TRAIN, SCALE, EVOLVE, SAVE, SEE, OTHER = GROUPS = (
    "Create",
    "Run",
    "Train",
    "Scale",
    "Evolve",
    "Save and load",
    "See",
    "Other",
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
        "the network",
        CREATE,
    ),
    Function(
        "createNetwork",
        "Network.build",
        (Parameter("description", "Description", NETWORK_DESCRIPTION, "what it is to be"),),
        "Network",
        "Makes a network from a description of its layers.",
        "the network",
        CREATE,
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
        "Runs the network; a recurrent network moves one time step on.",
        "its outputs, in a dictionary if the inputs came in one and outputs have names; with giveCache an array of "
        "these and of the activations of every layer",
        RUN,
        returns_short="Outputs",
    ),
    Function(
        "backwardNet",
        "Network.backward",
        (
            STEPPED_NETWORK,
            replace(RATE, rule=RateOrOptimizer(0.0, single=True)),
            Parameter("input", "Inputs", Sample(), "what goes in"),
            Parameter("target", "Target", Target(), "what should come out, or a class by its name"),
        ),
        "()",
        "One step of stochastic gradient descent, or of an optimizer, on one sample, in place, against the "
        "gradient of the network's loss.",
        "",
        TRAIN,
    ),
    Function(
        "classifyNet",
        "Network.classify",
        (NETWORK, Parameter("inputs", "Inputs", Sample(), "what goes in")),
        "(string | number, number)",
        "Runs the network as forwardNet does and finds the likeliest class: the largest output, the first of equal "
        "ones.",
        "the class, by its name or else its index, and its share, which is that output",
        RUN,
    ),
    Function(
        "createOptimizer",
        "Optimizer",
        (
            Parameter("name", "Name", NamedChoice(tuple(OPTIMIZERS), "OptimizerName"), "which one"),
            Parameter("options", "Options", OPTIMIZER_OPTIONS, "its settings", optional=True),
        ),
        "Optimizer",
        "Makes an optimizer, for one network: what backwardNet and trainNet take in place of a learning rate.",
        "the optimizer",
        TRAIN,
    ),
    Function(
        "createBatch",
        "",
        (Parameter("samples", "Samples", AnySamples(1), SAMPLES.description),),
        "Batch",
        "Checks samples once and copies them into the order that forwardBatch reads fastest, for samples that go "
        "through many networks.",
        "the batch",
        RUN,
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
        "Runs a feed-forward network on many samples at once: the same numbers as forwardNet's, in less time.",
        "the outputs of each sample, in their order; with columns those of each output node",
        RUN,
    ),
    Function(
        "createFunction",
        "Network.function",
        (NETWORK, Parameter("options", "Options", FUNCTION_OPTIONS, "how to go about it", optional=True)),
        "((inputs: Sample) -> Outputs, ((...number) -> ...number)?)",
        "Makes a function for hot loops of the network as it is now: forwardNet's numbers, without its checks.",
        "the function, with a memory of its own; and of networks of 1 to 4 inputs and nodes in every layer, without "
        "scalers, one that takes and returns numbers without arrays",
        RUN,
    ),
    Function(
        "trainNet",
        "Network.train",
        (
            CHANGED_NETWORK,
            SAMPLES,
            TARGETS,
            RATE,
            Parameter("options", "Options", TRAINING_OPTIONS, "how to go about it", optional=True),
        ),
        "({ number }, TrainingHistory)",
        "Trains on many samples, as backwardNet would on one after the other.",
        "the mean loss of every epoch and a history: for every epoch the losses, metrics, rates and seconds, and why "
        "training ended",
        TRAIN,
    ),
    Function(
        "evaluateNet",
        "Network.evaluate",
        (NETWORK, SAMPLES, TARGETS),
        "(number, TrainingMetrics, { { number } }?)",
        "Measures a network on samples, and leaves it as it is.",
        "the mean loss; the mean absolute error, in the units of the targets, and, where these are all 0 or 1, the "
        "accuracy; and for classes how many samples of each class (rows) were taken for each (columns)",
        TRAIN,
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
        "the scaler",
        SCALE,
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
        "",
        SCALE,
    ),
    Function(
        "scaleSample",
        "Scaler.scale",
        (SCALER, Parameter("sample", "Sample", Sample("scaler"), "a user's numbers")),
        "Outputs",
        "Scales a sample: what a network with this scaler does by itself.",
        "the scaled sample, by names if it came so",
        SCALE,
    ),
    Function(
        "unscaleSample",
        "Scaler.unscale",
        (SCALER, Parameter("sample", "Sample", Sample("scaler"), "a network's numbers")),
        "Outputs",
        "Undoes the scaling of a sample.",
        "the sample in its user's units, by names if it came so",
        SCALE,
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
        "the StringValues, in order",
        EVOLVE,
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
        "Replaces a generation by the next one, in place.",
        "the index of the best network and, with giveBestScore, its score",
        EVOLVE,
    ),
    Function(
        "saveNet",
        "Network.save",
        (NETWORK, Parameter("options", "Options", SAVE_OPTIONS, "how exactly", optional=True)),
        "string",
        "Writes a network as a string that loads for ever.",
        "the string",
        SAVE,
    ),
    Function(
        "loadNet",
        "Network.load",
        (Parameter("text", "String", NetworkText(), "a string made by saveNet, or a StringValue that holds one"),),
        "Network",
        "Reads a network from its string.",
        "the network",
        SAVE,
    ),
    Function(
        "saveOptimizer",
        "save_optimizer",
        (Parameter("optimizer", "Optimizer", OptimizerHandle(), "the optimizer"),),
        "string",
        "Writes an optimizer with all that it remembers as a string, so that training can go on later.",
        "the string",
        SAVE,
    ),
    Function(
        "loadOptimizer",
        "load_optimizer",
        (Parameter("text", "String", OptimizerText(), "a string made by saveOptimizer"),),
        "Optimizer",
        "Reads an optimizer from its string, for the network that it belonged to, once that is loaded, too.",
        "the optimizer",
        SAVE,
    ),
    Function(
        "saveTraining",
        "save_training",
        (NETWORK, replace(RATE, description="the learning rate or optimizer that trainNet was called with")),
        "string",
        "Writes a training as a string, as it is after the last epoch that is done: the network, its learning rate or "
        "optimizer, and all else that it goes on with. For onEpoch, other scripts meanwhile, and after trainNet.",
        "the string",
        SAVE,
    ),
    Function(
        "loadTraining",
        "load_training",
        (Parameter("text", "String", TrainingText(), "a string made by saveTraining"),),
        "(Network, number | Optimizer, TrainingProgress)",
        "Reads a training from its string.",
        "the network, its learning rate or optimizer, and the progress, which trainNet takes as the option resume",
        SAVE,
    ),
    Function(
        "hardCode",
        "Network.hard_code",
        (NETWORK,),
        "string",
        "Writes a network as a Lua table, to be pasted into a script.",
        "Lua, as a string",
        SAVE,
    ),
    Function(
        "getAproxLength",
        "approximate_length",
        SHAPE,
        "number",
        "Estimates how many characters a new network of that shape takes when saved: never too few, often too many.",
        "how many characters",
        SAVE,
    ),
    Function(
        "getNetworkData",
        "Network.inputs, .hidden_layers, …",
        (NETWORK,),
        "(number, number, number, number, Activator, boolean)",
        "Tells the shape of a network.",
        "inputs, hiddenL, hiddenN (both 0 without a hidden layer), outputs, activator and recurrent",
        SEE,
    ),
    Function(
        "summarizeNet",
        "Network.summary",
        (NETWORK,),
        "string",
        "Describes a network in words and numbers.",
        "a table of the layers as text: nodes, activators, parameters, multiply-adds and memory, how long the "
        "network is when saved, also in training, and where that fits",
        SEE,
    ),
    Function(
        "resetState",
        "Network.reset_state",
        (RESET_NETWORK,),
        "()",
        "Makes a recurrent network forget its last time step.",
        "",
        RUN,
    ),
    Function(
        "getVisual",
        "draw",
        (NETWORK,),
        "ScreenGui",
        "Makes a picture of a network; give it a Parent to see it. Its Container can be resized, and moved into a "
        "frame of yours.",
        "the picture, as a ScreenGui",
        SEE,
    ),
    Function(
        "updateVisualState",
        "draw",
        (WHOLE_NETWORK, VISUAL),
        "()",
        "Colours a picture by weights and biases: from red (negative) over yellow (zero) to green (positive).",
        "",
        SEE,
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
        "",
        SEE,
    ),
    Function(
        "setSeed",
        "Random",
        (Parameter("seed", "Seed", Integer(0, MAXIMUM_SEED), "the same seed gives the same random numbers"),),
        "()",
        "Seeds the library's random numbers; without it they start from the clock.",
        "",
        OTHER,
    ),
)
FUNCTIONS: Mapping[str, Function] = MappingProxyType({each.name: each for each in _FUNCTIONS})


@dataclass(frozen=True)
class Value:
    """A public constant of the library: its name in Luau, its counterpart in Python."""

    name: str
    python: str
    description: str


VALUES: Mapping[str, Value] = MappingProxyType(
    {
        each.name: each
        for each in (
            Value("VERSION", "engine.VERSION", "The version of the library."),
            Value("ACTIVATORS", "engine.ACTIVATIONS", "The names of all activations."),
        )
    }
)
