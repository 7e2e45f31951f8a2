"""Every constant, limit, message and public signature of the library, written once.

The Python engine reads them here; the generator writes them into KNNLibrary.luau and into the README.
Formulas have their own constants beside them, in `engine.formulas`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from types import MappingProxyType
from typing import ClassVar

from engine.formulas.registry import ACTIVATIONS

LIBRARY = "KNNLibrary"
VERSION = "2.0.0"

DEFAULT_ACTIVATOR = "LeakyReLU"
OUTPUT_ACTIVATOR = "Sigmoid"
DEFAULT_BIAS = 0.5

# Shape limits catch a swapped or mistyped argument before it asks for all the memory there is.
MAXIMUM_NODES = 1_000_000
MAXIMUM_HIDDEN_LAYERS = 10_000
MAXIMUM_PARAMETERS = 20_000_000
# Bounded, so that a generation can never drive a finite weight to infinity.
MAXIMUM_CHANGE = 1_000_000.0
MAXIMUM_SEED = 2**32 - 1
MINIMUM_LAYERS = 2
MINIMUM_GENERATION = 2

# Substreams of the random generator are 2^this numbers apart, as in L'Ecuyer's RngStreams.
SUBSTREAM_EXPONENT = 76
# Steps of the seeding generator that are thrown away first, as in R.
SEED_WARM_UP = 50

# A network string nests six deep; far deeper text is refused before it can exhaust a stack.
MAXIMUM_JSON_DEPTH = 100
# 15 digits always survive text → double → text, 17 always survive double → text → double.
SHORTEST_DIGITS, LONGEST_DIGITS = 15, 17
# Strings up to this many bytes are quoted in an error, longer ones are only measured.
LONGEST_QUOTE = 40

# The shapes of the kernels, all measured.
# Layers of up to so many inputs have a kernel for each number of them, without an inner loop.
NARROW = 4
# Networks of up to so many inputs and nodes in every layer have these activations written out, without a call for each
# node: the defaults and what recurrent networks mostly have. (The module has no room for all.)
WRITTEN_OUT_ACTIVATORS = ("LeakyReLU", "Sigmoid", "Tanh")
# How many rows of weights are summed, and how many are trained, at once, widest first: wider shares each read of an
# input, but native code runs out of registers.
ROW_LADDER = (8, 4, 2, 1)
STEP_LADDER = (4, 2, 1)
# So many inputs are summed in one turn of the loop.
UNROLLED_INPUTS = 4

# More epochs than any training needs: a mistyped number is refused before its losses fill the memory.
MAXIMUM_EPOCHS = 10_000_000
# How weights lie in memory while trainNet trains.
LAYOUTS = ("auto", "tables", "buffers")
# For how long trainNet works before it gives Roblox a turn, in seconds: half of a frame at 60 per second.
DEFAULT_FRAME_BUDGET = 0.008
# How many multiply-adds trainNet does between two looks at the clock: well under a millisecond of work, against which
# the look costs nothing.
WORK_BETWEEN_CLOCKS = 50_000

# What trains in Python.
ENGINES = ("auto", "numpy", "luajit")
# What a step costs numpy, in times of one vector operation: so many for a layer, and one for each of its inputs and,
# where the error goes on from it, for each of its nodes (measured from 1-1-1 to 784-128-10 and on 9 layers).
NUMPY_COST_OF_LAYER = 20
# From what cost of all steps on "auto" takes LuaJIT: so much numpy does while LuaJIT starts (measured: 0.16 s).
LUAJIT_PAYS_FROM = 40_000
# The shape of its loops (measured): so many rows of weights at once; layers with more blocks of them have a loop over
# them; loops of up to so many turns are written out, those with activations only in networks of up to so many nodes.
LUAJIT_ROWS = 4
LUAJIT_BLOCKS = 4
LUAJIT_SHORT_LOOP = 4
LUAJIT_WRITTEN_OUT_NODES = 8
# Each layer takes up to 7 of the 200 local variables that a function may have.
LUAJIT_LAYERS = 20
# Room for what it compiles; the default is for programs that compile a few loops.
LUAJIT_OPTIONS = (
    "maxtrace=10000",
    "maxrecord=20000",
    "maxsnap=5000",
    "maxside=1000",
    "sizemcode=256",
    "maxmcode=65536",
)
# How many weights LuaJIT visits before Python looks whether somebody wants to stop (measured: some 20 ms).
LUAJIT_WEIGHTS_BETWEEN_STOPS = 2_000_000

# The kernels over buffers: how many rows of weights lie side by side, widest first, and of how many inputs each sums
# and trains them in one turn of the loop (measured, compiled to native code; more gain little and lengthen the module).
BUFFER_ROWS = (8, 4, 1)
BUFFER_SUM_INPUTS = (8, 1, 1)
BUFFER_STEP_INPUTS = (8, 1, 1)
# Of a number.
BYTES = 8
# The kernels over columns: how many inputs of a wide layer, how many nodes and how many samples they take at once. (A
# fourth node would save few instructions.) Three samples make a vector, so blocks of whole vectors waste nothing.
COLUMN_INPUTS = NARROW
COLUMN_LADDER = (3, 1)
COLUMN_SAMPLES = 510
# Activations that have a kernel for vectors of their own: the most used of those whose value is not simply the larger
# one of two numbers. Others, for which the module has no room, go through columns of numbers.
VECTOR_ACTIVATIONS = ("Sigmoid", "Tanh")
# The same for vectors of three numbers: how many groups of three rows.
VECTOR_LADDER = (4, 1)
# Fewer nodes than this in every hidden layer, and plain tables are at least as fast as vectors.
VECTOR_NODES = 12
# From how many steps on a session packs the network: packing costs about as much as a few of them.
PACKING_STEPS = 16
# The race that tells whether the module runs as native code: how many numbers are added, how many times.
PROBE_NUMBERS = 256
PROBE_ROUNDS = 10

GENERATED_CHILD = "GenNet_"

# Roblox takes scripts of fewer characters than this.
SCRIPT_CHARACTERS = 200_000


class Precision(Enum):
    """How exactly a module for one network holds its weights and biases."""

    F64 = "f64"
    F32 = "f32"

    @property
    def size(self) -> int:
        """Bytes of a number."""
        return BYTES if self is Precision.F64 else BYTES // 2

    @property
    def fraction_bits(self) -> int:
        """How many bits of a number stand behind its point (IEEE 754)."""
        return 52 if self is Precision.F64 else 23

    @property
    def exponent_bias(self) -> int:
        """What its exponent is stored with in addition (IEEE 754)."""
        return 1023 if self is Precision.F64 else 127


# Modules for one network (`luaunn export`). Weights and biases stand in the source as constants where the languages'
# limits allow it and it pays: up to so many of them (in double precision a script has room for few more; in single
# precision vectors are faster from there on), so many inputs, nodes and outputs (Luau and Lua take 200 locals in a
# function), and so many functions (Lua takes 60 from outside).
UNROLLED_PARAMETERS: Mapping[Precision, int] = MappingProxyType({Precision.F64: 5_000, Precision.F32: 2_500})
UNROLLED_VALUES = 170
UNROLLED_FUNCTIONS = 50
# An instruction of Luau's interpreter reaches the first 256 constants of its function. Some more are slower, but on the
# whole faster than one more function.
FUNCTION_CONSTANTS = 272
FUNCTION_INPUTS = 59
FUNCTION_NODES = 12
# Up to so many inputs and outputs can be given and returned as plain values too.
VALUES_INPUTS, VALUES_OUTPUTS = 16, 8
# Nodes of one layer whose sums grow side by side, so that the processor need not wait for one addition to end before
# the next begins.
INTERLEAVED_NODES = 8
# Products in one statement, of constants and of packed weights: as many as a line takes (measured: more gain nothing,
# and native code gives up on very long expressions).
TERMS_PER_STATEMENT, PACKED_TERMS_PER_STATEMENT = 3, 2
# At most so many inputs of a packed layer at a time are in locals, and fewer than so many are read where they are used,
# for unpacking a short row costs more than it saves.
UNPACKED_INPUTS = 64
INDEXED_INPUTS = 10
# A packed network in double precision gets functions with constants for as many rows as the script has room for: so
# many constants in each, which is as many as the interpreter reaches, and so many products or names on a line (measured
# on 64-64-64-10: two thirds of the weights fit, and a call interpreted is 1.2 times faster).
CODED_CONSTANTS = 256
CODED_TERMS, CODED_NAMES = 4, 32
# At most so many characters there are around all of those functions, and around those of each layer.
CODED_CODE, CODED_CODE_PER_LAYER = 2_000, 200
# Where the interpreter has vectors, single precision sums so many nodes in one.
VECTOR_SIZE = 3
# In native code, so many inputs of a packed layer at a time.
PACKED_INPUTS = 8
PACKED_LINE = 100
# The code beside the numbers is at most about so long.
PACKED_CODE = 30_000
# Error bounds of single precision are measured on so many samples of inputs between -1 and 1, from this seed.
ERROR_SAMPLES = 1_000
ERROR_SEED = 1

# The visualiser's instances. Scripts find its parts by these names.
VISUALIZER = "NNVisualizer"
CONTAINER = "Container"
LAYER, NODE = "Layer{layer}", "Node{node}"
SYNAPSE, CONNECTION, RING = "Synapse{layer}", "Syn{to}_{origin}", "Ring{node}"
# Its size on the screen until somebody resizes it, and the grey levels of its background and of a node that has nothing
# to show: an input, in the view of weights and biases.
VISUALIZER_SIZE = 0.6
BACKGROUND_LEVEL = 0.12
NEUTRAL_LEVEL = 0.75
DEFAULT_RANGE = 1.0


@dataclass(frozen=True)
class CallCost:
    """How long a call of a module for one network takes, in seconds: at least, and more for each part."""

    call: float
    value: float
    multiply_add: float

    def seconds(self, values: int, multiply_adds: int) -> float:
        """About how long a call takes, in seconds; every input and every node is a value."""
        return self.call + self.value * values + self.multiply_add * multiply_adds


# By how the weights are held, and by how Luau runs. Measured in Lune, on one core of a server.
CALL_COSTS: Mapping[tuple[str, str], CallCost] = MappingProxyType(
    {
        ("unrolled", "interpreted"): CallCost(60e-9, 15e-9, 4.7e-9),
        ("unrolled", "native"): CallCost(90e-9, 1e-9, 0.5e-9),
        ("packed", "interpreted"): CallCost(300e-9, 20e-9, 7e-9),
        ("packed", "native"): CallCost(550e-9, 8e-9, 0.3e-9),
        ("vectors", "interpreted"): CallCost(300e-9, 40e-9, 2.7e-9),
    }
)


@dataclass(frozen=True)
class Kind:
    """What an argument may be. `message` names its rule in `MESSAGES`; the fields fill the rule's placeholders.

    A placeholder that no field fills (``{count}`` …) is only known when the function is called.
    """

    message: ClassVar[str]
    luau_type: ClassVar[str]

    @property
    def template(self) -> str:
        """The rule with the fields filled in."""
        return fill(MESSAGES[self.message], **{field.name: getattr(self, field.name) for field in fields(self)})

    def rule(self, **context: object) -> str:
        """The rule with what is known from the call filled in as well."""
        return fill(self.template, activators=", ".join(ACTIVATIONS), **context)


@dataclass(frozen=True)
class Integer(Kind):
    """A whole number."""

    minimum: int
    maximum: int
    message: ClassVar[str] = "integer"
    luau_type: ClassVar[str] = "number"


@dataclass(frozen=True)
class Number(Kind):
    """A finite number."""

    message: ClassVar[str] = "number"
    luau_type: ClassVar[str] = "number"


@dataclass(frozen=True)
class NumberFrom(Kind):
    """A finite number with a least value."""

    minimum: float
    message: ClassVar[str] = "number_from"
    luau_type: ClassVar[str] = "number"


@dataclass(frozen=True)
class NumberAbove(Kind):
    """A finite number above a bound."""

    minimum: float
    message: ClassVar[str] = "number_above"
    luau_type: ClassVar[str] = "number"


@dataclass(frozen=True)
class NumberBetween(Kind):
    """A number in a closed range."""

    minimum: float
    maximum: float
    message: ClassVar[str] = "number_between"
    luau_type: ClassVar[str] = "number"


@dataclass(frozen=True)
class Boolean(Kind):
    """True or false."""

    message: ClassVar[str] = "boolean"
    luau_type: ClassVar[str] = "boolean"


@dataclass(frozen=True)
class Activator(Kind):
    """The name of an activation for the hidden layers, or one name per layer, output included."""

    message: ClassVar[str] = "activator"
    luau_type: ClassVar[str] = "Activator"


@dataclass(frozen=True)
class Numbers(Kind):
    """An array with as many finite numbers as the network (or the container) has of ``of``."""

    of: str
    message: ClassVar[str] = "numbers"
    luau_type: ClassVar[str] = "{ number }"


@dataclass(frozen=True)
class Samples(Kind):
    """An array of samples, each an array with as many finite numbers as the network has of ``of``."""

    minimum: int
    of: str
    message: ClassVar[str] = "samples"
    luau_type: ClassVar[str] = "{ { number } }"


@dataclass(frozen=True)
class AnySamples(Samples):
    """An array of samples that all have as many finite numbers as the first, and that at least one."""

    of: str = "first"


@dataclass(frozen=True)
class SamplesOrBatch(Samples):
    """Samples, or a batch that was made of such samples."""

    message: ClassVar[str] = "samples_or_batch"
    luau_type: ClassVar[str] = "{ { number } } | Batch"


@dataclass(frozen=True)
class Targets(Kind):
    """As many arrays as there are samples, each with as many finite numbers as the network has of ``of``."""

    of: str
    message: ClassVar[str] = "targets"
    luau_type: ClassVar[str] = "{ { number } }"


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words."""

    words: tuple[str, ...]
    message: ClassVar[str] = "choice"

    @property
    def template(self) -> str:
        """The rule with the words listed."""
        return fill(MESSAGES[self.message], words=", ".join(self.words))


