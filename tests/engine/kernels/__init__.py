"""Tests of loops over numbers."""
