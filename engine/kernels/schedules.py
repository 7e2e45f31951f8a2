"""How Luau gets each kernel of `engine.kernels.loops`: how much at once, written out or not, over what: as measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.named import by_name

# How arrays may be kept, other than in tables: a buffer of numbers; rows side by side in one, in the order in which
# they are read; tables of vectors; numbers in a table of which three are taken as one vector, or one as three that are
# equal.
NUMBERS, TILES, VECTORS, LANES, SPLAT = "numbers", "tiles", "vectors", "lanes", "splat"

# Layers of up to so many inputs have no inner loop, and networks with no more inputs and nodes in any layer have
# kernels of their own.
NARROW = 4
# Layers of up to so many inputs and nodes are written out where they stay as they are: so many nodes at once, and
# their inputs as many at a time.
PADDED, BLOCK = 16, 4
# As many rows at once as there are: for numbers of rows that are known beforehand.
ALL_AT_ONCE = (0,)


@dataclass(frozen=True)
class Schedule:
    """One way of writing a kernel.

    Attributes:
        kernel: its name in `engine.kernels.registry`.
        name: that of what is written, in snake_case.
        rows: how many rows at once, widest first: wider shares each read of an input, but native code runs out of
            registers.
        inputs: how many inputs in one turn of the inner loop, for each of these.
        rest: how many of those inputs that are left over, widest first, before they are taken one by one; for tiles.
        written_out: so many inputs at most, without an inner loop.
        width: what says how many of them there are; without it, it is always as many as are written out.
        is_branch: whether each number of inputs has a branch of its own; otherwise an input stands in the branch of
            the one before.
        kept: how arrays are kept that are no tables of numbers.
        held: elements that stay in locals while rows or samples pass by, with the beginning of their names.
        guarded: of these, which are never read behind the width: a user's table may have a metatable that answers.
        without: arrays that somebody else takes care of.
        known: arguments that are always the same.
    """

    kernel: str
    name: str
    rows: tuple[int, ...] = (1,)
    inputs: tuple[int, ...] = (1,)
    rest: tuple[int, ...] = ()
    written_out: int = 0
    width: str = ""
    is_branch: bool = False
    kept: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    guarded: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    known: Mapping[str, int] = field(default_factory=dict)


_READ_AHEAD = {"values[i]": "x"}
_GUARDED = tuple(_READ_AHEAD)
# Rows in buffers lie in tiles of these.
TILE_ROWS = (4, 2, 1)
# Everything else of such a layer lies in buffers, too.
_IN_BUFFERS = dict.fromkeys(
    ("biases", "sums", "outputs", "deltas", "values", "earlier", "upstream", "pasts", "parameters", "factors", "into"),
    NUMBERS,
)
_TILED = {"rows": TILES, **_IN_BUFFERS}
# Inputs at once in each tile, and of those that are left over. (More locals, and native code would have no room.)
_TILE_INPUTS, _TILE_REST = (16, 8, 8), (8, 4)
_NUMBERS_AT_ONCE = (4,)
# Rows in vectors: three to a group, so many groups at once.
_GROUPS = (4, 1)
_GROUPED = {"rows": VECTORS, "sums": LANES, "deltas": LANES, "upstream": VECTORS}
# Columns: so many nodes at once (a fourth would save few instructions), with their weights in locals.
_NODES = (3, 1)
_WEIGHTS_HELD = {"inputs[i]": "c", "row[i]": "w"}
_FURTHER_HELD = {"inputs[first + i]": "c", "row[first + i]": "w"}
# Rows whose steps remember something: each has tables of its own beside its weights.
_UPDATED, _UPDATED_INPUTS = (4, 1), (2, 1)

_ALL = (
    # Over tables.
    Schedule("row_sums", "sum_rows", rows=(8, 4, 2, 1), inputs=(4,)),
    Schedule("row_sums", "sum_narrow", held=_READ_AHEAD, guarded=_GUARDED, written_out=NARROW, width="width"),
    Schedule("add_row_sums", "add_row_sums", rows=(4, 1)),
    Schedule("add_own", "add_own"),
    Schedule("share_rows", "share_rows", rows=(4, 1)),
    Schedule("step_rows", "step_rows", rows=(4, 2, 1), inputs=(4,)),
    Schedule("share_and_step_rows", "share_and_step_rows", rows=(8, 4, 1), inputs=(2,)),
    Schedule("step_rows", "step_narrow", held=_READ_AHEAD, guarded=_GUARDED, written_out=NARROW, width="width"),
    Schedule(
        "share_and_step_rows",
        "share_and_step_narrow",
        held={**_READ_AHEAD, "upstream[i]": "share"},
        guarded=_GUARDED,
        written_out=NARROW,
        width="width",
    ),
    Schedule("step_part", "step_part", rows=(4, 1)),
    Schedule("step_own", "step_own"),
    Schedule("step_values", "step_values"),
    Schedule("multiply", "multiply"),
    Schedule("copy", "copy", known={"before": 0}),
    Schedule("copy", "copy_behind"),
    Schedule("fill", "fill", known={"before": 0}),
    Schedule("fill", "fill_behind"),
    Schedule("zero_if_finite", "zero_if_finite", inputs=_NUMBERS_AT_ONCE),
    # Over buffers.
    Schedule("copy_rows", "store_tiles", rows=TILE_ROWS, kept={"into": TILES}),
    Schedule("copy_rows", "restore_tiles", rows=TILE_ROWS, kept={"rows": TILES}),
    Schedule("copy", "store_numbers", inputs=_NUMBERS_AT_ONCE, kept={"into": NUMBERS}, known={"before": 0}),
    Schedule("copy", "restore_numbers", inputs=_NUMBERS_AT_ONCE, kept={"values": NUMBERS}, known={"before": 0}),
    Schedule("zero_if_finite", "zero_if_finite_numbers", inputs=_NUMBERS_AT_ONCE, kept=_IN_BUFFERS),
    Schedule("row_sums", "sum_tiles", rows=TILE_ROWS, inputs=_TILE_INPUTS, rest=_TILE_REST, kept=_TILED),
    Schedule("step_rows", "step_tiles", rows=TILE_ROWS, inputs=_TILE_INPUTS, rest=_TILE_REST, kept=_TILED),
    Schedule(
        "step_and_run_rows", "step_and_run_tiles", rows=TILE_ROWS, inputs=_TILE_INPUTS, rest=_TILE_REST, kept=_TILED
    ),
    Schedule(
        "scale_and_share_rows",
        "scale_and_share_tiles",
        rows=TILE_ROWS,
        inputs=_TILE_INPUTS,
        rest=_TILE_REST,
        kept=_TILED,
    ),
    Schedule("multiply", "multiply_numbers", inputs=_NUMBERS_AT_ONCE, kept=_IN_BUFFERS),
    Schedule("step_factors", "step_factors", inputs=_NUMBERS_AT_ONCE, kept=_IN_BUFFERS),
    Schedule("measure", "measure_numbers", kept={"outputs": NUMBERS, "deltas": NUMBERS}),
    Schedule("activate_shares", "activate_share_numbers", kept=_IN_BUFFERS),
    # Over vectors.
    Schedule("pack_rows", "pack_rows", kept={"group": VECTORS}),
    Schedule("unpack_rows", "unpack_rows", kept={"group": VECTORS}),
    Schedule("row_sums", "sum_groups", rows=_GROUPS, kept=_GROUPED),
    Schedule("step_rows", "step_groups", rows=_GROUPS, kept=_GROUPED, without=("biases",)),
    Schedule("share_and_step_rows", "share_and_step_groups", rows=_GROUPS, kept=_GROUPED, without=("biases",)),
    Schedule("add_lanes", "add_lanes", kept={"vectors": VECTORS}),
    # Over columns, of numbers or of vectors with three samples each.
    Schedule(
        "column_sums", "sum_columns", rows=_NODES, written_out=NARROW, width="width", is_branch=True, held=_WEIGHTS_HELD
    ),
    Schedule(
        "column_sums",
        "sum_vectors",
        rows=_NODES,
        written_out=NARROW,
        width="width",
        is_branch=True,
        kept={"inputs": VECTORS, "outputs": VECTORS, "biases": SPLAT},
        held=_WEIGHTS_HELD,
    ),
    Schedule("add_column_sums", "add_columns", rows=_NODES, written_out=NARROW, held=_FURTHER_HELD),
    Schedule(
        "add_column_sums",
        "add_vectors",
        rows=_NODES,
        written_out=NARROW,
        kept={"inputs": VECTORS, "sums": VECTORS},
        held=_FURTHER_HELD,
    ),
    Schedule("column_total", "column_total"),
    Schedule("transpose", "transpose", rows=(4, 1)),
    Schedule("gather", "gather_others", known={"first": 1}),
    Schedule("join", "join", kept={"vectors": VECTORS}),
    Schedule("split", "split", kept={"vectors": VECTORS}),
    Schedule("rectify_column", "rectify_vectors", kept={"sums": VECTORS}),
    # For every optimizer that remembers something of each parameter: gradient and step in one loop.
    Schedule("update_rows", "update_rows"),
    Schedule("share_and_update_rows", "update_blocks", rows=_UPDATED, inputs=_UPDATED_INPUTS, without=("upstream",)),
    Schedule("share_and_update_rows", "share_and_update_blocks", rows=_UPDATED, inputs=_UPDATED_INPUTS),
    Schedule("update_own", "update_own"),
    Schedule("update_values", "update_values"),
    # Gradients of all parameters, where something is done to them before a step.
    Schedule("add_gradients", "add_gradients"),
    Schedule("add_own_gradients", "add_own_gradients"),
    Schedule("add_values", "add_values"),
    Schedule("penalize", "penalize"),
    Schedule("limit", "limit"),
    Schedule("add_squares", "add_squares"),
    Schedule("scale", "scale"),
    Schedule("divide", "divide"),
    Schedule("decay", "decay"),
    # Least squares.
    Schedule("add_products", "add_products", inputs=(4,)),
    Schedule("add_scaled", "add_scaled"),
    Schedule("sum_products", "sum_products"),
    # For every activation, and for every loss.
    Schedule("activate", "activate"),
    Schedule("scale_by_slope", "scale_by_slope"),
    Schedule("activate_column", "activate_column"),
    Schedule("run_node", "run_node", written_out=NARROW, width="width", is_branch=True, held=_WEIGHTS_HELD),
    Schedule("activate_vectors", "activate_vectors", kept={"sums": VECTORS}),
    Schedule("activate_apart", "activate_apart", kept={"sums": VECTORS}),
    Schedule("measure", "measure"),
    Schedule("measure_sums", "measure_sums"),
    Schedule("measure_shares", "measure_shares"),
    # For every activation, over buffers.
    Schedule("activate", "activate_numbers", inputs=_NUMBERS_AT_ONCE, kept=_IN_BUFFERS),
    # For every activation of a whole layer.
    Schedule("activate_shares", "activate_shares"),
    Schedule("scale_by_share_slope", "scale_by_share_slope"),
    Schedule("activate_share_columns", "activate_share_columns"),
)
SCHEDULES: Mapping[str, Schedule] = by_name(*_ALL)
