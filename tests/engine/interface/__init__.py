"""Tests of what the library promises."""
