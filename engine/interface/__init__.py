"""Every constant, limit, message and public signature of the library, written once, one subject to a file.

The Python engine reads them here; the generator writes them into the library and into docs/api.md.
Formulas have their own constants beside them, in `engine.formulas`.
"""
