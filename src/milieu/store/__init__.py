"""Stores: where statements live and queries run. One small seam, `Store`, and what stands behind it."""
