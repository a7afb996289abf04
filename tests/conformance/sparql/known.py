"""The groups of the suites that are run, those that are not and why, and every failure with its cause."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


SUITES = {
    "sparql11": _words(
        "aggregates add basic-update bind bindings cast clear construct copy csv-tsv-res delete delete-data "
        "delete-insert delete-where drop exists functions grouping json-res move negation project-expression "
        "property-path protocol service-description subquery syntax-query syntax-update-1 syntax-update-2 "
        "update-silent"
    ),
    "sparql10": _words(
        "algebra ask basic bnode-coreference boolean-effective-value bound cast construct dataset distinct "
        "expr-builtin expr-equals expr-ops graph i18n open-world optional optional-filter reduced regex "
        "solution-seq sort syntax-sparql1 syntax-sparql2 syntax-sparql3 syntax-sparql4 syntax-sparql5 "
        "triple-match type-promotion"
    ),
    "sparql12": _words(
        "codepoint-escapes eval-triple-terms expression grouping lang-basedir rdf11 syntax "
        "syntax-triple-terms-negative syntax-triple-terms-positive version"
    ),
}

NOT_OFFERED = {
    "sparql11/entailment": "entailment regimes are not worked out per query: what follows by the rules is in the graph",
    "sparql11/service": "SERVICE is refused: no query reaches another machine",
    "sparql11/syntax-fed": "SERVICE is refused: no query reaches another machine",
    "sparql11/graph-store-protocol": "graphs are for reading; the folder's files are changed instead",
    "sparql11/http-rdf-update": "an older form of graph-store-protocol",
}

_LOAD = ("ours", "LOAD is refused on purpose: no update reads another document")
_NORMAL = ("engine", "its store normalises literals (001 becomes 1), so that other terms are told apart or counted")
_PATH = ("engine", "a path of length zero does not match a constant that is in no triple")
_GRAPH = ("engine", "GRAPH with a variable does not bind it where its group has no triple pattern of its own")
_ESCAPE = ("ours", "an escape that engines read differently is refused")
_AGGREGATE = ("engine", "its parser takes an aggregate within an aggregate")

KNOWN = {
    "sparql11/aggregates/agg-groupconcat-04": (
        "engine",
        "GROUP_CONCAT keeps the language tag that all its values share",
    ),
    "sparql11/aggregates/agg-groupconcat-06": (
        "engine",
        "GROUP_CONCAT keeps the language tag that all its values share",
    ),
    "sparql11/aggregates/agg-empty-group-count-graph": _GRAPH,
    "sparql11/bindings/graph": _GRAPH,
    "sparql11/csv-tsv-res/csv03": _NORMAL,
    "sparql11/functions/bnode01": ("engine", "BNODE with a label gives the same node in every row"),
    "sparql11/negation/graph-minus": ("engine", "GRAPH with a variable makes the sides of MINUS share that variable"),
    "sparql11/property-path/zero_or_more_set_start": _PATH,
    "sparql11/property-path/zero_or_more_set_end": _PATH,
    "sparql11/property-path/zero_or_one_set_start": _PATH,
    "sparql11/property-path/zero_or_one_set_end": _PATH,
    "sparql11/update-silent/load-silent": _LOAD,
    "sparql11/update-silent/load-into-silent": _LOAD,
    "sparql11/syntax-update-1/test_1": _LOAD,
    "sparql11/syntax-update-1/test_2": _LOAD,
    "sparql11/syntax-update-1/test_3": _LOAD,
    "sparql11/syntax-update-1/test_4": _LOAD,
    "sparql11/syntax-update-1/test_37": _LOAD,
    "sparql10/distinct/distinct-1": _NORMAL,
    "sparql10/distinct/distinct-9": _NORMAL,
    "sparql10/expr-builtin/dawg-str-1": _NORMAL,
    "sparql10/expr-builtin/dawg-str-2": _NORMAL,
    "sparql10/expr-builtin/sameTerm-simple": _NORMAL,
    "sparql10/expr-builtin/sameTerm-eq": _NORMAL,
    "sparql10/expr-builtin/sameTerm-not-eq": _NORMAL,
    "sparql10/expr-builtin/case-insensitive-booleans": ("engine", "its parser takes true and false in lower case only"),
    "sparql10/expr-equals/eq-graph-1": _NORMAL,
    "sparql10/expr-equals/eq-graph-2": _NORMAL,
    "sparql10/graph/graph-variable-scope": ("engine", "the variable of GRAPH is seen inside of its group too early"),
    "sparql10/graph/graph-optional": ("engine", "the variable of GRAPH is seen inside of its group too early"),
    "sparql10/open-world/open-eq-01": _NORMAL,
    "sparql10/open-world/date-2": ("engine", "dates with and without time zone are compared within fourteen hours"),
    "sparql10/syntax-sparql3/syn-bad-26": ("engine", "its parser takes a blank node label in two groups"),
    "sparql12/codepoint-escapes/codepoint-esc-08": _ESCAPE,
    "sparql12/codepoint-escapes/codepoint-esc-09": _ESCAPE,
    "sparql12/eval-triple-terms/op-2": _NORMAL,
    "sparql12/grouping/group01": _NORMAL,
    "sparql12/grouping/select-variable-reuse": (
        "engine",
        "its parser does not let a SELECT expression use the name before",
    ),
    "sparql12/syntax-triple-terms-negative/tripleterm-subject-03": (
        "engine",
        "its parser takes a triple term as subject",
    ),
    "sparql12/syntax-triple-terms-negative/tripleterm-subject-06": (
        "engine",
        "its parser takes a triple term as subject",
    ),
    "sparql12/syntax/nested-aggregate-functions": _AGGREGATE,
}
"""Every case that fails: whose the cause is, and what it is."""
