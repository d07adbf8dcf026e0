"""The language of a file, by name and content.

In: a path and the text. Out: a lower-case name ("python", "c++", "restructuredtext"), "text" for prose without markup,
"" where nothing tells. Names follow GitHub's linguist, in lower case with hyphens for spaces.
"""

from __future__ import annotations

import re

_EXTENSIONS = """
ada adb ads|agda agda|apl apl dyalog|applescript applescript|asciidoc adoc asciidoc asc|assembly asm s nasm|awk awk gawk
batchfile bat cmd|bicep bicep|bibtex bib|c c|c# cs csx cake|c++ cpp cc cxx c++ hpp hh hxx h++ ipp tpp inl ino
clojure clj cljs cljc edn|cmake cmake|cobol cbl cob cpy|coffeescript coffee|common-lisp lisp lsp asd|coq vo|crystal cr
css css|cuda cu cuh|cython pyx pxd pxi|d d di|dart dart|diff diff patch|dockerfile dockerfile containerfile|dot gv
elixir ex exs|elm elm|emacs-lisp el|erb erb rhtml|erlang erl hrl yrl xrl|f# fsi fsx|fish fish|forth 4th forth
fortran f90 f95 f03 f08 f for f77|gdscript gd|gherkin feature|glsl glsl vert frag geom comp|go go|graphql graphql gql
groovy groovy gradle gvy|haml haml|handlebars hbs handlebars|haskell hs lhs|haxe hx|hcl tf hcl tfvars nomad|hlsl hlsl fx
html html htm xhtml|idris idr|ini ini cfg conf properties desktop editorconfig prefs|java java|java-server-pages jsp
javascript js mjs cjs jsx es6|jinja j2 jinja jinja2|json json json5 jsonc webmanifest|julia jl|jsonnet jsonnet libsonnet
kotlin kt kts|less less|liquid liquid|llvm ll|lua lua rockspec|m4 m4 ac|makefile mk mak make am
markdown md markdown mdown mkd mdx rmd qmd|matlab matlab|mediawiki mediawiki wiki|meson meson|mustache mustache
nim nim nims|nix nix|nushell nu|objective-c++ mm|ocaml ml mli mll mly|odin odin|org org|pascal pas dpr pp lpr
perl pl pm t pod|php php phtml php3 php4 php5|plsql pks pkb pls plsql|powershell ps1 psm1 psd1|prolog prolog
protocol-buffer proto|pug pug jade|puppet pp|purescript purs|python py pyi pyw wsgi bzl star|qml qml|r r rd|racket rkt
raku raku rakumod p6|razor cshtml razor|restructuredtext rst rest|roff man roff|ruby rb rake gemspec ru podspec|rust rs
sass sass|scala scala sc sbt|scheme scm ss sld|scss scss|shell sh bash zsh ksh command|smalltalk st|solidity sol
sparql sparql rq|sql sql ddl dml psql mysql|standard-ml sml|starlark bazel|stylus styl|svelte svelte|swift swift
systemverilog sv svh|tcl tcl tk|tex tex sty ltx dtx|text txt text log|thrift thrift|toml toml|twig twig
typescript ts tsx mts cts|vala vala vapi|vb.net vb|verilog vh|vhdl vhd vhdl|vim-script vim|visual-basic bas frm|vue vue
webassembly wat wast|wgsl wgsl|wolfram wl nb|xml xml xsd xsl xslt dtd rng
xml csproj vbproj fsproj sln props targets plist xaml resx wsdl|yaml yml yaml|zig zig zon|jupyter-notebook ipynb
csv csv tsv|jst jst ejs|t4 tt ttinclude|snapshot snap|svg svg|just just|opencl cl clh|metal metal|isabelle thy|lean lean
gleam gleam|v-lang vsh|terra t|swig swg swig|scilab sci sce|yacc y yy|lex lex|texinfo texi texinfo txi|linker-script ld lds
aidl aidl|html+eex eex heex leex|fennel fnl|janet janet|ballerina bal|move move|cairo cairo|squirrel nut|processing pde
rego rego|cue cue|dhall dhall|smithy smithy|stan stan|sas sas|stata do ado|abap abap|reason re rei|rescript resi
coldfusion cfm cfc|wdl wdl|nextflow nf|cypher cypher cql|mermaid mmd|plantuml puml plantuml|openscad scad
gnuplot gp gnuplot plt|xquery xq xquery xqy|factor factor|pony pony|ceylon ceylon|chapel chpl|q# qs|eiffel e
"""

