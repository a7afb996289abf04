"""Query: stored queries by name, their typed parameters, and the answer."""
