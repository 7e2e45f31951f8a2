"""Proof that the library is right; mirrors the folders of the project."""
