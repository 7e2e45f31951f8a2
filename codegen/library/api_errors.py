"""How error messages are built, and where their advice is explained."""

from codegen.library.markdown import anchor, fence, table
from engine.interface.advice import ADVICE, spoken
from engine.interface.functions import FUNCTIONS
from engine.interface.messages import MESSAGES, fill

TITLE = "Error messages"
# The message that is taken apart: what came for which argument of which function, and of how many inputs.
_FUNCTION, _POSITION, _INPUTS, _GOT = "forwardNet", 2, 2, fill(MESSAGES["got_array"], length=3)
# Where the page itself is.
_PAGE = "api.md"


def lines() -> list[str]:
    """The section."""
    parameter = FUNCTIONS[_FUNCTION].parameters[_POSITION - 1]
    rule = parameter.rule.text(count=_INPUTS)
    parts = fill(MESSAGES["fault"], place=parameter.label, rule=rule, got=_GOT)
    return [
        (
            "A bad argument is refused before anything changes, in one line. "
            f"`KNN.{_FUNCTION}(network, {{ 1, 2, 3 }})` of a network with {_INPUTS} inputs says"
        ),
        "",
        *fence(fill(MESSAGES["wrong_argument"], position=_POSITION, fault=parts)),
        "",
        *table(
            ["part", "here", "what it is"],
            [
                [
                    "prefix",
                    fill(MESSAGES["wrong_argument"], position=_POSITION, fault="").rstrip(" ."),
                    "which argument of the function it is, counted from 1",
                ],
                [
                    "place",
                    parameter.label,
                    "what it is called or, in a table, where in it: `Samples[3][1]`, `Options.epochs`",
                ],
                ["rule", rule, "what it must be, as the tables above have it"],
                [
                    "what came",
                    f"got {_GOT}",
                    "what came instead: a number, a text in quotes, how long an array is, a type",
                ],
                ["hint", "", "in brackets, where there is something to do about it"],
            ],
        ),
        "",
        "Warnings and the errors of a training that went wrong are sentences. This is what all of them advise:",
        "",
        *table(["it says", "see"], ([spoken(each), _link(each.section)] for each in ADVICE)),
    ]


def _link(section: str) -> str:
    """A link to where advice is explained."""
    page, _, heading = section.partition("#")
    name = next((each for each in FUNCTIONS if anchor(each) == heading), heading.replace("-", " "))
    return f"[{name}]({'' if page == _PAGE else page}#{heading})"
