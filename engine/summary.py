"""What a network consists of, as a table in words. The same as networks/summaries.luau."""

from collections.abc import Sequence

from engine.formulas.registry import OPTIMIZERS
from engine.formulas.size import BYTES_PER_NUMBER, layer_parameters, memory, multiply_adds, training_length
from engine.interface.limits import DATA_STORE_CHARACTERS, MOST_USED_OPTIMIZER, STRING_VALUE_CHARACTERS
from engine.interface.messages import MESSAGES, fill
from engine.layer import Layer
from engine.layers.registry import LAYER_KINDS

# The columns of text; those of numbers end at the same place.
_LEFT = (0, 2)
_GAP = "  "


def summary(layers: Sequence[Layer], length: int) -> str:
    """The table of layers, what they make together, and what is to be said of a string of a length."""
    sizes = [_sizes(layer) for layer in layers]
    head = MESSAGES["summary_columns"].split("|")
    rows = [
        [MESSAGES["summary_inputs"], str(layers[0].inputs), "", "", "", ""],
        *(
            [
                fill(MESSAGES["summary_layer"], layer=number, kind=layer.kind),
                str(layer.nodes),
                layer.activator,
                *map(str, row),
            ]
            for number, (layer, row) in enumerate(zip(layers, sizes, strict=True), start=1)
        ),
    ]
    total = [MESSAGES["summary_total"], "", "", *(str(sum(column)) for column in zip(*sizes, strict=True))]
    widths = [max(map(len, column)) for column in zip(head, *rows, total, strict=True)]
    line = "-" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    table = [_line(head, widths), line, *(_line(row, widths) for row in rows), line, _line(total, widths)]
    numbers = sum(size for *_, size in sizes) / BYTES_PER_NUMBER
    return "\n".join(
        [
            *table,
            fill(MESSAGES["summary_memory"], bytes=BYTES_PER_NUMBER),
            _saved(length),
            _in_training(length, numbers),
        ]
    )


def _sizes(layer: Layer) -> tuple[int, int, int]:
    """Parameters, multiply-adds and bytes."""
    kind = LAYER_KINDS[layer.kind]
    columns = kind.columns(layer.inputs, layer.nodes)
    parameters = layer_parameters(layer.nodes, columns, 0.0)
    states = float(layer.nodes if kind.has_state else 0)
    # Weights on what a layer does not remember are out of play.
    work = multiply_adds(layer.nodes, columns if kind.remembers else layer.inputs)
    return int(parameters), int(work), int(memory(parameters, states))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return _GAP.join(
        cell.ljust(width) if column in _LEFT else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ).rstrip()


def _in_training(length: int, numbers: float) -> str:
    name = MOST_USED_OPTIMIZER
    by_rate, by_optimizer = (
        training_length(length, numbers, memories) for memories in (0.0, float(len(OPTIMIZERS[name].memories)))
    )
    return fill(MESSAGES["summary_training"], rate=by_rate, optimizer=by_optimizer, name=name)


def _saved(length: int) -> str:
    which = "fits_neither"
    if length <= DATA_STORE_CHARACTERS:
        which = "fits_both" if length <= STRING_VALUE_CHARACTERS else "fits_store"
    limits = {"value": STRING_VALUE_CHARACTERS, "store": DATA_STORE_CHARACTERS}
    return fill(MESSAGES["summary_saved"], length=length, which=MESSAGES[which], **limits)
