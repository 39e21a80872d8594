"""Other packages, really built and installed: `tests/acme` adds a normalization, a format and a scheme.

A fresh virtual environment gets ictindex and ictindex-acme from wheels. Two packages that make trouble lie in folders
of their own, and are there only for the commands that are run beside them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from acme.ictindex_acme.sigmoid import STEEPEST, Sigmoid
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from ictindex.strategies.base import FLOAT, FRACTION, Work

TOP = Path(__file__).parent.parent
OURS = ("pyproject.toml", "README.md", "LICENSE", "ictindex", "schemes")
PROJECT = """
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"
[project]
name = "ictindex-{name}"
version = "1.0"
[tool.setuptools]
packages = ["ictindex_{name}", "ictindex_{name}.schemes"]
package-data = {{ "*" = ["*/*.yaml"] }}
[project.entry-points]
"""
RIVAL = {
    "ictindex.normalizations": {"acme.sigmoid": "ictindex_rival:Sigmoid"},
    "ictindex.schemes": {"rival": "ictindex_rival.schemes"},
}
BROKEN = {
    "ictindex.normalizations": {"broken.curve": "ictindex_broken.curve:Curve"},
    "ictindex.formats": {"broken-format": "ictindex_broken.curve:Format"},
    "ictindex.schemes": {"broken": "ictindex_broken.schemes", "gone": "ictindex_broken.gone"},
}
HEAD = """\
scheme: mine/2024-office
title: Bộ của tôi
unit: office
edition: 2024
uses: {acme: ictindex-acme, broken: ictindex-broken}
sources: {qd Quyết định 1: }
cited: qd
max: 20
"""
SCHEME = "acme-12/2024-office"
TABLE = "unit\t1\t2\na\t12\tyes\nb\t24\tno\nc\t36\tyes\nd\t0\tyes\ne\t3\tno\n"


@frozen
class Said:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


@frozen
class Home:
    """A folder with the virtual environment `venv`, and the folders of the packages that make trouble."""

    folder: Path

    @property
    def python(self) -> str:
        return str(self.folder / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))

    def run(self, *words: str, beside: str = "", off: bool = False) -> Said:
        """Run ictindex there: `beside` names a package that makes trouble, `off` turns all plugins off."""
        settings = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "ICTINDEX"))}
        settings |= {"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}
        settings |= {"PYTHONPATH": str(self.folder / beside)} if beside else {}
        settings |= {"ICTINDEX_NO_PLUGINS": "1"} if off else {}
        command = [self.python, "-m", "ictindex", *words]
        done = subprocess.run(
            command, cwd=self.folder / "work", env=settings, capture_output=True, encoding="utf-8", check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Said(done.returncode, done.stdout, done.stderr)

    def write(self, name: str, text: str) -> str:
        """Write a file that commands can name, and return its name."""
        (self.folder / "work" / name).write_text(text, encoding="utf-8")
        return name

    def install(self, *words: str) -> None:
        """Run pip of this interpreter for that environment."""
        pip = [sys.executable, "-m", "pip", "--python", self.python, "--disable-pip-version-check", "--quiet"]
        subprocess.run([*pip, *words], cwd=self.folder, check=True, timeout=600)


def trouble(folder: Path, name: str, code: dict[str, str], points: dict[str, dict[str, str]]) -> None:
    """Write a package with these modules, a scheme folder and these entry points."""
    lines = [f'"{group}" = {{ {", ".join(f"{json.dumps(k)} = {json.dumps(v)}" for k, v in names.items())} }}'
             for group, names in points.items()]  # fmt: skip
    package = folder / f"ictindex_{name}"
    for path, text in {"__init__.py": "", "schemes/__init__.py": "", **code}.items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text(text, encoding="utf-8")
    (folder / "pyproject.toml").write_text(PROJECT.format(name=name) + "\n".join(lines), encoding="utf-8")


@pytest.fixture(scope="module", name="home")
def _home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    folder = home.folder
    for name in OURS:  # a copy, so that building leaves nothing in the tree
        source, target = TOP / name, folder / "ours" / name
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    shutil.copytree(TOP / "tests" / "acme", folder / "acme", ignore=shutil.ignore_patterns("__pycache__"))
    document = (folder / "acme" / "ictindex_acme" / "schemes" / f"{SCHEME}.yaml").read_text("utf-8")
    trouble(
        folder / "rival-source",
        "rival",
        {"__init__.py": "class Sigmoid:\n    pass\n", f"schemes/{SCHEME}.yaml": document},
        RIVAL,
    )
    trouble(
        folder / "broken-source",
        "broken",
        {
            "curve.py": "import a_library_that_is_not_there\n",
            "gone/__init__.py": "raise RuntimeError('no licence')\n",
            "schemes/broken-1/2024-office.yaml": HEAD.replace("mine/", "broken-1/")
            + "1 Một:\n  max: 20\n  mx: 20\n  yes-no:\n",
        },
        BROKEN,
    )
    (folder / "work").mkdir()
    venv.create(folder / "venv", with_pip=False)
    home.install("install", "setuptools>=77")
    sources = ("./ours", "./acme", "./rival-source", "./broken-source")
    home.install("wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", "wheels", *sources)
    wheels = {path.name.partition("-")[0]: str(path) for path in (folder / "wheels").iterdir()}
    home.install("install", wheels["ictindex"], wheels["ictindex_acme"])
    for name in ("rival", "broken"):
        home.install("install", "--no-deps", "--target", name, wheels[f"ictindex_{name}"])
    home.write("mine.yaml", f"{HEAD}1 Một:\n  max: 20\n  value: x\n  acme.sigmoid: {{middle: 12, steepness: 1}}\n")
    home.write("t.tsv", TABLE)
    return home


def test_it_is_the_built_packages_that_are_tested(home: Home) -> None:
    asked = "import ictindex, ictindex_acme; print(ictindex.__file__); print(ictindex_acme.__file__)"
    done = subprocess.run(
        [home.python, "-I", "-c", asked], capture_output=True, encoding="utf-8", check=True, cwd=home.folder
    )
    ours, acme = map(Path, done.stdout.splitlines())
    assert ours.is_relative_to(home.folder / "venv") and acme.parent.parent == ours.parent.parent
    schemes = ours.parent.parent / "ictindex_schemes"  # with the grammar that their first lines name
    assert (schemes / "scheme.schema.json").read_text("utf-8") == (TOP / "schemes/scheme.schema.json").read_text(
        "utf-8"
    )


class TestWhatIsAdded:
    def test_the_scheme_is_listed_with_the_others(self, home: Home) -> None:
        listed = home.run("list")
        assert (listed.code, listed.err) == (0, "")
        assert f"\n{SCHEME} " in f"\n{listed.out}" and "\ndti-922/2022-province " in listed.out
        found = {one["id"]: one["package"] for one in json.loads(home.run("list", "--format", "json").out)}
        assert found[SCHEME] == "ictindex-acme" and found["dti-922/2022-province"] == "ictindex"

    def test_the_grammar_has_the_key_with_its_parameters(self, home: Home) -> None:
        schema = json.loads(home.run("schema").out)
        for place in (schema["$defs"]["row"], schema["$defs"]["below"], schema):
            about = place["properties"]["acme.sigmoid"]
            assert about["title"] == "S-curve / Đường cong chữ S" and about["required"] == ["middle"]
            assert {"middle", "steepness", "cited", "assumed"} <= set(about["properties"])

    def test_the_scheme_is_right(self, home: Home) -> None:
        checked = home.run("check", SCHEME)
        assert checked.code == 0 and f"{SCHEME}: 0 errors, 0 warnings" in checked.out

    @pytest.mark.parametrize(
        ("rule", "column", "code", "words"),
        [
            ("acme.sigmoid: {middle: 12, steepness: 0}", 41, "S103", "`steepness` of 1 cannot be '0'"),
            ("acme.sigmoid: {middle: 12, steepness: 2.5}", 41, "S103", "`steepness` of 1 cannot be '2.5'"),
            ("acme.sigmoid: {middle: a lot}", 26, "S103", "`middle` of 1 cannot be 'a lot'"),
            ("acme.sigmoid: {steepness: 2}", 3, "S102", "`middle` of `acme.sigmoid` of 1 is missing"),
            ("acme.sigmoid: {midle: 12}", 18, "S101", "the key 'midle' is unknown (did you mean 'middle'?)"),
            ("acme.sigmoid: {middle: -3}", 3, "S301", "refuses its parameters: the middle must be above 0"),
            ("acme.sigmoyd: {middle: 12}", 3, "S105", "(did you mean 'acme.sigmoid'?)"),
        ],
    )
    def test_a_mistake_in_its_rule_is_told_in_its_place(
        self, home: Home, rule: str, column: int, code: str, words: str
    ) -> None:
        name = home.write("wrong.yaml", f"{HEAD}1 Một:\n  max: 20\n  value: x\n  {rule}\n")
        checked = home.run("check", name)
        told = [line for line in checked.out.splitlines() if line.startswith(f"{name}:12:{column}: {code} ")]
        assert checked.code == 1 and len(told) == 1 and words in told[0], checked.out

    def test_a_document_must_say_which_package_it_needs(self, home: Home) -> None:
        text = (
            (home.folder / "work" / "mine.yaml").read_text("utf-8").replace("uses: {acme: ictindex-acme, ", "uses: {")
        )
        checked = home.run("check", home.write("unsaid.yaml", text))
        assert checked.code == 1 and "unsaid.yaml:12:3: " in checked.out and "`uses`" in checked.out

    def test_its_points_are_those_worked_by_hand(self, home: Home) -> None:
        """20 x²/(x² + 12²): 12 earns 10, 24 earns 16, 36 earns 18, 3 earns 20 · 9/153; a website earns 10."""
        scored = home.run("score", SCHEME, "t.tsv", "--format", "acme-tsv")
        assert (scored.code, scored.err) == (0, "")
        assert [line for line in scored.out.splitlines() if not line.startswith("#")] == [
            "unit\tname\tscore\trank\ttotal\t1\t2\tstates",
            "a\ta\t20.00\t2\t20\t10\t10\t",
            "b\tb\t16.00\t3\t16\t16\t0\t",
            "c\tc\t28.00\t1\t28\t18\t10\t",
            "d\td\t10.00\t4\t10\t0\t10\t",
            "e\te\t1.18\t5\t1.17647059\t1.17647059\t0\t",
        ]
        assert scored.out.startswith("# tạm thời: ")
        assert home.run("score", SCHEME, "t.tsv", "-o", "out.tsv").code == 0
        assert (home.folder / "work" / "out.tsv").read_text("utf-8") == scored.out

    def test_what_its_format_wrote_can_be_verified(self, home: Home) -> None:
        assert home.run("score", SCHEME, "t.tsv", "-o", "out.tsv").code == 0
        found = home.run("verify", "out.tsv", "--table", "t.tsv")
        assert (found.code, found.err) == (0, "") and "same, scored anew" in found.out
        assert home.run("schema", "--kind", "result").code == 0  # the wheel has it
        home.write("edited.tsv", (home.folder / "work" / "out.tsv").read_text("utf-8").replace("28.00", "29.00"))
        found = home.run("verify", "edited.tsv", "--table", "t.tsv")
        assert found.code == 1 and "c, score: it says 29, and 28.00 comes out" in found.out

    def test_its_points_are_exact(self, home: Home) -> None:
        """20 · 3188/3200 = 19.925, which rounds up; the nearest float lies below."""
        assert float(20 / (12 / 3188 + 1)) < Fraction("19.925")
        scored = home.run("score", "mine.yaml", home.write("x.tsv", "unit\t1\na\t3188\n"), "--format", "acme-tsv")
        assert "\na\ta\t19.93\t1\t" in scored.out

    def test_a_wrong_table_is_told_by_line(self, home: Home) -> None:
        scored = home.run("score", SCHEME, home.write("bad.tsv", "unit\t1\t2\na\tmany\tyes\n"))
        assert scored.code == 1 and "bad.tsv:2 [1]: " in scored.err

    def test_it_is_shown_and_explained(self, home: Home) -> None:
        shown = home.run("show", SCHEME)
        assert shown.code == 0 and "acme.sigmoid" in shown.out and "ictindex-acme" in shown.out
        explained = home.run("explain", SCHEME, "t.tsv", "b", "1")
        assert explained.code == 0 and "20 × 24^2 / (24^2 + 12^2)" in explained.out and "16" in explained.out

    def test_plugins_can_be_turned_off(self, home: Home) -> None:
        listed = home.run("list", off=True)
        assert (listed.code, listed.err) == (0, "") and SCHEME not in listed.out
        assert "acme" not in home.run("schema", off=True).out
        checked = home.run("check", "mine.yaml", off=True)
        assert checked.code == 1 and "S105" in checked.out and "pip install ictindex-acme" in checked.out
        scored = home.run("score", "dti-922/2022-province", "t.tsv", "--format", "acme-tsv", off=True)
        assert scored.code == 2 and "U101" in scored.err


class TestTwoPackagesOneName:
    BOTH = "ictindex-acme, ictindex-rival"

    def test_the_list_names_both_and_has_the_others(self, home: Home) -> None:
        listed = home.run("list", beside="rival")
        assert listed.code == 1
        assert listed.err.splitlines() == [
            f"{SCHEME}: U112 the scheme '{SCHEME}' is claimed by {self.BOTH} (uninstall one)"
        ]
        assert "\ndti-922/2022-province " in listed.out and SCHEME not in listed.out

    def test_whoever_uses_the_name_is_told_both(self, home: Home) -> None:
        checked = home.run("check", "mine.yaml", beside="rival")
        assert checked.code == 1 and "mine.yaml:12:3: S106 " in checked.out and self.BOTH in checked.out
        scored = home.run("score", SCHEME, "t.tsv", beside="rival")
        assert scored.code == 1 and f"U112 the scheme '{SCHEME}' is claimed by {self.BOTH}" in scored.err

    def test_whoever_does_not_use_it_is_not_disturbed(self, home: Home) -> None:
        name = home.write("t.csv", "unit,A,B\nx,50,100\n")
        assert home.run("score", "hue-1784/2020-district", name, beside="rival").err == ""
        assert home.run("check", "hue-1784/2020-district", beside="rival").code == 0


class TestBrokenPackage:
    def test_the_list_is_whole_and_says_what_is_broken(self, home: Home) -> None:
        listed = home.run("list", beside="broken")
        assert listed.code == 1 and f"{SCHEME} " in listed.out and "dti-922/2022-province " in listed.out
        invalid, gone = listed.err.splitlines()
        place = Path("broken", "ictindex_broken", "schemes", "broken-1", "2024-office.yaml")
        assert f"{place}:11:3: U155 the scheme 'broken-1/2024-office' of ictindex-broken cannot be used: " in invalid
        assert "the key 'mx' is unknown" in invalid and "`ictindex check broken-1/2024-office`" in invalid
        assert gone.startswith("U113 the schemes of ictindex-broken cannot be found: ")
        told = home.run("list", "--format", "json", beside="broken")
        assert told.code == 1 and SCHEME in {one["id"] for one in json.loads(told.out)}

    def test_its_scheme_is_checked_like_any_other(self, home: Home) -> None:
        checked = home.run("check", "broken-1/2024-office", beside="broken")
        assert checked.code == 1 and "2024-office.yaml:11:3: S101 the key 'mx' is unknown" in checked.out

    def test_its_rule_is_an_error_where_it_is_used(self, home: Home) -> None:
        text = f"{HEAD}1 Một:\n  max: 20\n  value: x\n  broken.curve: {{}}\n"
        checked = home.run("check", home.write("curve.yaml", text), beside="broken")
        assert checked.code == 1 and "curve.yaml:12:3: S106 `broken.curve` of 1 cannot be used" in checked.out
        assert "ictindex-broken" in checked.out and "a_library_that_is_not_there" in checked.out

    def test_others_are_not_disturbed(self, home: Home) -> None:
        scored = home.run("score", SCHEME, "t.tsv", "--format", "acme-tsv", beside="broken")
        assert (scored.code, scored.err) == (0, "")
        assert (
            json.loads(home.run("schema", beside="broken").out)["$defs"]["row"]["properties"]["broken.curve"]["not"]
            == {}
        )
        refused = home.run("score", SCHEME, "t.tsv", "--format", "broken-format", beside="broken")
        assert refused.code == 1 and "U103" in refused.err and "ictindex-broken" in refused.err


class TestTheCurve:
    """The float of the example is as near to the exact points as it says, and has the shape that it promises."""

    @given(
        st.lists(st.decimals(-10, 10**6, places=3), min_size=1, max_size=5),
        st.decimals("0.01", 10**4, places=2),
        st.integers(1, STEEPEST),
        st.integers(1, 1000),
    )
    def test_the_float_is_within_its_bound(self, cells: list[object], middle: object, steepness: int, top: int) -> None:
        curve, maximum = Sigmoid(Fraction(middle), Fraction(steepness)), Fraction(top)
        points = {}
        for maths in (FLOAT, FRACTION):
            x = np.array([maths.number(Fraction(cell)) for cell in cells], maths.dtype)
            out, work = np.empty_like(x), Work.of(len(x), maths)
            mask = curve.bind(maximum, maths)(x, out, work, None, None)
            assert (mask is not None and mask.tolist()) == (
                any(cell < 0 for cell in cells) and [cell < 0 for cell in cells]
            )
            points[maths.name] = out.tolist()
        bound = curve.error(2.0**-53, 0.0, maximum, None)
        assert all(
            abs(Fraction(near) - exact) <= bound and 0 <= exact < maximum
            for near, exact in zip(points["float"], points["fraction"], strict=True)
        )
        order = np.argsort(np.array(cells))
        assert np.all(np.diff(np.array(points["fraction"])[order]) >= 0)

    def test_half_of_the_points_are_earned_at_the_middle(self) -> None:
        out = np.empty(3, object)
        x = np.array([Fraction(6), Fraction(12), Fraction(24)], object)
        Sigmoid(Fraction(12)).bind(Fraction(20), FRACTION)(x, out, Work.of(3, FRACTION), None, None)
        assert out.tolist() == [4, 10, 16]

    @pytest.mark.parametrize(("middle", "steepness"), [(0, 2), (-1, 2), (12, 0), (12, 21), (12, Fraction(5, 2))])
    def test_wrong_parameters_are_refused(self, middle: int, steepness: int) -> None:
        with pytest.raises(ValueError, match="must be"):
            Sigmoid(Fraction(middle), Fraction(steepness))


def test_the_example_of_the_documentation_is_this_package() -> None:
    page = (TOP / "docs" / "plugins.md").read_text("utf-8")
    for name in (
        "pyproject.toml",
        "ictindex_acme/sigmoid.py",
        "ictindex_acme/tsv.py",
        f"ictindex_acme/schemes/{SCHEME}.yaml",
    ):
        assert f"{{literalinclude}} ../tests/acme/{name}" in page
