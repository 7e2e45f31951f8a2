"""AdamW (Loshchilov and Hutter 2019), as PyTorch has it: Adam, whose weights decay apart from their gradients."""

from engine.formulas.optimizers.adam import ADAM
from engine.formulas.records import decoupled

ADAMW = decoupled(ADAM, "AdamW", 0.01, __doc__)
