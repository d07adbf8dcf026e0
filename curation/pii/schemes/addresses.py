"""Street addresses with a house number, where the language marks them: a type of street in its own writing."""

from __future__ import annotations

from curation.pii.schemes.scheme import Scheme, Shape

WORD = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’.-]{1,25}"
ENGLISH = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Terrace|Way|Parkway|Pkwy|"
    r"Highway|Hwy|Crescent|Close|Circle|Cir|Trail|Alley)"
)

ADDRESSES = (
    Scheme(
        "STREET_ADDRESS",
        (Shape(rf"\b\d{{1,5}}[A-Za-z]?[ ](?:[NSEW]\.?[ ])?(?:{WORD}[ ]){{1,3}}{ENGLISH}\b\.?", 0.6, rf"[ ]{ENGLISH}\b\.?"),),
        (),
        ("en",),
        flags=0,
    ),
    Scheme(
        "STREET_ADDRESS",
        (
            Shape(
                rf"\b(?:ul|al|pl|os)\.[ ]?{WORD}(?:[ ]{WORD}){{0,3}}[ ]\d{{1,4}}[A-Za-z]?(?:[ ]?(?:/|m\.?)[ ]?\d{{1,4}})?\b", 0.6
            ),
        ),
        (),
        ("pl",),
        flags=0,
    ),
    Scheme(
        "STREET_ADDRESS",
        (
            Shape(
                r"\b(?:ул|пр-т|просп|пер|пл|бул|вул)\.?[ ]?[А-ЯЁІЇЄ][\w.-]{2,25}(?:[ ][А-ЯЁІЇЄ][\w.-]{2,25}){0,2},?"
                r"[ ](?:д\.?[ ]?|дом[ ])?\d{1,4}"
                r"(?:[А-Яа-яёЁ]\b|/\d{1,4})?(?:,?[ ](?:кв|к|корп)\.?[ ]?\d{1,4})*",
                0.6,
            ),
        ),
        (),
        ("ru", "uk"),
        flags=0,
    ),
    Scheme(
        "STREET_ADDRESS",
        (Shape(r"\b[A-ZÄÖÜ][\wäöüß-]{1,25}(?:straße|strasse|str\.|weg|platz|allee|gasse)[ ]\d{1,4}[ ]?[a-z]?\b", 0.6),),
        (),
        ("de",),
        flags=0,
    ),
    Scheme(
        "STREET_ADDRESS",
        (
            Shape(
                rf"\b(?:C/|Calle|Avda\.?|Avenida|Plaza|Paseo|Pza\.?)[ ]?(?:(?:de|del|la|las|los|el)[ ]){{0,3}}{WORD}"
                rf"(?:[ ](?:de|del|la|las|los|el|y|{WORD})){{0,5}},?[ ](?:n[º°]?[ ]?)?\d{{1,4}}\b",
                0.6,
            ),
        ),
        (),
        ("es",),
        flags=0,
    ),
)
