"""Full validation by pySHACL itself, node by node, on the shapes as they were written."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any

from milieu.store.seam import Triple
from milieu.validate.path import read_path, sparql
from milieu.validate.reference import graph_of, n_triples
from milieu.validate.shapegraph import ShapeGraph

Pairs = dict[tuple[str, str], Counter[tuple[str, ...]]]


class Oracle:
    """What pySHACL says of each target shape and each of its focus nodes."""

    def __init__(self, shapes: str) -> None:
        self._written = ShapeGraph([("shapes.ttl", shapes.encode())])
        # Blank nodes get the names that Milieu gives them, so that results can be compared.
        self._shapes = "".join(f"{s} {p} {o} .\n" for s, p, o in self._written).encode()

    def judge(self, triples: list[Triple]) -> Pairs:
        """The results of a graph, by shape and focus node."""
        from pyshacl import Validator
        from pyshacl.constraints.sparql.sparql_based_constraint_components import SPARQLConstraintComponentValidator
        from pyshacl.graph_abstraction import DataGraph

        data = graph_of("".join(f"{s} {p} {o} .\n" for s, p, o in triples).encode())
        validator = Validator(
            DataGraph.from_rdflib(data), shacl_graph=graph_of(self._shapes), options={"inplace": True}
        )
        executor = validator.make_executor()
        # pySHACL keeps every shapes graph that has components, for good.
        SPARQLConstraintComponentValidator.validator_cache.clear()
        pairs: Pairs = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for shape in list(validator.shacl_graph.shapes):
                for focus in shape.focus_nodes(validator.data_graph):
                    _, found = shape.validate(executor, validator.data_graph, focus=[focus])
                    keys = Counter(self._key(node, parts) for _, node, parts in found)
                    pairs[n_triples(shape.node), n_triples(focus)] = keys
        return pairs

    def _key(self, result: Any, parts: list[Any]) -> tuple[str, ...]:
        found = {
            str(predicate).rsplit("#", 1)[-1]: n_triples(value[1] if isinstance(value, tuple) else value)
            for node, predicate, value in parts
            if node == result
        }
        path = found.get("resultPath", "")
        if path.startswith("_:"):
            path = sparql(read_path(self._written, path))
        return (
            found["focusNode"],
            path,
            found.get("value", ""),
            found["sourceShape"],
            found["sourceConstraintComponent"],
            found["resultSeverity"],
        )
