"""What an argument must be, for a reader who has not called anything yet."""

from engine.formulas.registry import OUTPUT_ACTIVATIONS
from engine.interface.messages import MESSAGES, fill
from engine.interface.rules import KindOfLayer, NamedChoice, Numbers, Rule
from engine.layers.registry import LAYER_KINDS

# What only a call tells.
_OF_A_CALL = {"count": "as many", "samples": "as many", "layers": "hiddenL + 1", "shape": "same-sized"}
# Whose numbers an array has as many of, by what the rule calls them.
_AS = {
    "inputs": " as the network has inputs",
    "outputs": " as the network has outputs",
    "networks": " as there are networks",
    "scaler": " as the scaler has columns",
}


def limit_text(rule: Rule) -> str:
    """The rule as an error says it; long lists of names are links."""
    names = {"activators": "the [activations](#activations)", "outputs": ", ".join(OUTPUT_ACTIVATIONS)}
    match rule:
        case NamedChoice():
            title = f"{rule.type_name.removesuffix('Name')}s"
            return fill(MESSAGES[rule.message], words=f"the [{title.lower()}](#{title.lower()})")
        case KindOfLayer():
            names |= {"words": ", ".join(LAYER_KINDS)}
    text = fill(rule.template, **names, **_OF_A_CALL)
    return text + _AS[rule.of] if isinstance(rule, Numbers) else text
