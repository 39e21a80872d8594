"""Readings across results: whether a scheme reproduces the figures that were published."""
