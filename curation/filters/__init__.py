"""Filters: one idea per file. Each scores documents while a segment is made and judges them when `select` runs.

To add one: a module with NAME, REASONS, JUDGED, LIBRARIES, SCORES, Config, build and judge (see curation.stage), one
test, and one line here. The order is the order of stages; the first filter whose rule a document fails names its reason.
"""

from __future__ import annotations

from types import ModuleType

from curation.filters import datatrove, language, quality, toxicity

FILTERS: list[ModuleType] = [language, quality, toxicity, datatrove]
