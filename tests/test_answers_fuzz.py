"""Whatever scheme, table and words a question is asked with: an answer that can be told, or a problem."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import worlds
from test_laws import as_table

from ictindex import explain, questions
from ictindex.answer import Answer
from ictindex.cli import FINE, PROBLEMS, WRONG_USE, main
from ictindex.compiling import compile_scheme
from ictindex.engine import run
from ictindex.errors import IctIndexError
from ictindex.model import Scheme
from ictindex.plugins import vocabulary
from ictindex.result import Result

SOME = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
TOP = Path(__file__).parent.parent / "schemes"
SCHEMAS = {kind: jsonschema.Draft202012Validator(questions.answer_schema(kind)) for kind in questions.answer_kinds()}

NAMES = ("=1+1", "@x", "+1", "-x", "a|b", "<b>x</b>", "[l](u)", "`c`", "# h", "1. x", "'", '"', "", "Huế", "e\u0301")
WORDS = ("", "u0", "u9", "total", "1", "9", "nan", "-1", "0.5", "1e400", "1.score", "x" * 300, "Tốt", "\u202e")
CELLS = (0, 1, 0.5, "", None, "n/a", "1,5", "50%", "x", "a", "1e400", -1, float("nan"), True, 10**30, "có", "1.234")
ENDINGS = ("", ".score", ".excluded", ".evidence", ".self")


# --- the functions, over drawn schemes and tables --------------------------------------------------------------------


class Chance(random.Random):
    """Draws what is asked of one result: names that are there, and words that are not."""

    def __init__(self, seed: int, result: Result) -> None:
        super().__init__(seed)
        self.result = result
        self.codes = [node.row.code for node in result.plan.nodes]

    def unit(self) -> str:
        return self.choice([*self.result.units, self.choice(WORDS)])

    def code(self) -> str:
        return "" if self.random() < 0.6 else self.choice([*self.codes, self.choice(WORDS)])

    def changes(self) -> list[Any]:
        keys = [*self.codes, *(one.code for one in self.result.scheme.inputs)]
        return [
            (self.unit(), self.choice(keys) + self.choice(ENDINGS), self.choice(CELLS))
            for _ in range(self.randrange(1, 4))
        ]

    def goal(self) -> dict[str, Any]:
        goals: list[dict[str, Any]] = [{}, {"ranks": self.randrange(4)}, {"to_rank": self.randrange(4)}]
        goals += [{"to_score": self.choice(WORDS)}, {"to_score": self.randrange(9)}, {"to_level": self.choice("ABx")}]
        return self.choice(goals)

    def assumptions(self) -> Any:
        vary = [one for one in ("normalization", "aggregation", "missing") if self.random() < 0.4]
        return questions.assumptions(weights=self.choice([0, 0.2]), noise=self.choice([0, 0.1]), vary=vary)  # type: ignore[arg-type]


ASKED: tuple[Callable[[Result, Result, Chance], Answer], ...] = (
    lambda result, _, chance: explain(result, chance.unit(), code=chance.code()),
    lambda result, _, chance: questions.headroom(result, chance.unit(), code=chance.code()),
    lambda result, other, chance: questions.climb(
        result, chance.unit(), code=chance.code(), previous=chance.choice([None, other]), **chance.goal()
    ),
    lambda result, _, chance: questions.whatif(result, chance.changes()),
    lambda result, _, chance: questions.pending(result, code=chance.code()),
    lambda result, _, chance: questions.indicator_statistics(result, code=chance.code(), group=chance.code()),
    lambda result, _, chance: questions.uncertainty(
        result, code=chance.code(), unit=chance.choice(["", chance.unit()]), draws=chance.choice([0, 1, 9]),
        effect_draws=chance.choice([0, 1, 4]), top=chance.choice([0, 9]), assumptions=chance.assumptions(),
    ),
    lambda result, other, chance: questions.compare(
        result, other, code=chance.code(), units=chance.choice([(), (chance.unit(),)])
    ),
)  # fmt: skip


@settings(max_examples=20, deadline=None, suppress_health_check=SOME)
@given(worlds(), st.integers(0, 2**32))
def test_an_answer_or_a_problem(world: tuple[Scheme, list[Any]], seed: int) -> None:
    scheme, rows = world
    plan = compile_scheme(scheme, vocabulary())
    draw = random.Random(seed)
    table = as_table(scheme, draw.choice([rows, rows[:1]]))
    names = tuple(draw.choice(NAMES) for _ in table.names)
    try:
        result = run(plan, evolve(table, names=draw.choice([table.names, names])))
        other = run(plan, as_table(scheme, rows[::-1][: draw.randrange(1, len(rows) + 1)]))
        if draw.random() < 0.2:
            result = run(plan, result.table, reference=other)
    except IctIndexError:  # the scheme refuses the table, or there is a pool that the reference has not
        return
    chance = Chance(seed, result)
    for ask in ASKED:
        try:
            answer = ask(result, other, chance)
        except IctIndexError as error:
            assert all(one.told("vi") for one in error.problems)
        else:
            looked_at(answer)


def looked_at(answer: Answer) -> None:
    """Tell an answer in every way; nothing of it is a formula of a spreadsheet."""
    SCHEMAS[answer.kind].validate(json.loads(questions.write_answer(answer, format="json")))
    for language in ("en", "vi"):
        for form in ("text", "markdown", "csv-vi"):
            assert questions.write_answer(answer, format=form, language=language)
    for cells in csv.reader(io.StringIO(questions.write_answer(answer, format="csv"))):
        for cell in cells:
            assert not cell.startswith(("=", "@", "+", "-")) or re.fullmatch(r"-[0-9.]+", cell), cell


# --- the commands, over odd words ------------------------------------------------------------------------------------

EXAMPLES = (
    ("dti-922/2022-province", "hcm", "9"),
    ("dong-thap-1397/2022-district", "huyen-02", "1.2.a"),
    ("hue-1784/2020-district", "nam-dong", "B"),
)
OPTIONS: dict[str, tuple[str, ...]] = {
    "explain": ("--track",),
    "headroom": ("--total",),
    "climb": ("--ranks", "--to-rank", "--to-level", "--to-score", "--total", "--efforts", "--previous"),
    "whatif": ("--set", "--set"),
    "pending": ("--total", "--round"),
    "statistics": ("--total", "--group", "--pool"),
    "robustness": ("--total", "--weights", "--noise", "--vary", "--top", "--unit", "--seed"),
    "compare": ("--total", "--unit", "--mapping-rows", "--crosswalk"),
}
ODD = st.one_of(
    st.sampled_from(
        ["", "-", "0", "1", "999", "-1", "1e400", "nan", "=", ":", "a:b=c", "hcm:9=0,5", "hcm:9=", "1e-300"]
    ),
    st.sampled_from(["hcm", "total", "9", "20", "missing", "none.csv", "\x1b[2J", '"', "Huế:A=45", "50%", "\x00"]),
    st.text(st.characters(codec="utf-8"), max_size=8),
)
LISTS = st.one_of(st.text(st.characters(codec="utf-8"), max_size=40).map(str.encode), st.binary(max_size=40))
HEADS = (
    b"unit,code,value\n",
    b"code,effort,unit\n",
    b"before,after\n",
    b"old,new\n",
    b"\xef\xbb\xbfunit;code;value\n",
    b"",
)


@settings(max_examples=60, deadline=None, suppress_health_check=SOME)
@given(data=st.data())
def test_every_command_ends_well(data: st.DataObject, tmp_path: Path, capsys: Any) -> None:
    scheme, unit, code = data.draw(st.sampled_from(EXAMPLES))
    (table,) = TOP.glob(f"{scheme}.example*.csv")
    command = data.draw(st.sampled_from(sorted(OPTIONS)))
    words = [command, scheme, str(table)]
    if command in ("explain", "headroom", "climb"):
        words.append(data.draw(st.one_of(st.just(unit), ODD)))
    given_file = tmp_path / "list.csv"
    given_file.write_bytes(data.draw(st.sampled_from(HEADS)) + data.draw(LISTS))
    if command == "compare" or (command == "whatif" and data.draw(st.booleans())):
        words.append(str(data.draw(st.sampled_from([table, given_file]))))
    if command == "whatif":
        words += ["--set", f"{unit}:{code}={data.draw(ODD)}"]
    if command == "robustness":
        words += ["--draws", data.draw(st.sampled_from(["0", "1", "5"])), "--effects", "2"]
    for option in OPTIONS[command]:
        if data.draw(st.integers(0, 2)) == 0:
            words.append(f"{option}={data.draw(st.one_of(ODD, st.just(str(given_file))))}")
    words += ["--lang", data.draw(st.sampled_from(["en", "vi"]))]
    words += ["--format", data.draw(st.sampled_from(["markdown", "json", "csv"]))]
    try:
        ended: Any = main(words)
    except SystemExit as end:
        ended = end.code
    told = capsys.readouterr()
    assert ended in (FINE, PROBLEMS, WRONG_USE)
    assert (ended == FINE) == bool(told.out), "an answer, or a problem"
    assert ended == FINE or told.err.strip()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told.out + told.err)