_NAMES = {
    "makefile": "makefile", "gnumakefile": "makefile", "dockerfile": "dockerfile", "containerfile": "dockerfile",
    "cmakelists.txt": "cmake",
    "rakefile": "ruby", "gemfile": "ruby", "podfile": "ruby", "vagrantfile": "ruby", "brewfile": "ruby", "guardfile": "ruby",
    "fastfile": "ruby",
    "jenkinsfile": "groovy", "build": "starlark", "build.bazel": "starlark", "workspace": "starlark", "buck": "starlark",
    "justfile": "just",
    "meson.build": "meson", "sconstruct": "python", "sconscript": "python", "wscript": "python", "snakefile": "python",
    "configure.ac": "m4", "configure.in": "m4",
    "go.mod": "go-module", ".bashrc": "shell", ".profile": "shell", ".zshrc": "shell", ".bash_profile": "shell",
    ".vimrc": "vim-script",
    ".gitignore": "ignore-list", ".npmignore": "ignore-list", ".dockerignore": "ignore-list", ".gitattributes": "git-attributes",
    ".gitmodules": "ini", ".editorconfig": "ini", ".gitconfig": "ini", ".npmrc": "ini", ".babelrc": "json", ".eslintrc": "json",
    ".prettierrc": "json", "procfile": "procfile", "requirements.txt": "pip-requirements", "readme": "text",
    "changelog": "text", "authors": "text",
    "news": "text", "todo": "text", "install": "text", "contributing": "text", "changes": "text", "history": "text",
}  # fmt: skip

_INTERPRETERS = {
    "python": "python", "sh": "shell", "bash": "shell", "zsh": "shell", "dash": "shell", "ksh": "shell", "fish": "fish",
    "node": "javascript",
    "nodejs": "javascript", "deno": "typescript", "bun": "typescript", "ts-node": "typescript", "ruby": "ruby",
    "perl": "perl", "php": "php",
    "lua": "lua", "luajit": "lua", "rscript": "r", "julia": "julia", "awk": "awk", "gawk": "awk", "sed": "sed",
    "tclsh": "tcl", "wish": "tcl",
    "groovy": "groovy", "scala": "scala", "swift": "swift", "osascript": "applescript", "make": "makefile", "pwsh": "powershell",
    "runhaskell": "haskell", "elixir": "elixir", "escript": "erlang", "guile": "scheme", "racket": "racket", "ocaml": "ocaml",
    "nu": "nushell",
    "env": "",
}  # fmt: skip


def _extension_table() -> dict[str, str]:
    table: dict[str, str] = {}
    for line in _EXTENSIONS.strip().replace("\n", "|").split("|"):
        language, *extensions = line.split()
        for extension in extensions:
            table.setdefault(extension, language)
    return table


_BY_EXTENSION = _extension_table()

# Extensions that several languages share: the first pattern found in the text decides, the last entry is the default.
_SHARED: dict[str, list[tuple[str, str]]] = {
    "h": [
        (r"^\s*@(?:interface|protocol|class|import|property)\b|^#import\b", "objective-c"),
        (
            r"^\s*(?:template\s*<|class\s+\w+\s*(?:final\s*)?[:{]|namespace\s+[\w:]*\s*\{|using\s+|public:|private:)|std::|"
            r"^#include\s*<\w+>\s*$",
            "c++",
        ),
        ("", "c"),
    ],
    "m": [
        (r"^\s*(?:@(?:interface|implementation|end|import|property|class)\b|#import\b|#include\b)", "objective-c"),
        (r"\(\*|\w+\[[^\]]*\]\s*:=", "wolfram"),
        ("", "matlab"),
    ],
    "pl": [
        (r"^\s*(?:use\s+\w|package\s+\w|my\s+[$@%]|sub\s+\w)|^#!.*perl|[$@%]\w+", "perl"),
        (r":-|\?-", "prolog"),
        ("", "perl"),
    ],
    "v": [
        (r"^\s*(?:module\s+\w+\s*[(#;]|`(?:timescale|include|define|ifn?def)\b|endmodule\b|primitive\s)", "verilog"),
        (
            r"^\s*(?:Require|Lemma|Theorem|Proof|"
            r"Definition|Inductive)\b",
            "coq",
        ),
        (r"^\s*(?:pub\s+)?fn\s|^\s*import\s+[\w.]+\s*$|^module\s+\w+\s*$|:=", "v-lang"),
        ("", "verilog"),
    ],
    "ts": [(r"\A\s*(?:<\?xml|<!DOCTYPE TS)", "xml"), ("", "typescript")],
    "fs": [
        (r"^\s*(?:#version|precision\s|uniform\s|varying\s|void\s+main)", "glsl"),
        (r"^\s*(?:let|module|open|namespace|type)\b", "f#"),
        ("", "f#"),
    ],
    "cls": [
        (r"\\(?:NeedsTeXFormat|ProvidesClass|def|newcommand)", "tex"),
        (r"^\s*VERSION\s+\d|^Attribute\s+VB_", "visual-basic"),
        ("", "apex"),
    ],
    "inc": [
        (r"<\?php", "php"),
        (r"^\s*#\s*(?:include|define|ifdef|ifndef)", "c++"),
        (r"^\s*(?:section|global|mov|\.macro|%macro)\b", "assembly"),
        ("", "text"),
    ],
    "pp": [(r"^\s*(?:unit|program|uses|begin)\b", "pascal"), ("", "puppet")],
    "t": [(r"^\s*(?:use\s|my\s|#!.*perl)", "perl"), (r"\{%|\{\{", "jinja"), ("", "text")],
    "st": [(r"\{%|\$\w+\$", "jinja"), ("", "smalltalk")],
    "as": [("", "actionscript")],
    "i": [
        (r"^\s*%(?:module|include|import|inline|typemap|feature|extend|template|rename|ignore|apply|\{)", "swig"),
        (r'^# \d+ "', "c"),
        ("", "text"),
    ],
    "l": [(r"^%%|^%\{", "lex"), (r"^\s*\((?:def|set|in-package)", "common-lisp"), ("", "text")],
    "r": [(r"\A\s*Rebol|^\s*REBOL", "rebol"), ("", "r")],
    "nb": [("", "wolfram")],
    "d": [(r"^[\w./-]+\.o\s*:", "makefile"), ("", "d")],
    "res": [(r"\A\s*\{|^\s*\w+\s*=", "text"), ("", "text")],
    "in": [
        (r"^#!.*sh\b", "shell"),
        (r"^\s*(?:AC_|AM_)\w+", "m4"),
        (r"^\s*#\s*(?:undef|define)", "c"),
        (r"^[\w-]+\s*:(?!=)", "makefile"),
        ("", "text"),
    ],
}
_COMPILED = {key: [(re.compile(pattern, re.MULTILINE), name) for pattern, name in rules] for key, rules in _SHARED.items()}

