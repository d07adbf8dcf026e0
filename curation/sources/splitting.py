"""How a large file is cut into parts that are read one by one.

In: a File. Out: Parts of PART_BYTES where its format lets a reader start inside it (plain text, one JSON object a line,
Parquet row groups), or nothing, and then the file is read as a whole.
"""

from __future__ import annotations

from curation.source import PART_BYTES, File, Part
from curation.sources import archives, compression
from curation.sources.formats import detect
from curation.sources.jsonrows import is_json_lines
from curation.sources.members import HEAD_BYTES, Member, file_opener, read_up_to


def parts(file: File) -> list[Part]:
    """Parts that cover the file, in order; empty where it is small or cannot be cut."""
    if file.size <= PART_BYTES:
        return []
    opener = file_opener(file)
    with opener() as stream:
        head = read_up_to(stream, HEAD_BYTES)
    if compression.detect(head) or archives.detect(head):
        return []
    kind = detect(Member(file.path, file.path, head, opener))
    if kind in ("text", "parquet") or (kind == "json" and is_json_lines(head)):
        return [Part(start, start + PART_BYTES) for start in range(0, file.size, PART_BYTES)]
    return []
