"""Tests of networks as tables and as text."""