@dataclass(frozen=True)
class Callback(Kind):
    """A function that the library calls; ``signature`` is its type in Luau."""

    signature: str
    message: ClassVar[str] = "callback"


@dataclass(frozen=True)
class NetworkLike(Kind):
    """A network table, or a StringValue that holds a network string."""

    message: ClassVar[str] = "network"
    luau_type: ClassVar[str] = "NetworkLike"


@dataclass(frozen=True)
class Container(Kind):
    """An array or a folder of networks."""

    minimum: int
    message: ClassVar[str] = "container"
    luau_type: ClassVar[str] = "Container"


@dataclass(frozen=True)
class NetworkText(Kind):
    """A network string."""

    message: ClassVar[str] = "text"
    luau_type: ClassVar[str] = "string"


@dataclass(frozen=True)
class Folder(Kind):
    """A Roblox instance that will hold networks."""

    message: ClassVar[str] = "folder"
    luau_type: ClassVar[str] = "Instance"


@dataclass(frozen=True)
class Visual(Kind):
    """What getVisual made of a network of the same sizes."""

    message: ClassVar[str] = "visual"
    luau_type: ClassVar[str] = "ScreenGui"


@dataclass(frozen=True)
class Option:
    """One field of an options table: its name in Luau and in Python, what it may be and what it is if left out.

    One that Python has no use for has an empty name there; one without a default may stand for nothing.
    """

    name: str
    python: str
    kind: Integer | NumberFrom | NumberAbove | NumberBetween | Boolean | Choice | Callback
    default: float | bool | str | None
    description: str


