"""The one error for what is asked of Roblox and is not there."""


class FactError(Exception):
    """Roblox lacks something that the project uses, or has it in a form that cannot be declared."""
