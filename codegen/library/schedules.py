"""The shapes of the kernels in Luau, all measured: how much each does at once, and from where on it pays."""

# Layers of up to so many inputs have no inner loop, and networks with no more inputs and nodes in any layer have
# kernels of their own.
NARROW = 4
# Those have these activations written out, without a call for each node: the defaults and what recurrent networks
# mostly have. (The module has no room for all.)
WRITTEN_OUT_ACTIVATORS = ("LeakyReLU", "Sigmoid", "Tanh")
# How many rows of weights are summed, and how many are trained, at once, widest first: wider shares each read of an
# input, but native code runs out of registers.
ROW_LADDER = (8, 4, 2, 1)
STEP_LADDER = (4, 2, 1)
# So many inputs are summed in one turn of the loop.
UNROLLED_INPUTS = 4
# How many multiply-adds trainNet does between two looks at the clock: well under a millisecond of work, against which
# the look costs nothing.
WORK_BETWEEN_CLOCKS = 50_000

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
# Columns of vectors: activations that have a kernel of their own there, the most used of those whose value is not
# simply the larger one of two numbers. Others, for which the module has no room, go through columns of numbers.
VECTOR_ACTIVATIONS = ("Sigmoid", "Tanh")
# Training with vectors: how many groups of three rows at once.
VECTOR_LADDER = (4, 1)
# Fewer nodes than this in every hidden layer, and plain tables are at least as fast as vectors.
VECTOR_NODES = 12
# From how many steps on a session stores the weights elsewhere: that costs about as much as a few of them.
LAYOUT_STEPS = 16
# The race that tells whether the module runs as native code: how many numbers are added, how many times.
PROBE_NUMBERS = 256
PROBE_ROUNDS = 10

# The files that only make the library faster: where one is missing, the same numbers come by another way. The script
# that holds the whole library leaves out as many as it must, from the first.
ONLY_SPEED = ("kernels/vectors", "kernels/buffers", "kernels/chains", "kernels/narrow")
