"""What text a template carries."""

from __future__ import annotations


def carried_text(name: str, arguments: str) -> str | None:
    return None
