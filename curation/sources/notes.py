"""Notes that stand in the middle of a sentence, put behind its paragraph.

In: a tree, the tags of notes and of paragraphs. Out: the same tree; notes in notes, and those that stand between paragraphs,
stay where they are.
"""

from __future__ import annotations

from typing import Any

from curation.sources.xmltree import local_name


def move_notes(root: Any, notes: frozenset[str], paragraphs: frozenset[str], outside: frozenset[str]) -> None:
    """`outside` names what holds notes of its own, such as a header or a list of notes."""
    last: dict[Any, Any] = {}  # of the notes behind a paragraph
    for note in [element for element in root.iter() if local_name(element) in notes]:
        outer = None
        for above in note.iterancestors():
            name = local_name(above)
            if name in notes or name in outside:
                outer = None
                break
            if name in paragraphs:
                outer = above
        parent = note.getparent()
        if outer is None or parent is None or outer.getparent() is None:
            continue
        take_out(note)
        place = last.get(outer, outer)
        note.tail, place.tail = place.tail, None
        place.addnext(note)
        last[outer] = note


def take_out(element: Any) -> None:
    """The element out of its tree, what stands behind it left in its place."""
    tail, element.tail = element.tail or "", None
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
