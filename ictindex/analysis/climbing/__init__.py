"""How a unit climbs: its next moves, the points each adds, and the least effort that reaches a goal."""
