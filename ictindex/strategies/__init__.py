"""The mathematics: pure functions on arrays, each under a thin frozen class of its parameters."""
