"""Releases: the one job that reads firms' months together, and what it publishes.

Rules of order, whose guardian this is:
1. A month is published once its publication day (12 of the month after, and the profile's delay) has come;
   months follow each other.
2. It reads, of each firm and month of the window, the last upload received before the window closed.
3. Manifest, cells, the policy's state, relations and alerts are one transaction, begun after the computation;
   the newest release is compared again inside it: of two processes the second finds the month published. So
   is the pseudonyms' key: what was computed under a former one is computed again.
4. Devices hear of it after the commit.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import numpy as np

from benchmark.alerts import Alert
from benchmark.release import ReleaseResult, UploadInWindow, release_month, seasoning
from benchmark.upload import HEADER_DTYPE, ROW_DTYPE, month_text
from privacy import disclosure
from privacy.chain import groups_of
from privacy.disclosure import WideCell
from privacy.manifest import canonical
from privacy.profiles import PROFILES, Profile
from server import audit
from server.alerts import announce_alerts, detect_alerts, store_alerts
from server.clock import first_day, month_of, publication_day, window_close
from server.hub import frame
from server.manifests import NETWORK, WIDE, Planted, plant, sign_manifest
from server.network import RunningNetwork
from server.outbox import note_release
from server.payloads import erase_payload, payload_of
from server.problems import Refused
from server.relations import fold_release
from server.rosters import key_of, rekeyed_on
from server.tables import Firm, PolicyState, Release, Upload
from server.witness import ask_witnesses, countersign_embedded

LOOK_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Published:
    """What the job did. `fresh`: this call published it; otherwise it was there."""

    month: int
    cell_count: int
    alerts: list[Alert]
    fresh: bool


@dataclass(frozen=True, slots=True)
class Window:
    """What a release reads: uploads and their digests, groups out for good, the policy's state.

    `aged`: the uploads whose terms are old enough, of the firms that share theirs. `key_id`: the key that
    all their pseudonyms are under.
    """

    key_id: bytes
    uploads: list[UploadInWindow]
    aged: list[UploadInWindow]
    digests: list[bytes]
    expelled: list[bytes]
    state: bytes | None


async def release(network: RunningNetwork, month: int) -> Published:
    """Publish a month; a no-op when it is published. Raise release-order or release-too-early."""
    async with network.releasing:
        latest = await network.latest_release()
        if latest is not None and month <= latest:
            return await _already(month)
        if latest is not None and month != latest + 1:
            raise Refused("release-order", f"{month_text(latest + 1)} comes before {month_text(month)}")
        today, profile = await network.read_today(), PROFILES[network.profile]
        due = publication_day(month + profile.delay_months)
        if today < due:
            raise Refused("release-too-early", f"{month_text(month)}: on {due}")
        window = await _gather(network, month, latest, profile)
        result = await asyncio.to_thread(
            release_month,
            month,
            window.uploads,
            window.state,
            profile,
            network.keys.release,
            window.expelled,
            window.aged,
        )
        planted = await plant(network, result.release, latest, window_close(month))
        published = await _publish(network, month, latest, today, window, result, planted)
    if published.fresh:
        await ask_witnesses(network)
    return published


async def _already(month: int) -> Published:
    row = await Release.select(Release.cell_count).where(Release.month == month).first()
    if row is None:
        raise Refused("release-order", f"{month_text(month)} lies before the first release")
    return Published(month, row["cell_count"], [], fresh=False)


async def _gather(network: RunningNetwork, month: int, latest: int | None, profile: Profile) -> Window:
    await network.read_rosters()
    key_id = network.key_id
    firms = {
        row["id"]: row
        for row in await Firm.select(
            Firm.id, Firm.group_id, Firm.enrolled_on, Firm.expelled, Firm.shares_terms
        )
    }
    rows = await _newest_received(network, month - profile.window_months, month, window_close(month))
    old = month - profile.terms_age_months
    aged = await _newest_received(network, old - 1, old, window_close(month)) if profile.terms else []
    # Of the release that this one follows, by name: another process may be publishing this month now.
    row = await PolicyState.select(PolicyState.state).where(PolicyState.month == (latest or 0)).first()
    state = None if row is None else bytes(row["state"])
    if state is None and latest is not None and not await _begins_again(latest):
        raise Refused("release-order", f"what the policy remembers of {month_text(latest)} is missing")
    return Window(
        key_id,
        _in_window(rows, firms, key_id),
        _in_window([row for row in aged if firms[row["firm"]]["shares_terms"]], firms, key_id),
        [row["digest"] for row in rows],
        _groups_gone(firms, state),
        state,
    )


async def _begins_again(latest: int) -> bool:
    """Whether nothing may be remembered of the newest release: the pseudonyms' key became another one since.

    Otherwise a new chain would revise every panel at once, which is what panels are there to prevent.
    """
    changed = await rekeyed_on()
    row = await Release.select(Release.published_on).where(Release.month == latest).first()
    return changed is not None and row is not None and changed >= row["published_on"]


def _groups_gone(firms: dict[UUID, dict[str, Any]], state: bytes | None) -> list[bytes]:
    """Groups out for good: of expelled firms, and those of the chain that no firm belongs to any more."""
    there = {row["group_id"].bytes for row in firms.values()}
    expelled = {row["group_id"].bytes for row in firms.values() if row["expelled"]}
    before = set() if state is None else {one.tobytes() for one in groups_of(state)}
    return sorted(expelled | (before - there - {bytes(16)}))


async def _newest_received(
    network: RunningNetwork, after: int, last: int, before: int
) -> list[dict[str, Any]]:
    """Of each firm and month after `after` up to `last`, the newest upload received before a moment."""
    return await network.database.run(
        f"SELECT u.digest, u.firm, u.month, {payload_of(network.database, 'u')} AS bytes"  # noqa: S608
        " FROM upload u JOIN"
        " (SELECT firm, month, MAX(sequence) AS newest FROM upload"
        "  WHERE month > {} AND month <= {} AND received_at < {} GROUP BY firm, month) n"
        " ON n.firm = u.firm AND n.month = u.month AND n.newest = u.sequence"
        " ORDER BY u.firm, u.month",
        after,
        last,
        before,
    )


def _in_window(
    rows: list[dict[str, Any]], firms: dict[UUID, dict[str, Any]], key_id: bytes
) -> list[UploadInWindow]:
    return [
        UploadInWindow(
            firm=row["firm"].bytes,
            group=firms[row["firm"]]["group_id"].bytes,
            first_full_month=first_full_month(firms[row["firm"]]["enrolled_on"]),
            month=row["month"],
            rows=np.frombuffer(row["bytes"], ROW_DTYPE, offset=HEADER_DTYPE.itemsize),
        )
        for row in rows
        # An erased upload is a tombstone; one under a former key has pseudonyms of its own.
        if row["bytes"] is not None and key_of(row["bytes"]) == key_id
    ]


def first_full_month(enrolled_on: date) -> int:
    """A firm counts after one full month of membership: from the month that it was a member throughout."""
    month = month_of(enrolled_on)
    return month if enrolled_on == first_day(month) else month + 1


async def _publish(  # noqa: PLR0917 - everything that one transaction writes
    network: RunningNetwork,
    month: int,
    latest: int | None,
    today: date,
    window: Window,
    result: ReleaseResult,
    planted: Planted,
) -> Published:
    published = result.release
    cells = np.ascontiguousarray(published.cells)
    network_cell, wide_cells = canonical(_shown(published.network)), canonical(_below(published))
    alerts = await detect_alerts(month, latest, cells, network_cell, wide_cells)
    async with network.database.writing():
        await network.database.lock_network(to_change=True)
        if await network.latest_release() != latest:
            return await _already(month)
        await network.read_rosters()
        if network.key_id != window.key_id:
            raise Refused("release-order", f"another key is in force now: compute {month_text(month)} again")
        await network.database.lock_firms()
        parts = {NETWORK: network_cell, WIDE: wide_cells}
        signed, signature = await sign_manifest(network, published, planted, today, parts)
        await Release(
            month=month,
            profile=network.profile,
            published_on=today,
            header=signed,
            signature=signature,
            network_cell=network_cell,
            wide_cells=wide_cells,
            cell_count=len(cells),
            cells=cells.tobytes(),
        ).save()
        await countersign_embedded(network)
        await PolicyState.delete().where(PolicyState.month < month - 1)
        await PolicyState(month=month, state=result.state).save()
        ripened = seasoning(window.uploads, month)
        await fold_release(network, month, {UUID(bytes=firm): found for firm, found in ripened.items()})
        await store_alerts(alerts, today)
        await note_release(network, month)
        await network.fanout.announce(frame("release", month=month_text(month)), None)
        await announce_alerts(network, alerts)
        await _mark_used(network, month, window.digests)
        await audit.append(
            network.clock, audit.OPERATOR_CHAIN, "release job", "released", month=month_text(month)
        )
    return Published(month, len(cells), alerts, fresh=True)


def _shown(cell: WideCell) -> dict[str, int | None]:
    return {"days_late": cell.days_late, "dso": cell.dso, "band": cell.band}


def _below(published: disclosure.Release) -> dict[str, dict[str, dict[str, int | None]]]:
    """Sectors' and regions' published cells by code: what is suppressed is absent."""
    return {
        name: {str(code): _shown(cell) for code, cell in sorted(cells.items())}
        for name, cells in (("sectors", published.sectors), ("regions", published.regions))
    }


async def _mark_used(network: RunningNetwork, month: int, digests: list[bytes]) -> None:
    for digest in digests:
        await Upload.update({Upload.used_in: month}).where(Upload.digest == digest)
    # Superseded before this window closed and never read: no later release can. The digest stays.
    unread = await network.database.run(
        "UPDATE upload SET erased = {} WHERE used_in IS NULL AND superseded_at < {} AND NOT erased"
        " RETURNING payload",
        True,
        window_close(month),
    )
    for row in unread:
        await erase_payload(network.database, row["payload"])


async def next_month(network: RunningNetwork) -> int | None:
    """The month to publish next, once its day has come; None: nothing is due."""
    latest, delay = await network.latest_release(), PROFILES[network.profile].delay_months
    if latest is None:
        first = await Upload.select(Upload.month).order_by(Upload.month).first()
        if first is None:
            return None
        month = max(int(first["month"]), month_of(await network.read_today()) - 2 - delay)
    else:
        month = latest + 1
    return month if publication_day(month + delay) <= await network.read_today() else None


async def release_when_due(network: RunningNetwork) -> None:
    """Publish what is due, for ever: the scheduler of a production network."""
    from server.problems import LOG

    while True:
        try:
            while (month := await next_month(network)) is not None:
                await release(network, month)
            await ask_witnesses(network)
        except Exception as error:  # noqa: BLE001 - the next look may succeed; types only, no rows
            LOG.error("release job: %s", type(error).__name__)
        await asyncio.sleep(LOOK_SECONDS)
