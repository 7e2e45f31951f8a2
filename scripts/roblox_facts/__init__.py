"""What Roblox has of what this project uses, as Luau declarations. `scripts/roblox_declarations.py` is the command."""
