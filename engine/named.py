"""Registries: records by their names."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol, TypeVar


class Named(Protocol):
    """What has a name."""

    @property
    def name(self) -> str:
        """By which users choose it."""
        ...


Record = TypeVar("Record", bound=Named)


def by_name(*records: Record) -> Mapping[str, Record]:
    """The records by their names, in their order.

    Raises:
        ValueError: if two have the same name.
    """
    found: dict[str, Record] = {}
    for each in records:
        if each.name in found:
            raise ValueError(f"two records are called {each.name}; give one of them another name")
        found[each.name] = each
    return MappingProxyType(found)
