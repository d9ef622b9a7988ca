"""Who may see and write which editions."""

from upstander.schema.rows import (
    Table,
    table,
)

TABLES: tuple[Table, ...] = (
    # Read and kept by functions alone.
    table(
        "editions_publishededition",
    ),
)
