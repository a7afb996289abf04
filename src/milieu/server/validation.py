"""`/validate`: new triples in, a report out; a form for people."""

from __future__ import annotations

import base64
import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from milieu.server.body import media_type_of, received, text_of
from milieu.server.fault import RequestError
from milieu.server.media import HTML, TRIPLES, choose
from milieu.server.negotiate import negotiate
from milieu.server.parameters import asked, one, parameters, truth
from milieu.server.reply import leaving, respond
from milieu.server.site import Site
from milieu.worker.report import REPORTS

__all__ = ["validate"]

_FORM = "application/x-www-form-urlencoded"


async def validate(request: Request) -> Response:
    """The form on GET; on POST the report on the body, in the format that `?format=` or Accept asks for.

    The report is the answer whatever it says, so that the status is 200 for contributions that may not join as well.
    """
    from milieu.server.pages import page

    if request.method in ("GET", "HEAD"):
        return page(request, "validate.html", title="Validate", text="", input="turtle", report=None)
    fields = asked(request, ("format", "full"))
    content, kind, given = await _contribution(request)
    formats = {name: (media,) for name, media in REPORTS.items()}
    accept = request.headers.get("accept")
    named = one(fields, "format")
    for_people = named == "html" or (named is None and negotiate(accept, [*REPORTS.values(), HTML]) == HTML)
    chosen = ("json", HTML) if for_people else choose(accept, formats, named)
    if chosen is None:
        raise RequestError(406, "reports are not written in that format", remedy=f"Choose one of {', '.join(formats)}.")
    site: Site = request.app.state.site
    task: dict[str, Any] = {
        "do": "validate",
        "name": "contribution",
        "content": base64.b64encode(content).decode(),
        "input": kind,
        "report": chosen[0],
        "full": for_people or truth(fields, "full"),
    }
    reply = await site.edition.pool.ask(task, gone=leaving(request))
    if not for_people:
        return respond(reply, chosen[1], {"Vary": "Accept"})
    report = json.loads(await reply.read())
    text = content.decode("utf-8", errors="replace")
    return page(request, "validate.html", title="Validate", text=text if given else "", input=kind, report=report)


async def _contribution(request: Request) -> tuple[bytes, str, bool]:
    """The bytes that were handed in, their format, and whether they came from the form."""
    media = media_type_of(request)
    body = await received(request)
    if media == _FORM:
        fields = parameters(text_of(body))
        kind = one(fields, "input") or "turtle"
        if kind not in TRIPLES:
            raise RequestError(400, f"there is no format {kind!r}", remedy=f"Choose one of {', '.join(TRIPLES)}.")
        text = one(fields, "data")
        if text is None:
            raise RequestError(400, "the form has no field 'data', or it is empty", remedy="Write the triples there.")
        return text.replace("\r\n", "\n").encode(), kind, True
    named = next((name for name, types in TRIPLES.items() if media in types and media != "application/json"), None)
    if named is None:
        offered = ", ".join(types[0] for types in TRIPLES.values())
        raise RequestError(
            415, f"bodies of the type {media or '(none)'} are not taken", remedy=f"Send one of {offered}."
        )
    if not body:
        raise RequestError(400, "there is nothing to validate", remedy="Send the triples as the body.")
    return body, named, False
