"""Tests of how the library is generated."""
