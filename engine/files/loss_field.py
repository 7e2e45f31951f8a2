"""The loss that a network names: ``"Huber"`` or, with settings, ``{"name": "Huber", "delta": 0.5}``.

The same as networks/losses.luau.
"""

from collections.abc import Mapping

from engine.arguments import described_unless_right, fault
from engine.describe import as_number, describe, describe_name, is_array
from engine.formulas.registry import LOSSES
from engine.interface.limits import DEFAULT_LOSS
from engine.interface.messages import MESSAGES, fill
from engine.interface.options import LOSS_SETTINGS

_NAME = "name"
# The settings of a loss, by their names in Python, that are not their defaults.
Settings = Mapping[str, float]


def loss_fault(place: str, loss: object) -> str | None:
    """What is wrong with a loss, or None."""
    if not isinstance(loss, Mapping):
        return _name_fault(place, loss, "loss") if not is_array(loss) else _fault(place, loss)
    if not loss:
        return _fault(place, loss)
    return _name_fault(f"{place}.{_NAME}", loss.get(_NAME), "choice") or _settings_fault(place, loss)


def loss_of(loss: object) -> tuple[str, Settings]:
    """The name and the settings of a loss that has no fault."""
    if not isinstance(loss, Mapping):
        return str(loss), {}
    name = str(loss[_NAME])
    given = {each.python: as_number(loss.get(each.name)) for each in LOSS_SETTINGS[name]}
    defaults = LOSSES[name].values
    return name, {each: value for each, value in given.items() if value is not None and value != defaults[each]}


def saved_loss(name: str, settings: Settings) -> object:
    """What is saved of a loss; None if it goes without saying."""
    saved: dict[str, object] = {
        each.name: settings[each.python] for each in LOSS_SETTINGS[name] if each.python in settings
    }
    if saved:
        return dict(sorted({**saved, _NAME: name}.items()))
    return name if name != DEFAULT_LOSS else None


def _fault(place: str, loss: object) -> str:
    return fault(place, fill(MESSAGES["loss"], words=", ".join(LOSSES)), describe(loss))


def _name_fault(place: str, name: object, rule: str) -> str | None:
    if isinstance(name, str) and name in LOSSES:
        return None
    return fault(place, fill(MESSAGES[rule], words=", ".join(LOSSES)), describe_name(name, tuple(LOSSES)))


def _settings_fault(place: str, loss: Mapping[object, object]) -> str | None:
    name = str(loss[_NAME])
    names = [_NAME, *(each.name for each in LOSS_SETTINGS[name])]
    unknown = [describe_name(each, names) for each in loss if each not in names]
    if unknown:
        return fault(place, fill(MESSAGES["loss_settings"], name=name, names=", ".join(names)), min(unknown))
    for setting in LOSS_SETTINGS[name]:
        instead = described_unless_right(setting.rule, loss[setting.name], {}) if setting.name in loss else None
        if instead is not None:
            return fault(f"{place}.{setting.name}", setting.rule.text(), instead)
    return None
