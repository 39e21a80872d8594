"""The words that stand on a form, in both languages side by side: a form is written for the units, Vietnamese first."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from ictindex.messages import either, in_language

NOT_APPLICABLE = {"vi": "không áp dụng", "en": "n/a"}
"""What the lists of a form offer for what does not apply; either word can be typed into any cell that takes one."""

SHEETS: Mapping[str, Mapping[str, str]] = {
    "unit": {"vi": "Đơn vị", "en": "Unit"},
    "figures": {"vi": "Số liệu", "en": "Figures"},
    "points": {"vi": "Điểm", "en": "Points"},
    "evidence": {"vi": "Tài liệu kiểm chứng", "en": "Evidence"},
    "reasons": {"vi": "Căn cứ", "en": "Sources"},
}
"""The names of the sheets that a person sees."""

PARTS = ("number", "date", "title", "link")
"""What is asked of a document that is shown as evidence."""

LEVEL = either("Level", "Xếp loại")

HEADINGS: Mapping[str, str] = {
    "code": either("Code", "Mã"),
    "name": either("Criterion", "Nội dung"),
    "unit": either("Unit of measure", "Đơn vị tính"),
    "rule": either("How it is scored", "Cách tính điểm"),
    "cell": either("TO FILL IN", "ĐIỀN VÀO ĐÂY"),
    "points": either("Points", "Điểm"),
    "level": LEVEL,
    "max": either("Maximum", "Tối đa"),
    "ask": either("Evidence to show", "Tài liệu kiểm chứng cần nộp"),
    "number": either("Number of the document", "Số, ký hiệu văn bản"),
    "date": either("Date", "Ngày văn bản"),
    "title": either("Title", "Tên, trích yếu"),
    "link": either("Link", "Đường dẫn"),
    "remark": either("Remark", "Ghi chú của đơn vị"),
}
"""The headings of the columns."""

IDENTITY: Mapping[str, str] = {
    "chosen": either("Unit (choose from the list)", "Đơn vị (bấm vào ô, chọn trong danh sách)"),
    "unit": either("Code of the unit", "Mã đơn vị"),
    "name": either("Name of the unit", "Tên đơn vị"),
    "by": either("Filled in by", "Người lập biểu"),
    "date": either("Date", "Ngày lập"),
    "phone": either("Telephone", "Điện thoại"),
}
"""What a unit says of itself. The pool stands between `name` and `by`, under the scheme's own word."""

SHARED = either("Figures used by several criteria", "Số liệu dùng cho nhiều tiêu chí")
TOTAL = either("Total", "Tổng điểm")
LEFT_OUT = either(
    "the most points of what is not assessed; empty where all is", "điểm tối đa của nội dung không đánh giá (nếu có)"
)
WAITING = either("known later (*)", "chưa biết (*)")
WAITING_NOTE = either(
    "(*) These rows are compared with the other units: points are known only when all units have reported.",
    "(*) Những dòng này được so với các đơn vị khác: chỉ biết điểm khi mọi đơn vị đã báo cáo.",
)
OUT = either("not counted", "không tính")
WRONG = either("look again", "xem lại")
INFORMATIONAL = either("for information, no points", "để theo dõi, không tính điểm")
DUE = either("by", "hạn")
SIGNS = either(
    "20: stated in a document; 20': follows from documents; [20]: assumed; (1) is the reason on sheet",
    "20: có trong văn bản; 20': suy ra từ văn bản; [20]: giả định; (1) là lý do ở trang",
)


@frozen
class Speaker:
    """Says the words of a form in its language."""

    language: str

    def __call__(self, text: str) -> str:
        """Return a text in the language of the form."""
        return in_language(text, self.language)

    def sheet(self, name: str) -> str:
        """Return the name of a sheet."""
        return SHEETS[name][self.language]

    @property
    def not_applicable(self) -> str:
        """The word for what does not apply."""
        return NOT_APPLICABLE[self.language]


def instructions(
    *, chosen: bool, filled: bool, live: bool, relative: bool, evidence: bool, not_applicable: bool, many: bool
) -> list[str]:
    """Return what a unit must know to fill in the form, a line each. The words say what the form has."""
    lines: list[str] = []
    if many:
        lines.append(
            either(
                "Every unit has its column on the sheet “Figures”; its evidence stands on the sheet “Evidence”.",
                "Mỗi đơn vị có một cột ở trang “Số liệu”; tài liệu kiểm chứng ghi ở trang “Tài liệu kiểm chứng”.",
            )
        )
    elif chosen:
        lines.append(
            either(
                "Choose your unit below; then go to the sheet “Figures”.",
                "Chọn đơn vị ở bên dưới, rồi sang trang “Số liệu”.",
            )
        )
    elif not filled:
        lines.append(
            either(
                "Write the code and the name of your unit below; then go to the sheet “Figures”.",
                "Ghi mã và tên đơn vị ở bên dưới, rồi sang trang “Số liệu”.",
            )
        )
    else:
        lines.append(either("Go to the sheet “Figures”.", "Sang trang “Số liệu” để điền."))
    lines.append(
        either(
            "Fill in the yellow cells only. Click on a cell: a note says what it takes.",
            "Chỉ điền các ô màu vàng. Bấm vào ô nào sẽ có ghi chú cho biết ô đó nhận gì.",
        )
    )
    lines.append(
        either(
            "Leave a cell empty where there is no figure yet: an empty cell is not 0. Where the figure is 0, write 0.",
            "Chưa có số liệu thì để trống: ô trống không phải là 0. Số liệu bằng 0 thì ghi 0.",
        )
    )
    if not_applicable:
        lines.append(
            either(
                "Where a criterion does not apply, write n/a. A cell that does not take n/a needs a figure.",
                "Tiêu chí không áp dụng thì ghi n/a. Ô nào không nhận n/a thì phải có số liệu.",
            )
        )
    if evidence:
        lines.append(
            either(
                "Evidence: at least the number, the title or the link of the document, in the row of its criterion.",
                "Tài liệu kiểm chứng: ghi ít nhất số ký hiệu, tên hoặc đường dẫn của văn bản, ở dòng của tiêu chí.",
            )
        )
    if live:
        lines.append(
            either(
                "Points appear by themselves once everything that they need is filled in. They are not final: the "
                "figures are still to be verified.",
                "Điểm tự hiện khi đã điền đủ số liệu của dòng. Đây chưa phải điểm cuối cùng: còn thẩm định.",
            )
        )
    if relative:
        lines.append(WAITING_NOTE)
    lines.append(
        either(
            "Do not add, delete or move rows, columns or sheets. Save as .xlsx and send the file back.",
            "Không thêm, xóa hay dời dòng, cột, trang. Lưu dạng .xlsx rồi gửi lại tệp này.",
        )
    )
    return lines
