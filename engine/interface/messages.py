"""Every text that a user may read."""

import re
from collections.abc import Mapping
from types import MappingProxyType


def fill(template: str, **values: object) -> str:
    """Replace the ``{placeholders}`` that are given, numbers as an error shows them, and keep the others.

    ``{s}`` ends a plural: nothing comes of it where the number before it, which is given with it, is 1.
    """
    before: object = None

    def filled(found: re.Match[str]) -> str:
        nonlocal before
        if found[1] == "s" and before is not None:
            return "" if before == 1 else "s"
        before = values.get(found[1])
        value = values.get(found[1], found[0])
        return f"{value:.15g}" if isinstance(value, float) else str(value)

    return re.sub(r"\{(\w+)\}", filled, template)


def article(word: str) -> str:
    """The indefinite article before the name of a type; of those with a U, it is that of UIStroke and UDim2."""
    return "an" if word[:1] in (*"AEIOaeio",) else "a"


# `{label}` and `{place}` say where, the rule says what was wanted, `{got}` what came.
MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "wrong_argument": "Wrong Arg#{position}: {fault}.",
        "fault": "{place} {rule}, got {got}",
        # Rules, by what an argument may be.
        "integer": "must be an integer from {minimum} to {maximum}",
        "number": "must be a finite number",
        "number_from": "must be a finite number of at least {minimum}",
        "number_above": "must be a finite number above {minimum}",
        "number_between": "must be a number from {minimum} to {maximum}",
        "number_below": "must be a number of at least {minimum} and below {maximum}",
        "rate_or_optimizer": "must be a finite number of at least {minimum}, or an optimizer made by createOptimizer "
        "or loadOptimizer",
        "boolean": "must be true or false",
        "activator": "must be one of {activators}, or an array of {layers} of them (one per layer; the output layer "
        "may also have {outputs})",
        "numbers": "must be in an array of {count} number{s}",
        "numbers_or_names": "must be in an array of {count} number{s} or a dictionary with a number for each of "
        "{names}",
        "numbers_by_names": "must be a dictionary with a number for each of {names}",
        "numbers_or_class": "must be in an array of {count} number{s} or one of the classes {names}",
        "scaler": "must be a scaler made by createScaler, a dictionary of name, shift and scale",
        "scaler_names": "must be those of the network ({names})",
        "no_scaler_names": "must be left out, as the network has no names there",
        "scalable": "must be a number that stays finite when scaled",
        "unscalable": "must be a number that stays finite when its scaling is undone",
        "spread": "must be small enough for a finite shift and scale of every column",
        "classified": "must have at least 2 outputs, one for each class",
        "left_out_beside": "must be left out beside {name}",
        "singles": "must be in numbers from -{maximum} to {maximum} to be saved in 32 bits",
        "names": "must be an array of {count} different name{s} of 1 to {maximum} bytes without quotes, backslashes "
        "and control characters",
        "count_or_names": "must be an integer from {minimum} to {maximum}, or an array of names",
        "some_names": "must be an array of at least {minimum} name{s}",
        "description": "must be a dictionary that describes a network",
        "layer_descriptions": "must be an array of {minimum} to {maximum} layers, output layer last",
        "layer_description": "must be a dictionary that describes a layer",
        "hidden_activator": "must be one of {words} (the output layer may also have {outputs})",
        "nodes_of_names": "must be {count}, as many as there are {name}",
        "no_classes": "must be left out where there are classes",
        "described_size": "must make at most {maximum} weights and biases",
        "samples": "must be an array of at least {minimum} sample{s}",
        "samples_or_batch": "must be an array of at least {minimum} sample{s} or a batch made by createBatch",
        "first_sample": "must be an array of 1 to {maximum} numbers",
        "first_sample_or_names": "must be an array of 1 to {maximum} numbers, or a dictionary of numbers by names",
        "batch_inputs": "must be a batch of samples of {count} numbers",
        "targets": "must be an array of {samples} target{s}, one for each sample",
        "validation": "must be an array of samples and of targets for them",
        "share_of_samples": "must leave at least one of {samples} samples on either side",
        "sample_weights": "must be an array of {count} number{s}, one for each sample",
        "class_weights": "must be an array of {count} numbers, one for each class, or a dictionary of numbers by "
        "classes that have names",
        "classes_to_weigh": "must be left out for a network with one output, which has no classes",
        "left_alone": "must be left alone while it is trained",
        "choice": "must be one of {words}",
        "schedule": "must be one of {words}, or a table of options with one of them as its name",
        "callback": "must be a function",
        "in_time": "must be left out for a recurrent network, whose samples follow one another in time",
        "all_samples": "must be left out, or {count}, the number of samples, for {name}",
        "engine_of_batches": "must be auto or numpy when a batch has more than one sample",
        "engine_of_clip_norm": "must be auto or numpy for an optimizer with clip_norm",
        "engine_of_dropout": "must be auto or numpy for a network with dropout",
        "engine_of_weights": "must be auto or numpy where samples have weights",
        "engine_of_optimizer": "must be auto or numpy for {name}",
        "engine_of_layers": "must be auto or numpy for a network of more than {maximum} layers",
        "engine_missing": "must be auto or numpy where LuaJIT is missing ({reason})",
        "progress_missing": "must be left out or false where no progress bar can be had ({reason})",
        "network": "must be a network table or a StringValue that holds a network string",
        "network_object": "must be a Network",
        "scaler_object": "must be a Scaler, made by Scaler.fit or of name, shift and scale",
        "container": "must be an array or a folder of at least {minimum} networks",
        "text": "must be a network string made by saveNet",
        "optimizer": "must be an optimizer made by createOptimizer or loadOptimizer",
        "optimizer_text": "must be an optimizer string made by saveOptimizer",
        "training_text": "must be a training string made by saveTraining",
        "training_progress": "must be the progress of a training, as loadTraining returns it",
        "trained_by": "must be what trained the network, {stepper}",
        "trained": "must be as trainNet left it after an epoch (save in its onEpoch, or when it has returned)",
        "resumed": "must be the progress of a {shape} network by {stepper}",
        "finite_loss": "must be trained to a finite loss",
        "random_state": "must be two triples of integers, neither all 0",
        "best_or_false": "must be false, or an array of a network, its rate or optimizer and a random state",
        "stored_length": "must make a training string of at most {maximum} characters, as a DataStore key takes",
        "folder": "must be an Instance that can hold StringValues, such as a Folder",
        "visual": "must be a ScreenGui that getVisual made for a {shape} network",
        "options": "must be a table of options",
        "by_names": "must be given by their names, as in {name}=0.1",
        "option_name": "must have nothing but {names}",
        # Rules, by part of the network table.
        "layers": "must be an array of {minimum} to {maximum} layers",
        "layer": "must be an array of {parts} like every layer of the network",
        "first_layer": "must be a layer: an array of weights and biases, or of weights, biases and state",
        "layer_of_kind": "must be an array of {parts}, as {kind} layers are",
        "layer_parts": "2 (weights, biases)",
        "layer_parts_with_state": "3 (weights, biases, state)",
        "rows": "must be an array of 1 to {maximum} rows of weights",
        "extras": "must be left out or a dictionary of nothing but {names} (a newer version may have written more)",
        "dropout": "must be an array of {layers} numbers of at least 0 and below 1, one for each layer, that of the "
        "output layer 0",
        "output_dropout": "must be left out or 0 in the output layer",
        "kinds": "must be an array of {layers} kinds of layers, each one of {kinds}",
        "loss": "must be one of {words}, or a dictionary with one of these as its name and with settings of it",
        "loss_settings": "must have nothing but {names}, as {name} has",
        "answer": "must give finite numbers for these inputs (smaller weights or inputs do)",
        "further_entry": "must be left out (a newer version may have written it)",
        # Rules, by what a network is made of in Python: arrays of other libraries.
        "of_layer": "{label} of layer {layer}",
        "arrays_of_layers": "must be a list of {count} array{s}, one for each layer",
        "array_of_numbers": "must be an array of real numbers",
        "array_of_finite": "must be finite numbers",
        "weights_of_first": "must have the shape (nodes, inputs), each from 1 to {maximum}",
        "weights_of_layer": "must have the shape (nodes, {inputs}), since layer {layer} has {inputs} node{s}, and 1 to "
        "{maximum} nodes (an array that has inputs first needs .T)",
        "biases_of_layer": "must have the shape ({nodes},), since the weights have {nodes} row{s} (zeros where a "
        "layer has none)",
        "activators_of_layers": "must be a list of {layers} name{s}, one for each layer, or of two, the hidden layers' "
        "and the output layer's",
        # Rules, by part of an optimizer and by what it may step.
        "shape_or_false": "must be false, or the shape of the network that it has stepped",
        "memories": "must be an array of {count}, one for each thing that {name} remembers",
        "no_memories": "must be false, as the shape is",
        "memory_of_layer": "must be an array of {parts}",
        "same_sizes": "must have the sizes of {first}",
        "own_network": "must be an optimizer that has stepped no other network (one for each)",
        "another_optimizer": "must be another optimizer for {what}",
        "for_size": "more than {maximum} weights and biases",
        "for_loss": "losses other than {names}",
        "for_recurrent": "recurrent networks",
        "for_dropout": "dropout",
        "for_one_sample": "single samples (trainNet gives it all of them)",
        "own_shape": "must be an optimizer of a {shape} network",
        "finite_memory": "must remember finite numbers",
        "kept_shape": "must keep its shape {shape} while it is trained",
        "same_shape": "must have the shape of the first network, {shape}",
        "room": "must be a StringValue with room for the network as it will be, every number with all its digits",
        "plain": "must be made of plain tables",
        "not_frozen": "must be a table that can be changed",
        "first_argument": "must be the first argument",
        "distinct": "must be a network of its own",
        "size": "and the arguments behind them must make at most {maximum} weights and biases",
        "free_name": "must not hold {child} yet",
        "batch": "must be one sample at a time for a recurrent network",
        # What came instead.
        "got_nothing": "nothing",
        "got_true": "true",
        "got_false": "false",
        "got_nan": "nan",
        "got_masked": "a masked number",
        "got_infinity": "infinity",
        "got_minus_infinity": "-infinity",
        "got_number": "the number {number}",
        "got_single": "{got} (in an array: { {number} })",
        "got_text": '"{text}"',
        "got_long_text": 'a string of {length} bytes that starts with "{text}"',
        "got_cut_text": 'one of length {length} that seems to end too soon, with "{text}"',
        "got_number_text": "{got} (text: tonumber makes a number of it)",
        "got_for_rate": "{got} (a rate stands alone)",
        "got_optimizer_name": "{got} (createOptimizer makes one)",
        "got_option": "{got} (did you mean { {name} = {got} }?)",
        "got_networks": "an array with a network (give that)",
        "got_no_text": "nothing (not saved yet? begin anew)",
        "got_network": "a network (loaded already)",
        "got_network_text": "{got} (loadNet makes a network of it)",
        "got_optimizer_text": "{got} (loadOptimizer makes an optimizer of it)",
        "got_training_text": "{got} (loadTraining reads it)",
        "got_network_string": "a network string (loadNet reads it)",
        "got_optimizer_string": "an optimizer string (loadOptimizer reads it)",
        "got_training_string": "a training string (loadTraining reads it)",
        "got_near": "{got} (did you mean {name}?)",
        "got_library": "the library itself (write a dot before the name of its function, not a colon)",
        "got_array": "an array of {length}",
        "got_empty": "an empty table",
        "got_dictionary": "a dictionary",
        "got_instance": "{article} {class}",
        "got_other": "{article} {type}",
        "got_bytes": "bytes",
        "got_name": "one with {got}",
        "got_no_name": "one without {name}",
        "got_spread": "{minimum} to {maximum} in column {index}",
        "got_entry": "{got} as number {index}",
        "got_again": "{got} as number {first} and as number {index}",
        "got_array_of_shape": "the shape {shape}",
        "got_array_of_type": "one of {type}",
        "got_ragged": "rows of different lengths",
        "got_failure": "what numpy cannot read ({reason})",
        "got_at": "{got} at {place}",
        "got_stepped": "one that has",
        "got_held": "one that trainNet trains, called at {where} (epoch {epoch} of {epochs}; wait, or return "
        "false from its onEpoch)",
        "got_written": "one whose Value another script has written",
        "got_untrained": "one that is not",
        "got_other_stepper": "another",
        "got_resumed": "that of a {shape} network by {stepper}",
        "got_stream": "a stream",
        "plain_steps": "a learning rate",
        "with_schedule": "{name} with {schedule}",
        "got_share": "{got} (so {count} of them)",
        "got_of_shape": "one of a {shape} network",
        "got_other_memory": "one that remembers other sizes",
        "got_others": "others",
        "got_small": "one that did not take {length} characters ({reason})",
        "got_frozen": "a frozen one",
        "got_metatable": "one with a metatable",
        "got_unreadable": "one with a metatable that hides what it is",
        "got_same": "the same as {place}",
        "got_batch": "a batch of {length}",
        "got_batch_inputs": "one of {count}",
        "got_child": "one",
        "got_without": "a {class} without {name}",
        "got_with": "a {class} with {name}",
        # What summarizeNet says: what stands above its columns, between bars, the first cells of rows, and sentences.
        "summary_columns": "Layer|Nodes|Activator|Parameters|Multiply-adds|Memory",
        "summary_inputs": "Inputs",
        "summary_layer": "{layer} {kind}",
        "summary_total": "Total",
        "summary_memory": "Memory is in bytes: {bytes} for each weight, bias and remembered number, as doubles.",
        "summary_saved": "Saved it has {length} characters. A StringValue takes {value} and a DataStore key {store}: "
        "it fits {which}.",
        "summary_training": "In training (saveTraining) it has at most {rate} characters with a learning rate and "
        "{optimizer} with {name}; twice as many with patience.",
        "fits_both": "both",
        "fits_store": "the key only",
        "fits_neither": "neither",
        # Failures that no argument is to blame for.
        "misfit": "The parts of the network do not fit together.",
        "diverged": "The step was undone, since a network string cannot hold its result: {fault}.",
        "no_finite_loss": "Training ended in epoch {epoch} at sample {sample}, whose loss would be {got}. The network "
        "keeps its last finite numbers; {advice}.",
        "no_finite_weight": "Training ended in epoch {epoch}, in which a weight was no finite number any more. The "
        "network keeps its last finite numbers; {advice}.",
        "no_finite_step": "The step was not taken, since the loss would be {got}; {advice}.",
        "growth": "the mean loss grew from {first} to {last}: {advice}",
        "cure": "lower the learning rate, scale inputs and targets (setScaler), or clip gradients (clipNorm)",
        "no_instances": "There are no Instances here to make a visual of: getVisual works in Roblox only.",
        "cut": "it kept {length} of them",
        "unwritable": "No StringValue was changed, since {name} did not take a network string of {length} characters: "
        "{reason}.",
        # Warnings.
        "no_epoch_left": "No epoch is left: epochs counts those before, too.",
        "no_spread": "The numbers of {names} have no spread: they are shifted, but their scale stays 1.",
        "column": "column {index}",
        "unreachable_target": "{place} is {got}, and {name} gives {minimum} to {maximum}: give the output layer "
        "Identity, or scale targets into that range (setScaler); for classes, give names "
        "(createNetwork).",
        "unreachable_share": "{place} is {got}, and {name} gives shares from {minimum} to {maximum}: let targets be "
        "1 for the right class and 0 for the others.",
        "got_scaled": "{got} (scaled)",
        "unscaled": "{place} is {got}, and nothing scales {what}, which should be around -1 to 1: give the "
        "network a scaler (setScaler).",
        "unchanging": "{place} is {got} for every k: what never changes teaches nothing. Leave it out, or check the "
        "data.",
        "unbounded_recurrence": "{name} has an infinite range: the outputs of a recurrent network with it can grow "
        "without end. Choose a bounded one such as Tanh.",
    }
)
