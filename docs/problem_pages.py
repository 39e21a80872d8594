"""A page for each code of `ictindex check`: what is wrong, an example of it, and the same put right.

The examples are the files of `tests/broken`, and what is printed under them is what `check` says today. The words
around them are in `problems.yaml` beside this file, in both languages. Sphinx calls `write` before it reads the pages.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import yaml
from attrs import evolve

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests"))

from corpus import FOLDER, examples, found_in, named_in, wrong_and_right  # noqa: E402  # it lies with the tests
from problem_codes import problem_codes  # noqa: E402

from ictindex.errors import Location, Problem, Severity  # noqa: E402  # behind the two above

PAGES = HERE / "problems"
LONGEST = 16
"""How many lines of an example a page shows of each side."""

SEVERITIES = {
    Severity.ERROR: "An **error**: it must be mended first. *Lỗi: phải sửa trước.*",
    Severity.WARNING: "A **warning**: it stops nothing, but look at it. *Cảnh báo: không chặn việc gì, nhưng nên xem.*",
    Severity.ADVICE: "**Advice**: it stops nothing. *Góp ý: không chặn việc gì.*",
}
FAMILIES = {
    r"S0": "Scheme documents: the text / *Văn bản*",
    r"S1": "Scheme documents: keys and values / *Khóa và giá trị*",
    r"S2(?![67])": "Scheme documents: what they mean / *Nội dung bộ chỉ số*",
    r"S2[67]": "Variants and overlays / *Phương án và bản điều chỉnh*",
    r"S3": "Rules of other packages / *Quy tắc của gói khác*",
    r"C": "Cases beside a scheme / *Tệp đối chiếu*",
}
"""The headings of the index, and how the codes beneath them begin."""


def words() -> dict[str, dict[str, str]]:
    """Return what is told of each code: `title`, `tieu-de`, `en`, `vi`; `wrong` and `right` where no lines show it."""
    told: dict[str, dict[str, str]] = yaml.safe_load((HERE / "problems.yaml").read_text("utf-8"))
    return told


def codes() -> list[str]:
    """Return the codes that have a page: those of documents. Schemes come first, then cases."""
    return sorted((code for code in problem_codes() if code[0] in "SC"), key=lambda code: (code[0] != "S", code))


def page(code: str, told: dict[str, str]) -> str:
    """Return the page of a code as Markdown."""
    return "\n".join(_lines(code, told)) + "\n"


def _lines(code: str, told: dict[str, str]) -> Iterator[str]:
    shown = [(path, _said(path, code)) for path in examples(code)]
    severities = {one.severity: SEVERITIES[one.severity] for _, said in shown for one in said}
    yield from ("---", "orphan: true", "---", f"# {code}: {told['title']}", "", f"**{told['tieu-de']}**", "")
    yield from (*(severities.values() or [SEVERITIES[Severity.ERROR]]), "")
    yield from (told["en"].strip(), "", "*Tiếng Việt.* " + told["vi"].strip(), "")
    if "wrong" in told:
        yield from ("## For example", "", *_sides([told["wrong"].strip()], [told["right"].strip()]), "")
    for path, said in shown:
        yield from (f"## {named_in(path)[1].replace('-', ' ').capitalize()}", "", *_example(path), *_told(said), "")
    yield "[All codes](../errors.md)"


def _said(path: Path, code: str) -> list[Problem]:
    """Return the problems of that code in a file, without their places; of those in the same words the first."""
    found = [evolve(one, where=Location()) for one in found_in(path) if one.code == code]
    return list({getattr(one.message, "template", one.message): one for one in reversed(found)}.values())[::-1]


def _example(path: Path) -> Iterator[str]:
    """Yield the lines of a file that are wrong and those that are right; nothing where the mistake is not in them."""
    wrong, right = (text.split("\n") for text in wrong_and_right(path))
    if wrong == right:
        return
    blocks = SequenceMatcher(None, wrong, right, autojunk=False).get_opcodes()
    before = {line for kind, start, end, _, _ in blocks if kind != "equal" for line in range(start, end)}
    after = {line for kind, _, _, start, end in blocks if kind != "equal" for line in range(start, end)}
    yield from (*_sides(_yaml(wrong, before), _yaml(right, after)), "")


def _told(said: list[Problem]) -> Iterator[str]:
    yield from ("What `check` says, and with `--lang vi`:", "", "```{code-block} text", ":class: told", "")
    yield from (_printed(one.told(language)) for one in said for language in ("en", "vi"))
    yield "```"


def _sides(wrong: list[str], right: list[str]) -> Iterator[str]:
    """Yield what is wrong beside what is right; `_static/problems.css` puts one beside the other."""
    yield "::::{container} sides"
    for name, lines in (("Wrong / *Sai*", wrong), ("Right / *Đúng*", right)):
        yield from (":::{container} side", name, "", *lines, ":::")
    yield "::::"


def _yaml(lines: list[str], changed: set[int]) -> list[str]:
    """Return lines as a block of code in which those that differ stand out. Wrong YAML is coloured too."""
    if not any(lines):
        return ["There is nothing in it."]
    marked = ",".join(str(line + 1) for line in sorted(changed) if line < LONGEST)
    options = [":force:", *([f":emphasize-lines: {marked}"] if marked else []), ""]
    cut = ["..."] if len(lines) > LONGEST else []
    return ["```{code-block} yaml", *options, *(_visible(line) for line in lines[:LONGEST]), *cut, "```"]


def _visible(line: str) -> str:
    """Return a line with the characters that nobody sees named."""
    return "".join(f"⟨U+{ord(one):04X}⟩" if unicodedata.category(one) == "Cf" else one for one in line)


def _printed(told: str) -> str:
    return told.replace(f"{FOLDER}/", "")


def index(told: dict[str, dict[str, str]]) -> str:
    """Return the lists of the pages, which errors.md holds."""
    lines = []
    for beginning, title in FAMILIES.items():
        own = [code for code in codes() if re.match(beginning, code)]
        rows = (f"| [{code}](problems/{code}.md) | {told[code]['title']} | *{told[code]['tieu-de']}* |" for code in own)
        lines += [f"## {title}", "", "| code | what is wrong | |", "|---|---|---|", *rows, ""]
    return "\n".join(lines)


def write(folder: Path = PAGES) -> None:
    """Write every page into `docs/problems`, which git ignores, and delete those of codes that are gone."""
    folder.mkdir(exist_ok=True)
    told, known = words(), codes()
    for code in known:
        text, path = page(code, told[code]), folder / f"{code}.md"
        if not path.exists() or path.read_text("utf-8") != text:  # Sphinx builds again what has a new date
            path.write_text(text, "utf-8")
    for path in folder.glob("*.md"):
        if path.stem not in known:
            path.unlink()


if __name__ == "__main__":
    write()
