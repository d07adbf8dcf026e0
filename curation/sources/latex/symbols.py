"""What LaTeX commands mean to a reader: symbols, accents, and which arguments carry no text. Data only."""

from __future__ import annotations

from curation.sources.markup import names


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


SYMBOLS = _pairs(
    "ss ß ae æ AE Æ oe œ OE Œ aa å AA Å o ø O Ø l ł L Ł i ı j ȷ DH Ð dh ð TH Þ th þ ng ŋ dots … ldots … textellipsis … "
    "textendash – textemdash — textquoteright ’ textquoteleft ‘ textquotedblleft “ textquotedblright ” textquotesingle ' "
    "guillemotleft « guillemotright » flqq « frqq » og « fg » S § P ¶ copyright © pounds £ euro € EUR € degres ° no n° "
    "glqq „ grqq “ glq ‚ grq ‘ flq ‹ frq › quotedblbase „ quotesinglbase ‚ guilsinglleft ‹ guilsinglright › lq ‘ rq ’ "
    "textperiodcentered · textasciicircum ^ textasteriskcentered * textmu µ textohm Ω textmultiply × texttimes × textpm ± "
    "numero № textnumero № No № textexclamdown ¡ textquestiondown ¿ dag † textdegree ° "
    "textbullet • textregistered ® texttrademark ™ textasciitilde ~ textbackslash \\ textbar | textunderscore _ "
    "textless < textgreater > slash / LaTeX LaTeX TeX TeX BibTeX BibTeX ie i.e. eg e.g."
) | dict.fromkeys(("quad", "qquad", "space"), " ")
# AMS-TeX closes what it opens by commands of their own.
_ENDS = [
    f"end{name}"
    for name in names(
        "title head subhead heading subheading specialhead abstract proclaim demo remark example roster topmatter quote"
    )
]
BREAKS = dict.fromkeys(("newline", "break", "linebreak"), "\n") | dict.fromkeys(
    ("par", "medskip", "bigskip", "smallskip", "newpage", "clearpage", "cleardoublepage", "hrule", "maketitle", *_ENDS), "\n\n"
)
SYMBOLS |= BREAKS | {"textquotedbl": '"', "etal": "et al.", "and": ", "}

# siunitx: `\\SI{5}{\\kilo\\metre\\per\\second}`
UNITS = _pairs(
    "metre m meter m gram g kilogram kg second s ampere A kelvin K mole mol candela cd hertz Hz newton N pascal Pa joule J "
    "watt W volt V coulomb C farad F ohm Ω siemens S tesla T weber Wb henry H litre L liter L hour h degreeCelsius °C celsius °C "
    "percent % electronvolt eV tonne t hectare ha kilo k mega M giga G tera T milli m micro µ nano n pico p femto f centi c "
    "deci d per / squared ² cubed ³ degree ° arcminute ′ arcsecond ″ angstrom Å astronomicalunit au dalton Da decibel dB"
)
# Commands whose group is read, and what stands where it ends.
CLOSINGS = {"SI": " ", "qty": " ", "SIrange": "–", "qtyrange": "–", "numrange": "–", "ang": "°", "proclaim": ". ", "demo": ". "}

# Accent command to combining character.
ACCENTS = _pairs(
    "` \u0300 ' \u0301 ^ \u0302 \" \u0308 ~ \u0303 = \u0304 . \u0307 u \u0306 v \u030c H \u030b c \u0327 d \u0323"
) | _pairs("b \u0331 r \u030a k \u0328")

SPACING_ACCENTS = {"~": "~", "^": "^"}

# Commands of TeX itself that take a number, a length or a font without braces.
LENGTHS = names(
    "vskip hskip vglue hglue kern mskip moveleft moveright raise lower font hsize vsize parindent parskip baselineskip "
    "lineskip lineskiplimit topskip leftskip rightskip magnification hoffset voffset tolerance pretolerance hbadness vbadness "
    "overfullrule pageno tabskip abovedisplayskip belowdisplayskip textwidth textheight oddsidemargin evensidemargin "
    "topmargin headheight headsep footskip columnsep penalty clubpenalty widowpenalty hfuzz vfuzz hangindent hangafter "
    "parfillskip emergencystretch"
)

NOTES = names("footnote footnotetext endnote LTRfootnote RTLfootnote پانوشت پاورقی")

# Commands that point to a reference, with how many groups.
POINTED = dict.fromkeys(
    names(
        "ref eqref autoref cref Cref pageref vref nameref parencite textcite autocite footcite onlinecite fullcite subref "
        "labelcref footref Autoref"
    ),
    1,
) | {"crefrange": 2, "Crefrange": 2}

# Of AMS-TeX: `\\author … \\endauthor`.
UP_TO_END = names(
    "author address affil thanks email keywords subjclass Refs dedicatory rightheadtext leftheadtext translator date"
)

