"""A scheme as the annex of a decision: its rows in words, each number with where it comes from."""

from __future__ import annotations

import json

from ictindex.annex.html import as_html
from ictindex.annex.markdown import as_markdown
from ictindex.annex.rows import Annex
from ictindex.annex.text import as_text
from ictindex.errors import Problem, UnknownName, did_you_mean
from ictindex.messages import say

FORMATS = ("text", "markdown", "html", "json")
"""How an annex can be written."""


def written(annex: Annex, form: str, language: str) -> str:
    """Return the annex in one of the formats, its words in a language. Raises UnknownName where there is none such."""
    if form == "json":
        return json.dumps(annex.to_dict(language), ensure_ascii=False, indent=1) + "\n"
    writers = {"text": as_text, "markdown": as_markdown, "html": as_html}
    if form not in writers:
        hint = did_you_mean(form, FORMATS) or say("known: {names}", names=", ".join(FORMATS))
        raise UnknownName(Problem("U140", say("an annex cannot be written as '{format}'", format=form), hint=hint))
    return writers[form](annex, language)
