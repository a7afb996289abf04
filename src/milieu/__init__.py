"""Milieu: a knowledge graph of creative cities that anyone can query, cite and extend, kept as files.

>>> import milieu
>>> kg = milieu.open()
>>> kg.query("cities-by-field", field="Crafts and Folk Art").rows[0]["field"]
'Crafts and Folk Art'
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from milieu.graph import Graph, open

__all__ = ["Graph", "__version__", "open"]

__version__ = "1.0.0"


def __getattr__(name: str) -> object:
    # The command line imports this package for every query, so the Python API is loaded when it is asked for.
    if name in {"Graph", "open"}:
        import milieu.graph

        return getattr(milieu.graph, name)
    raise AttributeError(f"module 'milieu' has no attribute {name!r}")