# Commands whose braces hold no prose, with how many; optional arguments go too.
SILENT = dict.fromkeys(
    names(
        "label nocite bibliography bibliographystyle bibitem addbibresource includegraphics graphicspath vspace hspace "
        "pagestyle thispagestyle pagenumbering enlargethispage glossary glsadd pdfbookmark usepackage RequirePackage "
        "documentclass documentstyle geometry hypersetup theoremstyle input include subfile thanks email address affiliation "
        "institute affil institution city country state postcode keywords subjclass date received accepted acmDOI ccsdesc "
        "orcid selectlanguage color foreignlanguage newlength newcounter newif phantom vphantom hphantom todo marginpar "
        "numberwithin hyphenation captionsetup title author usetikzlibrary pgfplotsset lstset tikzset setmainfont setlist "
        "stepcounter refstepcounter markright url path nolinkurl setcitestyle DeclareUnicodeCharacter href textcolor colorbox "
        "raisebox parbox scalebox cline PageSep DPPageSep Pagelabel inst orcidID orcidlink titlerunning authorrunning "
        "tocauthor toctitle preprint homepage altaffiliation pacs collaboration IEEEpubid IEEEspecialpapernotice ead cortext "
        "corref fnref tnotetext fntext tnoteref shorttitle shortauthors runningtitle runningauthor runninghead "
        "icmltitlerunning icmlkeywords icmltitle acmJournal acmYear acmVolume acmNumber acmArticle acmMonth acmBooktitle "
        "acmPrice acmISBN setcopyright copyrightyear copyrightinfo authornote additionalaffiliation authorsaddresses curraddr "
        "urladdr commby MSC JEL bstctlcite setstretch linespread lhead rhead chead lfoot rfoot cfoot fancyhead fancyfoot "
        "includepdf includesvg lstinputlisting verbatiminput column usetheme setbeamercovered captionsetup eprint rotatebox "
        "linenumbers CJKfamily vbox halign valign allowdisplaybreaks makebox framebox savebox hspace bibinfo correspondingauthor "
        "shortauthor sisetup AtBeginSection"
    ),
    1,
) | {
    "rule": 2,
    "inputminted": 2,
    "addtocontents": 2,
    "icmlauthor": 2,
    "icmlaffiliation": 2,
    "spnewtheorem": 4,
    "icmlcorrespondingauthor": 2,
    "conferenceinfo": 2,
    "acmConference": 3,
    "setbeamertemplate": 2,
    "setbeamercolor": 2,
    "animategraphics": 3,
    "DeclarePairedDelimiter": 3,
    "fontsize": 2,
    "resizebox": 2,
    "markboth": 2,
    "newtheorem": 2,
    "counterwithin": 2,
    "import": 2,
    "subimport": 2,
}
SILENT |= dict.fromkeys(
    names("setlength addtolength setcounter addtocounter newcolumntype PassOptionsToPackage multicolumn multirow"), 2
)
SILENT |= dict.fromkeys(names("newcommand renewcommand providecommand"), 2)
SILENT |= dict.fromkeys(names("definecolor addcontentsline crefname Crefname newenvironment renewenvironment"), 3)
SILENT |= {"titleformat": 5}

DROPPED_ENVIRONMENTS = names(
    "thebibliography tikzpicture tikzcd pgfpicture picture pspicture overpic axis forest xy diagram filecontents "
    "filecontents* algorithmic algorithm2e tabular tabular* tabularx tabulary supertabular tabbing tblr tabu xtabular "
    "IEEEbiography IEEEbiographynophoto circuitikz feynmandiagram bytefield asy references CCSXML keywords keyword "
    "IEEEkeywords comment mathpar prooftree"
)
# Kept as they stand, with how many groups of arguments before the text.
VERBATIM_ENVIRONMENTS = dict.fromkeys(names("verbatim verbatim* Verbatim BVerbatim lstlisting code alltt"), 0) | {"minted": 1}
FLOATS = names(
    "figure figure* table table* wrapfigure wraptable sidewaysfigure sidewaystable SCfigure subfigure algorithm longtable "
    "deluxetable deluxetable* longtabu floatingfigure SCtable teaserfigure"
)
MATH_ENVIRONMENTS = names(
    "equation equation* align align* gather gather* multline multline* eqnarray eqnarray* displaymath math flalign "
    "flalign* alignat alignat* dmath dmath* array cases matrix pmatrix bmatrix split aligned gathered subequations"
)
CHAPTER_HEADINGS = names("part chapter section")
HEADINGS = CHAPTER_HEADINGS | names(
    "frametitle framesubtitle heading subheading subhead specialhead bmhead subsection subsubsection paragraph subparagraph "
    "subsubparagraph"
)

# Environments that take groups of arguments which hold no text, and those whose groups are titles.
ARGUMENTS = dict.fromkeys(
    names(
        "minipage multicols spacing otherlanguage column wrapfloat addmargin adjustbox tcolorbox tcblisting turn rotate textblock"
    ),
    1,
) | dict.fromkeys(names("list adjustwidth CJK"), 2)
TITLED = names("frame block alertblock exampleblock poem columnblock")

# Titles of theorems that classes define; others come from `\\newtheorem`.
THEOREMS = {
    name: name.capitalize()
    for name in names(
        "theorem lemma proposition corollary definition conjecture claim remark observation axiom fact assumption hypothesis "
        "proof"
    )
} | {"IEEEproof": "Proof", "thm": "Theorem", "lem": "Lemma", "cor": "Corollary", "prop": "Proposition", "defn": "Definition"}
