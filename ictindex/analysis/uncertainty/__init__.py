"""How sure a ranking is: what is varied, draw after draw, and what the ranks depend on."""
