"""What training in LuaJIT costs and how its loops are made."""

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
