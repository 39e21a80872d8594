"""Other packages add strategies, formats and schemes; a broken one spoils nothing until it is used.

The packages are made up on disk, as an installer leaves them, so that the real entry points are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import pytest

import ictindex
from ictindex import api, plugins
from ictindex.cli import main
from ictindex.errors import PluginBroken, SchemeInvalid, UnknownName, WrongUse

SQUARE = '''
from typing import ClassVar
from attrs import frozen
from ictindex.strategies.base import ROUNDING
import numpy as np

@frozen
class Square:
    """The square of a share, times the maximum."""
    top: object
    schema: ClassVar = {"type": "object", "properties": {"top": {"$ref": "#/$defs/number"}}}
    title: ClassVar = "Square / Bình phương"
    description: ClassVar = "The square of the number."
    fitting: ClassVar = "none"
    irrational: ClassVar = False
    monotone: ClassVar = 0
    bounded: ClassVar = False

    def breaks(self):
        return ()

    def bind(self, maximum, maths, slack=0.0):
        most, top = maths.number(maximum), maths.number(self.top)

        def kernel(x, out, work, fit, pools):
            np.divide(x, top, out=out)
            np.multiply(out, out, out=out)
            np.multiply(out, most, out=out)
        return kernel

    def fit(self, sample, maths):
        return None

    def error(self, relative, absolute, maximum, fit):
        return float(maximum) * (4 * relative + 8 * ROUNDING)

    def grain(self, grain, maximum):
        return None

    def formula(self, number, maximum, fit):
        return f"({number} / {self.top})^2 × {maximum}"
'''
HEAD = """
title: Bộ mẫu
unit: unit
edition: 2024
sources: {qd Quyết định mẫu: }
max: 9
"""
SCHEME = f"""{HEAD}scheme: acme/2024-unit
uses: {{acme: acme-square}}
1 Một: {{max: 9, value: , acme.square: {{top: 4}}}}
"""
TABLE = "unit,1\na,2\nb,4\n"

Install = Callable[..., None]


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Nothing that was installed before or after is remembered."""
    kept = (plugins.vocabulary, plugins.scheme_packages, plugins.formats, api._plan)
    for function in kept:
        function.cache_clear()
    yield
    for function in kept:
        function.cache_clear()


@pytest.fixture(name="install")
def _install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    def install(package: str, code: str, **groups: str) -> None:
        """Put a distribution on the path, with its entry points by group."""
        module = tmp_path / package.replace("-", "_")
        module.mkdir()
        (module / "__init__.py").write_text(code, encoding="utf-8")
        info = tmp_path / f"{package.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8")
        points = "".join(f"[ictindex.{group}]\n{entry}\n" for group, entry in groups.items())
        (info / "entry_points.txt").write_text(points, encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))

    return install


@pytest.fixture(name="square")
def _square(install: Install) -> None:
    install("acme-square", SQUARE, normalizations="acme.square = acme_square:Square")


def scheme_file(folder: Path) -> Path:
    path = folder / "mine.yaml"
    path.write_text(SCHEME, encoding="utf-8")
    return path


@pytest.mark.usefixtures("square")
def test_a_strategy_of_another_package_checks_scores_and_explains(tmp_path: Path) -> None:
    path, table = scheme_file(tmp_path), tmp_path / "t.csv"
    table.write_text(TABLE, encoding="utf-8")
    assert plugins.vocabulary().normalizations.package("acme.square") == "acme-square"
    assert not [problem for problem in ictindex.check_scheme(path) if problem.severity == "error"]
    result = ictindex.score(path, ictindex.read_table(table, scheme=path))
    assert result.published() == ["2.25", "9.00"]
    assert result.explain("a").row("1").formula == "(2 / 4)^2 × 9"


def test_without_the_package_the_scheme_says_what_it_misses(tmp_path: Path) -> None:
    with pytest.raises(SchemeInvalid, match=r"acme\.square"):
        ictindex.load_scheme(scheme_file(tmp_path))