_SHEBANG = re.compile(r"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+|\w+=\S+\s+)*)?([\w.-]+?)(?:[\d.]*)(?:\s|$)")
_MODELINE = re.compile(r"-\*-\s*(?:mode:\s*)?([\w+#-]+)\s*(?:;.*)?-\*-|\bvim?:.*\b(?:ft|filetype|syntax)=([\w+#-]+)")
_MODES = {"c++": "c++", "shell-script": "shell", "sh": "shell", "python": "python", "perl": "perl", "ruby": "ruby",
    "cpp": "c++", "make": "makefile",
          "lisp": "common-lisp", "emacs-lisp": "emacs-lisp", "tcl": "tcl", "javascript": "javascript", "c": "c",
          "html": "html", "yaml": "yaml", "nroff": "roff", "autoconf": "m4"}  # fmt: skip
_OPENINGS = (
    (re.compile(r"\A\s*<\?php", re.IGNORECASE), "php"),
    (re.compile(r"\A\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE), "html"),
    (re.compile(r"\A\s*<\?xml\b"), "xml"),
    (re.compile(r"\A(?:\.\\\".*\n|'\\\".*\n|\.\s*\n)*\.(?:TH|Dd|so)\b"), "roff"),
    (re.compile(r"\Adiff --git "), "diff"),
)
_MANUAL = re.compile(r"[1-9][a-z]{0,2}")

PROSE = frozenset(str.split("markdown restructuredtext text asciidoc org tex mediawiki roff bibtex texinfo ''"))


def language_of(path: str, text: str) -> str:
    """The name of the language `text` is written in."""
    name = path.rpartition("/")[2].lower()
    known = _NAMES.get(name)
    if known is not None and not (known == "text" and text.startswith("#!")):
        return known
    stem, dot, extension = name.rpartition(".")
    head = text[:20_000]
    if (dot and stem) or name.startswith("."):
        rules = _COMPILED.get(extension)
        if rules is not None and not (extension == "ts" and not head.lstrip().startswith("<")):
            return next(language for pattern, language in rules if pattern.search(head))
        if extension in _BY_EXTENSION:
            return _BY_EXTENSION[extension]
    return _by_content(extension if dot else "", head)


def _by_content(extension: str, head: str) -> str:
    shebang = _SHEBANG.match(head)
    if shebang:
        return _INTERPRETERS.get(shebang[1].lower(), "shell" if shebang[1].endswith("sh") else "text")
    for line in head[:1000].split("\n")[:3]:
        mode = _MODELINE.search(line)
        if mode:
            return _MODES.get((mode[1] or mode[2]).lower(), (mode[1] or mode[2]).lower())
    for pattern, language in _OPENINGS:
        if pattern.search(head):
            return language
    return "roff" if _MANUAL.fullmatch(extension) and head.startswith(".") else "text"
