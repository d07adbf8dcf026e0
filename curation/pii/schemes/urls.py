"""URLs that carry a user and a password, or a token in the query."""

from __future__ import annotations

from curation.pii.schemes.scheme import Scheme, Shape

URLS = (
    Scheme(
        "URL_CREDENTIALS", (Shape(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@\"'<>]{0,128}:[^\s/@\"'<>]{1,256}@[\w.-]{1,255}", 0.9),)
    ),
    Scheme(
        "API_KEY",
        (
            Shape(
                r"(?<=[?&](?:access_token|auth_token|api_?key|apikey|token|sig|signature|secret|password|X-Amz-Signature)=)[\w%.~+/-]{16,255}",
                0.8,
                r"[?&](?:access_token|auth_token|api_?key|apikey|token|sig|signature|secret|password|X-Amz-Signature)=[\w%.~+/-]{16,255}",
            ),
        ),
    ),
)
