"""What every reader of a score must be told, Vietnamese first."""

from __future__ import annotations

from ictindex.model import Scheme


def provisional_notice(scheme: Scheme) -> list[str]:
    """Return the provisional notice, Vietnamese first; nothing where no number is assumed."""
    if not scheme.provisional:
        return []
    count = scheme.assumed
    return [
        f"tạm thời: {count} số hoặc quy tắc của bộ chỉ số là giả định, không có trong văn bản",
        f"provisional: {count} numbers or rules of this scheme are assumed, not in any source",
    ]
