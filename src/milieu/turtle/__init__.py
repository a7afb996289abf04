"""Turtle as text: where its terms stand, what is wrong with it, its one layout, and edits that mend it.

`tokens` ← `locate` ← `syntax`, `guard`, `literals` ← `parse` ← `evidence`, `format`; `fix` stands alone.
"""
