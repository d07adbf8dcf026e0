"""What LaTeX commands mean to a reader: symbols, accents, and which arguments carry no text. Data only."""

from __future__ import annotations


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SYMBOLS = _pairs(
    "ss ß ae æ AE Æ oe œ OE Œ aa å AA Å o ø O Ø l ł L Ł i ı j ȷ DH Ð dh ð TH Þ th þ ng ŋ dots … ldots … textellipsis … "
    "textendash – textemdash — textquoteright ’ textquoteleft ‘ textquotedblleft “ textquotedblright ” textquotesingle ' "
    "guillemotleft « guillemotright » flqq « frqq » og « fg » S § P ¶ copyright © pounds £ euro € dag † textdegree ° "
    "textbullet • textregistered ® texttrademark ™ textasciitilde ~ textbackslash \\ textbar | textunderscore _ "
    "textless < textgreater > slash / LaTeX LaTeX TeX TeX BibTeX BibTeX ie i.e. eg e.g."
) | dict.fromkeys(("quad", "qquad", "space"), " ")
BREAKS = dict.fromkeys(("newline", "break", "linebreak"), "\n") | dict.fromkeys(
    ("par", "medskip", "bigskip", "smallskip", "newpage", "clearpage", "cleardoublepage", "hrule", "maketitle"), "\n\n"
)
SYMBOLS |= BREAKS | {"etal": "et al.", "and": ", "}

# siunitx: `\\SI{5}{\\kilo\\metre\\per\\second}`
UNITS = _pairs(
    "metre m meter m gram g kilogram kg second s ampere A kelvin K mole mol candela cd hertz Hz newton N pascal Pa joule J "
    "watt W volt V coulomb C farad F ohm Ω siemens S tesla T weber Wb henry H litre L liter L hour h degreeCelsius °C celsius °C "
    "percent % electronvolt eV tonne t hectare ha kilo k mega M giga G tera T milli m micro µ nano n pico p femto f centi c "
    "deci d per / squared ² cubed ³ degree ° arcminute ′ arcsecond ″ angstrom Å astronomicalunit au dalton Da decibel dB"
)
QUANTITIES = _names("SI qty SIrange qtyrange")

# Accent command to combining character.
ACCENTS = _pairs(
    "` \u0300 ' \u0301 ^ \u0302 \" \u0308 ~ \u0303 = \u0304 . \u0307 u \u0306 v \u030c H \u030b c \u0327 d \u0323"
) | _pairs("b \u0331 r \u030a k \u0328")

# Commands whose braces hold no prose, with how many; optional arguments go too.
SILENT = dict.fromkeys(
    _names(
        "label ref eqref autoref cref Cref pageref vref nameref parencite textcite autocite footcite nocite onlinecite "
        "fullcite bibliography bibliographystyle bibitem addbibresource includegraphics graphicspath vspace hspace "
        "pagestyle thispagestyle pagenumbering enlargethispage glossary glsadd pdfbookmark usepackage "
        "RequirePackage documentclass documentstyle geometry hypersetup theoremstyle input include subfile thanks email "
        "address affiliation institute affil institution city country state postcode keywords subjclass date received "
        "accepted acmDOI ccsdesc orcid selectlanguage color foreignlanguage newlength newcounter newif phantom vphantom "
        "hphantom todo marginpar numberwithin hyphenation captionsetup title author usetikzlibrary pgfplotsset lstset "
        "tikzset setmainfont setlist stepcounter refstepcounter markright url path nolinkurl setcitestyle "
        "DeclareUnicodeCharacter href textcolor colorbox raisebox parbox scalebox cline PageSep DPPageSep Pagelabel"
    ),
    1,
) | {"rule": 2, "fontsize": 2, "resizebox": 2, "markboth": 2, "newtheorem": 2, "counterwithin": 2, "import": 2, "subimport": 2}
SILENT |= dict.fromkeys(
    _names("setlength addtolength setcounter addtocounter newcolumntype PassOptionsToPackage multicolumn multirow"), 2
)
SILENT |= dict.fromkeys(_names("newcommand renewcommand providecommand"), 2)
SILENT |= dict.fromkeys(_names("definecolor addcontentsline crefname Crefname newenvironment renewenvironment"), 3)
SILENT |= {"titleformat": 5}

DROPPED_ENVIRONMENTS = _names(
    "thebibliography tikzpicture tikzcd pgfpicture picture pspicture overpic axis forest xy diagram filecontents "
    "filecontents* algorithmic algorithm2e tabular "
    "tabular* tabularx tabulary longtable supertabular tabbing CCSXML keywords keyword IEEEkeywords comment mathpar "
    "prooftree"
)
# Kept as they stand, with how many groups of arguments before the text.
VERBATIM_ENVIRONMENTS = dict.fromkeys(_names("verbatim verbatim* Verbatim BVerbatim lstlisting code alltt"), 0) | {"minted": 1}
FLOATS = _names("figure figure* table table* wrapfigure wraptable sidewaysfigure sidewaystable SCfigure subfigure algorithm")
MATH_ENVIRONMENTS = _names(
    "equation equation* align align* gather gather* multline multline* eqnarray eqnarray* displaymath math flalign "
    "flalign* alignat alignat* dmath dmath* array cases matrix pmatrix bmatrix split aligned gathered subequations"
)
CHAPTER_HEADINGS = _names("part chapter section")
HEADINGS = CHAPTER_HEADINGS | _names("subsection subsubsection paragraph subparagraph subsubparagraph")
