"""Which kernels the library has beside its plain ones, and from where on they pay, all measured.

How much each kernel does at once stands in `engine.kernels.schedules`.
"""

# Networks with few inputs and nodes in every layer have these activations written out, without a call for each node:
# the defaults and what recurrent networks mostly have. (The module has no room for all.)
WRITTEN_OUT_ACTIVATORS = ("LeakyReLU", "Sigmoid", "Tanh")
# Those whose loops are always there; with the others, a script that has no room for their loops calls their formulas.
# Layers in buffers choose among them in this order; the last one, for the rest, leaves sums as they are.
COMMON_ACTIVATIONS = (*WRITTEN_OUT_ACTIVATORS, "ReLU", "Identity")
# How many multiply-adds trainNet does between two looks at the clock: some two milliseconds of work in the interpreter,
# and a few more by some optimizers, against which the look costs nothing.
WORK_BETWEEN_CLOCKS = 100_000
# The same for least squares: about a millisecond, as its steps are long and others want to see how far it is.
MATRIX_WORK_BETWEEN_CLOCKS = 50_000
# What a row costs beside its weights, for what is called and looked up for each: as much as so many weights.
ROW_WORK = 8
# How many times as long a step takes by an optimizer's own arithmetic.
OPTIMIZER_WORK = 2

# How many samples the kernels over columns take at once. Three make a vector, so blocks of whole vectors waste nothing.
COLUMN_SAMPLES = 510
# Columns of vectors: activations that have a kernel of their own there, the most used of those whose value is not
# simply the larger one of two numbers. Others, for which the module has no room, go through columns of numbers.
VECTOR_ACTIVATIONS = ("Sigmoid", "Tanh")
# Fewer nodes than this in every hidden layer, and plain tables are at least as fast as vectors.
VECTOR_NODES = 12
# After how many steps at the earliest a session that nobody looks at copies the weights, to have something to go back
# to: a copy costs about half a step.
SNAPSHOT_STEPS = 64
# From how many numbers on `table.move` copies an array faster than a loop does.
MOVED_NUMBERS = 16
# From how many numbers on it pays to look at four of them at once, to see whether they are finite.
LONG_ROW = 16
# From how many steps on a session stores the weights elsewhere: that costs about as much as a few of them.
LAYOUT_STEPS = 16
# The race that tells whether the module runs as native code: how many numbers `table.find` looks through, how often the
# loop that it races reads four, and how many times they race.
PROBE_NUMBERS = 300
PROBE_READS = 120
PROBE_ROUNDS = 5

# The files that only make the library faster: where one is missing, the same numbers come by another way. The script
# that holds the whole library leaves out as many as it must, from the first.
ONLY_SPEED = (
    *("evolution/alike", "evolution/draws"),
    *("kernels/fused_vectors", "kernels/fused_branched", "kernels/fused_native", "layers/fused_batches"),
    *("kernels/buffered", "kernels/buffers", "kernels/vectors", "layers/sessions", "layers/vector_batches"),
    *("kernels/blocks", "kernels/steppers", "kernels/runners", "kernels/padded", "kernels/closures"),
    *("kernels/rare", "kernels/chains", "kernels/narrow"),
)
# What is written shortly there, so that as little as possible is left out: all but what is Roblox's. It is there to be
# read in the tree.
SHORTENED = (
    *(
        "api/",
        "checks/",
        "evolution/",
        "formulas/",
        "kernels/",
        "interface/",
        "layers/",
        "networks/",
        "training/",
        "visual/",
    ),
    *("init", "loading", "native", "numbers", "random", "spelling", "words"),
)
