"""Lists of units: who there is, under which code and name, and since when; and what became of whom."""
