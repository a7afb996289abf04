"""Judges hostile contributions in a process of its own, and says of each what came of it; run by the tests."""

from __future__ import annotations

import json
import resource
import signal
import socket
import sys
import time

import milieu
from hostile.cases import cases
from milieu.validate.contribution import Contribution
from milieu.validate.gate import validate

SECONDS = 30


def main() -> None:
    reached: list[str] = []

    def connect(self: socket.socket, address: object) -> None:
        reached.append(str(address))
        raise OSError("no network here")

    socket.socket.connect = connect  # type: ignore[method-assign,assignment]
    graph = milieu.open()
    _ = graph.build
    wanted = set(sys.argv[1:])
    for name, kind, content, _codes in cases():
        if wanted and name not in wanted:
            continue
        print(json.dumps({"begun": name}), flush=True)
        signal.alarm(SECONDS)
        began = time.monotonic()
        report = validate(graph.folder, graph.build, [Contribution(name, content, kind)])
        signal.alarm(0)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        told = {
            "name": name,
            "conforms": report.conforms,
            "codes": sorted({finding.code for finding in report}),
            "messages": [finding.message[:300] for finding in report if finding.severity == 3][:3],
            "longest": max((len(finding.message) for finding in report), default=0),
            "findings": len(report),
            "seconds": round(time.monotonic() - began, 3),
            "peak": peak,
            "reached": list(reached),
        }
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