@pytest.mark.usefixtures("square")
def test_plugins_can_be_turned_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICTINDEX_NO_PLUGINS", "1")
    assert "acme.square" not in plugins.vocabulary().normalizations
    with pytest.raises(SchemeInvalid, match=r"acme\.square"):
        ictindex.load_scheme(scheme_file(tmp_path))


@pytest.mark.parametrize("word", ["", "0", "yes"])
@pytest.mark.usefixtures("square")
def test_only_1_turns_plugins_off(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ICTINDEX_NO_PLUGINS", word)
    assert "acme.square" in plugins.vocabulary().normalizations


@pytest.mark.usefixtures("square")
def test_two_packages_that_claim_one_name_are_both_named(install: Install) -> None:
    install("beta-square", "Square = object", normalizations="acme.square = beta_square:Square")
    words = plugins.vocabulary().normalizations
    assert "acme.square" in words
    assert words.get("steps") is not None
    with pytest.raises(PluginBroken, match=r"'acme\.square' is claimed by acme-square, beta-square"):
        words.get("acme.square")


def test_a_built_in_name_cannot_be_taken_silently(install: Install) -> None:
    install("gamma", "Mine = object", measures="ratio = gamma:Mine", formats="csv = gamma:Mine")
    with pytest.raises(PluginBroken, match="the measure 'ratio' is claimed by ictindex, gamma"):
        plugins.vocabulary().measures.get("ratio")
    with pytest.raises(PluginBroken, match="the format 'csv' is claimed by ictindex, gamma"):
        plugins.formats().get("csv")


def test_the_name_of_a_rule_from_another_package_has_a_dot(install: Install, tmp_path: Path) -> None:
    install("gamma", SQUARE, normalizations="square = gamma:Square")
    path = tmp_path / "mine.yaml"
    path.write_text(SCHEME.replace("acme.square:", "square:"), encoding="utf-8")
    (told,) = (str(one) for one in ictindex.check_scheme(path) if one.code == "S106")
    assert "mine.yaml:9:26: S106 `square` of 1 cannot be used: the normalization 'square' of gamma cannot be" in told
    assert "its name must have a dot" in told


@pytest.mark.parametrize(
    ("code", "entry"),
    [("raise RuntimeError('no licence')", "delta:Mine"), ("", "delta:Missing"), ("", "delta.nowhere:Mine")],
)
def test_a_broken_package_fails_only_when_it_is_used(install: Install, code: str, entry: str) -> None:
    install("delta", code, measures=f"delta.m = {entry}", formats=f"delta = {entry}", aggregations=f"delta.a = {entry}")
    words = plugins.vocabulary()
    assert "delta.m" in words.measures and words.measures.get("value")
    assert ictindex.load_scheme("dti-922/2022-province").edition == 2022
    with pytest.raises(PluginBroken, match=r"the measure 'delta\.m' of delta cannot be loaded"):
        words.measures.get("delta.m")
    with pytest.raises(PluginBroken, match=r"the aggregation 'delta\.a' of delta cannot be loaded"):
        words.aggregations.get("delta.a")


def test_a_broken_format_does_not_keep_files_from_being_read(install: Install, tmp_path: Path) -> None:
    install("delta", "raise RuntimeError('no licence')", formats="delta = delta:Mine")
    table = tmp_path / "t.csv"
    table.write_text("unit,A,B\nx,50,100\n", encoding="utf-8")
    assert len(ictindex.read_table(table, scheme="hue-1784/2020-district")) == 1


def test_a_package_may_bring_schemes(install: Install, tmp_path: Path) -> None:
    install("epsilon", "", schemes="epsilon = epsilon")
    folder = tmp_path / "epsilon" / "acme"
    folder.mkdir()
    text = SCHEME.replace(", acme.square: {top: 4}", "").replace("uses: {acme: acme-square}\n", "")
    (folder / "2024-unit.yaml").write_text(text, encoding="utf-8")
    found = {one.id: one.package for one in ictindex.list_schemes()}
    assert found["acme/2024-unit"] == "epsilon" and found["dti-922/2022-province"] == "ictindex"
    assert ictindex.load_scheme("acme/2024-unit").title == "Bộ mẫu"


def test_a_package_of_schemes_that_is_gone_hides_no_other(install: Install) -> None:
    install("zeta", "", schemes="zeta = zeta_is_gone")
    assert ictindex.load_scheme("dti-922/2022-province").edition == 2022
    with pytest.raises(UnknownName) as caught:
        ictindex.load_scheme("acme/2024-unit")
    assert [problem.code for problem in caught.value.problems] == ["U111", "U113"]


def test_the_list_is_whole_and_says_what_cannot_be_used(
    install: Install, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert api.broken_schemes() == ()
    for package, key in (("kappa", "max"), ("lambda-one", "mx"), ("lambda-two", "mx")):
        plugins.scheme_packages.cache_clear()
        install(package, "", schemes=f"{package} = {package.replace('-', '_')}")
        folder = tmp_path / package.replace("-", "_") / f"{package[:5]}-1"
        folder.mkdir()
        text = f"{HEAD}scheme: {folder.name}/2024-unit\n1 Một: {{{key}: 9, assessed: }}\n"
        (folder / "2024-unit.yaml").write_text(text, encoding="utf-8")
    install("mu", "", schemes="mu = mu_is_gone")
    install("nu", "", schemes="nu = nu")
    (tmp_path / "nu" / "nu-1").mkdir()
    (tmp_path / "nu" / "nu-1" / "2024-unit.yaml").write_text("a: [\n", encoding="utf-8")
    listed = [one.id for one in ictindex.list_schemes()]
    assert "kappa-1/2024-unit" in listed and "dti-922/2022-province" in listed
    assert not [name for name in listed if name.startswith(("lambd", "nu"))]
    claimed, invalid, gone = api.broken_schemes()
    assert claimed.message == "the scheme 'lambd-1/2024-unit' is claimed by lambda-one, lambda-two"
    assert (invalid.code, invalid.where.line) == ("U155", 1)
    assert invalid.message.startswith("the scheme 'nu-1/2024-unit' of nu cannot be used: ")
    assert gone.code == "U113" and "mu" in gone.message
    for words in (["list"], ["list", "--format", "json"]):
        assert main(words) == 1
        said = capsys.readouterr()
        assert "kappa-1/2024-unit" in said.out and said.err.splitlines() == list(map(str, api.broken_schemes()))


WRITER = """
class Lines:
    name, suffixes = "lines", (".lines",)
    def write(self, result):
        return "\\n".join(result.units)
LINES = Lines()
"""


def test_a_format_of_another_package_reads_or_writes(install: Install, tmp_path: Path) -> None:
    install("eta", WRITER, formats="lines = eta:LINES")
    made = tmp_path / "t.csv"
    made.write_text("unit,A,B\nx,50,100\ny,1,1\n", encoding="utf-8")
    scheme = "hue-1784/2020-district"
    result = ictindex.score(scheme, ictindex.read_table(made, scheme=scheme))
    assert ictindex.write_result(result, format="lines") == "x\ny"
    assert ictindex.write_result(result, tmp_path / "out.lines") == "x\ny"
    with pytest.raises(WrongUse, match="the format 'lines' cannot read"):
        ictindex.read_table(made, scheme=scheme, format="lines")


def test_an_entry_without_a_distribution_is_named_by_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = metadata.EntryPoint("theta.m", "theta:Mine", "ictindex.measures")
    monkeypatch.setattr(metadata, "entry_points", lambda group: [entry] if group == entry.group else [])
    monkeypatch.setattr(plugins, "lacks", lambda _: False)
    assert plugins.vocabulary().measures.package("theta.m") == "theta:Mine"