@dataclass(frozen=True)
class Options(Kind):
    """A dictionary of optional settings; ``python_fields`` are those that only Python has."""

    type_name: str
    fields: tuple[Option, ...]
    python_fields: tuple[Option, ...] = ()
    message: ClassVar[str] = "options"

    @property
    def names(self) -> str:
        """The names of the fields, as an error lists them."""
        return ", ".join(option.name for option in self.fields)


@dataclass(frozen=True)
class Parameter:
    """One argument of a public function; an optional one without a default may stand for nothing."""

    name: str
    label: str
    kind: Kind
    description: str
    default: float | bool | str | None = None
    optional: bool = False


@dataclass(frozen=True)
class Function:
    """One public function: its name in Luau, its counterpart in Python, its arguments in order and what it returns.

    One that Python has no use for has no counterpart there: an empty name.
    `returns_short` is what it returns when the last argument is left out, where Luau can tell that more exactly.
    """

    name: str
    python: str
    parameters: tuple[Parameter, ...]
    returns: str
    description: str
    returns_short: str | None = None


def fill(template: str, **values: object) -> str:
    """Replace the ``{placeholders}`` that are given, numbers as an error shows them, and keep the others."""

    def filled(found: re.Match[str]) -> str:
        value = values.get(found[1], found[0])
        return f"{value:.15g}" if isinstance(value, float) else str(value)

    return re.sub(r"\{(\w+)\}", filled, template)


