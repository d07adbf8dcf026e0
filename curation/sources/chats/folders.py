"""Which files form one chat export.

In: the matched files of a source. Out: inputs: the folder above users.json and channels.json (Slack) or account.js
(Twitter), the folder of
messages that continue each other (daily logs, pages of a list archive), else each file alone.
A folder of day files is one input, because conversations run over midnight and threads over days.
"""

from __future__ import annotations

import re
from collections import defaultdict

from curation.source import File, Input

_ROOT_FILE = re.compile(r"(?:^|/)(?:channels|groups|dms|mpims|users|integration_logs)\.json$|(?:^|/)data/account\.js$")
_DAY_FILE = re.compile(
    r"(?<!\d)\d{4}[-_.]?\d\d[-_.]?\d\d(?!\d)|(?<!\d)\d\d[-_.]\d\d(?!\d)|message_\d+\.(?:json|html)$|^messages\d*\.html$|"
    r"^(?:msg)?\d{2,8}\.html?$|^(?:thread|date|subject|author|index|maillist|threads)\.html?$"
)
_PACKED = re.compile(r"\.(?:zip|tar|tgz|7z|tar\.\w+|tbz2|txz)$", re.IGNORECASE)


def group(files: list[File]) -> list[Input]:
    """Inputs in the order of their keys; every file lands in exactly one."""
    roots = sorted({_folder(file.path) for file in files if _ROOT_FILE.search(file.path)}, key=len)
    members: dict[str, list[File]] = defaultdict(list)
    for file in sorted(files, key=lambda file: file.path):
        members[_key(file, roots)].append(file)
    return [Input(key, tuple(group)) for key, group in sorted(members.items())]


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _key(file: File, roots: list[str]) -> str:
    folder, slash, name = file.path.rpartition("/")
    for root in roots:
        if file.path.startswith(root + "/") or not root:
            return root or "."
    if slash and _DAY_FILE.search(name) and not _PACKED.search(name):
        return folder
    return file.path
