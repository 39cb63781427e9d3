"""The schema and its history: migrate under a lock, tell what is pending, write the first migration."""

from __future__ import annotations

import contextlib
import io
import os
import re
from pathlib import Path
from typing import Final

from piccolo.apps.migrations.tables import Migration

from server import piccolo_app, piccolo_conf
from server.database import Database, bind
from server.tables import INCOMPRESSIBLE, INDEXES, INLINE, TABLES

MIGRATION_LOCK: Final = 7_236_001  # PostgreSQL's advisory lock for this schema
INITIAL_ID: Final = "2026-11-01T00:00:00:000000"
INDEXES_ID: Final = "2026-11-01T00:00:00:000001"

os.environ.setdefault("PICCOLO_CONF", "server.piccolo_conf")


class SchemaRefused(RuntimeError):
    """The database's schema is not the one that this program knows."""


def attach(database: Database) -> None:
    """Every table, Piccolo's own included, speaks to this database from now on."""
    piccolo_conf.DB = database.engine
    bind(database.engine, [*TABLES, Migration])


async def migrate(database: Database) -> None:
    """Run what has not run; the caller holds a transaction, so that all of it commits or nothing.

    A second process waits for the first one's transaction: SQLite's write lock, an advisory lock elsewhere.
    """
    from piccolo.apps.migrations.commands.forwards import ForwardsMigrationManager

    if database.postgres:
        await database.run("SELECT pg_advisory_xact_lock({})", MIGRATION_LOCK)
    with contextlib.redirect_stdout(io.StringIO()):
        outcome = await ForwardsMigrationManager(app_name=piccolo_app.APP_NAME).run()
    if not outcome.success:
        raise SchemaRefused(outcome.message or "the migration failed")


async def pending() -> list[str]:
    """Migrations that this program knows and the database has not seen."""
    known = migration_ids()
    if not await Migration.table_exists():
        return known
    ran = set(await Migration.get_migrations_which_ran(app_name=piccolo_app.APP_NAME))
    if unknown := ran - set(known):
        raise SchemaRefused(
            f"a newer program migrated the database ({', '.join(sorted(unknown))}): install that version"
        )
    return [one for one in known if one not in ran]


def migration_ids(folder: Path = piccolo_app.MIGRATIONS) -> list[str]:
    """The ids of the migration files, in their order, without importing them."""
    lines = (line for path in folder.glob("*.py") for line in path.read_text(encoding="utf-8").splitlines())
    return sorted(line.removeprefix("ID = ").strip("\"'") for line in lines if line.startswith("ID = "))


def index_statements() -> tuple[list[str], list[str]]:
    """What Piccolo cannot say about the tables, in SQL: for both databases, and for PostgreSQL alone."""
    both = [
        f"CREATE {'UNIQUE ' if unique else ''}INDEX {name} ON {table} ({columns})"
        + (f" WHERE {condition}" if condition else "")
        for name, table, columns, unique, condition in INDEXES
    ]
    postgres = [
        f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STORAGE EXTERNAL'
        for table, column in INCOMPRESSIBLE
    ]
    postgres += [
        f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STORAGE PLAIN' for table, column in INLINE
    ]
    return both, postgres


INDEXES_TEMPLATE: Final = '''"""Indexes over several columns and storage. Written by `vigied migration`."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.engine import engine_finder

ID = "{id}"
VERSION = "{version}"
DESCRIPTION = "indexes over several columns, storage of what does not compress"

STATEMENTS = [
{both}
]
POSTGRES_STATEMENTS = [
{postgres}
]


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="{app}", description=DESCRIPTION)

    async def run():
        engine = engine_finder()
        for statement in STATEMENTS + (POSTGRES_STATEMENTS if engine.engine_type == "postgres" else []):
            await engine.run_ddl(statement)

    manager.add_raw(run)
    return manager
'''


def _table_of(statement: str) -> str:
    # Piccolo goes through sets of tables: in order of their names, one content has one file.
    found = re.search(r"(?:table_class_name|class_name)=['\"](\w+)", statement) or re.search(
        r"['\"](\w+)", statement
    )
    return found[1] if found else statement


def write_initial(folder: Path = piccolo_app.MIGRATIONS) -> None:
    """Write the two initial migrations again from the tables: only before a first version is published."""
    import black
    from piccolo import __VERSION__
    from piccolo.apps.migrations.auto import DiffableTable, SchemaDiffer
    from piccolo.apps.migrations.commands.new import render_template

    tables = [
        DiffableTable(
            class_name=table.__name__,
            tablename=table._meta.tablename,  # noqa: SLF001
            columns=table._meta.non_default_columns,  # noqa: SLF001
            constraints=table._meta.constraints,  # noqa: SLF001
            schema=table._meta.schema,  # noqa: SLF001
        )
        for table in TABLES
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        statements = SchemaDiffer(schema=tables, schema_snapshot=[], auto_input="n").get_alter_statements()
    initial = render_template(  # type: ignore[no-untyped-call]
        migration_id=INITIAL_ID,
        auto=True,
        alter_statements=[one for part in statements for one in sorted(part.statements, key=_table_of)],
        extra_imports=sorted({one for part in statements for one in part.extra_imports}, key=repr),
        extra_definitions=sorted({one for part in statements for one in part.extra_definitions}, key=repr),
        app_name=piccolo_app.APP_NAME,
        description="every table of the first version",
    )
    both, postgres = index_statements()
    indexes = INDEXES_TEMPLATE.format(
        id=INDEXES_ID,
        version=__VERSION__,
        app=piccolo_app.APP_NAME,
        both="\n".join(f"    {one!r}," for one in both),
        postgres="\n".join(f"    {one!r}," for one in postgres),
    )
    door = '"""Every table of the first version. Written by `vigied migration`."""\n\n'
    mode = black.FileMode(line_length=110)
    (folder / "initial.py").write_text(door + black.format_str(initial, mode=mode), encoding="utf-8")
    (folder / "initial_indexes.py").write_text(black.format_str(indexes, mode=mode), encoding="utf-8")
