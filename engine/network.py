"""The network: made, run, trained and saved."""

import math
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Literal, Unpack, cast, overload

import numpy as np
from numpy.typing import ArrayLike

from engine import propagation
from engine.answers import answered
from engine.arguments import (
    check,
    check_option,
    fault,
    parameter_of,
    refusal,
    refusal_by,
)
from engine.boundary import End, Named, Sample, Samples, is_dictionary
from engine.creation import checked_sizes, layers_of_plans, layers_of_sizes, warn_if_unbounded, warn_of_unbounded
from engine.describe import describe
from engine.description import plan_of
from engine.elementwise import Array
from engine.files.arrays import extras_of_arrays, layers_of_arrays
from engine.files.extras import CLASSES, INPUT_NAMES, INPUT_SCALER, OUTPUT_NAMES, TARGET_SCALER, Extras
from engine.files.loss_field import loss_fault, loss_of
from engine.files.network_faults import network_fault, singles_fault
from engine.files.network_table import (
    LAYERS,
    ActivatorNames,
    further_kinds,
    network_from_table,
    network_to_table,
)
from engine.files.serialization import json_to_array, table_to_json, table_to_lua, table_to_short_json
from engine.files.text_kinds import NETWORK_TEXT, describe_unless_text, refuse_other_kind
from engine.formulas.records import Loss
from engine.formulas.registry import LOSSES
from engine.interface.limits import (
    DEFAULT_ACTIVATOR,
    DEFAULT_BIAS,
    DEFAULT_LOSS,
    PRECISIONS,
    Precision,
)
from engine.interface.messages import MESSAGES, fill
from engine.layer import Layer
from engine.layers.registry import LAYER_KINDS
from engine.random import Random
from engine.scaler import Scaler, scaler_fault
from engine.summary import summary
from engine.training import loop
from engine.training.asked import TrainingOptions, asked
from engine.training.data_warnings import warn_of_data
from engine.training.dropout import Dropout
from engine.training.evaluation import Evaluation, evaluated
from engine.training.history import History
from engine.training.holds import held, refuse_if_held
from engine.training.loop import TrainingError
from engine.training.optimizer import Optimizer
from engine.training.progress import TrainingProgress
from engine.training.progress_bar import progress_bar_of
from engine.training.session import Dataset, are_finite
from engine.training.trainers import AUTO, session_of
from engine.training.updates import Sgd, Stepper

# A class, by its name or its index, and its share.
Answer = tuple[str | int, float]


