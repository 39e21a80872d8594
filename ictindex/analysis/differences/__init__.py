"""What changed between two schemes, in words, and whether their scores may be set side by side."""
