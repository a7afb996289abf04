"""Export: the graph, or a part of it, in the formats its readers use."""
