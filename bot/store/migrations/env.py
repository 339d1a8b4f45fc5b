"""What Alembic runs: the migrations, over the connection that `migrate` gives, inside its transaction."""

from alembic import context

from bot.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True
)
context.run_migrations()
