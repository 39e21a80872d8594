"""A page for each code of `ictindex check`: what is wrong, an example of it, and the same put right.

The examples are the files of `tests/broken`, and what is printed under them is what `check` says today. The words
around them are in `problems.yaml` beside this file, in both languages. Sphinx calls `write` before it reads the pages.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from corpus import FOLDER, found_in, wrong_and_right  # noqa: E402  # it lies with the tests
from problem_codes import problem_codes  # noqa: E402

PAGES = HERE / "problems"
SEVERITIES = {"error": "error, *lỗi*", "warning": "warning, *cảnh báo*", "advice": "advice, *góp ý*"}


def words() -> dict[str, dict[str, str]]:
    """Return what is told of each code: `title`, `tieu-de`, `en`, `vi`; `wrong` and `right` where no file shows it."""
    told: dict[str, dict[str, str]] = yaml.safe_load((HERE / "problems.yaml").read_text("utf-8"))
    return told


def codes() -> list[str]:
    """Return the codes that have a page: those of documents, which `check` reads."""
    return [code for code in problem_codes() if code[0] in "SC"]


def examples(code: str) -> list[Path]:
    """Return the broken files of a code."""
    return sorted(FOLDER.glob(f"{code}-*"))


def page(code: str, told: dict[str, str]) -> str:
    """Return the page of a code as Markdown."""
    return "\n".join(_lines(code, told)) + "\n"


def _lines(code: str, told: dict[str, str]) -> Iterator[str]:
    yield f"# {code}: {told['title']}"
    yield from ("", f"*{told['tieu-de']}*", "", told["en"].strip(), "", told["vi"].strip(), "")
    for path in examples(code):
        wrong, right = wrong_and_right(path)
        problems = [one for one in found_in(path) if one.code == code]
        yield from (f"## {path.name.split('.')[0].removeprefix(f'{code}-').replace('-', ' ').capitalize()}", "")
        yield f"Wrong ({SEVERITIES[str(problems[0].severity)]}):"
        yield from ("", "```yaml", wrong, "```", "")
        yield from ("What `ictindex check` says, and with `--lang vi`:", "", "```text")
        for one in problems[:2]:
            yield from (_told(one, "en"), _told(one, "vi"))
        yield from ("```", "", "Right:", "", "```yaml", right, "```", "")
    if "wrong" in told:
        yield from ("## Wrong", "", told["wrong"].strip(), "", "## Right", "", told["right"].strip(), "")
    yield "[All codes](../errors.md)"


def _told(problem: Any, language: str) -> str:
    return problem.told(language).removeprefix(f"{problem.where.source}:").split(":", 2)[-1].strip()


def index(told: dict[str, dict[str, str]]) -> str:
    """Return the list of the pages, which errors.md holds."""
    rows = (f"| [{code}](problems/{code}.md) | {told[code]['title']} | *{told[code]['tieu-de']}* |" for code in codes())
    pages = (f"problems/{code}" for code in codes())
    table = ["| code | what is wrong | |", "|---|---|---|", *rows]
    return "\n".join([*table, "", "```{toctree}", ":hidden:", "", *pages, "```", ""])


def write() -> None:
    """Write every page into `docs/problems`, which git ignores."""
    PAGES.mkdir(exist_ok=True)
    told = words()
    for code in codes():
        text, path = page(code, told[code]), PAGES / f"{code}.md"
        if not path.exists() or path.read_text("utf-8") != text:  # Sphinx builds again what has a new date
            path.write_text(text, "utf-8")


if __name__ == "__main__":
    write()
