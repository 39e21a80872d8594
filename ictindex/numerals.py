"""How a number may be typed: which sign stands before the decimals, and which between thousands."""
