"""A parser for SPARQL 1.1 queries, which finds their structure or their first mistake.

It is used to warn about probable mistakes in valid queries, and to explain why the engine rejects a
query. It builds no algebra: an expression is a flat list of operands. Syntax that it does not
support, such as the triple terms of RDF 1.2, raises Unknown.
"""

from __future__ import annotations

from relations_kg.rdf.namespaces import STATED
from relations_kg.sparql.lexer import FORMS
from relations_kg.sparql.patterns import Patterns
from relations_kg.sparql.structure import Query, Scope, Select, Use

# The positions of the clauses after the group; LIMIT and OFFSET can be in either order.
_MODIFIERS = {"GROUP": 0, "HAVING": 1, "ORDER": 2, "LIMIT": 3, "OFFSET": 3, "VALUES": 4}


def parse(text: str) -> Query:
    """Return the structure of a query; raise Mistake, or Unknown for unsupported syntax.

    >>> query = parse("SELECT ?m { ?m a rkg:Embassy FILTER (?n > 1) }")
    >>> query.form, [use.name for use in query.where.uses]
    ('SELECT', ['n'])
    """
    return _Parser(text).query()


class _Parser(Patterns):
    def query(self) -> Query:
        """Parse the whole text."""
        self._prologue()
        form = self.word
        self.found.form = form
        if form not in FORMS:
            raise self.no_form()
        if form == "SELECT":
            self.found.select = select = self._select(None)
            self.found.where = select.where
        else:
            self.i += 1
            self._other_form(form)
            self.found.end = self.i
            values = Scope("WHERE", self.i)
            self._modifiers(self.found.where or values, None)
        if self.kinds[self.i] != "end":
            raise self.described("end")
        return self.found

    def _prologue(self) -> None:
        while (word := self.word) in ("PREFIX", "BASE", "VERSION"):
            self.i += 1
            if word == "PREFIX":
                if self.kind != "name" or not self.words[self.i].endswith(":"):
                    help = f"write PREFIX {self.shown(bare=True).partition(':')[0]}: <address>"
                    raise self.mistake(f"PREFIX is followed by {self.shown()}", help)
                self.i += 1
            if self.kind != ("string" if word == "VERSION" else "iri"):
                text = self.found.text[self.offset(self.i) :].split(maxsplit=1)
                address = text[0].strip("<>\"'")[:80] if text else "address"
                raise self.mistake(f"{word} has no address in < >", f"write <{address}>")
            if word == "PREFIX":
                self.found.prefixes.append((self.i - 1, self.i))
            self.i += 1

    def _other_form(self, form: str) -> None:
        if form == "DESCRIBE":
            scope = Scope("TEMPLATE", self.i)
            self.found.template = scope
            while self.kind in ("variable", "name", "iri") or self.is_at("*"):
                if self.kind == "variable":
                    scope.uses.append(Use(self.words[self.i][1:], self.i))
                self.i += 1
            if self.i == scope.start:
                raise self.mistake("DESCRIBE names nothing", "write DESCRIBE id:peru")
            self._dataset()
            if self.word == "WHERE" or self.is_at("{"):
                self.found.where = self._where(None)
            return
        if form == "CONSTRUCT" and self.is_at("{"):
            template = self.found.template = Scope("TEMPLATE", self.i)
            self.i += 1
            self.triples_block(template)
            self.expect("}", "the template of CONSTRUCT")
        self._dataset()
        self.found.where = self._where(None)

    def _dataset(self) -> None:
        while self.word == "FROM":
            self.i += 2 if self.words[self.i + 1] == "NAMED" else 1
            if self.kind not in ("iri", "name"):
                help = "write FROM <address>"
                if self.kind == "word":
                    help = "leave it out, since queries see all graphs: WHERE { ?x a rkg:Visit }"
                raise self.mistake("FROM names no graph", help)
            self.found.graphs.append(self.i)
            self.i += 1

    def _where(self, parent: Scope | None, kind: str = "WHERE") -> Scope:
        self.i += self.word == "WHERE"
        return self._group(kind, parent)

    def _select(self, parent: Scope | None) -> Select:
        start = self.i
        self.i += 1
        self.i += self.word in ("DISTINCT", "REDUCED")
        select = Select(start, Scope("SELECT", start))
        self.selecting = select
        if self.is_at("*"):
            select.projected = None
            self.i += 1
        else:
            self._projection(select, start)
        if parent is None:
            self._dataset()
        uses = select.where.uses
        self.selecting = None
        select.where = self._where(parent, "SELECT" if parent else "WHERE")
        select.uses += uses
        if parent is None:
            self.found.end = self.i
        self._modifiers(select.where, select)
        return select

    def _projection(self, select: Select, start: int) -> None:
        assert select.projected is not None
        while True:
            if self.kind == "variable":
                name = self.words[self.i][1:]
                use = Use(name, self.i)
                select.uses.append(use)
                select.plain.append(use)
                self._project(select, name)
                self.i += 1
            elif self.is_at("("):
                self.i += 1
                opening = self.i - 1
                self.expression(select.where)
                name = self.assigned(opening)
                select.named.setdefault(name, self.i)
                self._project(select, name)
                self.i += 1
                self.expect(")", "the expression in SELECT")
            elif select.projected and (self.is_at("{") or self.word in ("WHERE", "FROM")):
                return
            else:
                raise self.bad_projection(start)

    def _project(self, select: Select, name: str) -> None:
        assert select.projected is not None
        if name in select.projected and select.repeated is None:
            select.repeated = self.i
        select.projected.setdefault(name, self.i)

    def _modifiers(self, scope: Scope, select: Select | None) -> None:
        before: list[Use] = scope.uses
        outer, self.selecting = self.selecting, select
        scope.uses = []
        seen: list[str] = []
        while (word := self.word) in _MODIFIERS:
            if word in seen or any(_MODIFIERS[word] < _MODIFIERS[each] for each in seen):
                raise self.mistake(
                    f"{word} comes twice" if word in seen else f"{word} comes after {seen[-1]}",
                    "the order is GROUP BY, HAVING, ORDER BY, LIMIT, OFFSET, VALUES",
                )
            seen.append(word)
            self.i += 1
            if word in ("GROUP", "ORDER"):
                if self.word != "BY":
                    help = f"write {word} BY {self.shown(bare=True)}"
                    raise self.mistake(f"{word} has no BY", help)
                self.i += 1
                self.selecting = None if word == "GROUP" else select
                self._conditions(scope, select, word)
                self.selecting = select
            elif word == "HAVING":
                if select:
                    select.having = self.i - 1
                self.constraint(scope, "HAVING")
                while self.is_at("(") or (self.kind == "word" and self.words[self.i + 1] == "("):
                    self.constraint(scope, "HAVING")
            elif word == "VALUES":
                self.values(scope)
            else:
                if self.kind != "number" or not self.words[self.i].isdigit():
                    raise self.mistake(f"{word} has no number", f"write {word} 10")
                self.i += 1
        (select.uses if select else before).extend(scope.uses)
        scope.uses = before
        self.selecting = outer

    def _conditions(self, scope: Scope, select: Select | None, word: str) -> None:
        start = self.i
        grouped: dict[str, int] = {}
        while True:
            if self.word in ("ASC", "DESC") and word == "ORDER":
                self.i += 1
                if not self.is_at("(") and self.kind != "nil":
                    before, name = self.words[self.i - 2 : self.i]
                    shown = before if before.startswith("?") else self.shown(bare=True)
                    raise self.mistake(f"{name} has no brackets", f"write {name}({shown})")
                self.primary(scope)
            elif self.kind == "variable":
                grouped[self.words[self.i][1:]] = self.i
                self.primary(scope)
            elif self.is_at("("):
                opening = self.i
                self.i += 1
                self.expression(scope)
                if self.word == "AS" and word == "GROUP":
                    name = self.assigned(opening)
                    grouped[name] = self.i
                    if select:
                        select.named.setdefault(name, self.i)
                    self.i += 1
                self.expect(")", f"the expression in {word} BY")
            elif self.kind in ("iri", "name") or (
                self.word not in ("", *_MODIFIERS) and self.words[self.i + 1].startswith("(")
            ):
                first = self.i
                self.primary(scope)
                if word == "GROUP" and select:
                    select.keys.append((first, self.i))
            elif self.i > start:
                break
            else:
                raise self.mistake(f"{word} BY names nothing", f"write {word} BY ?variable")
        if word == "GROUP" and select:
            select.grouped = grouped

    def _group(self, kind: str, parent: Scope | None) -> Scope:
        if not self.is_at("{"):
            raise self.no_group()
        opening = self.enter()
        scope = Scope(kind, opening, parent)
        if parent and kind != "SELECT":
            parent.children.append(scope)
        if self.word == "SELECT":
            outer = self.selecting
            scope.select = self._select(scope)
            self.selecting = outer
        else:
            self._elements(scope, opening)
        self.leave(opening)
        return scope

    def exists(self, scope: Scope) -> None:
        """Parse the group after EXISTS."""
        self._group("EXISTS", scope)

    def _elements(self, scope: Scope, opening: int) -> None:
        ended = True
        while not self.is_at("}"):
            if self.is_term():
                if not ended:
                    raise self.described("dot")
                self.triples(scope)
                ended = self.is_at(".")
                self.i += ended
                continue
            if not self._element(scope):
                raise self.unexpected_in_group(opening, ended)
            ended = True
            self.i += self.is_at(".")

    def _element(self, scope: Scope) -> bool:
        word, start = self.word, self.i
        if word == "FILTER":
            self.i += 1
            self.constraint(scope, "FILTER")
        elif word == "BIND":
            self.i += 1
            self._bind(scope)
        elif word == "VALUES":
            self.i += 1
            self.values(scope)
        elif self.is_at("{"):
            group = self._group("{", scope)
            if self.word == "UNION":
                group.kind = "UNION"
            while self.word == "UNION":
                self.i += 1
                self._group("UNION", scope)
        elif word in ("OPTIONAL", "MINUS", "LATERAL"):
            self.i += 1
            self._group(word, scope)
        elif word in ("GRAPH", "SERVICE"):
            self.i += 1
            self.i += word == "SERVICE" and self.word == "SILENT"
            if self.kind == "variable":
                scope.bound.setdefault(self.words[self.i][1:], self.i)
            elif self.kind not in ("iri", "name"):
                help = f"write {word} <address> {{ … }}"
                if word == "GRAPH" and self.kind == "word":
                    help = f"write its address: GRAPH <{STATED}> {{ … }}"
                raise self.mistake(f"{word} names nothing", help)
            if word == "GRAPH":
                self.found.graphs.append(self.i)
            self.i += 1
            self._group(word, scope)
        else:
            return False
        if word in ("FILTER", "VALUES", "MINUS"):
            self.found.conditions.append((scope, (start, self.i)))
        return True

    def _bind(self, scope: Scope) -> None:
        opening = self.i
        self.expect("(", "BIND", opens=True)
        first = len(scope.uses)
        self.in_pattern = True
        self.expression(scope)
        self.in_pattern = False
        for use in scope.uses[first:]:
            use.early = True
        name = self.assigned(opening)
        scope.bound.setdefault(name, self.i)
        self.found.binds.append((scope, self.i))
        self.i += 1
        self.expect(")", "BIND")
