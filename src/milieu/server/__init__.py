"""Server: the graph for machines and for people over HTTP; one module per concern, composed in `app`."""
