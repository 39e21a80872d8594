"""The JSON Schema of one event of a round, made of the same words that the reader knows."""

from __future__ import annotations

from typing import Any

from ictindex.rounds.lines import REQUIRED
from ictindex.rounds.words import HEADINGS, STAGES, VERDICTS

_FIGURE = ["string", "number", "boolean", "null"]
_TEXT = ["string", "null"]
_ABOUT = {
    "unit": "the unit's code, or its name as the declared table has it / mã đơn vị, hoặc tên như trong bảng tự khai",
    "name": "the unit's name, where there is no declared table / tên đơn vị, khi không có bảng tự khai",
    "code": "the code of a figure or of a criterion / mã số liệu hoặc mã tiêu chí",
    "stage": "what happened / bước",
    "old": "the value in force, as whoever decided saw it / giá trị đang có hiệu lực mà người thẩm định thấy",
    "value": "the value from now on; of an appeal, what the unit asks for; `empty` where it is meant to be missing"
    " / giá trị từ nay; khi kiến nghị là giá trị đơn vị đề nghị; `trống` khi bỏ số liệu",
    "number": "the number of the document that is shown / số hiệu của tài liệu kiểm chứng",
    "date": "its date / ngày văn bản",
    "title": "its title / tên, trích yếu văn bản",
    "link": "where it can be read / đường dẫn",
    "evidence": "what was decided about the evidence / tài liệu kiểm chứng được chấp nhận hay không",
    "when": "the day, 2026-01-15 or 15/01/2026, with the hour where it matters / ngày, kèm giờ nếu cần",
    "seq": "the order of the events of one figure, where time does not tell it / thứ tự, khi ngày giờ không đủ rõ",
    "by": "who verified or decided / người thẩm định, người kết luận",
    "reason": "a reason of the scheme, by its code or words / lý do, theo mã hoặc theo lời",
    "remark": "anything else / ghi chú",
}


def event_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one event; the column of pools goes by the name that the scheme gives it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One event of a round / Một sự kiện của vòng đánh giá",
        "description": "One line of a file of JSON lines; in CSV the keys, or their Vietnamese names, are the headings "
        "/ Một dòng của tệp JSON lines; trong CSV các khóa, hoặc tên tiếng Việt, là tên cột",
        "type": "object",
        "required": list(REQUIRED),
        "properties": {key: _property(key) for key in HEADINGS},
        "additionalProperties": {"type": _TEXT},
    }


def _property(key: str) -> dict[str, Any]:
    about = {"title": f"{key} / {HEADINGS[key][0]}", "description": _ABOUT[key]}
    if key in ("old", "value"):
        return {"type": _FIGURE, **about}
    if key == "stage":
        return {"enum": [word for stage, words in STAGES.items() for word in (str(stage), *words)], **about}
    if key == "evidence":
        words = [word for verdict, words in VERDICTS.items() for word in (str(verdict), *words)]
        return {"enum": [*words, "", None], **about}
    if key == "seq":
        return {"type": ["integer", *_TEXT], "minimum": 0, **about}
    return {"type": "string", "minLength": 1, **about} if key in REQUIRED else {"type": _TEXT, **about}
