"""What every reader of a score must be told, Vietnamese first."""

from __future__ import annotations

from typing import Any

from ictindex.messages import Text, either
from ictindex.model import Scheme


def scheme_notices(scheme: Scheme) -> list[str]:
    """Return what a reader must be told of the scheme: an overlay over it, and that numbers are assumed."""
    return [*overlay_notice(scheme), *provisional_notice(scheme)]


def told_notices(scheme: Scheme) -> list[Text]:
    """Return the same as sentences, each in the language that its page is told in."""
    pairs = filter(None, (overlay_notice(scheme), provisional_notice(scheme)))
    return [either(_sentence(english), _sentence(vietnamese)) for vietnamese, english in pairs]


def overlay_notice(scheme: Scheme) -> list[str]:
    """Return whose overlay is laid over the scheme, Vietnamese first; nothing where none is."""
    one = scheme.overlay
    return [] if one is None else overlaid(one.by, one.date, one.revision)


def overlaid(by: str, date: str, revision: int) -> list[str]:
    """Return the notice of an overlay, by whom and of when it is."""
    by = " ".join(by.split())
    return [
        f"có bản điều chỉnh của {by}, {date}, lần sửa {revision}",
        f"with the overlay of {by}, {date}, revision {revision}",
    ]


def provisional_notice(scheme: Scheme) -> list[str]:
    """Return the provisional notice, Vietnamese first; nothing where no number is assumed."""
    return assuming(scheme.assumed)


def assuming(count: int) -> list[str]:
    """Return the notice of so many assumed numbers and rules; nothing where there is none."""
    if not count:
        return []
    return [
        f"tạm thời: {count} số hoặc quy tắc của bộ chỉ số là giả định, không có trong văn bản",
        f"provisional: {count} numbers or rules of this scheme are assumed, not in any source",
    ]


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def scheme_identity(scheme: Scheme) -> dict[str, Any]:
    """Return what names a scheme in plain data. `sha256` is of its text, with the overlay and the variant in force."""
    return {
        "id": scheme.id,
        "revision": scheme.revision,
        "sha256": scheme.sha256,
        "overlay": overlay_identity(scheme),
    }


def overlay_identity(scheme: Scheme) -> dict[str, Any] | None:
    """Return what names the overlay over a scheme in plain data, with the hash of the scheme's own text."""
    one = scheme.overlay
    if one is None:
        return None
    told = {"by": one.by, "date": one.date, "revision": one.revision, "sha256": one.sha256}
    return told | {"base_sha256": one.base_sha256}
