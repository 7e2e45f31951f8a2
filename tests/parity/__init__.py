"""The generated module against the Python engine, in every runtime."""
