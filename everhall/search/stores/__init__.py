"""The index in each database, behind one interface; chosen by the connection's vendor."""

from django.db import DEFAULT_DB_ALIAS, connections

from everhall.search.stores.base import Store, Wanted
from everhall.search.stores.postgres import PostgresStore
from everhall.search.stores.sqlite import SqliteStore

__all__ = ["Store", "Wanted", "store"]


def store(using: str = DEFAULT_DB_ALIAS) -> Store:
    connection = connections[using]
    return (
        PostgresStore(connection) if connection.vendor == "postgresql" else SqliteStore(connection)
    )
