"""Contestants of another version of the library, each behind the same of the present one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from benchmarks.processes import ProcessError
from benchmarks.race import Contestant, UnequalError, compare
from codegen.runtimes import LuaError


@dataclass(frozen=True)
class LeftOut:
    """What another version cannot race in: the contestant's name and, in one line, the reason."""

    contestant: str
    reason: str


def paired(
    present: Iterable[Contestant], others: Iterable[Contestant], version: str
) -> tuple[list[Contestant], list[LeftOut]]:
    """The present contestants, each of the library with that of the other version behind it.

    The other version's are tried first: those that fail, and those that compute something else than the first, are
    left out.

    Args:
        present: the contestants as they race anyway.
        others: the contestants of another version.
        version: what that version is called.
    """
    by_name = {each.name: each for each in others}
    result: list[Contestant] = []
    left_out: list[LeftOut] = []
    for own in map(_answering_once, present):
        result.append(own)
        if own.of_library and own.name in by_name:
            other = replace(_answering_once(by_name[own.name]), name=f"{own.name} · {version}", beside=own.name)
            reason = _reason_against(other, result[0])
            if reason is None:
                result.append(other)
            else:
                left_out.append(LeftOut(own.name, reason))
        elif own.of_library:
            left_out.append(LeftOut(own.name, "it has no such contestant"))
    return result, left_out


def _answering_once(contestant: Contestant) -> Contestant:
    """The same, which computes its answer at most once."""
    return contestant if contestant.answer is None else replace(contestant, answer=cache(contestant.answer))


def _reason_against(other: Contestant, first: Contestant) -> str | None:
    """Why another version's contestant cannot race, if it cannot."""
    try:
        if other.answer is None:
            other.time(1)
        else:
            other.answer()
    except (LuaError, ProcessError) as error:
        return str(error).partition("\n")[0]
    try:
        compare([first, other])
    except UnequalError as error:
        return str(error)
    return None
