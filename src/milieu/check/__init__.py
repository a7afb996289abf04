"""Check: everything a folder promises of itself, from its shapes to its layout; one module per kind of promise."""
