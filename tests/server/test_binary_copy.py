"""A row by binary COPY is the row that an INSERT would have written."""

from __future__ import annotations

import uuid

import asyncpg
import pytest
from piccolo.columns import UUID, BigInt, Boolean, Bytea, Integer, SmallInt, Varchar
from piccolo.table import Table

from server import binary_copy
from tests.conftest import Postgres


class Everything(Table):
    """A column of every kind that is known."""

    identity = UUID()
    large = BigInt()
    small = SmallInt()
    middle = Integer(null=True, default=None)
    flag = Boolean()
    payload = Bytea()


@pytest.mark.postgres
async def test_every_kind_of_value_arrives_as_it_was(postgres: Postgres) -> None:
    name = f"vigie_{uuid.uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name}")
    connection = await asyncpg.connect(postgres.uri(name))
    await connection.execute(
        "CREATE TABLE everything (identity uuid, large bigint, small smallint, middle integer, flag boolean,"
        " payload bytea)"
    )
    given = {
        Everything.identity: uuid.uuid4(),
        Everything.large: -(2**60),
        Everything.small: -5,
        Everything.middle: None,
        Everything.flag: True,
        Everything.payload: memoryview(bytes(range(256)) * 5_000)[7:],
    }
    await connection.copy_to_table(
        "everything",
        source=binary_copy.row(given),
        columns=[column._meta.name for column in given],
        format="binary",
    )
    found = dict((await connection.fetch("SELECT * FROM everything"))[0])
    assert found == {column._meta.name: value for column, value in given.items()}
    await connection.close()


async def test_a_large_value_comes_in_pieces_of_itself() -> None:
    payload = bytes(3 * binary_copy.PIECE_BYTES + 1)
    pieces = [piece async for piece in binary_copy.row({Everything.payload: payload})]
    large = [piece for piece in pieces if isinstance(piece, memoryview)]
    assert [len(piece) for piece in large] == [binary_copy.PIECE_BYTES] * 3 + [1]
    assert all(piece.obj is payload for piece in large)


def test_a_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(TypeError, match="Varchar"):
        binary_copy.encoded(Varchar(), "text")
