"""The visualiser's instances: their names, size and grey levels."""

# Scripts find its parts by these names.
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
