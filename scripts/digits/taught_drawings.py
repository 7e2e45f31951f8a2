"""Digits drawn with a mouse that the network is taught beside the scanned ones."""

from collections.abc import Mapping
from types import MappingProxyType

from digits.drawing import Drawing, drawing

# The data set lacks ways to write a digit that are common on a screen: a 1 with a foot, a 4 that is open above, a 7
# without a bar. So that nobody need know which, there are some of every digit.
TAUGHT: Mapping[str, tuple[Drawing, ...]] = MappingProxyType(
    {
        "0": (
            drawing("2.5,0 0.8,1.5 0,4 0.2,7 1.5,9.5 3.5,10 5,8 5.6,5 5,2 3.8,0.3 2,0"),
            drawing("3.5,0 6,1.5 7,5 6,8.5 3.5,10 1,8.5 0,5 1,1.5 3.8,0"),
        ),
        "1": (
            drawing("0,1.5 1.8,0 1.8,10"),
            drawing("0.5,0 0,10"),
            drawing("0,3 3,0 3,10", "1,10 5,10"),
            drawing("0,0 0.3,10"),
            drawing("0.5,2 2.2,0 2.2,10", "0,9.8 4.4,10"),
        ),
        "2": (
            drawing("0.3,2 2,0 4.3,0.2 5,2.5 3.3,5.5 0,9.8 5.5,10"),
            drawing("0,3 0.5,1 3,0 5.5,1.5 5,4.5 0.5,9.5 3,10 6.5,9.5"),
        ),
        "3": (
            drawing("0,0.5 3,0 4.8,1.5 4,4 1.5,5 4.5,5.5 5,8 3,10 0,9.5"),
            drawing("0.5,1.5 2,0 4.5,0.8 4.6,3.2 2.5,4.6 5.3,6.2 5.2,8.8 2.5,10 0.2,8.4"),
        ),
        "4": (
            drawing("3.5,0 0,6 5.5,6", "4,2.5 4,10"),
            drawing("0.5,0 0,4.8 5,4.8", "4.5,0.5 4.5,10"),
            drawing("5,0 0,7 7,7", "5,0 5,10"),
            drawing("1.5,0 0,5.5 6,5.3", "5,1 4,10"),
        ),
        "5": (
            drawing("5,0 0.5,0 0.3,4.5 3.5,4 5.3,6 4.8,9 2,10 0,9"),
            drawing("1,0 0.8,4 3,3.8 5,5.5 5,8.2 3,10 0,9.8", "1,0 5.2,0.2"),
        ),
        "6": (
            drawing("4,0 1.5,2 0.2,6 0.8,9.2 3,10 5,8.5 4.8,6.2 2.5,5.2 0.5,6.8"),
            drawing("3,0 0.5,4 0,8 2,10 4.5,9 5,7 3.5,5.5 1,6.2 0.2,7.5"),
        ),
        "7": (
            drawing("0,0 5,0 1.5,10"),
            drawing("0,0.5 6.5,0 3.5,5 3,10"),
            drawing("0,0 5,0.3 3,5 2.5,10", "1.5,5 4.8,4.6"),
            drawing("0,2 0.3,0.3 5,0 2.5,6 2,10"),
        ),
        "8": (
            drawing("3,4.5 1,3 1,1 3,0 5,1 5,3 3,4.5 0.5,6.5 0.8,9 3,10 5.3,9 5.5,6.5 3,4.5"),
            drawing("5,1 3,0 0.8,1.3 1.5,3.5 4.5,5.8 5.4,8 3.5,10 1,9.3 0.5,7.5 3,5 5,3 5,1"),
        ),
        "9": (
            drawing("4.8,1 2.8,0 0.5,1.5 0.8,4 3,4.8 4.8,3 4.9,0.8 4.7,6 3.8,10"),
            drawing("5,2.5 4,0.3 1.5,0 0,2 0.8,4.5 3,5 5,3 5,1 4.5,7 2.5,9.8 0.5,9.8"),
        ),
    }
)
