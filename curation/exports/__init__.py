"""Releases in the formats that other trainers read. One format per file; FORMATS is the list.

A format has NAME, WHAT (one sentence) and `write(release, out)`, which fills an empty folder.
"""

from __future__ import annotations

from types import ModuleType

from curation.exports import datatrove, megatron, nanogpt, public, text

FORMATS: dict[str, ModuleType] = {module.NAME: module for module in (nanogpt, megatron, datatrove, text, public)}
