"""What a file is that is no text: a workbook, a document, an archive, by its first bytes and the parts in it."""

from __future__ import annotations

import io
from typing import NamedTuple

from ictindex.messages import say

_OLD = b"\xd0\xcf\x11\xe0"
_OLD_WORD = "WordDocument".encode("utf-16-le")
_WITH_PASSWORD = "EncryptedPackage".encode("utf-16-le")


class Kind(NamedTuple):
    """What a file is, as a whole sentence, and what to do about it."""

    message: str
    hint: str


_AS_CSV = say("in Excel, save it as 'CSV UTF-8 (Comma delimited)'")
_COPY = say("copy its table into a spreadsheet and save that as .xlsx")
_SAVE_AS = say("open it in Excel and save it as .xlsx")
_WORD = Kind(say("this is a Word document"), _COPY)


def kind_of(content: bytes) -> Kind | None:
    """Return what a file is that begins as none with text in it does; None where it may be text."""
    if content.startswith(b"PK\x03\x04"):
        return _zipped(content)
    if content.startswith(b"%PDF"):
        return Kind(say("this is a PDF, not CSV"), _COPY)
    if not content.startswith(_OLD):
        return None
    if _OLD_WORD in content:
        return _WORD
    if _WITH_PASSWORD in content:
        return Kind(say("this file has a password"), say("open it, remove the password and save it"))
    return Kind(say("this is an old Excel workbook (.xls), not CSV"), _SAVE_AS)


def _zipped(content: bytes) -> Kind:
    import zipfile  # takes long to import

    try:
        names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return Kind(say("this is an Excel workbook or a zip file, not CSV"), _AS_CSV)
    if "word/document.xml" in names:
        return _WORD
    if "xl/workbook.xml" in names:
        return Kind(say("this is an Excel workbook, not CSV"), say("let the name of the file end with .xlsx"))
    if "xl/workbook.bin" in names:
        return Kind(say("this is a binary Excel workbook (.xlsb)"), _SAVE_AS)
    if "content.xml" in names:
        return Kind(say("this is a LibreOffice workbook (.ods)"), say("save it as .xlsx"))
    return Kind(say("this is a zip file, not CSV"), say("unpack it and name the file with the table in it"))
