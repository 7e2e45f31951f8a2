"""What the network of the example Digits is trained and judged with."""
