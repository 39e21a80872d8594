"""A starter without a table: the groups with their points, and in each two rows to be replaced.

The rows show the commonest rules, one after the other: a ratio, a step table, yes or no, a choice. Their maxima add up,
so the file passes `ictindex check` from the first day on, and nothing in it is more than an example.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import cycle

from attrs import frozen

from ictindex.documents.grammar import split_line, write_number
from ictindex.documents.marks import REVIEW
from ictindex.drafting.figures import read_max
from ictindex.drafting.grid import tidy
from ictindex.drafting.head import SOURCE, About, Starter, left_open, opening
from ictindex.drafting.yaml_lines import comment, indented, line_key

_ROWS = 2  # in each group
_HALF = Fraction(1, _ROWS)


@frozen
class GroupOfRows:
    """A group of the scheme to be: its code, its words, its points."""

    code: str
    name: str
    points: Fraction


@frozen
class _Example:
    """A row to be replaced: its name, what its rule says, and the lines of the rule; `{of}` tells inputs apart."""

    name: str
    told: str
    rule: tuple[str, ...]


_EXAMPLES = (
    _Example(
        "Tỷ lệ cán bộ có máy tính",
        "tỷ lệ a/b nhân điểm tối đa; if-none là khi b bằng 0",
        ("ratio:", "  a: số máy tính{of}", "  b: số cán bộ{of}", "  if-none: refuse"),
    ),
    _Example(
        "Số cuộc họp của Ban Chỉ đạo trong năm",
        "từ 4 cuộc trở lên được điểm tối đa, từ 2 cuộc được một nửa, dưới 2 cuộc được 0",
        ("count: số cuộc họp{of}", "steps: {4: max, 2: 1/2 max}"),
    ),
    _Example("Đã ban hành kế hoạch năm", "có thì được điểm tối đa, không thì được 0", ("yes-no:",)),
    _Example(
        "Người đứng đầu Ban Chỉ đạo",
        "chọn đúng một trường hợp",
        ("choice:", "  a Bí thư hoặc Chủ tịch: max", "  b Phó Bí thư hoặc Phó Chủ tịch: 1/2 max", "  c Còn lại: 0"),
    ),
)


def read_group(text: str) -> GroupOfRows | None:
    """Return the group that `1 Nhận thức số=60` says, None where the text does not read so or has no points."""
    line, _, points = tidy(text).rpartition("=")
    split, figure = split_line(line.strip()), read_max(points.strip())
    return GroupOfRows(split[0], split[1], figure) if split and figure else None


def starter(about: About, groups: Sequence[GroupOfRows]) -> Starter:
    """Return a new scheme document of groups with example rows."""
    told = (
        "Bản khởi đầu do lệnh ictindex new lập. Tiêu chí trong các nhóm là ví dụ: thay bằng tiêu chí của quyết định.",
        f"Chỗ có chữ {REVIEW} là chỗ phải thay. Ngôn ngữ của tệp này: schemes/README.md, docs/authoring.vi.md.",
        "Kiểm tra: ictindex check TỆP. Xem lại như phụ lục: ictindex show TỆP.",
    )
    lines = [*opening(about, about.title, told), ""]
    lines += comment("Văn bản nguồn. Con số nào có trong văn bản này thì ghi cited: qd.")
    lines += comment(f"{REVIEW}: ghi số, ngày, cơ quan ban hành và địa chỉ (url) của quyết định.")
    lines += ["sources:", f"  {line_key('qd', SOURCE)}", ""]
    lines += comment("Căn cứ của mỗi con số: cited là có trong văn bản, derived là suy ra, assumed là tự chọn.")
    lines += ["below:", "  assumed: ví dụ, thay bằng cách tính của quyết định"]
    lines += comment("Tổng điểm của các nhóm.")
    total = sum((group.points for group in groups), Fraction(0))
    lines += [f"max: {write_number(total)}", "assumed: điểm do người lập nhập, chưa ghi nguồn", ""]
    lines += comment("Những điều quyết định thường không nói: xem lại từng dòng.")
    lines += left_open("quyết định chưa nói")
    examples = cycle(_EXAMPLES)
    for place, group in enumerate(groups):
        lines += ["", line_key(group.code, group.name), f"  max: {write_number(group.points)}"]
        lines += ["  assumed: điểm do người lập nhập, chưa ghi nguồn"]
        for row in range(1, _ROWS + 1):
            again = place * _ROWS >= len(_EXAMPLES)  # the same words in two rows would make one quantity of two
            lines += indented(_row(f"{group.code}.{row}", group.points * _HALF, next(examples), again=again))
    text = "\n".join(lines) + "\n"
    return Starter(text, rows=_ROWS * len(groups), review=text.count(f"# {REVIEW}"))


def _row(code: str, points: Fraction, example: _Example, *, again: bool) -> Iterator[str]:
    yield from comment(f"{REVIEW}: dòng ví dụ; {example.told}.")
    yield line_key(code, example.name)
    yield f"  max: {write_number(points)}"
    for line in example.rule:
        yield f"  {line.replace('{of}', f' ({code})' if again else '')}"
