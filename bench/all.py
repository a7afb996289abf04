"""Runs every measurement, one after the other, and writes the results into bench/README.md."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
MEASUREMENTS = ["query", "warm", "reason", "validate", "defects", "blind", "export", "serve"]

if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    for name in sys.argv[1:] or MEASUREMENTS:
        print(f"== {name}", flush=True)
        runpy.run_path(str(HERE / f"{name}.py"), run_name="__main__")
