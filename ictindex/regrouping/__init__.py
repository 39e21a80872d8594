"""A table of old units made one of new units: sums, weighted means, what all parts have in common, and what is lost."""
