"""The Python API: a graph, opened from its folder."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from milieu.build.cache import Cache
from milieu.build.manifest import Build
from milieu.errors import BuildError, FormatError, StoreError
from milieu.folder import Folder
from milieu.namespaces import Prefixes
from milieu.query.answer import Answer
from milieu.query.catalogue import Catalogue
from milieu.query.run import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO

    import rdflib

    from milieu.build.steps import Watch
    from milieu.contribute.acceptance import Accepted
    from milieu.contribute.retraction import Retracted
    from milieu.explain import Card, Explanation, StoreView
    from milieu.finding import Report
    from milieu.query.header import StoredQuery
    from milieu.validate.contribution import Contribution
    from milieu.validate.incremental import Judges

__all__ = ["Graph", "open"]

_DEEPEST = 500  # brackets within brackets; the engine's stack gives way at some thousands


class Graph:
    """A graph as its folder stood when it was first asked something.

    >>> import milieu
    >>> kg = milieu.open()
    >>> [row["label"] for row in kg.query("cities-by-field", field="Crafts and Folk Art").rows if row["year"] == 2009]
    ['Kanazawa']
    """

    def __init__(
        self,
        folder: Folder,
        cache: Cache,
        *,
        watch: Watch = lambda step, done, total: None,
        as_built: bool = False,
        store: str | None = None,
    ) -> None:
        self.folder = folder
        self.cache = cache
        self._watch = watch
        self._as_built = as_built
        self._store = store

    @cached_property
    def build(self) -> Build:
        """The build that answers, or an engine in its place. Raises `BuildError` when the folder does not build."""
        if self._store:
            from milieu.build.remote import RemoteBuild

            return RemoteBuild(self.folder, self._store, self.cache.path / self.cache.digest())
        if self._as_built:
            last = self.cache.last()
            if last is None:
                raise BuildError(
                    "there is no build yet", place=str(self.cache.path), remedy="Run 'milieu build' first."
                )
            return last
        found = self.cache.find(self.cache.digest())
        if found:
            return found
        from milieu.build.steps import bring_up_to_date

        return bring_up_to_date(self.folder, self.cache, watch=self._watch)

    @property
    def prefixes(self) -> Prefixes:
        """The prefixes that queries need not declare."""
        return Prefixes(self.build.prefixes)

    @cached_property
    def queries(self) -> Catalogue:
        """The stored queries, by name."""
        return Catalogue(self.folder.root / "queries" / "answers", self.prefixes, self.cache.path / "answers")

    @cached_property
    def view(self) -> StoreView:
        """The graph as explanations look at it."""
        from milieu.explain import StoreView
        from milieu.reason import read_rules

        seen = StoreView(self.build.store.inner, read_rules(self.folder), self.prefixes)
        if self._store:
            from milieu.explain.view import asked_first

            seen.ahead(asked_first())
        return seen

    def query(self, name: str, /, **parameters: str | int | bool) -> Answer:
        """The answer to a stored query. Raises `QueryError` for an unknown name, parameter or value.

        >>> import milieu
        >>> milieu.open().query("city", city="Kanazawa").rows[0]["label"]
        'Kanazawa'
        """
        return self.answer(self.queries.get(name), parameters)

    def answer(self, stored: StoredQuery, parameters: Mapping[str, str | int | bool]) -> Answer:
        """The answer to a stored query that was looked up before."""
        return run(self.build.store, stored, parameters, self.prefixes)

    def sparql(self, text: str) -> Answer:
        """The answer to a query in SPARQL 1.1, with the folder's prefixes declared.

        Raises `QueryError` when it is not SPARQL or asks for what no query may do (SERVICE, FROM, updates).
        """
        from milieu.sparql.guard import guard

        guard(text, max_depth=_DEEPEST)
        return Answer(lambda: self.build.store.query(text), self.build.prefixes, text)

    def explain_empty(self, answer: Answer) -> str | None:
        """Why an answer has no rows, in a sentence or two; None when nothing can be told.

        >>> import milieu
        >>> kg = milieu.open()
        >>> kg.explain_empty(kg.sparql("SELECT ?city { ?city mil:practices ?craft }"))  # doctest: +ELLIPSIS
        'Line 1: no statement matches `?city mil:practices ?craft`. mil:practices is not in the graph; did you mean ...'
        """
        from milieu.query.empty import explain_empty

        return explain_empty(self.build.store, answer.query, self.build.prefixes)

    def validate(
        self,
        *contributions: Path | str | bytes,
        format: str | None = None,  # noqa: A002
        engine: Judges = "shifty",
        brief: bool = True,
    ) -> Report:
        """What is to be said of new triples: a `Path` is a file, `str` or `bytes` are text.

        Text is Turtle unless `format` says else. `engine` is who judges by the shapes: shifty, pyshacl, or both, which
        must agree. Unless `brief`, the report also reads back what is claimed, and which stored queries would answer
        otherwise. Raises `FolderError` when a file cannot be read, and `FormatError` for what is no text.

        >>> import milieu
        >>> milieu.open().validate("city:kanazawa mil:practises craft:kaga-yuzen").findings[0].code
        'unknown-prefix'
        """
        from milieu.validate.gate import Contribution, validate

        taken = [Contribution.of(contribution, format) for contribution in contributions]
        return validate(self.folder, self.near(taken), taken, engine=engine, brief=brief)

    def accept(
        self,
        contribution: Path | str | bytes,
        *,
        by: str,
        name: str | None = None,
        format: str | None = None,  # noqa: A002
        dry_run: bool = False,
    ) -> Accepted:
        """Validate a contribution and, when nothing in it is a violation, make it part of the folder.

        `by` is who hands it in, `name` what its file in data/contributions is to be called. From then on this graph
        answers with it. Raises `FolderError` when it cannot be written.
        """
        from milieu.contribute.acceptance import accept
        from milieu.validate.contribution import Contribution

        taken = Contribution.of(contribution, format)
        accepted = accept(self.folder, self.cache, taken, by=by, name=name, dry_run=dry_run, watch=self._watch)
        self.__dict__.pop("build", None)
        return accepted

    def retract(self, name: str, *, dry_run: bool = False) -> Retracted:
        """Take back the contribution of that name, unless something depends on it.

        From then on this graph answers without it. Raises `FolderError` when there is no such contribution.
        """
        from milieu.contribute.retraction import retract

        retracted = retract(self.folder, self.cache, name, dry_run=dry_run, watch=self._watch)
        self.__dict__.pop("build", None)
        return retracted

    def near(self, contributions: Sequence[Contribution]) -> Build:
        """The build; or the engine, with what is sure to be asked of it for these contributions asked at once."""
        if not self._store:
            return self.build
        from milieu.build.ahead import brought_near

        return brought_near(self.build, contributions)

    def export(
        self,
        target: str | os.PathLike[str] | IO[bytes],
        format: str | None = None,  # noqa: A002
        only: str = "all",
    ) -> int:
        """Write the graph to a file or a binary stream and give the number of statements, things or rows written.

        Without `format` the ending of the file tells it. A file is written beside itself and renamed into place, so
        that it is never half there. Raises `FormatError`, and `StoreError` when the file cannot be written.

        >>> import io, milieu
        >>> milieu.open().export(io.BytesIO(), "ntriples") > 1000
        True
        """
        from milieu.export.file import export_file
        from milieu.export.formats import export

        if isinstance(target, str | os.PathLike):
            return export_file(self.build, Path(target), format, only)
        if format is None:
            raise FormatError("a stream does not tell its format", remedy="Give format='turtle' or another.")
        return export(self.build, target, format, only)

    def why(self, subject: str, predicate: str, obj: str) -> Explanation:
        """Why a statement is in the graph: its evidence, its proof, or the nearest that is there instead.

        Terms are prefixed names, IRIs in `<…>`, labels, or literals as Turtle writes them.

        >>> import milieu
        >>> milieu.open().why("city:kanazawa", "mil:hasField", "field:crafts-and-folk-art").status
        'inferred'
        """
        from milieu.explain import why
        from milieu.explain.naming import statement_of

        return why(self.view, *statement_of(self.view, subject, predicate, obj))

    def show(self, thing: str) -> Card:
        """All that the graph says of a thing, grouped and labelled.

        >>> import milieu
        >>> [name.value for name in milieu.open().show("Kanazawa").names]
        ['Kanazawa', '金沢市']
        """
        from milieu.explain import show
        from milieu.explain.naming import term_of

        return show(self.view, term_of(self.view, thing))

    def dataset(self) -> rdflib.Dataset:
        """The graph as an rdflib Dataset over the store, for reading; its default graph is both graphs as one.

        Raises `StoreError` when an engine stands in for the build: rdflib would ask it for one triple after the other.

        >>> import milieu
        >>> len(milieu.open().dataset()) > 1000
        True
        """
        if self._store:
            raise StoreError(
                "a dataset needs a build, and this graph is in an engine",
                place=self._store,
                remedy="Open it without 'store', or give rdflib's SPARQLStore the address.",
            )
        from milieu.store.rdflib import dataset

        return dataset(self.build.store, self.build.prefixes)


def open(  # noqa: A001 - milieu.open() reads as what it does
    folder: str | os.PathLike[str] | None = None,
    *,
    cache: str | os.PathLike[str] | None = None,
    store: str | None = None,
) -> Graph:
    """The graph of a folder; without one, Milieu's own. It is built when it is first asked something.

    With `store`, the address of a SPARQL engine such as `sparql+http://127.0.0.1:7878/query`, the graph that was
    published there answers, and nothing is built. Raises `FolderError` when there is no such folder.
    """
    found = Folder.find(folder)
    return Graph(found, Cache(found.root, cache), store=store)
