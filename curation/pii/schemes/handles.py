"""Names of accounts in chat: `@name`, and the last part of a profile's address."""

from __future__ import annotations

from curation.pii.schemes.scheme import Scheme, Shape

# What programs and chat rooms write with an @ themselves.
NOBODY = frozenset(
    (
        *("here", "channel", "everyone", "all", "group", "room", "bot", "admin", "mods", "param", "params", "return", "returns"),
        *("throws", "exception", "see", "since", "author", "version", "deprecated", "override", "test", "before", "after"),
        *(
            "property",
            "classmethod",
            "staticmethod",
            "dataclass",
            "abstractmethod",
            "pytest",
            "app",
            "media",
            "import",
            "keyframes",
        ),
        *("charset", "page", "supports", "include", "mixin", "extend", "use", "layer", "type", "types", "typedef", "todo", "ref"),
        *("autowired", "component", "injectable", "entity", "service", "nullable", "interface", "end", "class", "selector"),
        # parts of a site's addresses
        *("hashtag", "intent", "share", "search", "home", "groups", "pages", "watch", "events", "status", "sharer", "sharer.php"),
        *("explore", "joinchat", "addstickers", "company", "feed", "posts", "videos", "photos", "login", "about", "help", "wall"),
        *("protocol", "implementation", "example", "memoize", "cache", "route", "task", "flow", "decorator", "suppresswarnings"),
    )
)
SITES = r"(?:t\.me|telegram\.me|twitter\.com|x\.com|instagram\.com|facebook\.com|vk\.com|ok\.ru|linkedin\.com/in|tiktok\.com/@)"


def is_handle(value: str) -> bool | None:
    return None if value.casefold() not in NOBODY else False


HANDLES = (
    Scheme(
        "USERNAME",
        (
            Shape(r"(?<=(?:^|[\s(\[,;:])@)[A-Za-z][A-Za-z0-9_]{2,31}(?![\w@/]|\.\w)", 0.5, r"@[A-Za-z][A-Za-z0-9_]{2,31}"),
            Shape(rf"(?<=\b{SITES}/)[A-Za-z0-9_.]{{3,40}}(?!\w)", 0.5, rf"\b{SITES}/[A-Za-z0-9_.]{{3,40}}"),
        ),
        is_valid=is_handle,
    ),
)
