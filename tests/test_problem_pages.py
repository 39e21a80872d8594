"""The pages of the problem codes: each code has its words in both languages and an example, and none is of a code that
is gone.
"""

from __future__ import annotations

import re
from pathlib import Path

import problem_pages
import pytest
import yaml
from corpus import FILES, FOLDER, examples, found_in, named_in, wrong_and_right
from problem_codes import problem_codes

from ictindex.cli import main

WORDS = problem_pages.words()
CODES = problem_pages.codes()
ALL = set(problem_codes())
TOLD = ("title", "tieu-de", "en", "vi")
OWN_LETTERS = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)


def test_the_words_are_those_of_the_codes_of_documents() -> None:
    assert list(WORDS) == CODES and set(CODES) == {code for code in ALL if code[0] in "SC"}


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_its_words_in_both_languages(code: str) -> None:
    told = WORDS[code]
    assert set(told) - {"wrong", "right"} == set(TOLD)
    assert all(told[key].strip() == told[key] and told[key] for key in told)
    assert OWN_LETTERS.search(told["vi"]) and OWN_LETTERS.search(told["tieu-de"])
    assert told["en"].endswith(".") and told["vi"].endswith(".") and len(told["title"]) < 80
    plain = re.sub(r"`[^`]*`|\([^()]*\)", "", told["en"])
    assert not OWN_LETTERS.search(plain), plain


@pytest.mark.parametrize("code", CODES)
def test_a_page_shows_something_wrong_and_the_same_put_right(code: str) -> None:
    told = WORDS[code]
    lines = [pair for pair in map(wrong_and_right, examples(code)) if pair[0] != pair[1]]
    assert {"wrong", "right"} & set(told) == (set() if lines else {"wrong", "right"})
    text = problem_pages.page(code, told)
    assert f"# {code}: {told['title']}" in text and told["en"] in text and told["vi"] in text
    assert text.count("Wrong / *Sai*") == text.count("Right / *Đúng*") == max(len(lines), 1)
    assert all(right.strip() for _, right in lines)
    for path in examples(code):
        first = next(one for one in found_in(path) if one.code == code)
        assert first.message.replace(f"{FOLDER}/", "") in text


def test_the_words_name_no_code_that_is_gone() -> None:
    named = re.findall(r"\b[A-Z]\d{3}\b", " ".join(part for told in WORDS.values() for part in told.values()))
    assert set(named) <= ALL


def test_the_words_name_no_command_that_is_not_there() -> None:
    text = " ".join(part for told in WORDS.values() for part in told.values())
    for command in set(re.findall(r"`ictindex ([a-z]+)", text)):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0


def test_the_index_lists_each_page_once() -> None:
    listed = [code for beginning in problem_pages.FAMILIES for code in CODES if re.match(beginning, code)]
    assert sorted(listed) == sorted(CODES)
    assert re.findall(r"\(problems/([A-Z]\d{3})\.md\)", problem_pages.index(WORDS)) == listed


def test_writing_leaves_no_page_of_a_code_that_is_gone(tmp_path: Path) -> None:
    (tmp_path / "S999.md").write_text("a code of former times", "utf-8")
    (tmp_path / f"{CODES[0]}.md").write_text("what was told in former times", "utf-8")
    problem_pages.write(tmp_path)
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(CODES)
    assert WORDS[CODES[0]]["en"] in (tmp_path / f"{CODES[0]}.md").read_text("utf-8")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    problem_pages.write(tmp_path)
    assert before == {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}


def test_the_words_are_plain_yaml() -> None:
    text = (problem_pages.HERE / "problems.yaml").read_text("utf-8")
    assert yaml.safe_load(text) == WORDS and text.count("\n\n") == len(CODES)


def test_every_file_of_the_corpus_is_on_a_page() -> None:
    shown = {path for code in CODES for path in examples(code)}
    assert {path.name for path in FILES if path not in shown} == {"several-at-once.overlay.yaml"}
    assert all(named_in(path)[0] in ALL for path in shown)
