"""The yearly round: what a unit declares, what is verified, and what is final."""
