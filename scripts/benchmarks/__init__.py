"""The race between the library and a textbook implementation. `scripts/benchmark.py` is the command."""
