"""Kinds of layers: a file for each, with its program and its number of weights; what reads and derives programs."""
