"""What Alembic runs; the one who starts it hands in how to configure the run."""

from __future__ import annotations

from alembic import context

context.config.attributes["configure"](context)
with context.begin_transaction():
    context.run_migrations()
