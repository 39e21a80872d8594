"""The picture of the README: a terminal with what the program really prints. Run it again when the output changes:

python docs/make_picture.py
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from ictindex.cli import main

TOP = Path(__file__).parent.parent
PICTURE = TOP / "docs" / "images" / "score.svg"
EXAMPLES = {name: f"schemes/{name}.example.csv" for name in ("dti-922/2022-province", "hue-1784/2020-district")}
COMMANDS = (
    ("score", "dti-922/2022-province"),
    ("explain", "hue-1784/2020-district", "tp-hue", "A"),
)
TITLE = "ictindex in a terminal: the ranking of five provinces, and why a district has its level"
FIT = 'lengthAdjust="spacingAndGlyphs"'  # a wider or narrower font is stretched, letters and all
ADVANCE, LINE, LEFT, HEAD = 7.2, 18, 20, 40  # pixels: a letter of 12 px, a line, the margin, the title bar
STYLE = (
    "text{font:12px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#d7dae0}"
    ".prompt{fill:#8fd18f}.note{fill:#e0b050}.head{fill:#7fb2e5}.dim{fill:#8a919c}"
)


def output(command: Sequence[str]) -> str:
    """Return what a command prints."""
    action, scheme, *more = command
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        main([action, scheme, str(TOP / EXAMPLES[scheme]), *more])
    return printed.getvalue()


def lines() -> Iterator[tuple[str, str]]:
    """Yield the lines of the terminal, each with its class."""
    for command in COMMANDS:
        action, scheme, *more = command
        yield "prompt", " ".join(["$ ictindex", action, scheme, EXAMPLES[scheme], *more])
        told = ""
        for line in output(command).splitlines():
            told = "note" if line.startswith("Provisional") or (told == "note" and line) else _kind(line)
            yield told, line
        yield "", ""


def picture() -> str:
    """Return the picture as SVG."""
    shown = list(lines())[:-1]
    width = round(2 * LEFT + ADVANCE * max(len(line) for _, line in shown))
    height = HEAD + LINE * len(shown) + LEFT
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title">',
        f'<title id="title">{TITLE}</title>',
        f"<style>{STYLE}</style>",
        f'<rect width="{width}" height="{height}" rx="8" fill="#1e2229"/>',
        *(f'<circle cx="{x}" cy="18" r="5" fill="#4a515c"/>' for x in (22, 40, 58)),
    ]
    for at, (kind, line) in enumerate(shown):
        y = HEAD + LINE * at + LINE // 2
        drawn += [_text(start, words, y, kind) for start, words in _runs(line)]
    return "\n".join([*drawn, "</svg>", ""])


def _runs(line: str) -> Iterator[tuple[int, str]]:
    """Yield the words of a line between wide gaps, each with its column: columns stay straight in any font."""
    for run in re.finditer(r"\S+(?: \S+)*", line):
        yield run.start(), run.group()


def _text(start: int, words: str, y: int, kind: str) -> str:
    x, length = LEFT + ADVANCE * start, ADVANCE * len(words)
    shade = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y}" textLength="{length:.1f}" {FIT}{shade}>{escape(words, quote=False)}</text>'


def _kind(line: str) -> str:
    if line.startswith("!"):
        return "note"
    if line.startswith("rank "):
        return "head"
    return "dim" if " | scheme " in line else ""


if __name__ == "__main__":
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8")
