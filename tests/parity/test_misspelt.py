"""Names that are misspelt: an error says which one was probably meant."""

import pytest

from engine import ACTIVATIONS
from engine.files.extras import EXTRA_NAMES
from engine.formulas.registry import LOSSES, OPTIMIZERS
from engine.interface.options import OPTIMIZER_OPTIONS, TRAINING_OPTIONS
from engine.layers.registry import LAYER_KINDS
from tests.parity.machine import Machine
from tests.parity.messages import said_by_lua

ACTIVATOR = (
    f"must be one of {', '.join(ACTIVATIONS)}, or an array of 2 of them "
    "(one per layer; the output layer may also have Softmax), got "
)
TRAINING = f"Options must have nothing but {', '.join(option.name for option in TRAINING_OPTIONS.fields)}, got "
GENERATION = "Options must have nothing but keepShare, selectionPressure, biasNoise, mutatedNodes, mutationRange, got "
KINDS = f"Network[5].kinds must be an array of 2 kinds of layers, each one of {', '.join(LAYER_KINDS)}, got "
EXTRAS = (
    f"Network[5] must be left out or a dictionary of nothing but {', '.join(EXTRA_NAMES)} "
    "(a newer version may have written more), got "
)
LOSS = (
    f"Network[5].loss must be one of {', '.join(LOSSES)}, or a dictionary with one of these as its name and with "
    "settings of it, got "
)
LOSS_NAME = f"Network[5].loss.name must be one of {', '.join(LOSSES)}, got "
SMOOTHING = "Network[5].loss.smoothing must be a number of at least 0 and below 1, got "
TRAIN = "KNN.trainNet, network, { { 1, 2 } }, { { 1 } }, 0.1, "
BREED = "KNN.runGenNet, { network, KNN.loadNet(KNN.saveNet(network)) }, { 1, 2 }, false, "
SAVE = "KNN.saveNet, { network[1], network[2], false, 'Tanh', "

