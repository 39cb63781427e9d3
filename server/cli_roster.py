"""`vigied roster`: the operator's hand on the key holders' roster: show it, sign a split, adopt a change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from server.cli_outcome import run

if TYPE_CHECKING:
    from server.settings import Settings

app = typer.Typer(help="The key holders' roster, at the operator's.", no_args_is_help=True)


@app.command()
def show(file: Annotated[Path | None, typer.Option(help="where to write it")] = None) -> None:
    """Print the roster in force, as holders need it for a split or a new holder."""
    from privacy import roster as rosters

    async def work(settings: Settings) -> str:
        from server.network import open_network

        network = await open_network(settings)
        await network.database.close()
        return rosters.to_text(network.chain[-1])

    def write(text: str) -> None:
        if file is None:
            print(text, end="")
        else:
            file.write_text(text, encoding="utf-8")
            print(f"wrote {file}")

    run(work, then=write)


@app.command()
def sign(paper: Annotated[Path, typer.Argument(help="a roster that a new holder signed")]) -> None:
    """Sign a split with the embedded holder's key: the one old holder's consent."""
    from privacy import roster as rosters
    from server.keyholder_folder import read_signed

    async def work(settings: Settings) -> str:
        from server.network import open_network
        from server.rosters import signed_by_embedded

        network = await open_network(settings)
        await network.database.close()
        paper_read = read_signed(paper)
        if rosters.read(paper_read.body).previous != network.chain[-1].digest:
            raise rosters.RosterRefused("chain", "this roster does not follow from the one in force")
        return rosters.to_text(signed_by_embedded(paper_read, network.keys))

    def write(text: str) -> None:
        epoch = rosters.read(rosters.from_text(text).body).epoch
        name = f"roster-{epoch}-signed-0.json"
        Path(name).write_text(text, encoding="utf-8")
        print(f"wrote {name}")

    run(work, then=write)


@app.command()
def adopt(
    papers: Annotated[list[Path], typer.Argument(help="the roster, or what everybody signed of it")],
) -> None:
    """Go on to a roster that the holders put in force: members follow it from here."""
    from server.keyholder_ceremony import merge
    from server.keyholder_folder import read_signed

    async def work(settings: Settings) -> str:
        from server.network import open_network
        from server.rosters import adopt as go_on

        network = await open_network(settings)
        try:
            before = network.roster
            signed = merge([read_signed(one) for one in papers])
            after = await go_on(network.database, signed, network.clock, await network.read_today())
        finally:
            await network.database.close()
        said = f"epoch {after.epoch} is in force, {'dealt' if after.dealt else 'without a dealer'}"
        if after.total != before.total:
            return f"{said}: another key, under which members upload again (`vigie rekey`)"
        if network.keys.pseudonym is not None and after.construction != before.construction:
            return f"{said}: erase pseudonym.key when the overlap of {after.overlap_days} days is over"
        return said

    run(work)


@app.command()
def forget() -> None:
    """After a change of the key: erase the replaced uploads under former keys, which tell old from new."""

    async def work(settings: Settings) -> str:
        from server.network import open_network
        from server.rosters import forget_former

        network = await open_network(settings)
        try:
            return f"{await forget_former(network.database, network.key_id)} uploads erased"
        finally:
            await network.database.close()

    run(work)
