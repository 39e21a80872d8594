"""A starter of a scheme: from a few questions, or from the table of a decision as provinces publish it."""
