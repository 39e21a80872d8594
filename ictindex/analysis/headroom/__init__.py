"""Where a unit's points are lost, at which row and why, and how it stands in its pool at every row."""