# Every text that a user may read. `{label}` and `{place}` say where, the rule says what was wanted, `{got}` what came.
MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "wrong_argument": "Wrong Arg#{position}: {fault}.",
        "fault": "{place} {rule}, got {got}",
        # Rules, by kind of argument.
        "integer": "must be an integer from {minimum} to {maximum}",
        "number": "must be a finite number",
        "number_from": "must be a finite number of at least {minimum}",
        "number_above": "must be a finite number above {minimum}",
        "number_between": "must be a number from {minimum} to {maximum}",
        "boolean": "must be true or false",
        "activator": "must be one of {activators}, or an array of {layers} of them (one per layer, output included)",
        "numbers": "must be in an array of {count} numbers",
        "samples": "must be an array of at least {minimum} samples",
        "samples_or_batch": "must be an array of at least {minimum} samples or a batch made by createBatch",
        "first_sample": "must be an array of 1 to {maximum} numbers",
        "batch_inputs": "must be a batch of samples of {count} numbers",
        "targets": "must be an array of {samples} targets, one for each sample",
        "choice": "must be one of {words}",
        "callback": "must be a function",
        "single_samples": "must be 1 for a recurrent network, whose samples follow one another in time",
        "engine_of_batches": "must be auto or numpy when a batch has more than one sample",
        "engine_of_layers": "must be auto or numpy for a network of more than {maximum} layers",
        "engine_missing": "must be auto or numpy where LuaJIT is missing ({reason})",
        "network": "must be a network table or a StringValue that holds a network string",
        "network_object": "must be a Network",
        "container": "must be an array or a folder of at least {minimum} networks",
        "text": "must be a network string made by saveNet",
        "folder": "must be an Instance that can hold StringValues, such as a Folder",
        "visual": "must be a ScreenGui that getVisual made for a {shape} network",
        "options": "must be a table of options",
        "option_name": "must be named one of {names}",
        # Rules, by part of the network table.
        "layers": "must be an array of {minimum} to {maximum} layers",
        "layer": "must be an array of {parts} like every layer of the network",
        "first_layer": "must be a layer: an array of weights and biases, or of weights, biases and state",
        "layer_parts": "2 (weights, biases)",
        "recurrent_layer_parts": "3 (weights, biases, state)",
        "rows": "must be an array of 1 to {maximum} rows of weights",
        "further_entry": "must be left out (a newer version of the library may have written it)",
        "kept_shape": "must keep its shape {shape} while it is trained",
        "same_shape": "must have the shape of the first network, {shape}",
        "distinct": "must be a network of its own",
        "size": "and the arguments behind them must make at most {maximum} weights and biases",
        "free_name": "must not hold {child} yet",
        "batch": "must be one sample at a time for a recurrent network",
        # What came instead.
        "got_nothing": "nothing",
        "got_true": "true",
        "got_false": "false",
        "got_nan": "nan",
        "got_infinity": "infinity",
        "got_minus_infinity": "-infinity",
        "got_number": "the number {number}",
        "got_text": '"{text}"',
        "got_long_text": "a string of {length} bytes",
        "got_array": "an array of {length}",
        "got_empty": "an empty table",
        "got_dictionary": "a dictionary",
        "got_instance": "a {class}",
        "got_other": "a {type}",
        "got_entry": "{got} as number {index}",
        "got_same": "the same as {place}",
        "got_batch": "a batch of {length}",
        "got_batch_inputs": "one of {count}",
        "got_child": "one",
        "got_without": "a {class} without {name}",
        "got_with": "a {class} with {name}",
        # Failures that no argument is to blame for.
        "misfit": "The parts of the network do not fit together.",
        "diverged": "The step was undone, since a network string cannot hold its result: {fault}.",
        "no_instances": "There are no Instances here to make a visual of: getVisual works in Roblox only.",
        "unwritable": "No StringValue was changed, since {name} did not take a network string of {length} characters: "
        "{reason}.",
        # Warnings.
        "unbounded_recurrence": "{name} has an infinite range: the outputs of a recurrent network with it can grow "
        "without end. Choose a bounded one such as Tanh.",
    }
)

