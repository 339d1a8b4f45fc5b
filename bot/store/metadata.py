"""What every table is made with: one metadata, and the shapes of columns."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Index, MetaData

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def key(name: str, type_: Any, *more: Any) -> Column[Any]:  # noqa: ANN401 - SQLAlchemy's own types are this wide
    """A column of the primary key."""
    return Column(name, type_, *more, primary_key=True)


def kept(name: str, type_: Any, *more: Any) -> Column[Any]:  # noqa: ANN401 - likewise
    """A column that is always filled."""
    return Column(name, type_, *more, nullable=False)


def maybe(name: str, type_: Any) -> Column[Any]:  # noqa: ANN401 - likewise
    """A column that may be empty."""
    return Column(name, type_, nullable=True)


def index_where(name: str, column: Column[Any], condition: ColumnElement[bool]) -> None:
    """An index over some rows only, on both databases."""
    Index(name, column, sqlite_where=condition, postgresql_where=condition)
