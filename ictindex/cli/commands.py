"""The commands, in the order of the help: the module that runs each, what it does, and an example.

A module is imported only when its command is used, so that no command pays for the others.
"""

from __future__ import annotations

from typing import NamedTuple

from ictindex.messages import say


class Listed(NamedTuple):
    """A command as the help lists it. `summary` begins with a small letter and has no full stop."""

    module: str
    summary: str
    example: str


LISTED: dict[str, Listed] = {
    "list": Listed("showing", say("list the installed schemes"), "ictindex list"),
    "show": Listed("showing", say("print a scheme as a decision's annex would"), "ictindex show dti-922/2022-province"),
    "diff": Listed(
        "differing",
        say("say what changed between two editions, or a scheme and its overlay or variant"),
        "ictindex diff ict-index/2016-province ict-index/2017-province",
    ),
    "score": Listed(
        "scoring",
        say("score and rank the units of a table"),
        "ictindex score dti-922/2022-province provinces.csv --format csv -o result.csv",
    ),
    "explain": Listed(
        "explaining",
        say("say why a unit has its score"),
        "ictindex explain dti-922/2022-province provinces.csv quang-ninh",
    ),
    "headroom": Listed(
        "improving",
        say("say where a unit's points are lost"),
        "ictindex headroom dti-922/2022-province provinces.csv quang-ninh",
    ),
    "whatif": Listed(
        "improving",
        say("say what would be if some figures were others"),
        "ictindex whatif dti-922/2022-province provinces.csv --set quang-ninh:9=0.5197",
    ),
    "climb": Listed(
        "climbing",
        say("say what a unit can do to climb, with the least effort"),
        "ictindex climb dti-922/2022-province provinces.csv quang-ninh --ranks 1",
    ),
    "compare": Listed(
        "comparing",
        say("say why scores and ranks changed: own figures, verification, the scheme, the others"),
        "ictindex compare dti-922/2022-province last-year.csv provinces.csv --unit quang-ninh",
    ),
    "statistics": Listed(
        "statistics",
        say("say which indicators tell units apart, and what each weighs in effect"),
        "ictindex statistics dti-922/2022-province provinces.csv",
    ),
    "robustness": Listed(
        "robustness",
        say("say how sure the ranks are, when weights, rules and figures are a little different"),
        "ictindex robustness dti-922/2022-province provinces.csv --draws 1000",
    ),
    "verify": Listed(
        "verifying",
        say("compare a written result with its receipt, its scheme and its table"),
        "ictindex verify result.csv --table provinces.csv",
    ),
    "form": Listed(
        "forms",
        say("make the Excel form in which units report their figures"),
        "ictindex form dti-922/2022-province -o form.xlsx",
    ),
    "round": Listed("rounds", say("say how far the yearly round is"), "ictindex round dti-922/2022-province --reasons"),
    "pending": Listed(
        "pending",
        say("say what can still change a ranking while figures are not verified, and what to verify first"),
        "ictindex pending dti-922/2022-province provinces.csv --declared",
    ),
    "table": Listed(
        "tables",
        say("report everything wrong or doubtful in a table"),
        "ictindex table dti-922/2022-province provinces.csv -o clean.csv",
    ),
    "regroup": Listed(
        "regrouping",
        say("make a table of old units one of new units"),
        "ictindex regroup dti-922/2022-province provinces.csv crosswalk.csv -o new.csv",
    ),
    "check": Listed("checking", say("report every problem of scheme documents"), "ictindex check my-scheme.yaml"),
    "schema": Listed(
        "checking",
        say("print the JSON Schema of scheme documents, or of what is written as JSON"),
        "ictindex schema -o scheme.schema.json",
    ),
    "test": Listed(
        "testing",
        say("compare schemes with the published figures in their cases, and say where the points went"),
        "ictindex test hue-1784/2020-district --coverage",
    ),
    "new": Listed(
        "starting",
        say("write a new scheme to fill in: from groups, from a decision's table, or from a few questions"),
        (
            "ictindex new --family my-province --edition 2025 --unit commune "
            '--group "1 Nhận thức số=60" --group "2 Hạ tầng số=40"'
        ),
    ),
}
