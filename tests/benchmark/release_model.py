"""An independent judge of the release: the policy in plain Python, one cell after the other.

Slow, without arrays, and written from the rules, not from the code that it judges. Names are bytes, uploads
are `UploadInWindow`, everything else is dictionaries.
"""

import hmac
import math
from collections import defaultdict

from benchmark.release import UploadInWindow
from benchmark.upload import FIELD_BIT
from privacy.profiles import Profile

LATE = ("late_1_30", "late_31_60", "late_61_90", "late_91_plus")
NETWORK = b"network"


def row_values(row):
    """A row as a dictionary, None where unknown."""
    names = ("outstanding", "not_due", *LATE, "paid", "paid_days_late", "open_late_days", "dso", "factored")
    return {name: int(row[name]) if int(row["present"]) & int(FIELD_BIT[name]) else None for name in names}


def raw_values(uploads: list[UploadInWindow], month: int):
    """{(client, group): {"as_of", "days_late", "dso"}} for the window's counted uploads."""
    relations = defaultdict(dict)
    group_of = {}
    for upload in uploads:
        if upload.first_full_month <= month:
            group_of[upload.firm] = upload.group
            for row in upload.rows:
                relations[row["pseudonym"].tobytes(), upload.firm][upload.month] = row_values(row)
    groups = defaultdict(list)
    for (client, firm), months in relations.items():
        if any(row["factored"] for row in months.values()):
            continue
        newest = months[max(months)]
        credit = newest["outstanding"] is not None and newest["outstanding"] < 0
        groups[client, group_of[firm]].append(
            {
                "as_of": max(months),
                "late": None if credit else _late(months, newest),
                "dso": None if credit or newest["dso"] is None else newest["dso"] / 10,
            }
        )
    values = {}
    for pair, firms in groups.items():
        late = [firm["late"] for firm in firms if firm["late"] is not None]
        dso = [firm["dso"] for firm in firms if firm["dso"] is not None]
        values[pair] = {
            "as_of": max(firm["as_of"] for firm in firms),
            "days_late": sum(days for days, _ in late) / sum(base for _, base in late) if late else None,
            "dso": sum(dso) / len(dso) if dso else None,
        }
    return values


def _late(months, newest):
    """(cents x days, cents) of one relation, or None."""
    if newest["paid"] is None or newest["paid_days_late"] is None or newest["open_late_days"] is None:
        return None
    overdue = [newest[bucket] for bucket in LATE]
    if None not in overdue:
        base = sum(overdue)
    elif newest["outstanding"] is not None and newest["not_due"] is not None:
        base = newest["outstanding"] - newest["not_due"]
    else:
        return None
    days = newest["open_late_days"]
    for row in months.values():
        if row["paid"] is not None and row["paid_days_late"] is not None:
            base += row["paid"]
            days += row["paid_days_late"]
    return (days, base) if base > 0 else None


class Cell:
    """One field of one cell, as long as the chain lives."""

    def __init__(self):
        self.members = {}  # group -> (value, as_of)
        self.pending = {}  # group -> month since when
        self.centre = None  # last published
        self.held = False


