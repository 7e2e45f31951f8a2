"""The library: from the truth in `engine` to every generated file."""
