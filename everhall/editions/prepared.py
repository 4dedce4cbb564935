"""Queries whose SQL is written once.

Every public page asks the same few questions, and Django spends several times longer on writing their SQL than the
database on answering. `Prepared(build)` lets Django write it at the first call and keeps the text with the way from
columns to rows. In: a function that makes a query set from placeholders, and at each call the values that stand in for
them. Out: a list of the same rows that the query set would give, read anew from the database each time.

What must stay true: `build` depends on its arguments alone (no language, no clock, no user), and only passes them on to
filters; what it looks at, such as whether an edition is public, its caller asks first.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, QuerySet
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators

Row = TypeVar("Row")


class Given(Expression):
    """Stands in a query for a value that is known when it is asked."""

    def __init__(self, place: int, length: int | None = None) -> None:
        """`place`: which argument; `length`: of how many values, where it is a list for `__in`."""
        super().__init__()
        self.place, self.length = place, length

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if self.length is None:
            return "%s", (Slot(self.place),)
        if not self.length:
            raise EmptyResultSet
        marks = ", ".join(["%s"] * self.length)
        return f"({marks})", tuple(Slot(self.place, n) for n in range(self.length))


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a value goes among the parameters: of which argument, and which of its values where it is a list."""

    place: int
    member: int | None = None

    def of(self, values: tuple[Any, ...]) -> Any:
        value = values[self.place]
        return adapted(value if self.member is None else value[self.member])


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL, its parameters (some of them slots), and what makes rows of columns."""

    sql: str
    parameters: tuple[Any, ...]
    converters: tuple[tuple[int, Sequence[Any], Any], ...]
    made: Callable[[Any], Any]


class Prepared(Generic[Row]):
    """See the module. Arguments are numbers, texts and moments, or lists of them for `__in`."""

    def __init__(self, build: Callable[..., "QuerySet[Any, Row]"]) -> None:
        self._build = build
        self._kept: dict[tuple[Any, ...], Statement | None] = {}

    def __call__(self, *values: Any) -> list[Row]:
        values = tuple(padded(v) if isinstance(v, list | tuple) else v for v in values)
        shape = (connection.vendor, *(len(v) if isinstance(v, tuple) else None for v in values))
        if shape not in self._kept:
            self._kept[shape] = self._written(values)
        statement = self._kept[shape]
        return [] if statement is None else asked(statement, values)

    def first(self, *values: Any) -> Row | None:
        """The first row of a query that is cut to one."""
        return next(iter(self(*values)), None)

    def _written(self, values: tuple[Any, ...]) -> Statement | None:
        """None: such arguments can match nothing (an empty list)."""
        places = (Given(n, len(v) if isinstance(v, tuple) else None) for n, v in enumerate(values))
        query_set = self._build(*places)
        compiler = query_set.query.get_compiler(connection=connection)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        columns = [column for column, _, _ in compiler.select[: compiler.col_count]]
        converters = tuple((n, *how) for n, how in compiler.get_converters(columns).items())
        return Statement(sql, tuple(parameters), converters, maker(query_set, compiler))


def padded(values: Sequence[Any]) -> tuple[Any, ...]:
    """The same set with its last member repeated up to the next power of two, so that lists have few lengths."""
    if not values:
        return ()
    wanted = 1 << (len(values) - 1).bit_length()
    return (*values, *[values[-1]] * (wanted - len(values)))


def maker(query_set: Any, compiler: Any) -> Callable[[Any], Any]:
    """What Django makes of the columns of one row: a tuple, or a model with those that `select_related` named and
    what `annotate` noted."""
    kind = query_set._iterable_class
    if kind is ValuesListIterable and not compiler.has_extra_select:
        return tuple
    if kind is not ModelIterable or compiler.has_extra_select or query_set._prefetch_related_lookups:
        msg = "A prepared query gives tuples or models, and fetches nothing beside them."
        raise TypeError(msg)
    model, places = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    start, end = places[0], places[-1] + 1
    names = [column.target.attname for column, _, _ in compiler.select[start:end]]
    alias = connection.alias
    related = get_related_populators(compiler.klass_info, compiler.select, alias)  # type: ignore[call-arg] # stubs of a later Django

    noted = tuple(compiler.annotation_col_map.items())

    def made(row: Any) -> Any:
        thing = model.from_db(alias, names, row[start:end])
        for each in related:
            each.populate(row, thing)
        for name, column in noted:
            setattr(thing, name, row[column])
        return thing

    return made


def asked(statement: Statement, values: tuple[Any, ...]) -> list[Any]:
    """The rows of today."""
    parameters = [p.of(values) if isinstance(p, Slot) else p for p in statement.parameters]
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, parameters)
        rows = cursor.fetchall()
    if statement.converters:
        rows = [converted(list(row), statement.converters) for row in rows]
    return rows if statement.made is tuple else list(map(statement.made, rows))


def converted(row: list[Any], converters: tuple[tuple[int, Sequence[Any], Any], ...]) -> Any:
    """A row with its columns as Python has them."""
    for at, steps, column in converters:
        value = row[at]
        for step in steps:
            value = step(value, column, connection)
        row[at] = value
    return tuple(row)


def adapted(value: Any) -> Any:
    """As the database's driver takes it."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