class Model:
    """The chain: `release` gives what should be published for each month in turn."""

    def __init__(self, profile: Profile, key: bytes):
        self.profile, self.key = profile, key
        self.cells = {rules.name: defaultdict(Cell) for rules in profile.fields}
        self.network = {rules.name: Cell() for rules in profile.fields}
        self.last_month = None

    def release(self, month, uploads, expelled=()):
        """({client: (band, days_late, spread, dso)}, (days_late, dso, band)); None: not published."""
        values = raw_values(uploads, month)
        quarter = self.last_month is None or self.last_month // 3 != month // 3
        clients, network, net_n = defaultdict(dict), {}, {}
        for rules in self.profile.fields:
            whole = self.network[rules.name]
            start = rules.start_days if whole.centre is None else whole.centre
            counted = self._network_values(values, rules.name, start)
            first = whole.centre is None
            numbers = self._one(
                whole, NETWORK, counted, month, quarter or first, quarter, expelled, rules, start,
                self.profile.network_n_min,
            )  # fmt: skip
            if numbers:
                network[rules.name], net_n[rules.name] = numbers[0], len(whole.members)
                start = numbers[0]
            cells = self.cells[rules.name]
            nothing_yet = all(cell.centre is None for cell in cells.values())
            by_client = defaultdict(dict)
            for (client, group), value in values.items():
                if value[rules.name] is not None:
                    by_client[client][group] = (value[rules.name], value["as_of"])
            for client in sorted(set(by_client) | set(cells)):
                numbers = self._one(
                    cells[client], client, by_client[client], month, quarter or nothing_yet, quarter,
                    expelled, rules, start, self.profile.n_min,
                )  # fmt: skip
                if numbers:
                    clients[client][rules.name] = (*numbers, len(cells[client].members))
        self.last_month = month
        published = {client: self._cell(client, fields, month) for client, fields in clients.items()}
        band = None
        for rules in self.profile.fields:
            if band is None and rules.name in net_n:
                band = self._band(NETWORK, net_n[rules.name], month, self.profile.network_n_min)
        return published, (network.get("days_late"), network.get("dso"), band)

    def _network_values(self, values, name, start):
        reach = self.profile.first_clip_days
        groups = defaultdict(list)
        for (_, group), value in values.items():
            if value[name] is not None:
                cut = min(max(value[name], start - reach), start + reach)
                groups[group].append((cut, value["as_of"]))
        return {
            group: (sum(cut for cut, _ in relations) / len(relations), max(as_of for _, as_of in relations))
            for group, relations in groups.items()
        }

    def _one(self, cell, subject, counted, month, revision, quarter, expelled, rules, start, floor):
        """Revise one cell's panel; (centre, spread) where it is published."""
        profile = self.profile
        thrown_out = [group for group in cell.members if group in expelled]
        for group in thrown_out:
            del cell.members[group]
        for group in cell.members:
            if group in counted:
                cell.members[group] = counted[group]
        joins = {group for group in counted if group not in cell.members and group not in expelled}
        if cell.centre is None:
            if revision and len(joins) >= floor:
                cell.members = {group: counted[group] for group in joins}
        else:
            cell.pending = {group: cell.pending.get(group, month) for group in joins}
            leaves = {g for g, (_, as_of) in cell.members.items() if month - as_of > profile.silent_months}
            waits = [month - since for since in cell.pending.values()]
            waits += [month - cell.members[group][1] for group in leaves]
            changes = len(joins) + len(leaves) + len(thrown_out)
            many = changes >= profile.pending_changes_min
            if quarter:
                cell.held = False
            if thrown_out and not many:
                cell.held = True
            if thrown_out or (
                revision and (many or max(waits, default=0) >= profile.pending_wait_max_months)
            ):
                for group in leaves:
                    del cell.members[group]
                for group in joins:
                    cell.members[group] = counted[group]
                cell.pending = {}
        worn = any(month - as_of > profile.carry_max_months for _, as_of in cell.members.values())
        if len(cell.members) < floor or cell.held or worn:
            return None
        return self._numbers(cell, subject, month, rules, start)

    def _numbers(self, cell, subject, month, rules, start):
        profile = self.profile
        anchor, reach = (
            (start, profile.first_clip_days) if cell.centre is None else (cell.centre, profile.clip_days)
        )
        cut = [min(max(value, anchor - reach), anchor + reach) for value, _ in cell.members.values()]
        n = len(cut)
        mean = sum(cut) / n
        members = b"".join(sorted(cell.members))
        centre = round(mean + self._noise("", rules.name, subject, members, month) / n)
        if rules.lowest_days is not None:
            centre = max(centre, rules.lowest_days)
        spread = None
        if rules.spread:
            spread = profile.spread_factor * sum(abs(value - mean) for value in cut) / n
            spread = round(spread + self._noise("spread-", rules.name, subject, members, month) / n)
            spread = max(spread, profile.spread_min_days)
        cell.centre = centre
        return centre, spread

    def _noise(self, what, indicator, subject, members, month):
        profile = self.profile
        quarter, exact = (month // 3).to_bytes(4, "little"), month.to_bytes(4, "little")
        return profile.field_factor * (
            profile.noise_permanent_days * self._normal(what + "permanent", indicator, subject, b"")
            + profile.noise_set_days * self._normal(what + "set", indicator, subject, members)
            + profile.noise_quarter_days * self._normal(what + "quarter", indicator, subject, quarter)
            + profile.noise_month_days * self._normal(what + "month", indicator, subject, exact)
        )

    def _normal(self, purpose, indicator, subject, detail):
        message = b"\0".join([b"vigie/noise/v1", purpose.encode(), indicator.encode()])
        message += b"\0" + len(subject).to_bytes(2, "little") + subject + detail
        digest = hmac.new(self.key, message, "sha256").digest()
        u1, u2 = ((int.from_bytes(digest[at : at + 8], "little") // 2048 + 0.5) / 2**53 for at in (0, 8))
        return math.sqrt(-2 * math.log(u1)) * math.cos(2 * math.pi * u2)

    def _cell(self, client, fields, month):
        first = next(iter(fields.values()))
        late = fields.get("days_late", (None, None, None))
        return (
            self._band(client, first[2], month, self.profile.n_min),
            late[0],
            late[1],
            fields.get("dso", (None,))[0],
        )

    def _band(self, subject, n, month, floor):
        drawn = self._normal("count", "", subject, (month // 3).to_bytes(4, "little"))
        perturbed = max(floor, round(n + self.profile.count_noise_sd * drawn))
        return sum(perturbed >= lowest for lowest in self.profile.count_bands)
