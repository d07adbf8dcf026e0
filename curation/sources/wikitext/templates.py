"""What text a template carries.

In: its name and its arguments, templates in them already replaced. Out: the text a reader sees in its place, or None
for all that carries none: boxes, navigation, references, notices, and every template that no table knows.
The tables hold templates by what they are for, under their names on the larger wikis; they are data, and grow there.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from curation.sources.wikitext import (
    template_dates,
    template_lists,
    template_names,
    template_strings,
    template_values,
    template_words,
)
from curation.sources.wikitext.arguments import Arguments, split_arguments

Rule = Callable[[Arguments], str | None]

_RULES: dict[str, Rule] = {
    **template_strings.RULES,
    **template_names.RULES,
    **template_lists.RULES,
    **template_values.RULES,
    **template_dates.RULES,
    **template_words.RULES,
}
_PREFIX = re.compile(
    r"^(?:template|vorlage|modèle|plantilla|шаблон|szablon|predefinição|sjabloon|mall|الگو|قالب|模板)\s*:\s*", re.IGNORECASE
)
_LANGUAGE = re.compile(r"lang-[a-z]{2,3}(?:-[a-z0-9]+)*")
_CENTURY = re.compile(r"[ivxl]{1,6}e (?:siècle|millénaire)(?: av\. j\.-c\.)?")  # frwiki: {{XIXe siècle}}
_YEAR_LINK = re.compile(r"[a-z][\w .'-]* (?:year|season)")


def carried_text(name: str, arguments: str) -> str | None:
    """The text, "" where the template shows nothing worth keeping, None where it is not known."""
    key = _PREFIX.sub("", name).replace("_", " ").strip()
    fixed = template_words.SYMBOLS.get(key)
    if fixed is not None:
        return fixed
    key = key.lower()
    rule = _RULES.get(key)
    if rule is not None:
        return rule(split_arguments(arguments))
    if _LANGUAGE.fullmatch(key):
        return split_arguments(arguments)[0]
    if _CENTURY.fullmatch(key):
        return key[: key.index(" ")].upper()[:-1] + "e" + key[key.index(" ") :].replace("j.-c.", "J.-C.")
    if _YEAR_LINK.fullmatch(key):
        years = [each for each in split_arguments(arguments).positional if each[:4].isdigit()]
        return "–".join(years) or None
    return None
