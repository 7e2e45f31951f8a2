"""Update rules: how a parameter moves against its gradient. A file for each."""
