"""Build: from a folder to a store that answers, in a cache beside it; and the state of that cache."""