# A call with a misspelt name, and what is said.
MISSPELT: list[tuple[str, str]] = [
    ("KNN.createNet, 2, 1, 2, 1, 'relu'", f'Wrong Arg#5: Activator {ACTIVATOR}"relu" (did you mean ReLU?).'),
    ("KNN.createNet, 2, 1, 2, 1, 'Sigmod'", f'Wrong Arg#5: Activator {ACTIVATOR}"Sigmod" (did you mean Sigmoid?).'),
    ("KNN.createNet, 2, 1, 2, 1, 'SQRBF'", f'Wrong Arg#5: Activator {ACTIVATOR}"SQRBF" (did you mean SQ-RBF?).'),
    ("KNN.createNet, 2, 1, 2, 1, 'TANH\\n'", rf'Wrong Arg#5: Activator {ACTIVATOR}"TANH\n" (did you mean Tanh?).'),
    ("KNN.createNet, 2, 1, 2, 1, 'Softmax'", f'Wrong Arg#5: Activator {ACTIVATOR}"Softmax".'),
    ("KNN.createNet, 2, 1, 2, 1, ''", f'Wrong Arg#5: Activator {ACTIVATOR}"".'),
    (
        "KNN.getAproxLength, 2, 1, 2, 1, { 'Tanh', 'leaky_relu' }",
        f'Wrong Arg#5: Activator {ACTIVATOR}"leaky_relu" as number 2 (did you mean LeakyReLU?).',
    ),
    ("KNN.createOptimizer, 'sgd'", 'Wrong Arg#1: Name must be one of {optimizers}, got "sgd" (did you mean SGD?).'),
    (
        "KNN.createOptimizer, 'Momentun'",
        'Wrong Arg#1: Name must be one of {optimizers}, got "Momentun" (did you mean Momentum?).',
    ),
    (
        "KNN.createOptimizer, 'Momentum', { Rate = 1 }",
        'Wrong Arg#2: Options must have nothing but rate, momentum, {common}, got "Rate" (did you mean rate?).',
    ),
    # Momentum's option, but not SGD's.
    (
        "KNN.createOptimizer, 'SGD', { momentum = 0.5 }",
        'Wrong Arg#2: Options must have nothing but rate, {common}, got "momentum".',
    ),
    (
        """KNN.loadOptimizer, '["momentum"]'""",
        'Wrong Arg#1: String[1] must be one of {optimizers}, got "momentum" (did you mean Momentum?).',
    ),
    (TRAIN + "{ Epochs = 5 }", f'Wrong Arg#5: {TRAINING}"Epochs" (did you mean epochs?).'),
    (TRAIN + "{ frame_budget = 5 }", f'Wrong Arg#5: {TRAINING}"frame_budget" (did you mean frameBudget?).'),
    (TRAIN + "{ onEpock = print }", f'Wrong Arg#5: {TRAINING}"onEpock" (did you mean onEpoch?).'),
    (TRAIN + "{ batchsize = 5 }", f'Wrong Arg#5: {TRAINING}"batchsize" (did you mean batchSize?).'),
    (TRAIN + "{ earlyStopping = 5 }", f'Wrong Arg#5: {TRAINING}"earlyStopping".'),
    (
        TRAIN + "{ layout = 'buffer' }",
        'Wrong Arg#5: Options.layout must be one of auto, tables, buffers, got "buffer" (did you mean buffers?).',
    ),
    (
        TRAIN + "{ layout = 'Auto' }",
        'Wrong Arg#5: Options.layout must be one of auto, tables, buffers, got "Auto" (did you mean auto?).',
    ),
    (
        "KNN.forwardBatch, network, { { 1, 2 } }, { Columns = true }",
        'Wrong Arg#3: Options must have nothing but columns, f32, got "Columns" (did you mean columns?).',
    ),
    (
        "KNN.saveNet, network, { precision = 'F32' }",
        'Wrong Arg#2: Options.precision must be one of f64, f32, got "F32" (did you mean f32?).',
    ),
    (
        "KNN.saveNet, network, { Precision = 'f32' }",
        'Wrong Arg#2: Options must have nothing but precision, got "Precision" (did you mean precision?).',
    ),
    (BREED + "{ keep_share = 1 }", f'Wrong Arg#4: {GENERATION}"keep_share" (did you mean keepShare?).'),
    (BREED + "{ mutationrange = 1 }", f'Wrong Arg#4: {GENERATION}"mutationrange" (did you mean mutationRange?).'),
    (SAVE + "{ kinds = { 'dense', 'Dense' } } }", f'Wrong Arg#1: {KINDS}"dense" as number 1 (did you mean Dense?).'),
    (
        SAVE + "{ kinds = { 'Dense', 'Recurent' } } }",
        f'Wrong Arg#1: {KINDS}"Recurent" as number 2 (did you mean Recurrent?).',
    ),
    (SAVE + "{ Kinds = {} } }", f'Wrong Arg#1: {EXTRAS}"Kinds" (did you mean kinds?).'),
    (SAVE + "{ lsos = 1 } }", f'Wrong Arg#1: {EXTRAS}"lsos" (did you mean loss?).'),
    (SAVE + "{ name = 'Bob' } }", f'Wrong Arg#1: {EXTRAS}"name".'),
    (
        SAVE + "{ loss = 'HalfSquareError' } }",
        f'Wrong Arg#1: {LOSS}"HalfSquareError" (did you mean HalfSquaredError?).',
    ),
    (SAVE + "{ loss = 'CrossEntropy' } }", f'Wrong Arg#1: {LOSS}"CrossEntropy".'),
    (SAVE + "{ loss = false } }", f"Wrong Arg#1: {LOSS}false."),
    (SAVE + "{ loss = { 'HalfSquaredError' } } }", f"Wrong Arg#1: {LOSS}an array of 1."),
    (SAVE + "{ loss = {} } }", f"Wrong Arg#1: {LOSS}an empty table."),
    (SAVE + "{ loss = setmetatable({ name = 'Huber' }, {}) } }", f"Wrong Arg#1: {LOSS}one with a metatable."),
    (SAVE + "{ loss = { smoothing = 0.1 } } }", f"Wrong Arg#1: {LOSS_NAME}nothing."),
    (SAVE + "{ loss = { name = {} } } }", f"Wrong Arg#1: {LOSS_NAME}an empty table."),
    (
        SAVE + "{ loss = { name = 'meansquarederror' } } }",
        f'Wrong Arg#1: {LOSS_NAME}"meansquarederror" (did you mean MeanSquaredError?).',
    ),
    (
        SAVE + "{ loss = { name = 'BinaryCrossEntropy', Smoothing = 0.1, [1.5] = 2 } } }",
        (
            "Wrong Arg#1: Network[5].loss must have nothing but name, smoothing, as BinaryCrossEntropy has, got "
            '"Smoothing" (did you mean smoothing?).'
        ),
    ),
    (
        SAVE + "{ loss = { name = 'HalfSquaredError', smoothing = 0.1 } } }",
        'Wrong Arg#1: Network[5].loss must have nothing but name, as HalfSquaredError has, got "smoothing".',
    ),
    (SAVE + "{ loss = { name = 'BinaryCrossEntropy', smoothing = 1 } } }", f"Wrong Arg#1: {SMOOTHING}1."),
    (SAVE + "{ loss = { name = 'BinaryCrossEntropy', smoothing = 0 / 0 } } }", f"Wrong Arg#1: {SMOOTHING}nan."),
    (
        SAVE + "{ loss = { name = 'BinaryCrossEntropy', smoothing = '0.5' } } }",
        f'Wrong Arg#1: {SMOOTHING}"0.5" (text: tonumber makes a number of it).',
    ),
    (
        "KNN.saveNet, { network[1], network[2], false, 'leakyrelu' }",
        f'Wrong Arg#1: Network[4] {ACTIVATOR}"leakyrelu" (did you mean LeakyReLU?).',
    ),
]


@pytest.mark.parametrize(("call", "message"), MISSPELT, ids=[call for call, _ in MISSPELT])
def test_the_name_that_was_probably_meant_is_said(machine: Machine, call: str, message: str) -> None:
    common = ", ".join(option.name for option in OPTIMIZER_OPTIONS.common)
    expected = message.replace("{optimizers}", ", ".join(OPTIMIZERS)).replace("{common}", common)
    assert said_by_lua(machine, b"", [call]) == [expected]
