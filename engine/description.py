"""What a description of a network means, and what is wrong with one. The same as checks/descriptions.luau."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from engine.arguments import described_unless_right, fault, fault_of, is_integer, refusal
from engine.describe import describe, describe_name, describe_unless_number, is_array
from engine.files.extras import DROPOUT, FAULTS, LOSS, Extras, Sizes
from engine.formulas.registry import ACTIVATIONS, ALL_ACTIVATIONS, LOSSES, OUTPUT_ACTIVATIONS
from engine.interface.functions import FUNCTIONS
from engine.interface.limits import (
    CLASSES_ACTIVATOR,
    DEFAULT_ACTIVATOR,
    DEFAULT_LOSS,
    DESCRIBED_OUTPUT_ACTIVATOR,
    MAXIMUM_PARAMETERS,
)
from engine.interface.messages import MESSAGES, fill
from engine.interface.options import LAYER_DESCRIPTION, NETWORK_DESCRIPTION
from engine.interface.rules import (
    Choice,
    CountOrNames,
    KindOfLayer,
    LayerDescriptions,
    LossDescription,
    Names,
    Option,
    Options,
    SomeNames,
)
from engine.layers.registry import IMPLIED_FEED_FORWARD, LAYER_KINDS

# Descriptions of layers come without a type: what is in them is found by looking.
_Layer = Mapping[str, object]
_PLACE = FUNCTIONS["createNetwork"].parameters[0].label
_FIELDS = {each.name: each for each in NETWORK_DESCRIPTION.fields}


@dataclass(frozen=True)
class LayerPlan:
    """What a layer is to be."""

    kind: str
    nodes: int
    activator: str
    initializer: str
    bias: float
    dropout: float


@dataclass(frozen=True)
class Plan:
    """What a network is to be."""

    inputs: int
    layers: tuple[LayerPlan, ...]
    extras: Extras


def plan_of(description: Mapping[str, object]) -> Plan:
    """What a description means, with all that it leaves out.

    Raises:
        ArgumentError: if it has a fault.
    """
    found = _field_faults(_PLACE, description, NETWORK_DESCRIPTION) or _names_fault(description)
    if found is not None:
        raise refusal("createNetwork", "description", found)
    inputs = description["inputs"]
    layers = [each if isinstance(each, Mapping) else {} for each in cast(Sequence[object], description["layers"])]
    width = len(inputs) if is_array(inputs) else int(cast(float, inputs))
    outputs, classes = _names(description, "outputs"), _names(description, "classes")
    named = outputs or classes
    plans = [_layer_plan(each, None, DEFAULT_ACTIVATOR) for each in layers[:-1]]
    usual = CLASSES_ACTIVATOR if classes else DESCRIBED_OUTPUT_ACTIVATOR
    plans.append(_layer_plan(layers[-1], len(named) if named else None, usual))
    parameters, fan_in = 0, width
    for plan in plans:
        parameters += plan.nodes * (int(LAYER_KINDS[plan.kind].columns(fan_in, plan.nodes)) + 1)
        fan_in = plan.nodes
    if parameters > MAXIMUM_PARAMETERS:
        rule = fill(MESSAGES["described_size"], maximum=MAXIMUM_PARAMETERS)
        raise refusal("createNetwork", "description", fault(f"{_PLACE}.layers", rule, describe(parameters)))
    fields = {name: description[name] for name in ("outputs", "classes") if name in description}
    if is_array(inputs):
        fields["inputs"] = inputs
    fields[DROPOUT] = [plan.dropout for plan in plans]
    fields[LOSS] = description.get(LOSS, default_loss(plans[-1].activator))
    return Plan(width, tuple(plans), Extras.from_fields(fields))


def default_loss(activator: str) -> str:
    """The loss that is made for an activation of the output layer, or the usual one."""
    fused = (name for name, loss in LOSSES.items() if loss.fused is not None and loss.fused.activator == activator)
    return next(fused, DEFAULT_LOSS)


def _layer_plan(layer: _Layer, nodes: int | None, activator: str) -> LayerPlan:
    """A layer whose nodes and activator are these, if it does not say so itself."""
    said = {name: value for name, value in layer.items() if value is not None}
    given = {each.name: said.get(each.name, each.default) for each in LAYER_DESCRIPTION.fields}
    name = str(given["activator"] or activator)
    return LayerPlan(
        kind=str(given["kind"] or IMPLIED_FEED_FORWARD),
        nodes=int(cast(float, given["nodes"] or nodes)),
        activator=name,
        initializer=str(given["initializer"] or ALL_ACTIVATIONS[name].initializer),
        bias=float(cast(float, given["bias"])),
        dropout=float(cast(float, given["dropout"])),
    )


def _field_faults(place: str, given: Mapping[object, object] | Mapping[str, object], wanted: Options) -> str | None:
    """What is wrong with the fields of a dictionary: a name that none has, or the first one that will not do."""
    names = [each.name for each in wanted.fields]
    unknown = [each for each in given if each not in names]
    if unknown:
        rule = fill(MESSAGES["option_name"], names=", ".join(names))
        return fault(place, rule, min(describe_name(each, names) for each in unknown))
    for field in wanted.fields:
        value = dict(given).get(field.name)
        if value is None and not field.required:
            continue
        found = _field_fault(f"{place}.{field.name}", field, value)
        if found is not None:
            return found
    return None


def _field_fault(place: str, field: Option, value: object) -> str | None:
    match field.rule:
        case KindOfLayer():
            return fault_of(Choice(tuple(LAYER_KINDS)), place, value, {})
        case LayerDescriptions():
            return _layers_fault(place, field.rule, value)
        case LossDescription():
            return FAULTS[LOSS](place, value, Sizes(0, 0, 0))
        case CountOrNames() if is_array(value) and len(value):
            return fault_of(Names(), place, value, {"count": len(value)})
        case SomeNames(minimum) if is_array(value) and len(value) >= minimum:
            return fault_of(Names(), place, value, {"count": len(value)})
        case CountOrNames(minimum, maximum):
            is_count = is_integer(value, minimum, maximum)
            return None if is_count else fault(place, field.rule.text(), describe_unless_number(value))
        case SomeNames():
            return fault(place, field.rule.text(), describe(value))
    return fault_of(field.rule, place, value, {})


def _layers_fault(place: str, rule: LayerDescriptions, layers: object) -> str | None:
    if not is_array(layers) or not rule.minimum <= len(layers) <= rule.maximum:
        return fault(place, rule.text(), describe(layers))
    for index, layer in enumerate(layers, start=1):
        here = f"{place}[{index}]"
        # Lua cannot tell an empty dictionary from an empty array.
        fields = {} if is_array(layer) and len(layer) == 0 else layer
        if not isinstance(fields, Mapping):
            return fault(here, MESSAGES["layer_description"], describe(layer))
        found = _hidden_activator_fault(here, fields) if index < len(layers) else None
        found = found or _field_faults(here, fields, rule.layer)
        if found is not None:
            return found
        found = _hidden_fault(here, fields) if index < len(layers) else _output_fault(here, fields)
        if found is not None:
            return found
    return None


def _hidden_activator_fault(place: str, layer: _Layer) -> str | None:
    name = layer.get("activator")
    instead = None if name is None else described_unless_right(Choice(tuple(ACTIVATIONS)), name, {})
    if instead is None:
        return None
    rule = fill(MESSAGES["hidden_activator"], words=", ".join(ACTIVATIONS), outputs=", ".join(OUTPUT_ACTIVATIONS))
    return fault(f"{place}.activator", rule, instead)


def _hidden_fault(place: str, layer: _Layer) -> str | None:
    """What a hidden layer must say."""
    return fault(f"{place}.nodes", _nodes_rule(), describe(None)) if layer.get("nodes") is None else None


def _output_fault(place: str, layer: _Layer) -> str | None:
    """What an output layer cannot be."""
    rate = layer.get("dropout")
    return fault(f"{place}.dropout", MESSAGES["output_dropout"], describe(rate)) if rate else None


def _names_fault(description: Mapping[str, object]) -> str | None:
    """What is wrong between the names of outputs or classes and the output layer, each of which is fine."""
    if description.get("outputs") is not None and description.get("classes") is not None:
        return fault(f"{_PLACE}.outputs", MESSAGES["no_classes"], describe(description["outputs"]))
    layers = cast(Sequence[object], description["layers"])
    last = layers[-1] if isinstance(layers[-1], Mapping) else {}
    place, nodes = f"{_PLACE}.layers[{len(layers)}].nodes", last.get("nodes")
    for what in ("outputs", "classes"):
        names = _names(description, what)
        if names is not None and nodes is not None and nodes != len(names):
            return fault(place, fill(MESSAGES["nodes_of_names"], count=len(names), name=what), describe(nodes))
    if nodes is None and not any(_names(description, what) for what in ("outputs", "classes")):
        return fault(place, _nodes_rule(), describe(None))
    return None


def _nodes_rule() -> str:
    (field,) = (each for each in LAYER_DESCRIPTION.fields if each.name == "nodes")
    return field.rule.text()


def _names(description: Mapping[str, object], name: str) -> Sequence[object] | None:
    names = description.get(name)
    return names if is_array(names) else None
