"""Tests of Roblox's files."""
