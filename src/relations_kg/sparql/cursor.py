"""A cursor on the tokens of a SPARQL text, with messages about mistakes at its position."""

from __future__ import annotations

import re
from typing import Any

from relations_kg._files import toml
from relations_kg.rdf.spelling import nearest
from relations_kg.sparql.lexer import FORMS, OTHER_LANGUAGES, attribute, place, tokens, wrong_escape
from relations_kg.sparql.structure import CLOSING, Query, Select

# Texts nested more deeply are not parsed, so that Python's limit on recursion is never reached.
_DEEPEST = 60
_TYPOGRAPHIC = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u2039\u203a`\u00b4"
_GROUPS = ("OPTIONAL", "MINUS", "UNION", "GRAPH", "EXISTS", "SERVICE", "WHERE")
_SHOWN = 40


def mistakes() -> dict[str, Any]:
    """Return the table of mistakes, with what would be right."""
    return toml("sparql/mistakes.toml")


class Unknown(Exception):
    """The exception for syntax that the parser does not support: it then locates no mistake."""


class Mistake(Exception):
    """A mistake in a text: what is wrong, its offset, and what would be right."""

    def __init__(self, message: str, help: str | None, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.offset = offset


class Cursor:
    """A cursor on the tokens of a text.

    Its subclasses parse from the cursor on, and move it. They raise the first Mistake, or Unknown.
    """

    def __init__(self, text: str) -> None:
        found = [token for token in tokens(text) if token.lastgroup != "comment"]
        self.found = Query(text, found)
        self.kinds = [token.lastgroup or "" for token in found]
        self.kinds += ["end", "end", "end"]
        # Keywords and functions are in upper case.
        self.words = [
            token[0].upper() if token.lastgroup == "word" else token[0] for token in found
        ]
        self.words += ["", "", ""]
        self.i = 0
        self.depth = 0
        # The SELECT whose clause is being parsed.
        self.selecting: Select | None = None
        # Whether the expression that is being parsed is in FILTER or BIND.
        self.in_pattern = False

    @property
    def kind(self) -> str:
        """The kind of the token at the cursor; "end" after the last one."""
        return self.kinds[self.i]

    @property
    def word(self) -> str:
        """The keyword at the cursor in upper case, or ""."""
        return self.words[self.i] if self.kinds[self.i] == "word" else ""

    def is_at(self, punctuation: str) -> bool:
        """Return whether this punctuation token is at the cursor."""
        return self.words[self.i] == punctuation and self.kinds[self.i] == "punctuation"

    def is_sign(self) -> bool:
        """Return whether a signed number is at the cursor."""
        return self.words[self.i] in ("+", "-") and self.kinds[self.i + 1] == "number"

    def enter(self) -> int:
        """Move the cursor past an opening bracket, and return the bracket's index.

        Raises Unknown if brackets are nested too deeply.
        """
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unknown
        self.i += 1
        return self.i - 1

    def leave(self, opening: int) -> None:
        """Move the cursor past a closing bracket; raise Mistake if it is missing."""
        if not self.is_at(CLOSING[self.words[opening]]):
            raise self.unclosed(opening)
        self.i += 1
        self.depth -= 1

    def literal(self) -> bool:
        """Move the cursor past a literal; return False if there is none."""
        if self.kind == "number":
            self.i += 1
        elif self.kind == "string":
            self.i += 1
            if self.kind == "language":
                self.i += 1
            elif self.is_at("^^"):
                self.i += 1
                if self.kind not in ("iri", "name"):
                    raise self.mistake("a datatype is missing", 'write "…"^^xsd:date')
                self.i += 1
        elif self.is_sign():
            self.i += 2
        else:
            return False
        return True

    # The following methods report mistakes and quote the text of the query.

    def offset(self, index: int) -> int:
        """Return the offset of a token, or of the end of the text."""
        found = self.found.tokens
        return found[index].start() if index < len(found) else len(self.found.text)

    def source(self, start: int, end: int) -> str:
        """Return the text from the token `start` to the token before `end`."""
        found = self.found.tokens
        return self.found.text[found[start].start() : found[end - 1].end()]

    def shown(self, index: int | None = None, *, bare: bool = False) -> str:
        """Return a token quoted for a message, by default the token at the cursor."""
        index = self.i if index is None else index
        if self.kinds[index] == "end":
            return "…" if bare else "the end of the query"
        text = " ".join(self.found.tokens[index][0].split())
        text = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
        return text if bare or self.kinds[index] in ("string", "iri") else f'"{text}"'

    def mistake(self, message: str, help: str | None, index: int | None = None) -> Mistake:
        """Return a mistake at a token, or a mistake about the token itself if it is invalid.

        Raises Unknown at a token of RDF 1.2.
        """
        index = self.i if index is None else index
        kind, text = self.kinds[index], self.words[index]
        if self.kinds[self.i] == "error" or kind == "error":
            index = self.i if self.kinds[self.i] == "error" else index
            return self._no_token(index)
        if text in ("<<", "<<(", "{|", "~"):
            raise Unknown
        if instead := attribute(self.found.text, self.offset(index)):
            return Mistake("a variable has no attributes", instead, self.offset(index))
        if text == "<" and self.kinds[index + 1] in ("name", "word", "error"):
            start = self.offset(index)
            if start + 1 == self.offset(index + 1):
                message = "this IRI has a space in it, or no end"
                return Mistake(message, "write <…> around it", start)
        return Mistake(message, help, self.offset(index))

    def _no_token(self, index: int) -> Mistake:
        text, offset = self.words[index], self.offset(index)
        if text[0] in _TYPOGRAPHIC:
            message = f"{text[0]} is not a quotation mark of SPARQL"
            return Mistake(message, "write \"…\" or '…'", offset)
        if text[0] in "\"'":
            quote = text[0] * 3 if text.startswith(text[0] * 3) else text[0]
            if escape := wrong_escape(self.found.text, offset, quote):
                message = f"{escape[0]} does not denote a character"
                return Mistake(message, r"write \\ for a backslash", escape[1])
            return Mistake("this string is not closed", f"end it with {quote}", offset)
        return Mistake(f"{text[:1]!r} cannot begin a token of SPARQL", "delete it", offset)

    def no_form(self) -> Mistake:
        """Return the mistake of a text that does not begin with a form of query, such as SELECT."""
        if self.kind == "end":
            return Mistake("there is no query", "write SELECT * WHERE { … }", self.offset(self.i))
        word = self.found.tokens[self.i][0]
        is_long = self.kind == "word" and len(word) > 2
        if near := nearest(word, (*FORMS, "PREFIX", "BASE")) if is_long else []:
            return self.mistake(f"{word} is not a keyword", f"did you mean {near[0]}?")
        help = "begin with SELECT, ASK, CONSTRUCT or DESCRIBE"
        if language := OTHER_LANGUAGES.get(word.upper()):
            help = f"this is {language}; write SPARQL, such as SELECT ?x WHERE {{ ?x a rkg:Visit }}"
        return self.mistake(f"{self.shown()} cannot begin a query", help)

    def described(self, table: str, *, place: str = "", **words: str) -> Mistake:
        """Return the mistake at the cursor that the first fitting row of a table describes.

        `words` fill further slots in the texts of the row.
        """
        index = self.i
        around = {"before": index - 1, "at": index, "after": index + 1}
        tokens = {name: self._described(each) for name, each in around.items()} | {"place": place}
        row = next(
            row
            for row in mistakes()[table]
            if all(
                re.fullmatch(row[name], text, re.IGNORECASE | re.DOTALL)
                for name, text in tokens.items()
                if name in row
            )
        )
        words |= {"at": self.shown(bare=True), "shown": self.shown(), "word": self.words[index]}
        words |= {"before": self.words[index - 1], "after": self.shown(index + 1, bare=True)}
        words["quote"] = words["before"][:1]
        message, help = (
            re.sub(r"\{(\w+)\}", lambda slot: words[slot[1]], row[name])
            for name in ("message", "help")
        )
        return self.mistake(message, help)

    def _described(self, index: int) -> str:
        """Return the kind and the text of a token, for the patterns of the table."""
        found = self.found.tokens
        return f"{self.kinds[index]} {found[index][0]}" if 0 <= index < len(found) else "end "

    def bad_projection(self, start: int) -> Mistake:
        """Return the mistake of a SELECT clause."""
        if self.kind == "word" and self.words[self.i + 1].startswith("("):
            end = min(self.found.closing(self.i + 1) + 1, len(self.found.tokens))
            call = self.source(self.i, end)
            name = "?n"
            if self.words[end] == "AS" and self.kinds[end + 1] == "variable":
                name = self.words[end + 1]
            return self.mistake(f"{call} is not in brackets", f"write ({call} AS {name})")
        name = self.words[self.i + 1]
        name = name if name.startswith("?") else f"?{name or 'name'}"
        place = "later" if self.i > start + 1 else ""
        return self.described("projection", place=place, name=name)

    def no_group(self) -> Mistake:
        """Return the mistake of a missing `{` at the beginning of a group."""
        before = self.words[self.i - 1] if self.i else ""
        return self.described("group", keyword=before if before in _GROUPS else "WHERE")

    def unclosed(self, opening: int) -> Mistake:
        """Return the mistake of a bracket that is not closed."""
        bracket = self.words[opening]
        closing = CLOSING[bracket]
        line, column = place(self.found.text, self.offset(opening))
        if self.kind == "end":
            message = f'the query ends before the "{bracket}" at {line}:{column} is closed'
            return self.mistake(message, f'add "{closing}"')
        message = f'the "{bracket}" at {line}:{column} is not closed before {self.shown()}'
        if self.is_at(","):
            return self.mistake(message, "separate the items by blanks")
        return self.mistake(message, f'write "{closing}" before it')

    def no_property(self, subject: int) -> Mistake:
        """Return the mistake of a subject without a property."""
        return self.described("property", subject=self.shown(subject, bare=True))

    def no_object(self, subject: int, predicate: int) -> Mistake:
        """Return the mistake of a property without a value."""
        pair = f"{self.shown(subject, bare=True)} {self.source(predicate, self.i)}"
        return self.described("object", pair=pair)

    def unexpected_in_group(self, opening: int, ended: bool) -> Mistake:
        """Return the mistake of a token that cannot begin a pattern of a group."""
        if self.kind == "end":
            return self.unclosed(opening)
        is_after_filter = any(span[1] == self.i for _, span in self.found.conditions)
        place = "filter" if is_after_filter else "" if ended else "triple"
        return self.described("pattern", place=place)
