"""Tests of the `luaunn` command."""
