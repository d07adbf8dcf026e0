"""Keys, tokens, passwords. Shapes as their issuers publish them for secret scanning; the rest needs a name before it."""

from __future__ import annotations

import math
import re
from collections import Counter

from curation.pii.schemes.scheme import Scheme, Shape

MIN_BITS_PER_CHARACTER = 3.0  # of 20 characters and more; identifiers and words of a file path lie below
ASSIGNED = (
    r"(?:secret|token|passw(?:or)?d|passwd|pwd|api_?-?key|access_?-?key|auth|credential)\w{0,20}[\"']?\s{0,3}(?::|=>?|:=)\s{0,3}"
)
VALUE = r"[A-Za-z0-9+/=_.~!@#$%^&*\-]{8,128}"
SAID = r"(?:password|passwd|пароль|hasło|رمز|contraseña|passwort|mot de passe)(?:\s(?:is|to|это|ist|es|est))?\s?[:=]?\s"

GATE = (
    r"(?:secret|token|passw|pwd|api_?-?key|access_?-?key|auth|credential)\w*[\"']?\s*(?::|=>?|:=)\s*"
    r"[\"'`][A-Za-z0-9+/=_.~!@#$%^&*\-]+[\"'`]"
)

ISSUED = (
    r"\b(?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{16}\b",  # AWS
    r"\bgh[pousr]_[A-Za-z0-9]{36,251}\b",  # GitHub
    r"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b",
    r"\bglpat-[A-Za-z0-9_-]{20,64}",  # GitLab
    r"\bxox[abeoprs]-[A-Za-z0-9-]{10,250}",  # Slack
    r"\bhooks\.slack\.com/services/T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/[A-Za-z0-9]{16,32}\b",
    r"\bAIza[0-9A-Za-z_-]{35}",  # Google
    r"\bya29\.[0-9A-Za-z_-]{20,250}",
    r"\b[rs]k_(?:live|test)_[0-9A-Za-z]{16,247}\b",  # Stripe
    r"\bsk-(?:proj-|ant-|or-)?[A-Za-z0-9_-]{20,250}",  # OpenAI, Anthropic
    r"\bhf_[A-Za-z0-9]{30,40}\b",  # Hugging Face
    r"\bnpm_[A-Za-z0-9]{36}\b",
    r"\bpypi-[A-Za-z0-9_-]{50,300}",
    r"\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}",  # SendGrid
    r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}",  # Telegram bot
    r"\b[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}",  # Discord bot
    r"\bdop_v1_[a-f0-9]{64}\b",  # DigitalOcean
    r"\bsq0[a-z]{3}-[0-9A-Za-z_-]{22,43}",  # Square
)
WEB_TOKEN = r"\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,1000}"


def bits_per_character(value: str) -> float:
    """Shannon entropy of the characters of a value."""
    counts = Counter(value)
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts.values())


def is_random(value: str) -> bool | None:
    """Looks drawn, not written: letters and digits mixed, many different characters."""
    has_both = any(map(str.isdecimal, value)) and any(map(str.isalpha, value))
    is_varied = len(value) >= 16 and bits_per_character(value) >= MIN_BITS_PER_CHARACTER
    return None if has_both and is_varied and not re.search(r"[/.]\w+[/.]\w+[/.]|^\$|^%|^\{", value) else False


def is_password(value: str) -> bool | None:
    """Letters and something else, and no call, path or variable."""
    is_mixed = any(map(str.isalpha, value)) and any(char.isdecimal() for char in value)
    return None if is_mixed and not re.search(r"[(){}\[\]<>]|^[$%.]|://|\.\w+\.", value) else False


SECRETS = (
    Scheme("API_KEY", tuple(Shape(regex, 0.9) for regex in ISSUED), flags=0),
    Scheme("API_KEY", (Shape(WEB_TOKEN, 0.9, r"\beyJ[A-Za-z0-9_-]{10,50}"),), flags=0),
    Scheme(
        "API_KEY",
        (Shape(rf"(?<={ASSIGNED}[\"'`]){VALUE}(?=[\"'`])", 0.7, GATE),),
        is_valid=is_random,
    ),
    Scheme(
        "PRIVATE_KEY",
        (
            Shape(
                r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----.{10,20000}?-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----",
                1.0,
                r"-----END [A-Z ]{0,30}PRIVATE KEY",
            ),
        ),
        flags=re.DOTALL,
    ),
    Scheme(
        "PASSWORD", (Shape(rf"(?<=\b{SAID})[^\s\"'<>,;]{{6,64}}", 0.6, rf"\b{SAID}[^\s\"'<>,;]{{6,64}}"),), is_valid=is_password
    ),
)
