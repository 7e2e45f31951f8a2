"""The one list of the kinds of layers, and those that a network has that names none."""

from collections.abc import Mapping

from engine.layers.dense import DENSE
from engine.layers.elman import ELMAN
from engine.layers.records import LayerKind
from engine.layers.recurrent import RECURRENT, RECURRENT_OUTPUT
from engine.named import by_name

LAYER_KINDS: Mapping[str, LayerKind] = by_name(DENSE, RECURRENT, RECURRENT_OUTPUT, ELMAN)

# What a network is made of that names no kinds: without states, and with them.
IMPLIED_FEED_FORWARD = DENSE.name
IMPLIED_RECURRENT, IMPLIED_RECURRENT_OUTPUT = RECURRENT.name, RECURRENT_OUTPUT.name
IMPLIED_KINDS = frozenset({IMPLIED_FEED_FORWARD, IMPLIED_RECURRENT, IMPLIED_RECURRENT_OUTPUT})
