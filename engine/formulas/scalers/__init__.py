"""The scalers, a file for each."""
