"""Ranks while figures are still open: what each unit's score and rank can still become, and which claims decide it."""
