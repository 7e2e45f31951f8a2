"""Python to Luau: formulas and values; and Luau to Lua, without its types."""
