"""Losses: what training makes small, each with its slope. A file for each, or for those that share formulas."""
