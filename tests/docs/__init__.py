"""What README and docs/ show is run, and learns what they say."""
