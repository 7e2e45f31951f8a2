"""How the loops that train in LuaJIT are made, and how it is set up."""

# The shape of its loops (measured): so many rows of weights at once; layers with more blocks of them have a loop over
# them; loops of up to so many turns are written out, those with activations only in networks of up to so many nodes.
LUAJIT_ROWS = 4
LUAJIT_BLOCKS = 4
LUAJIT_SHORT_LOOP = 4
LUAJIT_WRITTEN_OUT_NODES = 8
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
