"""How the documentation is built: `sphinx-build -W docs docs/_build`. No page asks the network for anything."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import problem_pages  # noqa: E402  # it lies beside this file
from problem_codes import markdown  # noqa: E402

from ictindex.version import VERSION  # noqa: E402

PROJECT = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = PROJECT["name"]
author = PROJECT["authors"][0]["name"]
copyright = f"2026 {author}"  # noqa: A001  # Sphinx gives the name
release = VERSION

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "benchmarks/*.md"]  # included by performance.md

html_theme = "furo"
html_title = f"ictindex {release}"
html_extra_path = ["result.schema.json", "round.schema.json", "answers"]
html_static_path = ["_static"]
html_css_files = ["schemes.css", "problems.css"]
html_copy_source = False

PAGES = "<!-- problem pages: listed here when they are built -->"
CODES = "<!-- problem codes: written here from the source when the pages are built -->"


def _write_codes(_: Sphinx, page: str, text: list[str]) -> None:
    if page == "errors":
        written = {PAGES: problem_pages.index(problem_pages.words()), CODES: markdown("ATU")}
        for line, lists in written.items():
            if line not in text[0]:
                raise ValueError(f"docs/errors.md must hold the line {line}")
            text[0] = text[0].replace(line, lists)


def _write_pages(_: Sphinx) -> None:
    problem_pages.write()


def setup(app: Sphinx) -> None:
    """Write the pages of the problem codes, and the lists of all codes into theirs."""
    app.connect("builder-inited", _write_pages)
    app.connect("source-read", _write_codes)
