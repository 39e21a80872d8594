"""What would be if some cells of a table were others: new scores, ranks and levels, the old ones beside."""
