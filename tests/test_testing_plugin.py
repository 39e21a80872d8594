"""The pytest plugin: cases and laws as tests, failures in words, and nothing unless it is asked for."""

from __future__ import annotations

import os
import pkgutil
import re
import shutil
import subprocess
import sys
from importlib import import_module, metadata
from pathlib import Path

import ictindex_schemes
import pytest
from worked import HEAD

import ictindex
from ictindex.testing import LAWS

# pytester forgets what is first imported while it runs, and so would half of a package: all is imported here.
for _name in ("jsonschema", "yaml", *(one.name for one in pkgutil.walk_packages(ictindex.__path__, "ictindex."))):
    if not _name.endswith("__main__"):
        import_module(_name)

DOCS = Path(__file__).parent.parent / "docs"
SCHEMES = Path(ictindex_schemes.__file__).parent
PLUGIN = ("-p", "ictindex.testing.plugin", "-p", "no:cacheprovider")
SCHEME = f"{HEAD}max: 9\n1 Số lớp: {{max: 9, count: , steps: {{1: 3, 3: 9, 5: 6}}}}\n"
CASES = """
cases: test/2020-unit
sources: {qd Quyết định mẫu: }
below: {cited: qd}
a Đơn vị A: {given: {1: 4}, expect: {total: 9}}
b Đơn vị B: {given: {1: 6}, expect: {total: 9}}
ranking:
  given: total
  units: {a Đơn vị A: [9, 1], b Đơn vị B: [6, 1]}
"""


@pytest.fixture(autouse=True)
def _files(pytester: pytest.Pytester) -> None:
    (pytester.path / "mine.yaml").write_text(SCHEME, encoding="utf-8")
    (pytester.path / "mine.cases.yaml").write_text(CASES, encoding="utf-8")
    (pytester.path / "other.yaml").write_text("steps: 3\n", encoding="utf-8")


def test_without_being_asked_for_nothing_is_collected(pytester: pytest.Pytester) -> None:
    assert not [one for one in metadata.entry_points(group="pytest11") if "ictindex" in one.value]
    assert pytester.runpytest("-p", "no:cacheprovider").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_unit_and_a_ranking_are_tests_that_say_why_they_fail(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest(*PLUGIN, "-v")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "mine.cases.yaml::a PASSED*",
            "mine.cases.yaml::b FAILED*",
            "mine.cases.yaml::ranking FAILED*",
            "*_ test/2020-unit: b _*",
            "*mine.cases.yaml:6:*: C030 b Đơn vị B: total is 6, expected was 9",
            "    total*",
            "*C030 b Đơn vị B: the rank of total is 2, expected was 1",
        ]
    )
    assert "Traceback" not in result.stdout.str() and "plugin.py" not in result.stdout.str()


def test_one_unit_can_be_chosen(pytester: pytest.Pytester) -> None:
    pytester.runpytest(*PLUGIN, "mine.cases.yaml::a").assert_outcomes(passed=1)


def test_the_laws_are_tests_where_they_are_asked(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest(*PLUGIN, "-v", "--ictindex-laws", "--ictindex-examples=5")
    result.assert_outcomes(passed=6, failed=3, skipped=1)  # a file without the key of a scheme is none
    result.stdout.fnmatch_lines(
        [
            "mine.yaml::monotony FAILED*",
            "mine.yaml::not-applicable SKIPPED*",
            "*mine.yaml:7: U139 the law monotony is broken: 1 Số lớp goes from 4 to 5, which is better, and row 1 *",
            "the smallest table that shows it:",
            "    unit,1",
            "    u1,4",
            "the points of u1 there:",
            "    1 Số lớp: 9 of 9",
            "and with the change:",
            "    1 Số lớp: 6 of 9",
        ]
    )


def test_the_configuration_file_can_ask_for_laws_in_vietnamese(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nictindex_laws = true\nictindex_examples = 3\nictindex_seed = 2\nictindex_lang = vi\n")
    result = pytester.runpytest(*PLUGIN, "mine.yaml", "-k", "monotony")
    result.assert_outcomes(failed=1, deselected=6)
    assert "which is better" not in result.stdout.str()


def test_a_conftest_can_ask_for_it_and_variants_have_laws_of_their_own(pytester: pytest.Pytester) -> None:
    pytester.makeconftest('pytest_plugins = ["ictindex.testing.plugin"]')
    shutil.copy(SCHEMES / "ict-index" / "2016-province.yaml", pytester.path / "ict.yaml")
    result = pytester.runpytest("-p", "no:cacheprovider", "--ictindex-laws", "--collect-only", "-q", "ict.yaml")
    result.stdout.fnmatch_lines(["ict.yaml::bounds", "ict.yaml::bounds[[]z-score]"])


def test_what_is_wrong_with_a_file_is_told_without_a_traceback(pytester: pytest.Pytester) -> None:
    (pytester.path / "mine.cases.yaml").write_text(CASES.replace("{1: 4}", "{7: 4}"), encoding="utf-8")
    (pytester.path / "bad.yaml").write_text(SCHEME.replace("max: 9,", "max: 8,"), encoding="utf-8")
    result = pytester.runpytest(*PLUGIN, "--ictindex-laws", "mine.cases.yaml", "bad.yaml")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["*mine.cases.yaml:5:*: C0*", "*bad.yaml:7:*: S2*"])
    assert "Traceback" not in result.stdout.str()


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--ictindex-examples=0", "ERROR: U137 a law cannot be asked of 0 tables*"),
        ("--ictindex-examples=many", "ERROR: --ictindex-examples is a whole number, not 'many'"),
        ("--ictindex-seed=-1", "ERROR: --ictindex-seed is a whole number, not '-1'"),
        ("--ictindex-lang=fr", "ERROR: --ictindex-lang is one of en, vi"),
    ],
)
def test_options_that_make_no_sense(pytester: pytest.Pytester, option: str, message: str) -> None:
    result = pytester.runpytest(*PLUGIN, "--ictindex-laws", option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])


WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "hypothesis":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""


def test_cases_need_no_hypothesis_and_laws_say_that_they_do(pytester: pytest.Pytester) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", WITHOUT, *PLUGIN, *arguments]
        alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        return subprocess.run(command, capture_output=True, text=True, cwd=pytester.path, env=alone, check=False)

    assert run("mine.cases.yaml::a").returncode == pytest.ExitCode.OK
    told = run("--ictindex-laws")
    assert told.returncode == pytest.ExitCode.USAGE_ERROR
    assert told.stderr.strip() == (
        'ERROR: U135 hypothesis, which draws the tables, is not installed (install it: pip install "ictindex[testing]")'
    )


def test_the_example_of_the_page_passes_as_it_is(pytester: pytest.Pytester) -> None:
    page = (DOCS / "laws.md").read_text("utf-8")
    example, conftest = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    pytester.makeconftest(conftest)
    pytester.makepyfile(test_copied=example)
    pytester.runpytest("-p", "no:cacheprovider", "test_copied.py", "mine.cases.yaml::a").assert_outcomes(passed=3)


def test_the_page_has_every_law_and_option() -> None:
    page = (DOCS / "laws.md").read_text("utf-8")
    assert re.findall(r"^\| `([a-z][a-z-]+)` \|", page, re.MULTILINE) == [law.name for law in LAWS]
    options = re.findall(r"^\| `--ictindex-(\w+).*?` \| `ictindex_(\w+)", page, re.MULTILINE)
    assert options == [(one, one) for one in ("laws", "examples", "seed", "lang")]
