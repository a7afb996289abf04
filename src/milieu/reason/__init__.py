"""What follows from a graph by the rules of its folder, what contradicts it, and why."""

from __future__ import annotations

from milieu.reason.clash import Clash
from milieu.reason.close import Closure, close, compile_rules, distinct
from milieu.reason.program import Program
from milieu.reason.proof import Proof, Prover
from milieu.reason.rules import Rule, read_rules

__all__ = ["Clash", "Closure", "Program", "Proof", "Prover", "Rule", "close", "compile_rules", "distinct", "read_rules"]
