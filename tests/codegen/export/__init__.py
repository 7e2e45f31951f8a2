"""Tests of modules for one network."""
