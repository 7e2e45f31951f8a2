"""What the library is called, its defaults, and its limits."""

from typing import Literal

LIBRARY = "KNNLibrary"
VERSION = "2.0.0"

DEFAULT_ACTIVATOR = "LeakyReLU"
OUTPUT_ACTIVATOR = "Sigmoid"
# Of described networks: of their output layers, with classes and without.
CLASSES_ACTIVATOR, DESCRIBED_OUTPUT_ACTIVATOR = "Softmax", "Identity"
DEFAULT_LOSS = "HalfSquaredError"
DEFAULT_BIAS = 0.5
# How the weights of createNet's networks start.
CREATED_INITIALIZER = "HeUniform"

# Shape limits catch a swapped or mistyped argument before it asks for all the memory there is.
MAXIMUM_NODES = 1_000_000
MAXIMUM_HIDDEN_LAYERS = 10_000
MAXIMUM_PARAMETERS = 20_000_000
# Of networks that are trained by least squares: what a step takes grows with its third power.
LEAST_SQUARES_PARAMETERS = 500
# Bounded, so that a generation can never drive a finite weight to infinity.
MAXIMUM_CHANGE = 1_000_000.0
MAXIMUM_SEED = 2**32 - 1
MINIMUM_LAYERS = 1
# Up to here doubles count every step.
MAXIMUM_STEPS = 2**53
MINIMUM_GENERATION = 2

# Substreams of the random generator are 2^this numbers apart, as in L'Ecuyer's RngStreams.
SUBSTREAM_EXPONENT = 76
# Steps of the seeding generator that are thrown away first, as in R.
SEED_WARM_UP = 50

# A network string nests six deep; far deeper text is refused before it can exhaust a stack.
MAXIMUM_JSON_DEPTH = 100
# 15 digits always survive text → double → text, 17 always survive double → text → double.
SHORTEST_DIGITS, LONGEST_DIGITS = 15, 17
# As many do for numbers of 32 bits.
SINGLE_DIGITS = 9
# As what a network's numbers are saved.
Precision = Literal["f64", "f32"]
PRECISIONS: tuple[Precision, Precision] = ("f64", "f32")
# Strings up to this many bytes are quoted whole in an error; of longer ones that is the beginning.
LONGEST_QUOTE = 40
# Names of inputs, outputs and classes have at most as many bytes: an error quotes them whole.
LONGEST_NAME = LONGEST_QUOTE
# A misspelt name is recognized with one mistake in so many letters.
LETTERS_PER_MISTAKE = 4
# What other libraries call things, in small letters and digits alone, where the nearest name is not what is meant.
OTHER_NAMES = (
    ("linear", "Identity"),
    ("silu", "Swish"),
    ("learningrate", "rate"),
)
# How many bytes are quoted of the end of a text that ends too soon.
QUOTED_END = 20
# Characters beyond ASCII that cannot be seen, or that turn what stands beside them around: controls, spaces of other
# widths, marks of direction, surrogates, private ones. From and to, as code points.
INVISIBLE_CHARACTERS = (
    (0x80, 0xA0),
    (0xAD, 0xAD),
    (0x600, 0x605),
    (0x61C, 0x61C),
    (0x6DD, 0x6DD),
    (0x70F, 0x70F),
    (0x890, 0x891),
    (0x8E2, 0x8E2),
    (0x1680, 0x1680),
    (0x180E, 0x180E),
    (0x2000, 0x200F),
    (0x2028, 0x202F),
    (0x205F, 0x206F),
    (0x3000, 0x3000),
    (0xD800, 0xF8FF),
    (0xFEFF, 0xFEFF),
    (0xFFF0, 0xFFFF),
    (0x110BD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0x1FFFFF),
)

# More epochs than any training needs: a mistyped number is refused before its losses fill the memory.
MAXIMUM_EPOCHS = 10_000_000
# How weights lie in memory while trainNet trains.
LAYOUTS = ("auto", "tables", "buffers")
# For how long trainNet works before it gives Roblox a turn, in seconds: half of a frame at 60 per second.
DEFAULT_FRAME_BUDGET = 0.008

# Outputs above it say yes where targets are 0 or 1.
BORDER = 0.5

# A training that ends with a mean loss so many times that of its first epoch, or 1 if that is less, is warned of.
LARGEST_GROWTH = 10.0

# Of what is said of the data before the first step. Inputs beyond it should be scaled, and targets.
LARGEST_UNSCALED = 10.0
# Numbers may be so far outside a range, an activation's or that one: they were rounded.
RANGE_SLACK = 1e-6
# Where more than one number in so many is 0, in so many samples at most, a number that is always 0 is nothing odd.
SPARSE_NUMBERS = 4
SPARSE_SAMPLES = 100

# What trains in Python.
ENGINES = ("auto", "numpy", "luajit")

GENERATED_CHILD = "GenNet_"

# What Roblox keeps at most, in characters: a StringValue's Value, and what a data store has under one key (Roblox's
# documentation of strings and of the limits of data stores).
STRING_VALUE_CHARACTERS = 200_000
DATA_STORE_CHARACTERS = 4_194_304
# Whose training summarizeNet tells the size of.
MOST_USED_OPTIMIZER = "Adam"
# Roblox takes scripts of fewer characters than this.
SCRIPT_CHARACTERS = 200_000

# What there may be at most, in the words of the documentation.
LISTED_LIMITS = (
    ("inputs, outputs, nodes of a layer, networks of a generation, samples of a batch", MAXIMUM_NODES),
    ("hidden layers", MAXIMUM_HIDDEN_LAYERS),
    ("weights and biases of a network, and of a generation that createGenNet makes", MAXIMUM_PARAMETERS),
    ("epochs of a training", MAXIMUM_EPOCHS),
    ("a seed", MAXIMUM_SEED),
    ("bytes of a name of an input, an output or a class", LONGEST_NAME),
    ("characters of a network in a StringValue", STRING_VALUE_CHARACTERS),
    ("characters of a network or a training under a key of a data store", DATA_STORE_CHARACTERS),
    ("characters of a script of Roblox, which a module for one network has to stay below", SCRIPT_CHARACTERS),
)
