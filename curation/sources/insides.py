"""Parts of an archive that begin or end inside one of its members: what of the member they hold.

A member larger than PART_BYTES that its kind reads from inside is cut at the same offsets as the archive: its records that
start in the part belong to the part. Any other member belongs to the part in which it starts.
"""

from __future__ import annotations

from curation.source import PART_BYTES, Part
from curation.sources.archives import Entry


def inner_part(entry: Entry, part: Part) -> Part | None:
    """In bytes of the member; None where it lies outside, or is whole in the part, or is small."""
    stop = entry.start + entry.size
    if entry.reason or entry.size <= PART_BYTES or stop <= part.start or (part.start <= entry.start and stop <= part.stop):
        return None
    return Part(max(0, part.start - entry.start), part.stop - entry.start)
