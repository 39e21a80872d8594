"""`ictindex statistics`, its page in both languages, its data, and the guide that shows it."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import ictindex
from ictindex import questions
from ictindex.analysis.statistics import measuring, page
from ictindex.analysis.statistics.answer import Statistics
from ictindex.analysis.statistics.parts import Flag
from ictindex.cli import FINE, WRONG_USE
from ictindex.pages import WIDTH

TOP = Path(__file__).parent.parent
GUIDE = (TOP / "docs" / "statistics.md").read_text("utf-8")
SHOWN = re.findall(r"```console\n\$ ictindex (.*?)\n(.*?)```", GUIDE, re.DOTALL)
EXAMPLES = sorted(
    path for path in (TOP / "schemes").glob("*/*.example*.csv") if path.parent.name != "hue-1784"
)  # its totals are assessed as they are
DTI = TOP / "schemes" / "dti-922" / "2022-province.example.csv"
FLAGS: tuple[str, ...] = Flag.__args__  # type: ignore[attr-defined]


def answered(path: Path, **options: Any) -> Statistics:
    scheme = ictindex.load_scheme(f"{path.parent.name}/{path.name.split('.')[0]}")
    return ictindex.indicator_statistics(
        ictindex.score(scheme, ictindex.read_table(path, scheme=scheme, doubts=False)), **options
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.name.split('.')[0]}")
def test_every_example_has_statistics_that_fit_their_schema(path: Path) -> None:
    found = answered(path)
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    jsonschema.Draft202012Validator(questions.answer_schema("statistics")).validate(told)
    assert sum(one["effective"] for one in told["indicators"]) == pytest.approx(1)
    assert sum(one["nominal"] for one in told["indicators"] if one["role"] == "max") == pytest.approx(1)
    assert {one["heading"] for one in told["pairs"]} <= {one["code"] for one in told["groups"]}
    columns = found.to_columns()
    assert {len(cells) for cells in columns.values()} == {len(found.indicators)} and "flags" in columns


def test_the_published_provinces_of_2022() -> None:
    found = answered(DTI)
    assert [one.code for one in found.indicators] == ["1", "2", "3", "4", "5", "7", "8", "9"]  # 6 scores nothing
    shares = {one.code: round(100 * (one.effective or 0), 1) for one in found.indicators}
    assert shares == {"1": 6.9, "2": 3.7, "3": 9.5, "4": 16.1, "5": 11.5, "7": 12.2, "8": 13.5, "9": 26.5}
    assert [one.code for one in found.indicators if one.same_as] == ["2", "7"] and found.few
    whole = found.groups[0]
    assert whole.alpha is not None and round(whole.alpha.raw or 0, 2) == 0.73
    assert whole.components is not None and whole.components.above_one == 3


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}-{path.name.split('.')[0]}")
@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_page_fits_a_terminal(path: Path, language: str) -> None:
    found = answered(path)
    lines = found.told(language).splitlines()
    assert max(len(line) for line in lines if line not in found.subject.notices) <= WIDTH + 2
    assert found.markdown(language).startswith("# ")


def test_the_page_begins_with_what_was_found(run: Any) -> None:
    told = run("statistics", DTI.parent.name + "/2022-province", DTI)
    assert told.code == FINE
    first, second, third = (
        told.out.index(words) for words in ("Few units: 5 for 8", "say the same twice (1): 2 ~ 7", "Weight by")
    )
    assert first < second < third


def test_csv_and_json(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert run("statistics", "dti-922/2022-province", DTI, "-o", path).code == FINE
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith(('"#', "#"))]
    rows = list(csv.DictReader(io.StringIO("\n".join(lines))))
    assert [row["code"] for row in rows] == ["1", "2", "3", "4", "5", "7", "8", "9"]
    assert rows[1]["flags"] == "double skewed" and rows[1]["same_as"] == "7"
    data = json.loads(run("statistics", "dti-922/2022-province", DTI, "--format", "json").out)
    assert data["format"] == "ictindex-statistics/1" and data["units"] == 5
    assert float(rows[0]["effective"]) == pytest.approx(data["indicators"][0]["effective"])


def test_a_pool_a_group_and_a_total(run: Any) -> None:
    communes = TOP / "schemes" / "btttt-2392" / "2017-commune.example.synthetic.csv"
    told = run(
        "statistics",
        "btttt-2392/2017-commune",
        communes,
        "--total",
        "B",
        "--group",
        "B.2",
        "--pool",
        "Huyện số 1 (giả định)",
    )
    assert told.code == FINE and "10 units of Huyện số 1 (giả định)" in told.out
    wrong = run("statistics", "btttt-2392/2017-commune", communes, "--pool", "Huyện số 9")
    assert wrong.code == WRONG_USE and "U286" in wrong.err and "Huyện số 1" in wrong.err
    wrong = run("statistics", "btttt-2392/2017-commune", communes, "--group", "B.2")
    assert wrong.code == WRONG_USE and "U287 B.2 does not stand below A" in wrong.err


def test_one_of_two_totals_is_named(run: Any) -> None:
    communes = TOP / "schemes" / "btttt-2392" / "2017-commune.example.synthetic.csv"
    told = run("statistics", "btttt-2392/2017-commune", communes, "--total", "B")
    said = " ".join(told.out.split())
    assert "about B Kết quả Chính quyền điện tử. About A Điều kiện sẵn sàng: --total A." in said
    assert "--total" not in answered(DTI).told()


def test_a_total_of_one_score_has_nothing_below_it(run: Any) -> None:
    told = run("statistics", "hue-1784/2020-district", TOP / "schemes" / "hue-1784" / "2020-district.example.csv")
    assert told.code == WRONG_USE and "U287 A has one score for the whole part" in told.err
    assert "nothing to analyse" in told.err


def test_a_share_stands_with_its_sign_behind_the_indicator() -> None:
    told = " ".join(answered(DTI).told().split())
    assert "come most from: indicator 9: 26.5 % (its weight: " in told and not re.search("[0-9]%", told)


def test_the_output_is_not_written_over_the_table(run: Any, tmp_path: Path) -> None:
    table = tmp_path / "provinces.csv"
    table.write_bytes(DTI.read_bytes())
    told = run("statistics", "dti-922/2022-province", table, "-o", table)
    assert told.code == WRONG_USE and "U115" in told.err and table.read_bytes() == DTI.read_bytes()


def test_a_track_of_a_round(run: Any) -> None:
    scheme, table = "dong-thap-1397/2022-district", TOP / "schemes/dong-thap-1397/2022-district.example.synthetic.csv"
    events = TOP / "docs" / "rounds" / "2022-district.synthetic.csv"
    final = run("statistics", scheme, table, "--round", events, "--track", "final", "--format", "json")
    declared = run("statistics", scheme, table, "--format", "json")
    assert final.code == declared.code == FINE
    assert json.loads(final.out)["indicators"] != json.loads(declared.out)["indicators"]


@pytest.mark.parametrize(("command", "expected"), SHOWN, ids=[command.split()[0] for command, _ in SHOWN])
def test_the_guide_shows_what_is_printed(
    command: str, expected: str, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(TOP)
    told = run(*shlex.split(command))
    assert told.code == FINE
    parts = [part.strip("\n") for part in expected.split("…\n")]
    assert parts[0] and re.fullmatch(".*".join(map(re.escape, parts)) + r"\s*", told.out, re.DOTALL)


def test_the_guide_says_when_each_flag_is_raised() -> None:
    assert SHOWN and not [flag for flag in FLAGS if f"`{flag}`" not in GUIDE]
    assert list(page.FLAGS) == [*FLAGS]
    assert not [words for words in page.FLAGS.values() if words not in GUIDE and words != "no points"]
    share, few = f"{measuring.ALMOST_ALL:.0%}".replace("%", " %"), f"above {measuring.DOUBLE}"
    assert (
        share in GUIDE
        and few in GUIDE
        and f"±{measuring.SKEWNESS:.0f} and the kurtosis above {measuring.KURTOSIS}" in GUIDE
    )
    assert f"An alpha below {page.SOUND}" in GUIDE and measuring.LITTLE == 0.1
