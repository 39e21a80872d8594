"""Scoring in parts: batches of record batches on any number of machines, and files that are larger than memory."""