NETWORK = Parameter("network", "Network", NetworkLike(), "the network")
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
        Option("", "random", Integer(0, MAXIMUM_SEED), None, "a `Random` or a seed for the shuffling"),
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
            "return outputs[node][sample], an array for each output node, instead of outputs[sample][node]: faster",
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
SAMPLES = Parameter("samples", "Samples", Samples(1, "inputs"), "an array of what goes in, sample by sample")
RATE = Parameter("rate", "Learning rate", NumberFrom(0.0), "size of the step")

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
        "forwardNet",
        "Network.forward",
        (
            NETWORK,
            Parameter("inputs", "Inputs", Numbers("inputs"), "what goes in"),
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
        "Runs the network and returns its outputs; a recurrent network moves one time step on.",
        returns_short="{ number }",
    ),
    Function(
        "backwardNet",
        "Network.backward",
        (
            NETWORK,
            RATE,
            Parameter("input", "Inputs", Numbers("inputs"), "what goes in"),
            Parameter("target", "Target", Numbers("outputs"), "what should come out"),
        ),
        "()",
        "One step of stochastic gradient descent on one sample, in place; the loss is half the squared error.",
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
        "{ { number } }",
        "Runs a feed-forward network on many samples at once and returns the outputs of each: the same numbers as "
        "forwardNet's, in less time.",
    ),
    Function(
        "trainNet",
        "Network.train",
        (
            NETWORK,
            SAMPLES,
            Parameter("targets", "Targets", Targets("outputs"), "what should come out, sample by sample"),
            RATE,
            Parameter("options", "Options", TRAINING_OPTIONS, "how to go about it", optional=True),
        ),
        "{ number }",
        "Trains on many samples, as backwardNet would on one after the other; returns the mean loss of every epoch.",
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
    Function("saveNet", "Network.save", (NETWORK,), "string", "Writes a network as a string that loads for ever."),
    Function(
        "loadNet",
        "Network.load",
        (Parameter("text", "String", NetworkText(), "a string made by saveNet"),),
        "Network",
        "Reads a network from its string.",
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
        "Returns inputs, hiddenL, hiddenN, outputs, activator and recurrent.",
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
        (NETWORK, VISUAL),
        "()",
        "Colours a picture by weights and biases: from red (negative) over yellow (zero) to green (positive).",
    ),
    Function(
        "updateVisualActive",
        "draw",
        (
            NETWORK,
            VISUAL,
            Parameter("inputs", "Inputs", Numbers("inputs"), "what goes in"),
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
