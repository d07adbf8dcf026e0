"""Postal addresses by their layout: the same in every language, since it is what surrounds a street that marks it.

A house number and capital words before an apartment or suite; a town, a state and a postcode behind them; a street and
its number before a postcode and a town; three lines of a letter; a box at a post office. Sources of the forms: USPS
Publication 28 (units, states, military mail) and the Universal Postal Union's addressing sheets.
"""

from __future__ import annotations

import re

from curation.pii.schemes.scheme import Scheme, Shape

CAPITAL = r"[A-ZÀ-ÖØ-ÞĀ-ŽΆ-ΏΑ-ΫЀ-Я]"
# A day of a month is written like a house number.
MONTHS = (
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun|Chapter|Figure|Fig|Table|Page|Section|"
    r"Version|Part|Volume|Vol|No|Number|Step|Line|Windows|Linux|Python|Java|Android|Ubuntu|Debian|Release|Re|AM|PM|UTC|GMT)\b"
)
MONTH_NAMES = r"(?:January|February|March|April|June|July|August|September|October|November|December)\b"
NAME = rf"(?!{MONTHS}|{MONTH_NAMES}){CAPITAL}[\w'’.-]{{0,25}}"
PARTICLE = r"(?:of|de|la|le|les|del|della|di|da|do|dos|das|du|des|na|nad|pod|der|den|dem|am|im|an|van|von|y|i|e)"
NAMES = rf"{NAME}(?:[ -](?:{PARTICLE}[ ])?{NAME})"  # and as often as is written behind it
HOUSE = r"\d{1,4}[A-Za-z]?"
EDGE = r"(?<![\w$€£#.,:/+-])"
NEXT = r"(?:,?[ ]|,?[ ]?\n[>?#* \t]{0,8})"  # on the same line or the next one, also of a quotation
UNIT = r"(?:(?:Apt|APT|Ste|STE|Suite|SUITE|Apartment|Flat)\b\.?[ ]?#?|(?:Unit|Room|Rm|Floor|Bldg)\b\.?[ ]#?)\d{1,5}[A-Za-z]?\b"
STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AIT]|W[AIVY])"
)
TOWN = rf"(?:{NEXT}\n?[>,?# \t]{{0,6}}{NAMES}{{0,3}}){{1,3}}{NEXT}(?:[A-Z]{{2}}[ ])?\d{{4,6}}(?:-\d{{4}})?\b"
POSTCODE = r"(?:[A-Z]{1,2}-)?(?:\d{5}|\d{2}-\d{3}|\d{3}[ ]\d{2}|(?!1[5-9]|20)\d{4})"
BOX = (
    r"(?:P\.?[ ]?O\.?[ ]?Box|PO[ ]BOX|Postbox|Post[ ]Office[ ]Box|Postfach|Postbus|Apartado(?:[ ]de[ ]Correos)?|"
    r"Casella[ ]Postale|Bo[îi]te[ ]Postale|Skr(?:ytka)?\.?[ ]poczt(?:owa)?\.?|[Aa]/[Яя]|а/я)"
)
CUE = (
    r"(?:[Ll]ives? (?:at|on)|[Ll]iving (?:at|on)|[Rr]esid(?:es?|ing) at|[Ll]ocated at|[Aa]ddress is|[Aa]ddress:|"
    r"[Mm]eet(?:ing)? (?:me|you|us|him|her|them) at|[Mm]oved to|[Cc]orner of|[Oo]ffice is (?:at|on))"
)
BEGUN = rf"(?:\d{{1,6}}[A-Za-z]?|{NAMES}{{0,3}}[ ]{HOUSE})"
STREET = rf"(?:\d{{1,6}}[ ]{NAMES}{{0,4}}(?:[ ]{HOUSE})?|{NAMES}{{0,3}}[ ]{HOUSE})"

# Streets that are named in their own language in a text of another one. A year behind them is none of theirs.
STREET_FIRST = (
    r"(?:Rua|Rue|Via|Viale|Piazza|Piazzetta|Calle|Avda\.?|Avenida|Travessa|Pra[çc]a|Plaza|Paseo|Carrer|Ulica|Corso|Vicolo)"
)
STREET_LAST = (
    r"(?:straße|strasse|straat|gasse|weg|platz|allee|katu|polku|vägen|gatan|vej|vejen|gade|vænget|veien|braut|vegur|laan|plein|"
    r"gracht|gränd|stræde)"
)
OWN_NUMBER = r"(?!1[5-9]\d\d|20\d\d)\d{1,4}[A-Za-z]?\b"

LAYOUTS = (
    Scheme(
        "STREET_ADDRESS",
        (
            Shape(rf"\b{STREET_FIRST}(?:[ ](?:{PARTICLE}[ ]){{0,2}}{NAME}){{1,4}},?[ ]{OWN_NUMBER}(?!\.\d)", 0.6),
            Shape(rf"\b(?:{CAPITAL}\w{{2,25}}[ -])?{CAPITAL}\w{{2,25}}{STREET_LAST}[ ]{OWN_NUMBER}(?!\.\d)", 0.6),
            Shape(rf"\b(?:{NAME}[ -]){{1,3}}(?i:{STREET_LAST}|utca|út|u\.|str\.)[ ]{OWN_NUMBER}(?!\.\d)", 0.6),
        ),
        flags=0,
    ),
    Scheme(
        "STREET_ADDRESS",
        (
            # 12 Long Lane Apt. 3, and the town behind it
            Shape(rf"{EDGE}{BEGUN}(?:[ ](?:{PARTICLE}[ ])?(?:{NAME}|{HOUSE}\b)){{0,6}}{NEXT}{UNIT}(?:{TOWN})?", 0.6, UNIT),
            # 12 Long Lane, Springfield, IL 62704
            Shape(
                rf"{EDGE}\d{{1,6}}[ ]{NAMES}{{0,5}}(?:[ ]{HOUSE}\b)?{NEXT}{NAMES}{{0,3}},?[ ]{STATE},?[ ]\d{{5}}(?:-\d{{4}})?\b",
                0.7,
            ),
            # Long Street 12, 00-950 Town
            Shape(
                rf"{EDGE}{NAMES}{{0,3}}[ ]{HOUSE}(?:/\d{{1,4}})?(?:,[ ]|,?[ ]?\n[> \t]{{0,8}}){POSTCODE}[ ]{NAME}\b(?![ ]?\d)",
                0.6,
            ),
            # three lines of a letter
            Shape(rf"^[>?# \t]{{0,8}}{STREET}(?=,?[ ]?\n){TOWN}[ ]?$", 0.6),
        ),
        flags=re.MULTILINE,
    ),
    Scheme(
        "STREET_ADDRESS",
        (
            Shape(rf"(?<!\w){BOX}[ ]{{0,2}}#?\d{{1,6}}\b", 0.6),
            Shape(
                r"\b(?:(?:PSC|CMR|U(?:nit|NIT))[ ]\d{1,4},?[ ](?:Box|BOX)[ ]\d{1,5}|US(?:S|NV|CGC|NS)[ ][A-Z]\w{1,20})"
                r"[,\s]{1,3}[ADF]PO[ ]A[AEP][ ]\d{5}",
                0.7,
            ),
        ),
        flags=0,
    ),
    Scheme(
        "STREET_ADDRESS", (Shape(rf"(?<=\b{CUE}\s{{1,8}}){STREET}(?![\w:])", 0.6, rf"{CUE}\s{{1,8}}[\w.-]+[ ][\w.-]+"),), flags=0
    ),
)
