"""Networks as tables and as text."""
