"""Charts as SVG text: bars and lines on logarithmic scales, readable on light and dark pages, the same text each time.

The colors follow the reader's system; the background is part of the picture, so it is readable on any page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

WIDTH = 760
TEXT = 12
WIDE = 6.6  # about how wide a letter of TEXT pixels is
STYLE = """\
text{font:12px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:#24292f}
.back{fill:#ffffff;stroke:#d0d7de}.grid{stroke:#d8dee4}.head{font-weight:600;font-size:14px}.dim{fill:#57606a}
.s0{--c:#57606a}.s1{--c:#0969da}.s2{--c:#bc4c00}.s3{--c:#1a7f37}.s4{--c:#8250df}.s5{--c:#bf3989}
rect.bar{fill:var(--c)}path.line{fill:none;stroke:var(--c);stroke-width:2}circle{fill:var(--c)}text.own{fill:var(--c)}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.back{fill:#161b22;stroke:#30363d}.grid{stroke:#30363d}
.dim{fill:#9198a1}.s0{--c:#9198a1}.s1{--c:#58a6ff}.s2{--c:#f0883e}.s3{--c:#3fb950}.s4{--c:#bc8cff}.s5{--c:#ff7eb6}}
"""


class _Scale:
    """A logarithmic scale from values to pixels."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low, self.high = min(values), max(values)
        self.start, self.end = start, end

    def __call__(self, value: float) -> float:
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self, steps: Sequence[int]) -> list[float]:
        decades = range(math.floor(math.log10(self.low)) - 1, math.ceil(math.log10(self.high)) + 1)
        every = [step * 10.0**power for power in decades for step in steps]
        return [tick for tick in every if self.low * 0.999 <= tick <= self.high * 1.001]


def bars(title: str, note: str, values: Mapping[str, Mapping[str, float | str]]) -> str:
    """Return bars for each label and series: a number is a bar with its value, words stand where there is none."""
    series = list(dict.fromkeys(name for each in values.values() for name in each))
    numbers = [number for each in values.values() for number in each.values() if not isinstance(number, str)]
    left = 24 + WIDE * max(map(len, values))
    scale = _Scale([min(0.8, min(numbers) * 0.8), max(numbers) * 1.3], left, WIDTH - 64)
    bar, gap, top = 15, 12, 84
    height = round(top + len(values) * (len(series) * bar + gap) + 28)
    parts = []
    for tick in scale.ticks((1, 2, 5)):
        parts.append(_rule(scale(tick), top - 8, scale(tick), height - 32))
        parts.append(_text(scale(tick), height - 14, f"{tick:g}", "dim", "middle"))
    y = float(top)
    for label, each in values.items():
        parts.append(_text(left - 8, y + len(series) * bar / 2 + 4, label, "", "end"))
        for name, number in each.items():
            at = series.index(name) + 1
            if isinstance(number, str):
                parts.append(_text(left + 6, y + bar - 4, f"{name}: {number}", "dim"))
            else:
                wide = max(scale(number) - left, 1.0)
                parts.append(
                    f'<rect class="bar s{at}" x="{left:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{bar - 2}"/>'
                )
                parts.append(_text(left + wide + 6, y + bar - 4, _figure(number)))
            y += bar
        y += gap
    x = 20.0
    for at, name in enumerate(series, start=1):
        parts.append(f'<rect class="bar s{at}" x="{x:.1f}" y="57" width="10" height="10"/>')
        parts.append(_text(x + 15, 66, name))
        x += 32 + WIDE * len(name)
    return _picture(title, note, height, parts)


def lines(title: str, note: str, across: str, values: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Return a line for each name through its points, both scales logarithmic, each name at its line's end."""
    every = [point for points in values.values() for point in points]
    right = WIDTH - 24 - WIDE * max(map(len, values))
    top, height = 72, 400
    x = _Scale([point[0] for point in every], 56, right)
    y = _Scale([min(point[1] for point in every) / 1.3, max(point[1] for point in every) * 1.3], height - 60, top)
    parts = []
    for tick in y.ticks((1, 2, 5)):
        parts.append(_rule(56, y(tick), right, y(tick)))
        parts.append(_text(48, y(tick) + 4, f"{tick:g}", "dim", "end"))
    for tick in sorted({point[0] for point in every}):
        parts.append(_rule(x(tick), top, x(tick), height - 60))
        parts.append(_text(x(tick), height - 42, f"{tick:,.0f}", "dim", "middle"))
    parts.append(_text((56 + right) / 2, height - 18, across, "", "middle"))
    ends = _apart([y(points[-1][1]) for points in values.values()], TEXT + 4)
    for at, (name, points) in enumerate(values.items()):
        path = " L".join(f"{x(across):.1f},{y(up):.1f}" for across, up in points)
        parts.append(f'<path class="line s{at}" d="M{path}"/>')
        parts += [f'<circle class="s{at}" cx="{x(across):.1f}" cy="{y(up):.1f}" r="3"/>' for across, up in points]
        parts.append(_text(x(points[-1][0]) + 10, ends[at] + 4, name, f"own s{at}"))
    return _picture(title, note, height, parts)


def _apart(places: Sequence[float], least: float) -> list[float]:
    """Return the places moved so that none is nearer than `least` to the next, in the same order."""
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = list(places)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + least)
    return moved


def _figure(number: float) -> str:
    return f"{number:.0f}" if number >= 20 else f"{number:.1f}" if number >= 2 else f"{number:.2f}"


def _rule(*ends: float) -> str:
    one, two, three, four = (f"{end:.1f}" for end in ends)
    return f'<line class="grid" x1="{one}" y1="{two}" x2="{three}" y2="{four}"/>'


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    shown = f' class="{kind}"' if kind else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{shown}{place}>{escape(words)}</text>'


def _picture(title: str, note: str, height: int, parts: Sequence[str]) -> str:
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title">',
        f'<title id="title">{escape(title)}</title>',
        f"<style>{STYLE}</style>",
        f'<rect class="back" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="8"/>',
        _text(20, 28, title, "head"),
        _text(20, 46, note, "dim"),
    ]
    return "\n".join([*head, *parts, "</svg>"]) + "\n"
