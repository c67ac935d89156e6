"""The portal's store through time: a history of its own, brought up to date at every start."""

from tradepost.portal.migrations.history import head, migrate_postgres, migrate_sqlite

__all__ = ["head", "migrate_postgres", "migrate_sqlite"]
