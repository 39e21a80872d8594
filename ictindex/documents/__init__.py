"""From text to a scheme: strict YAML, its structure, its meaning, and where schemes are."""
