"""Why a unit has its score: a tree of rows that adds up to the last digit, told in words, as data and as a table."""
