"""Tests of kinds of layers, their programs and their backward passes."""
