"""The generator: the truth in `engine` becomes one typed Luau ModuleScript."""
