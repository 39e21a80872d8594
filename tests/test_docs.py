"""The pages say what the code does: every problem code has words, and the result's schema is a schema."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from problem_codes import FAMILIES, SOURCE, problem_codes
from worked import problems

from ictindex import read_table, score, write_result

DOCS = Path(__file__).parent.parent / "docs"


def test_every_problem_code_is_documented_with_words() -> None:
    codes = problem_codes()
    sources = (path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    assert {code for source in sources for code in re.findall(r'"([A-Z]\d{3})"', source)} == set(codes)
    assert not [code for code, pairs in codes.items() if not any(words for words, _ in pairs)]
    assert {code[0] for code in codes} <= set(FAMILIES)


def test_every_message_that_documents_give_is_known() -> None:
    """A problem in hand stands on the page, with what it fills in left open."""
    codes = problem_codes()
    for mistake in (DOCS.parent / "tests" / "data" / "documents" / "mistakes.txt").read_text("utf-8").split("\n\n"):
        code = mistake.split()[1]
        for problem in problems(mistake.split("\n", 1)[1]):
            pairs = codes[problem.code]
            said = getattr(problem.message, "parts", {}).get("problem", problem.message)  # without `in the variant`
            assert any(_fits(words, said) for words, _ in pairs), f"{code}: {problem}"
            assert any(_fits(words, problem.hint) for _, words in pairs), f"{code}: {problem}"


def _fits(words: str, said: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, words.split("…"))), said, re.DOTALL) is not None


def test_codes_are_read_from_calls_with_their_other_branches(tmp_path: Path) -> None:
    source = """
HINT = "turn back"
def check(found, place):
    message = "an earlier message"
    found("S001", message)
    if place:
        message = f"no {place} here"
    else:
        message = "nowhere"
    found("S002", message, place, HINT if place else "go on")
    found("T003", say("a {kind} of {{x}}", kind=place), hint=mending(found))
def mending(found):
    hint = say("turn")
    if found:
        hint = joined([hint, say("go {way}", way=found)], by="; ")
    return hint
"""
    (tmp_path / "one.py").write_text(source, encoding="utf-8")
    assert problem_codes(tmp_path) == {
        "S001": {("an earlier message", "")},
        "S002": {(message, hint) for message in ("no … here", "nowhere") for hint in ("turn back", "go on")},
        "T003": {("a … of {x}", hint) for hint in ("turn", "turn; go …")},
    }


def test_the_result_schema_is_a_schema() -> None:
    schema = json.loads((DOCS / "result.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)


EXAMPLES = sorted(DOCS.parent.glob("schemes/*/*.example*.csv"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_json_of_every_example_fits_the_result_schema(path: Path) -> None:
    scheme = f"{path.parent.name}/{path.name.split('.example')[0]}"
    result = score(scheme, read_table(path, scheme=scheme))
    schema = json.loads((DOCS / "result.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(write_result(result, format="json")))
