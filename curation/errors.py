"""Every error a user can meet, split by what the caller can do about it.

    CurationError
    ├── RecipeError        the user edits the recipe
    ├── WorkspaceError     the user looks at the workspace (locked, damaged, from another version)
    ├── ContractError      a file breaks the on-disk contract, or a ledger does not add up: a defect, report it
    ├── AlarmError         a source lost more than the recipe allows: look at the samples, then pass the flag
    ├── InputError         one input cannot be read: the run quarantines it with `reason` and goes on
    └── TransientError     trying again may help (a locked workspace, a full queue); Prefect retries these only

An error takes data and builds the sentence: what, where, got, expected, do next.
"""

from __future__ import annotations

import errno


class CurationError(Exception):
    """`what` went wrong; the other fields are optional parts of one readable message."""

    def __init__(self, what: str, *, where: str = "", got: str = "", expected: str = "", do: str = "") -> None:
        self.what, self.where, self.got, self.expected, self.do = what, where, got, expected, do
        super().__init__(what, where, got, expected, do)

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.got:
            parts.append(f"got {self.got}")
        if self.expected:
            parts.append(f"expected {self.expected}")
        sentence = "; ".join(parts)
        return f"{sentence}. {self.do}" if self.do else sentence

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions cross process borders; keyword-only fields need their own way back.
        return rebuilt, (type(self), dict(self.__dict__))


def rebuilt(kind: type[CurationError], fields: dict[str, str]) -> CurationError:
    error = kind.__new__(kind)
    Exception.__init__(error, *fields.values())
    error.__dict__.update(fields)
    return error


def out_of_space(error: BaseException) -> WorkspaceError | None:
    """The sentence for a full disk or an exhausted quota; None for any other error."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return WorkspaceError("no space left on the disk", do="Make room and run again: what was finished is kept.")
    return None


class RecipeError(CurationError):
    """The recipe is wrong: names file, table, key and what would be right."""


class WorkspaceError(CurationError):
    """The workspace cannot be used as it is."""


class ContractError(CurationError):
    """Data on disk, or a count, is not what the contract promises."""


class AlarmError(CurationError):
    """A source or a language lost more than the recipe's bound."""


class TransientError(CurationError):
    """Worth another try later."""


class InputError(CurationError):
    """One input (or the rest of it) is unreadable. `reason` is a drop reason: a stable snake_case word.

    The message goes to no file: it may quote the input. Only `reason` is stored.
    """

    def __init__(self, reason: str, what: str = "", *, where: str = "") -> None:
        super().__init__(what or reason, where=where)
        self.reason = reason
