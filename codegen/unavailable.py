"""The one error for what this machine does not have."""


class UnavailableError(Exception):
    """A runtime or a tool cannot be had here. The text says why and how to get it."""
