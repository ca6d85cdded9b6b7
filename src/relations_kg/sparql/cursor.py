"""A cursor on the tokens of a SPARQL text, with messages about mistakes at its position."""

from __future__ import annotations

from relations_kg.rdf.spelling import nearest
from relations_kg.sparql.lexer import FORMS, OTHER_LANGUAGES, attribute, place, tokens, wrong_escape
from relations_kg.sparql.structure import CLOSING, Query, Select

# Texts nested more deeply are not parsed; Python's limit on recursion is much higher.
_DEEPEST = 60
_TYPOGRAPHIC = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u2039\u203a`\u00b4"
_GROUPS = ("OPTIONAL", "MINUS", "UNION", "GRAPH", "EXISTS", "SERVICE", "WHERE")
_OPERATORS = ("=", "!=", "<", ">", "<=", ">=", "&&", "||", "+", "-", "*", "/")
_SHOWN = 40
# Keywords that cannot begin a pattern of a group, each with the message and the help for it.
_MISPLACED = {
    "AND": ("SPARQL joins patterns without AND", 'write "." instead'),
    "UNION": ("UNION follows no group", "write { … } UNION { … }"),
    "EXISTS": ("EXISTS is a filter", "write FILTER EXISTS { … }"),
    "SELECT": ("a sub-select needs a group of its own", "write { SELECT … }"),
}


class Unknown(Exception):
    """Syntax that the parser does not support, so that it cannot locate a mistake in the text."""


class Mistake(Exception):
    """The first mistake in a text: what is wrong, its offset, and what would be right."""

    def __init__(self, message: str, help: str | None, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.offset = offset


class Cursor:
    """A cursor on the tokens of a text."""

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
        """Move the cursor past an opening bracket, and return the bracket's index."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise Unknown
        self.i += 1
        return self.i - 1

    def leave(self, opening: int) -> None:
        """Move the cursor past the bracket that closes the one at an index."""
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
        """Return the text from the token `start` up to the token `end`."""
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
        """Return a mistake at a token, or a mistake about the token itself if it is invalid."""
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

    def bad_projection(self, start: int) -> Mistake:
        """Return the mistake of a SELECT clause."""
        shown = self.shown(bare=True)
        last = self.words[self.i - 1]
        if self.is_at(","):
            following = self.words[self.i + 1]
            pair = (last, following) if last[0] == following[:1] == "?" else ("?a", "?b")
            help = f"write SELECT {' '.join(pair)}"
            return self.mistake("there is a comma between variables", help)
        if self.kind == "word" and self.words[self.i + 1].startswith("("):
            end = min(self.found.closing(self.i + 1) + 1, len(self.found.tokens))
            call = self.source(self.i, end)
            name = "?n"
            if self.words[end] == "AS" and self.kinds[end + 1] == "variable":
                name = self.words[end + 1]
            return self.mistake(f"{call} is not in brackets", f"write ({call} AS {name})")
        if self.word == "AS" and last.startswith("?"):
            name = self.words[self.i + 1]
            name = name if name.startswith("?") else f"?{name or 'name'}"
            return self.mistake(f"{last} AS has no brackets", f"write ({last} AS {name})")
        if self.word == "TOP":
            number = self.words[self.i + 1]
            return self.mistake("SPARQL has no TOP", f"write LIMIT {number} at the end")
        if (self.kind == "word" and self.i > start + 1) or self.word in ("DISTINCT", "REDUCED"):
            help = "write WHERE { … } after the variables"
            return self.mistake(f"SELECT cannot have {self.shown()}", help)
        if self.kind in ("word", "name") and shown.isidentifier():
            return self.mistake(f"{shown} is not a variable", f"write ?{shown}")
        if self.i == start + 1 and (self.is_at("{") or self.word in ("WHERE", "FROM")):
            return self.mistake("SELECT names no variable", "write SELECT * or SELECT ?x")
        if self.kind == "end":
            return self.mistake("the query has no WHERE { … }", "add it after the variables")
        return self.mistake(f"SELECT cannot have {self.shown()}", "name variables there")

    def no_group(self) -> Mistake:
        """Return the mistake of a missing `{` at the beginning of a group."""
        before = self.words[self.i - 1] if self.i else ""
        if self.kind == "end":
            return self.mistake("the query ends before its { … }", "add WHERE { … }")
        if self.is_at("}"):
            return self.mistake("} closes no group", "add { before the patterns")
        if before == "CONSTRUCT":
            return self.mistake("the template of CONSTRUCT has no braces", "write CONSTRUCT { … }")
        keyword = before if before in _GROUPS else "WHERE"
        if self.kind == "punctuation":
            message = f"the group after {keyword} begins with {self.shown()}"
            return self.mistake(message, f"write {keyword} {{ … }}")
        message = f"the group after {keyword} has no brace before {self.shown()}"
        return self.mistake(message, f"write {keyword} {{ {self.shown(bare=True)} … }}")

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

    def missing_dot(self) -> Mistake:
        """Return the mistake of two triples without a dot between them."""
        if self.kind == "word":
            return self.mistake(f"{self.shown()} follows a triple", 'end the triple with "."')
        help = 'write "." before it, ";" to repeat its subject, "," to repeat its property too'
        return self.mistake(f"the triple before {self.shown()} is not ended", help)

    def no_property(self, subject: int) -> Mistake:
        """Return the mistake of a subject without a property."""
        thing = self.shown(subject, bare=True)
        if self.kind == "end" or self.words[self.i] in ("}", ".", "]"):
            message = f"{thing} has no property and no value"
            return self.mistake(message, f"write {thing} rkg:when ?when")
        if self.kind == "punctuation" and self.words[self.i] in ("=", "<", ">", "!=", "<=", ">="):
            comparison = f"{thing} {self.words[self.i]} {self.shown(self.i + 1, bare=True)}"
            return self.mistake("a comparison needs FILTER", f"write FILTER ({comparison})")
        if self.kind == "word" and self.found.tokens[self.i][0] != "A":
            help = "write it with its prefix, such as rkg:when, or a for its class"
            return self.mistake(f"{self.shown()} is not a property", help)
        return self.mistake(f"{self.shown()} is not a property", "write a name such as rkg:when")

    def no_object(self, subject: int, predicate: int) -> Mistake:
        """Return the mistake of a property without a value."""
        if self.words[self.i - 1] == ",":
            return self.mistake("there is no value after the comma", "delete it, or add a value")
        pair = f"{self.shown(subject, bare=True)} {self.source(predicate, self.i)}"
        if self.kind == "end" or self.words[self.i] in ("}", ".", ";", "]", ","):
            return self.mistake(f"the triple {pair} has no value", f"write {pair} ?value")
        if self.kind == "word":
            word = self.shown(bare=True)
            prefix = "rkg" if word[0].isupper() else "id"
            help = f'write it with one, such as {prefix}:{word}, or "{word}"'
            return self.mistake(f"{word} has no prefix", help)
        help = "write a variable, a name or a literal"
        return self.mistake(f"{self.shown()} is not a value", help)

    def unexpected_in_group(self, opening: int, ended: bool) -> Mistake:
        """Return the mistake of a token that cannot begin a pattern of a group."""
        if self.kind == "end":
            return self.unclosed(opening)
        following = self.words[self.i + 1]
        if self.is_at("."):
            return self.mistake("there is one dot too many", "delete it")
        if self.word == "NOT" and following == "EXISTS":
            return self.mistake("NOT EXISTS is a filter", "write FILTER NOT EXISTS { … }")
        if self.word in _MISPLACED:
            return self.mistake(*_MISPLACED[self.word])
        if self.word in ("GROUP", "ORDER", "LIMIT", "OFFSET", "HAVING"):
            return self.mistake(f"{self.word} is inside the group", "write it after the }")
        if self.kind == "word" and following.startswith("("):
            message = f"{self.shown()} is outside FILTER and BIND"
            return self.mistake(message, "write FILTER (…) or BIND (… AS ?x)")
        if self.kind == "word" and self.kinds[self.i + 1] in ("variable", "name", "iri"):
            word = self.shown(bare=True)
            return self.mistake(f"{word} is not a term", f"write ?{word}, or give it a prefix")
        if self.kind == "language":
            return self.mistake("a language tag follows no string", 'write "Peru"@en')
        if self.kind == "word" and self.kinds[self.i - 1] == "string":
            text, word = self.words[self.i - 1], self.shown(bare=True)
            is_language = len(word) in (2, 3) and word.islower()
            help = f"write {text}@{word}" if is_language else f"write \\{text[0]} within a string"
            return self.mistake(f"{word} follows a string", help)
        if not ended and self.is_sign():
            return self.mistake(f"{self.shown()} follows a triple", "put quotes around a date")
        is_after_filter = any(span[1] == self.i for _, span in self.found.conditions)
        if is_after_filter and self.words[self.i] in _OPERATORS:
            help = "put the whole condition into brackets"
            return self.mistake(f"FILTER ends before {self.shown()}", help)
        message = f"{self.shown()} cannot begin a pattern"
        return self.mistake(message, "write triples, FILTER or OPTIONAL")

    def after_the_end(self) -> Mistake:
        """Return the mistake of text after a complete query."""
        if self.is_at("}"):
            return self.mistake('there is one "}" too many', "delete it")
        if self.is_at(";"):
            return self.mistake("a semicolon follows the query", "delete it")
        if self.is_at("{") or self.word == "WHERE":
            message = "a second group follows the query"
            return self.mistake(message, "put all patterns into one { … }")
        if self.word in ("DESC", "ASC"):
            name = self.words[self.i - 1]
            name = name if name.startswith("?") else "?x"
            return self.mistake(f"{self.word} comes after {name}", f"write {self.word}({name})")
        if self.kind == "punctuation" and self.words[self.i] in _OPERATORS:
            help = "put the whole condition into brackets"
            return self.mistake(f"the condition ends before {self.shown()}", help)
        if self.word == "FILTER":
            return self.mistake("FILTER comes after the group", "write it before the }")
        return self.mistake(f"{self.shown()} follows the end of the query", "delete it")
