"""Training over many samples, and the machines that do it."""