class Network:
    """A fully connected network, feed-forward or with layers that remember (see `engine.layers.registry`).

    Made by `create`, `from_arrays`, `from_table` or `load`.

    Attributes:
        layers: the layers, output layer last.
        best: whether it was the best network of the last generation, the one that was exempt from mutation.
        extras: what it carries besides: its loss, names of inputs, outputs and classes, scalers.
        progress: how far its training has come, for `save_training`; None if it was not trained, or if training ended
            in the middle of an epoch.
    """

    def __init__(
        self, layers: Sequence[Layer], activator: ActivatorNames, best: bool = False, extras: Extras | None = None
    ) -> None:
        self.layers = tuple(layers)
        self.best, self.extras = best, extras or Extras()
        self.progress: TrainingProgress | None = None
        self._activator = activator if isinstance(activator, str) else tuple(activator)

    def __repr__(self) -> str:
        return f"<Network {self.shape}>"

    @property
    def loss(self) -> str:
        """The name of what training makes small (see `engine.formulas.registry.LOSSES`).

        It may be set to a name or, with settings, to ``{"name": "Huber", "delta": 0.5}``.

        Raises:
            ValueError: when it is set to anything else.
        """
        return self.extras.loss

    @loss.setter
    def loss(self, loss: str | Mapping[str, object]) -> None:
        wrong = loss_fault("Loss", loss)
        if wrong is not None:
            raise ValueError(f"{wrong}.")
        name, settings = loss_of(loss)
        self.extras = replace(self.extras, loss=name, loss_settings=settings)

    @property
    def loss_settings(self) -> dict[str, float]:
        """All settings of the loss, by their names."""
        return self._loss().values

    def _loss(self) -> Loss:
        return LOSSES[self.extras.loss].with_settings(self.extras.loss_settings)

    @classmethod
    def create(
        cls,
        inputs: int,
        hidden_layers: int,
        hidden_nodes: int,
        outputs: int,
        activator: ActivatorNames = DEFAULT_ACTIVATOR,
        recurrent: bool = False,
        default_bias: float = DEFAULT_BIAS,
        seed: int | Random | None = None,
    ) -> "Network":
        """A network with random weights.

        Weights start uniform in ±√(6 / fan-in) (He et al. 2015), drawn layer by layer, node by node; the recurrent
        weight is a node's last one and counts in its fan-in.

        Args:
            inputs: how many numbers go in.
            hidden_layers: how many hidden layers.
            hidden_nodes: how many nodes in each of them.
            outputs: how many numbers come out.
            activator: name of the hidden layers' activation, or one name per layer, output included.
            recurrent: whether every hidden node also sees its own last output.
            default_bias: every bias at the start.
            seed: an integer, a `Random` to draw from, or None for one that starts from the clock.

        Raises:
            ArgumentError: if an argument will not do.

        Warns:
            UserWarning: if a recurrent network has an activation of infinite range.
        """
        sizes = checked_sizes(
            "createNet", inputs, hidden_layers, hidden_nodes, outputs, activator, recurrent, default_bias
        )
        random = Random.of(seed)
        if recurrent:
            warn_if_unbounded(activator, int(hidden_layers))
        layers = layers_of_sizes(sizes, activator, recurrent=bool(recurrent), bias=float(default_bias), random=random)
        return cls(layers, activator)

    @classmethod
    def build(
        cls,
        *,
        inputs: int | Sequence[str],
        layers: Sequence[Mapping[str, object]],
        outputs: Sequence[str] | None = None,
        classes: Sequence[str] | None = None,
        loss: str | Mapping[str, object] | None = None,
        seed: int | Random | None = None,
    ) -> "Network":
        """A network from a description of its layers.

        Weights are drawn layer by layer, node by node.

        Args:
            inputs: how many numbers go in, or their names.
            layers: the layers, output layer last: for each a dictionary of what
                `engine.interface.options.LAYER_DESCRIPTION` lists, as far as it is not to be what it is by itself.
            outputs: the names of what comes out.
            classes: instead of ``outputs``: the classes that they stand for.
            loss: what training makes small; by itself CategoricalCrossEntropy behind Softmax, BinaryCrossEntropy behind
                Sigmoid, else HalfSquaredError.
            seed: an integer, a `Random` to draw from, or None for one that starts from the clock.

        Raises:
            ArgumentError: if something will not do; it names the place.

        Warns:
            UserWarning: if a layer that remembers has an activation of infinite range.
        """
        given = {"inputs": inputs, "layers": layers, "outputs": outputs, "classes": classes, "loss": loss}
        known = {name: value for name, value in given.items() if value is not None}
        plan = plan_of(known if seed is None or isinstance(seed, Random) else {**known, "seed": seed})
        random = Random.of(seed)
        warn_of_unbounded(each.activator for each in plan.layers if LAYER_KINDS[each.kind].remembers)
        layers_made = layers_of_plans(plan.inputs, plan.layers, random)
        return cls(layers_made, [each.activator for each in plan.layers], extras=plan.extras)

    @classmethod
    def from_arrays(
        cls,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike],
        activators: Sequence[str],
        *,
        loss: str | Mapping[str, object] = DEFAULT_LOSS,
        inputs: Sequence[str] | None = None,
        outputs: Sequence[str] | None = None,
        classes: Sequence[str] | None = None,
    ) -> "Network":
        """A feed-forward network of weights and biases that were trained elsewhere; the arrays are copied.

        Args:
            weights: for each layer an array (nodes, inputs), as those of PyTorch's `Linear` are.
            biases: for each layer an array (nodes,).
            activators: one name per layer, or two names, the hidden layers' and the output layer's.
            loss: what further training makes small: a loss's name, or a dictionary with it and settings.
            inputs: the names of what goes in.
            outputs: the names of what comes out.
            classes: instead of ``outputs``: the classes that they stand for.

        Raises:
            ArgumentError: if an array is none of finite numbers, or its shape does not fit; the message names the
                layer, counted from 1. Or if there is no such activation or loss, or not as many names as numbers.
        """
        layers = layers_of_arrays(weights, biases, activators)
        extras = extras_of_arrays(layers, loss, {INPUT_NAMES: inputs, OUTPUT_NAMES: outputs, CLASSES: classes})
        return cls(layers, tuple(layer.activator for layer in layers), extras=extras)

    @property
    def inputs(self) -> int:
        """How many numbers go in."""
        return self.layers[0].inputs

    @property
    def activator(self) -> str | tuple[str, ...]:
        """Name of the hidden layers' activation (the output layer has Sigmoid), or one name per layer."""
        return self._activator

    @property
    def hidden_layers(self) -> int:
        """How many hidden layers."""
        return len(self.layers) - 1

    @property
    def hidden_nodes(self) -> int:
        """How many nodes the first hidden layer has; 0 where there is none."""
        return self.layers[0].nodes if self.hidden_layers else 0

    @property
    def outputs(self) -> int:
        """How many numbers come out."""
        return self.layers[-1].nodes

    @property
    def recurrent(self) -> bool:
        """Whether it remembers the last time step: whether any layer has a state."""
        return any(layer.state is not None for layer in self.layers)

    @property
    def has_dropout(self) -> bool:
        """Whether training leaves out some of its layers' outputs."""
        return any(rate > 0 for rate in self.extras.dropout or ())

    @property
    def shape(self) -> str:
        """In words, such as ``2-3-3-1 LeakyReLU recurrent``; equal for networks that can breed.

        Kinds of layers other than those that a network has that names none stand instead of ``recurrent``.
        """
        sizes = "-".join(str(size) for size in [self.inputs, *(layer.nodes for layer in self.layers)])
        name = self.activator if isinstance(self.activator, str) else "/".join(self.activator)
        kinds = "/".join(further_kinds(self.layers)) or ("recurrent" if self.recurrent else "")
        return f"{sizes} {name} {kinds}".rstrip()

    @overload
    def forward(self, x: ArrayLike, give_cache: Literal[False] = False) -> Array: ...

    @overload
    def forward(self, x: ArrayLike, give_cache: Literal[True]) -> tuple[Array, list[Array]]: ...

    @overload
    def forward(self, x: Sample | Samples, give_cache: Literal[False] = False) -> Named: ...

    @overload
    def forward(self, x: Sample | Samples, give_cache: Literal[True]) -> tuple[Named, list[Array]]: ...

    def forward(self, x: Sample | Samples, give_cache: bool = False) -> Named | tuple[Named, list[Array]]:
        """Run the network; a recurrent one moves one time step on.

        Args:
            x: (inputs,), or (batch, inputs) for a feed-forward network. Where inputs have names, a dictionary in place
                of each array of them.
            give_cache: return ``(outputs, [activations of each layer])`` instead of the outputs alone.

        Returns:
            (outputs,) or (batch, outputs). If ``x`` is a dictionary, or its first sample is one, and outputs have
            names: a dictionary, or a list of them.

        Raises:
            ArgumentError: if the inputs are not as many finite numbers as the network has inputs; or if its weights are
                so large that an output would be nan, or what it remembers not finite: it stays as it was then.
        """
        values = self._input_end.take_any("forwardNet", "inputs", x, in_time=self.recurrent)
        check("forwardNet", "giveCache", give_cache)
        passes = answered("forwardNet", self.layers, propagation.forward, values)
        outputs = self._output_end.give(passes[-1].outputs, named=is_dictionary(x))
        return (outputs, [done.outputs for done in passes]) if give_cache else outputs

    @overload
    def forward_by_matrix_product(self, x: ArrayLike) -> Array: ...

    @overload
    def forward_by_matrix_product(self, x: Sample | Samples) -> Named: ...

    def forward_by_matrix_product(self, x: Sample | Samples) -> Named:
        """Like `forward`, faster for large layers and batches, but equal only to about 1e-12 of the numbers' size."""
        values = self._input_end.take_any("forwardNet", "inputs", x, in_time=self.recurrent)
        outputs = answered("forwardNet", self.layers, propagation.forward_by_matrix_product, values)[-1].outputs
        return self._output_end.give(outputs, named=is_dictionary(x))

    def classify(self, x: Sample | Samples) -> Answer | list[Answer]:
        """The likeliest class of what goes in: that of the largest output, the first of equal ones.

        Args:
            x: as in `forward`, which this does.

        Returns:
            The name of the class (its index from 0 if the network names none) and its share, which is that output; a
            list of them for a batch.

        Raises:
            ArgumentError: as in `forward`; or if the network has one output only, which is as large as it can be.
        """
        values = self._input_end.take_any("classifyNet", "inputs", x, in_time=self.recurrent)
        if self.outputs < 2:
            raise refusal_by("classifyNet", "network", MESSAGES["classified"], str(self.outputs))
        passes = answered("classifyNet", self.layers, propagation.forward, values)
        outputs = cast(Array, self._output_end.give(passes[-1].outputs, named=False))
        answers: list[Answer] = []
        for row in np.atleast_2d(outputs):
            best = int(np.argmax(row))
            answers.append((self.extras.classes[best] if self.extras.classes else best, float(row[best])))
        return answers[0] if outputs.ndim == 1 else answers

    def function(self) -> Callable[[Sample | Samples], Named]:
        """What runs the network as it is now: later changes of either one do not reach the other.

        Of a network that remembers, it starts from the state that this one has, and moves on with each call. In Luau
        such a function checks nothing and is made for hot loops; here it is `forward` of a copy, with its checks.

        Raises:
            ArgumentError: if a number of the network is not finite.
        """
        self._refuse_if_not_finite("createFunction")
        own = self.copy()

        def run(x: Sample | Samples) -> Named:
            return own.forward(x)

        return run

    def activities(self, inputs: Array) -> list[Array]:
        """What each layer would put out for the numbers that go into the first; the network stays as it is."""
        return [done.outputs for done in answered("forwardNet", self.copy().layers, propagation.forward, inputs)]

    @np.errstate(over="ignore", invalid="ignore")
    def backward(self, rate: float | Optimizer, x: Sample, target: Sample) -> None:
        """One step against the gradient of the loss on one sample, in place.

        Args:
            rate: learning rate, at least 0, of plain stochastic gradient descent; or an optimizer, which belongs to the
                first network that it steps.
            x: (inputs,), or a dictionary where they have names.
            target: (outputs,), or a dictionary where they have names, or the name of a class.

        Raises:
            ArgumentError: if an argument will not do, if the network is being trained, or if a number of it is not
                finite; it is then as before.
            TrainingError: if the loss is not finite; nothing has changed then.
        """
        self._refuse_if_held("backwardNet")
        update = self._update(rate, "backwardNet")
        inputs = self._input_end.take_one("backwardNet", "input", x)
        targets = self._output_end.take_one("backwardNet", "target", target)
        optimizer = rate if isinstance(rate, Optimizer) else None
        is_first = optimizer is not None and optimizer.shape is None
        if optimizer is not None:
            optimizer.claim(self)
        loss = propagation.backward(self.layers, update, inputs, targets, self._loss())
        if not math.isfinite(loss):
            if optimizer is not None and is_first:
                optimizer.disclaim()
            self._refuse_if_not_finite("backwardNet")
            raise TrainingError(fill(MESSAGES["no_finite_step"], got=describe(loss), advice=MESSAGES["cure"]))

    @overload
    def train(
        self,
        samples: Samples,
        targets: Samples,
        rate: float | Optimizer,
        epochs: int = ...,
        *,
        history: Literal[True],
        **options: Unpack[TrainingOptions],
    ) -> History: ...

    @overload
    def train(
        self,
        samples: Samples,
        targets: Samples,
        rate: float | Optimizer,
        epochs: int = ...,
        *,
        history: Literal[False] = ...,
        **options: Unpack[TrainingOptions],
    ) -> Array: ...

    def train(
        self,
        samples: Samples,
        targets: Samples,
        rate: float | Optimizer,
        epochs: int = 1,
        *,
        history: bool = False,
        **options: Unpack[TrainingOptions],
    ) -> Array | History:
        """Steps against the gradient of the loss over a dataset, in place.

        Steps on single samples do what `backward` does for one after the other; a recurrent network's state runs on
        from sample to sample and from epoch to epoch. Arrays of doubles are taken as they are, so they are best.

        A network with dropout leaves out some of its layers' outputs in each step, here and nowhere else; its losses
        are those of what is left.

        Args:
            samples: (samples, inputs); where inputs have names, any of the samples may be a dictionary.
            targets: (samples, outputs); any of them may be the name of a class or, where outputs have names, a
                dictionary.
            rate: learning rate, at least 0, of plain stochastic gradient descent; or an optimizer, which belongs to the
                first network that it steps.
            epochs: how often all samples are gone through.
            history: whether all that is known of the training is returned, and not its losses alone.
            options: how to go about it:

                - ``shuffle``: take the samples in a new random order in every epoch; for networks without states only.
                - ``batch_size``: how many samples make one step, along the mean of their gradients; an epoch's last
                  batch has what is left. More than 1 is for networks without states only. LevenbergMarquardt steps by
                  all samples, whatever is left out here.
                - ``validation``: ``(samples, targets)`` that training does not see: their loss and metrics are measured
                  after every epoch. ``validation_share`` is instead the share of the samples that is set aside for
                  that, spread evenly over them.
                - ``patience``: end after so many epochs without a lower loss (that of validation where there is one);
                  however training ends, the network and its optimizer are then as they were after the best epoch.
                - ``target_loss``: end once that loss is as low as this. ``time_limit``: end with the epoch in which so
                  many seconds pass.
                - ``sample_weights``: (samples,), numbers of at least 0 that losses and gradients are multiplied by;
                  ``class_weights``: the same for all samples of a class, that of the largest target, in order or by
                  the names of classes.
                - ``metrics``: whether `evaluate` measures the network after every epoch; by itself where there are
                  validation samples or ``on_epoch``.
                - ``engine``: ``"numpy"``, the reference, which adds in order, batches too; ``"luajit"``, loops
                  generated for the network's shape, for single samples and many times faster; or ``"auto"``, whichever
                  will be done first, which for batches are matrix products: they add in whatever order BLAS likes, so
                  last digits may differ from one machine to the next.
                - ``progress``: whether a progress bar is shown.
                - ``random``: where shuffling and dropout draw from: a stream, a seed or None for the clock.
                - ``resume``: the progress that `load_training` returned with the network and its rate or optimizer:
                  training goes on from there, as if it had never stopped if everything else is given as before.
                  ``epochs`` counts those that were done before, too; losses and history are those of what is done now.
                - ``on_epoch``: called after every epoch with how many are done, the epoch's mean loss and, if it takes
                  three arguments, a dictionary of metrics. It may look at the network, change its numbers and reset its
                  state; if it returns False, training ends.

        Returns:
            The mean loss of each epoch, each sample's as it was before its step: (epochs,), or as many as were done. Or
            a `History`.

        Raises:
            ArgumentError: if an argument will not do, if the network is being trained, or if a number of it is not
                finite; it is then as before.
            TrainingError: if the loss of a sample, or a number of the network, would not be finite. The network, and
                what an optimizer remembers of it, are then as they were before that step or, if that left them numbers
                that are not finite, before that epoch.

        Warns:
            UserWarning: before the first step of a network, of targets that its output layer cannot reach, of inputs
                or targets that are large and not scaled, and of an input or a target that is the same in all samples;
                at the end, of a mean loss that has grown much, and where ``resume`` left no epoch to train.

        Whatever else ends it early (an error of ``on_epoch``, KeyboardInterrupt) leaves the network, and what an
        optimizer remembers of it, as it was after the last epoch that was done.
        """
        self._refuse_if_held("trainNet")
        self._refuse_if_not_finite("trainNet")
        given = self._input_end.take_many("trainNet", "samples", samples, {})
        wanted = self._output_end.take_many("trainNet", "targets", targets, {"samples": len(given)})
        update = self._update(rate, "trainNet")
        known = {"epochs": epochs, "history": history, **options}
        ends = (self._input_end, self._output_end)
        whole = rate.name if isinstance(rate, Optimizer) and rate.least_squares is not None else None
        todo = asked(known, Dataset(given, wanted), ends, recurrent=self.recurrent, whole=whole)
        dataset, chosen, loss = todo.dataset, todo.options, self._loss()
        stepper = rate if isinstance(rate, Optimizer) else update.rate
        start, stream = todo.begin(self.shape, stepper)
        dropout = Dropout(self.extras.dropout, stream) if self.extras.dropout else None
        epochs, batch_size, engine = int(chosen["epochs"]), int(chosen["batch_size"]), chosen["engine"]
        begin = session_of(
            engine, self.layers, dataset, update, loss, epochs - start.epoch, batch_size, dropout, weights=todo.weights
        )
        seen, scaler = todo.validation or dataset, self.extras.target_scaler

        def evaluate() -> Evaluation:
            in_order = engine != AUTO or (batch_size == 1 and whole is None)
            return evaluated(self.layers, seen, loss, scaler, ordered=in_order)

        def stand(progress: TrainingProgress | None) -> None:
            self.progress = progress

        warn_of_data(self, ends, Dataset(given, wanted), self.layers[-1].activator, recurrent=self.recurrent)
        plan = loop.Plan(
            start,
            stepper,
            stand,
            epochs,
            stream,
            chosen["shuffle"],
            chosen["on_epoch"],
            evaluate if todo.is_measured else None,
            has_validation=todo.validation is not None,
            patience=chosen["patience"],
            target_loss=chosen["target_loss"],
            time_limit=chosen["time_limit"],
            bar=progress_bar_of(epochs - start.epoch) if chosen["progress"] else None,
        )
        with held(self, parameter_of("trainNet", "network").label, epochs, sys._getframe(1)) as hold:
            optimizer = rate if isinstance(rate, Optimizer) else None
            is_first = optimizer is not None and optimizer.shape is None
            if optimizer is not None:
                optimizer.claim(self)
            try:
                told = loop.train(begin, self.layers, update, len(dataset), plan, hold)
            except TrainingError as error:
                if optimizer is not None and is_first and not error.took_steps:
                    optimizer.disclaim()
                raise
        said = loop.warning_at_end(plan, told)
        if said is not None:
            warnings.warn(said, stacklevel=2)
        return told if history else told.losses

    def evaluate(self, samples: Samples, targets: Samples) -> Evaluation:
        """Measure the network on samples; it stays as it is.

        A recurrent network begins without memory, and the samples follow one another in time.

        Args:
            samples: as in `train`.
            targets: as in `train`.

        Returns:
            The mean loss; metrics by their names: ``mean_absolute_error``, in the units of the targets, and
            ``accuracy`` where targets are all 0 or 1; and, for classes, how many samples of each class (rows) were
            taken for each (columns).

        Raises:
            ArgumentError: if an argument will not do.
        """
        given = self._input_end.take_many("evaluateNet", "samples", samples, {})
        wanted = self._output_end.take_many("evaluateNet", "targets", targets, {"samples": len(given)})
        return evaluated(self.layers, Dataset(given, wanted), self._loss(), self.extras.target_scaler)

    def set_scaler(self, inputs: Scaler | None = None, targets: Scaler | None = None) -> None:
        """Take and give numbers as users have them, scaled for the layers; what is left out is taken away.

        The scalers are saved with the network. The loss is of scaled targets.

        Args:
            inputs: scales what goes in.
            targets: scales targets, and outputs back.

        Raises:
            ArgumentError: if a scaler is none, or has not as many columns as the network has inputs or outputs, or
                other names; if the outputs are those of classes; or if the network is being trained.
        """
        self._refuse_if_held("setScaler")
        ends = {
            "inputScaler": (inputs, self.inputs, self.extras.inputs),
            "targetScaler": (targets, self.outputs, self.extras.outputs),
        }
        taken: dict[str, Scaler] = {}
        for name, (scaler, count, names) in ends.items():
            label = parameter_of("setScaler", name).label
            if scaler is None:
                continue
            if not isinstance(scaler, Scaler):
                raise refusal_by("setScaler", name, MESSAGES["scaler_object"], describe(scaler))
            found = scaler_fault(label, scaler.to_fields(), count)
            if found is not None:
                raise refusal("setScaler", name, found)
            if name == TARGET_SCALER and self.extras.classes is not None:
                rule = fill(MESSAGES["left_out_beside"], name=CLASSES)
                raise refusal_by("setScaler", name, rule, describe(scaler.to_fields()))
            in_order = scaler.in_order(label, names)
            if isinstance(in_order, str):
                raise refusal("setScaler", name, in_order)
            taken[name] = in_order
        self.extras = replace(self.extras, input_scaler=taken.get(INPUT_SCALER), target_scaler=taken.get(TARGET_SCALER))

    def reset_state(self) -> None:
        """Forget the last time step; nothing to do in a feed-forward network.

        Raises:
            ArgumentError: if the network is being trained, by another than whose ``on_epoch`` asks for it.
        """
        self._refuse_if_held("resetState", may_be_lent=True)
        for layer in self.layers:
            layer.forget()

    def copy(self) -> "Network":
        """A network of its own with the same parameters and state."""
        return Network([layer.copy() for layer in self.layers], self._activator, self.best, deepcopy(self.extras))

    def to_table(self) -> list[object]:
        """The network table, as nested lists, without loss."""
        return network_to_table(self.layers, bool(self.best), self.activator, self.extras)

    def checked_table(self, function: str) -> list[object]:
        """The network table, for a public function (named as in Luau) that can only use finite numbers.

        Raises:
            ArgumentError: if training has driven a number to nan or infinity.
        """
        table = self.to_table()
        found = network_fault(table, "Network")
        if found is not None:
            raise refusal(function, "network", found)
        return table

    @classmethod
    def from_table(cls, table: object) -> "Network":
        """A network from its table.

        Raises:
            ArgumentError: if it is no network table; the message names the place as Lua indexes it.
        """
        return cls._from_table(table, "saveNet", "network", "Network")

    def save(self, precision: Precision = PRECISIONS[0]) -> str:
        """The network string, which loads here and in every version of the Luau module.

        Args:
            precision: ``"f64"`` keeps every number exactly; ``"f32"`` rounds weights, biases and states to the nearest
                number of 32 bits and writes as few characters as give it back. Saved again so, they stay the same.

        Raises:
            ArgumentError: if training has driven a number to nan or infinity, which a string cannot hold; if one is too
                large for 32 bits; or if the precision is no such word.
        """
        table = self.checked_table("saveNet")
        check_option("saveNet", "options", "precision", precision)
        if precision == PRECISIONS[0]:
            return table_to_json(table)
        found = singles_fault(cast(Sequence[Sequence[object]], table[LAYERS - 1]), "Network")
        if found is not None:
            raise refusal("saveNet", "network", found)
        return table_to_short_json(table)

    @classmethod
    def load(cls, text: str) -> "Network":
        """A network from its string.

        Raises:
            ArgumentError: if the text is not a network string.
        """
        table = json_to_array(text)
        if table is None:
            got = MESSAGES["got_network"] if isinstance(text, Network) else describe_unless_text(text)
            raise refusal("loadNet", "text", fault("String", MESSAGES["text"], got))
        refuse_other_kind("loadNet", NETWORK_TEXT, table)
        return cls._from_table(table, "loadNet", "text", "String")

    def summary(self) -> str:
        """A table of the layers (nodes, activators, parameters, multiply-adds of a step, bytes of the numbers).

        Below it stands how many characters `save` writes, and whether a StringValue and a DataStore key of Roblox take
        them; and how many `save_training` writes at most.

        Raises:
            ArgumentError: if training has driven a number to nan or infinity.
        """
        return summary(self.layers, len(table_to_json(self.checked_table("summarizeNet")).encode()))

    def hard_code(self) -> str:
        """The network table as a Lua table constructor, to be pasted into a script.

        Raises:
            ArgumentError: if training has driven a number to nan or infinity.
        """
        return table_to_lua(self.checked_table("hardCode"))

    def _refuse_if_held(self, function: str, *, may_be_lent: bool = False) -> None:
        """Refuse to change it for a public function while it is trained."""
        refuse_if_held(function, "network", parameter_of(function, "network").label, self, may_be_lent=may_be_lent)

    def _refuse_if_not_finite(self, function: str) -> None:
        """Refuse to step, for a public function, from numbers that lead nowhere."""
        if not are_finite(self.layers):
            self.checked_table(function)

    def _update(self, rate: object, function: str) -> Stepper:
        """What steps it: an optimizer, or plain stochastic gradient descent with a learning rate."""
        if isinstance(rate, Optimizer):
            return rate.update_of(self, function)
        check(function, "rate", rate)
        return Sgd(float(cast(float, rate)))

    @property
    def _input_end(self) -> End:
        return End.of_inputs(self.inputs, self.extras)

    @property
    def _output_end(self) -> End:
        return End.of_outputs(self.outputs, self.extras)

    @classmethod
    def _from_table(cls, table: object, function: str, parameter: str, place: str) -> "Network":
        found = network_fault(table, place)
        if found is not None:
            raise refusal(function, parameter, found)
        return cls(*network_from_table(cast(Sequence[object], table)))
