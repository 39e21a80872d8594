"""What may happen to a unit's score at a row, in words."""

from __future__ import annotations

from ictindex.messages import say

FLAGS = {
    "given": say("given"),
    "covered": say("covered"),
    "missing-zero": say("missing-zero"),
    "not-applicable-zero": say("not-applicable-zero"),
    "missing-left-out": say("missing-left-out"),
    "not-applicable-left-out": say("not-applicable-left-out"),
    "left-out": say("left-out"),
    "rescaled": say("rescaled"),
    "cut": say("cut"),
    "no-denominator": say("no-denominator"),
    "no-evidence": say("no-evidence"),
    "exact": say("exact"),
    "assumed": say("assumed"),
}
"""The flags of a row as they are printed; in data they are always the stable English words."""
