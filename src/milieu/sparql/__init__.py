"""SPARQL as text: its tokens, the terms in it, what is refused, how parameters are bound, and its pattern as a tree."""
