"""The table of schemes in README.md and README.vi.md, written from the schemes themselves. Run it when one changes:

python docs/make_table.py
"""

from __future__ import annotations

import re
from pathlib import Path

from ictindex import list_schemes, load_scheme

TOP = Path(__file__).parent.parent
PAGES = {"README.md": "en", "README.vi.md": "vi"}
HEADS = {
    "en": "| scheme | what it scores | cited | derived | assumed |\n|---|---|--:|--:|--:|",
    "vi": "| mã bộ chỉ số | nội dung | có trong nguồn | suy ra | giả định |\n|---|---|--:|--:|--:|",
}
BETWEEN = re.compile(r"(<!-- schemes -->\n).*?(<!-- end of schemes -->)", re.DOTALL)


def table(language: str) -> str:
    """Return the table of the installed schemes, a line each, in a language."""
    lines = [HEADS[language]]
    for one in list_schemes():
        words = one.title if language == "vi" else load_scheme(one.id).en
        link = f"[{one.id}](schemes/{one.id}.yaml)"
        lines.append(f"| {link} | {words} | {one.cited} | {one.derived} | {one.assumed} |")
    return "\n".join(lines)


def renewed(page: str) -> str:
    """Return the text of a page with its table as it should be."""
    text = (TOP / page).read_text(encoding="utf-8")
    return BETWEEN.sub(lambda found: f"{found[1]}\n{table(PAGES[page])}\n\n{found[2]}", text)


if __name__ == "__main__":
    for name in PAGES:
        (TOP / name).write_text(renewed(name), encoding="utf-8")
