"""GeoJSON (RFC 7946): everything that has coordinates, as points with what is said of them."""

from __future__ import annotations

import json
import re
from typing import IO, Any

import pyoxigraph as ox

from milieu.build.manifest import Build
from milieu.export.things import Names, Thing, Value, local_name, things
from milieu.namespaces import RDF, Prefixes
from milieu.query.answer import value_of

__all__ = ["export_geojson"]

_TYPE = f"{RDF}type"
_LATITUDE, _LONGITUDE = ("latitude", "lat"), ("longitude", "long", "lon", "lng")
_WKT = "http://www.opengis.net/ont/geosparql#asWKT"
_POINT = re.compile(r"\s*(?:<[^>]*CRS84>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)\s*", re.IGNORECASE)


def export_geojson(build: Build, stream: IO[bytes], graphs: str = "all") -> int:
    """Write the features, one a line and sorted by IRI, and give their number. Memory stays flat.

    A thing has a place when it has one latitude and one longitude (properties of these names, as in WGS84 and
    schema.org), or a point as well-known text (GeoSPARQL).
    """
    prefixes = Prefixes(build.prefixes)
    names = Names(prefixes, ("id", "type"))
    stream.write(b'{"type":"FeatureCollection","features":[')
    count = 0
    for thing in things(build, graphs):
        at = _coordinates(thing)
        if at is not None and isinstance(thing.node, ox.NamedNode):
            feature = _feature(thing, at, names)
            text = json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
            stream.write((",\n" if count else "\n").encode() + text.encode())
            count += 1
    stream.write(b"\n]}\n")
    return count


def _coordinates(thing: Thing) -> tuple[float, float] | None:
    """Longitude and latitude of a thing, when it has them and they are on the globe."""
    found = _numbers(thing, _LONGITUDE), _numbers(thing, _LATITUDE)
    if len(found[0]) == len(found[1]) == 1:
        longitude, latitude = found[0][0], found[1][0]
    else:
        points = [point for value in thing.values.get(_WKT, ()) if (point := _POINT.fullmatch(value.value))]
        if len(points) != 1:
            return None
        longitude, latitude = float(points[0][1]), float(points[0][2])
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None


def _numbers(thing: Thing, names: tuple[str, ...]) -> list[float]:
    found = (value_of(value) for prop, values in thing.values.items() if local_name(prop) in names for value in values)
    return list(dict.fromkeys(float(value) for value in found if isinstance(value, int | float)))


def _feature(thing: Thing, at: tuple[float, float], names: Names) -> dict[str, Any]:
    properties: dict[str, Any] = {"type": [names.of(kind) for kind in thing.classes]}
    for prop, values in thing.values.items():
        if prop in (_TYPE, _WKT) or local_name(prop) in (*_LATITUDE, *_LONGITUDE):
            continue
        for language, some in _by_language(values).items():
            name = names.of(prop) + (f"@{language}" if language and language != "en" else "")
            plain = [value_of(value) for value in some]
            properties[name] = plain[0] if len(plain) == 1 else plain
    return {
        "type": "Feature",
        "id": thing.node.value,
        "geometry": {"type": "Point", "coordinates": list(at)},
        "properties": properties,
    }


def _by_language(values: list[Value]) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for value in values:
        found.setdefault(value.language or "" if isinstance(value, ox.Literal) else "", []).append(value)
    return found
