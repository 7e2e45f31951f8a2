"""The challenge of 2019: a network that is right at every one of 640,000 points."""
