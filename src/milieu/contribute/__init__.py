"""Contribute: from a contribution to a file of the folder and back, and the templates to begin one with."""
