"""Words that edited copies put in place of others."""

SUBSTITUTES = {
    "en": ["lantern", "harbour", "window", "quietly"],
    "pl": ["zegar", "okno", "cicho", "rzeka"],
    "ru": ["фонарь", "окно", "тихо", "река"],
    "fa": ["فانوس", "پنجره", "آرام", "رود"],
}
