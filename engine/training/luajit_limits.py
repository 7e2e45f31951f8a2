"""When training in LuaJIT can be had, and when it pays."""

# What a step costs numpy, in times of one vector operation: so many for a layer, and one for each of its inputs and,
# where the error goes on from it, for each of its nodes (measured from 1-1-1 to 784-128-10 and on 9 layers).
NUMPY_COST_OF_LAYER = 20
# From what cost of all steps on "auto" takes LuaJIT: so much numpy does while LuaJIT starts (measured: 0.16 s).
LUAJIT_PAYS_FROM = 40_000
# Each layer takes up to 6 of the 200 local variables that a function may have; an optimizer takes some more.
LUAJIT_LAYERS = 20
