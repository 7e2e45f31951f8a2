"""Tests of training over many samples."""
