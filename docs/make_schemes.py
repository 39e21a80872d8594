"""The pages of the shipped schemes, each as the annex of a decision, written from the schemes themselves:

python docs/make_schemes.py
"""

from __future__ import annotations

from pathlib import Path

from ictindex.annex.markdown import as_markdown, escaped, table
from ictindex.api import list_schemes
from ictindex.authoring import scheme_annex

FOLDER = Path(__file__).parent / "schemes"
HEAD = "---\nhide-toc: true\n---\n\n"
FIRST = """# The schemes, as annexes

Each page prints a scheme as the annex of a decision would: what is scored, how, and from which source. The counts say
how many numbers and rules are cited from a source, derived from it, or assumed because nobody published them. A scheme
with assumed numbers is provisional.

The same for any scheme, also for your own: `ictindex show SCHEME` in the terminal, with `--format markdown`, or with
`-o annex.html` as one page that opens in a browser and prints on A4.
"""


def page_name(scheme: str) -> str:
    """Return the name of a scheme's page, without its ending."""
    return scheme.replace("/", "-")


def page(scheme: str) -> str:
    """Return the page of a scheme."""
    under = (f"The scheme: [schemes/{scheme}.yaml](../../schemes/{scheme}.yaml)", "")
    return HEAD + as_markdown(scheme_annex(scheme), spans=True, under=under)


def index() -> str:
    """Return the page that lists the others."""
    heads = ("scheme", "what it scores", "cited", "derived", "assumed")
    body, names = [], []
    for one in list_schemes():
        name = page_name(one.id)
        names.append(f"{one.id} <{name}>")
        english = f"<br>*{escaped(scheme_annex(one.id).scheme.en)}*"
        link = f"[{one.id}]({name}.md)"
        body.append((link, escaped(one.title) + english, str(one.cited), str(one.derived), str(one.assumed)))
    listed = "\n".join(table(heads, body, right=(2, 3, 4)))
    return "\n".join([FIRST, listed, "", "```{toctree}", ":hidden:", "", *names, "```", ""])


def pages() -> dict[str, str]:
    """Return the text of every page by the name of its file."""
    written = {f"{page_name(one.id)}.md": page(one.id) for one in list_schemes()}
    return {"index.md": index(), **written}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    made = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for file, text in made.items():
        (FOLDER / file).write_text(text, encoding="utf-8")
