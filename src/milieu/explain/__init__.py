"""Why a statement, or a row of an answer, is what it is; and a thing on one card."""

from __future__ import annotations

from milieu.explain.card import Card, show
from milieu.explain.row import RowExplanation, why_row
from milieu.explain.view import StoreView, View
from milieu.explain.why import Explanation, why

__all__ = ["Card", "Explanation", "RowExplanation", "StoreView", "View", "show", "why", "why_row"]
