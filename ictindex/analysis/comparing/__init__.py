"""Two results compared: how much of each change is the unit's own, its verification, the scheme's and the others'."""
