"""An independent judge of the release: the policy in plain Python, one cell after the other.

Slow, without arrays, and written from the rules, not from the code that it judges. Names are bytes, uploads
are `UploadInWindow`, everything else is dictionaries. What it adds up of rows is in `tally_model`.
"""

import hmac
import math
from collections import Counter, defaultdict
from functools import cache
from statistics import NormalDist
from types import SimpleNamespace

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from privacy.profiles import Profile
from tests.benchmark.tally_model import raw_values, terms_values

SLOTS = {"days_late": (0, 1), "dso": (2, 4)}
KINDS = {"sector": 21, "region": 13}


@cache
def normal(key, purpose, period, message, slot):
    """The draw that `privacy.noise` describes, for one message of whole 16-byte blocks."""
    text = b"\0".join([b"vigie/noise/v1", purpose.encode(), period.to_bytes(4, "little")])
    both = hmac.new(key, text, "sha512").digest()
    tag = bytes(16)
    for at in range(0, len(message), 16):
        tag = aes(both[:32], xor(tag, message[at : at + 16]))
    block = aes(both[32:], xor(tag, bytes(15) + bytes([slot // 2])))
    u1, u2 = ((int.from_bytes(block[at : at + 8], "little") // 2048 + 0.5) / 2**53 for at in (0, 8))
    turn = math.sin if slot % 2 else math.cos
    return math.sqrt(-2 * math.log(u1)) * turn(2 * math.pi * u2)


@cache
def aes(key, block):
    return Cipher(algorithms.AES256(key), modes.ECB()).encryptor().update(block)


def xor(one, other):
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def set_bytes(key, members):
    """A contributor set's 16 bytes."""
    mac = hmac.new(key, b"vigie/noise/v1\0groups\0" + bytes(4), "sha512").digest()[:32]
    sums = [0, 0]
    for member in members:
        block = aes(mac, member)
        for half in (0, 1):
            sums[half] += int.from_bytes(block[8 * half : 8 * half + 8], "little")
    return b"".join((one % 2**64).to_bytes(8, "little") for one in sums)


class Cell:
    """One field of one cell, as long as the chain lives."""

    def __init__(self):
        self.members = {}  # group -> (value, as_of)
        self.pending = {}  # group -> month since when
        self.centre = None  # last published
        self.last = None  # month of the last publication
        self.held = False


class Model:
    """The chain: `release` gives what should be published for each month in turn."""

    def __init__(self, profile: Profile, key: bytes):
        self.profile, self.key = profile, key
        names = [rules.name for rules in profile.fields]
        self.clients = {name: defaultdict(Cell) for name in names}
        self.wide = {name: defaultdict(Cell) for name in names}  # (kind, code) -> Cell
        self.terms = defaultdict(Cell)
        self.flags = set()
        self.last_month = None

    def release(self, month, uploads, expelled=(), aged=()):
        """What is published: clients, network, sectors, regions.

        Clients: {client: (band, days_late, spread, dso, incident, terms)}; wide: (days_late, dso, band);
        None: not published.
        """
        values = raw_values(uploads, month)
        new_quarter = self.last_month is None or self.last_month // 3 != month // 3
        now = SimpleNamespace(month=month, quarter=new_quarter, expelled=set(expelled), values=values)
        wide = self._wide_level(now)
        clients = self._client_level(now, wide)
        flags = self._flags(now, clients)
        terms = self._terms(
            now, terms_values([one for one in aged if one.first_full_month <= month]), clients
        )
        self.last_month = month
        published = {
            client: (*self._cell(client, fields, month), client in flags, terms.get(client, (0, 0, 0, 0)))
            for client, fields in clients.items()
        }
        shown = {cell: self._wide_cell(cell, fields, month) for cell, fields in wide.items()}
        none = (None, None, None)
        return (
            published,
            shown.get(("network", 0), none),
            *({code: one for (kind, code), one in shown.items() if kind == wanted} for wanted in KINDS),
        )

    # The network, its sectors and regions

    def _wide_level(self, now):
        """{(kind, code): {field: (centre, spread, n)}} of what is published."""
        wide = defaultdict(dict)
        for rules in self.profile.fields:
            name, cells = rules.name, self.wide[rules.name]
            top = cells["network", 0]
            start = rules.start_days if top.centre is None else top.centre
            counted = self._wide_values(now, name, start)
            revision = now.quarter or top.centre is None
            if self._revise(top, counted["network", 0], now, revision, self.profile.network_n_min):
                numbers = self._numbers(top, ("network", 0), now.month, rules, start)
                wide["network", 0][name] = start = *numbers, len(top.members)
                start = numbers[0]
            below = [(kind, code + 1) for kind, count in KINDS.items() for code in range(count)]
            revision = now.quarter or all(cells[cell].centre is None for cell in below)
            shown = {
                cell
                for cell in below
                if self._revise(cells[cell], counted[cell], now, revision, self.profile.network_n_min)
            }
            shown = self._guarded(
                now, name, shown, revision, top=("network", 0) in wide and name in wide["network", 0]
            )
            for cell in below:
                one = cells[cell]
                if cell in shown:
                    numbers = self._numbers(one, cell, now.month, rules, start)
                    wide[cell][name] = (*numbers, len(one.members))
                elif one.centre is None:
                    one.members, one.pending, one.held = {}, {}, False  # nothing was seen of it
        return {cell: fields for cell, fields in wide.items() if fields}

    def _wide_values(self, now, name, start):
        """{cell: {group: (value, as_of)}}, one value per group."""
        reach = self.profile.first_clip_days
        relations = defaultdict(lambda: defaultdict(list))
        for (_, group), value in now.values.items():
            if value[name] is not None:
                one = min(max(value[name], start - reach), start + reach), value["as_of"]
                for cell in (("network", 0), ("sector", value["sector"]), ("region", value["region"])):
                    relations[cell][group].append(one)
        return defaultdict(
            dict,
            {
                cell: {
                    group: (sum(cut for cut, _ in several) / len(several), max(when for _, when in several))
                    for group, several in groups.items()
                }
                for cell, groups in relations.items()
            },
        )

    def _guarded(self, now, name, shown, revision, *, top):
        """What the hierarchy allows of the sectors and regions that would be shown."""
        cells, floor = self.wide[name], self.profile.network_n_min
        last_month = {
            cell for cell, one in cells.items() if one.last is not None and one.last == self.last_month
        }
        gone = {cell for cell in last_month if cell[0] in KINDS} - shown
        if revision:
            for kind, count in KINDS.items():
                for code in range(1, count + 1):
                    if not self._enough_clients(now, kind, code):
                        shown.discard((kind, code))
                        cells[kind, code].held = True
        if not top or not (revision or gone):
            return shown
        for kind, count in KINDS.items():
            present = defaultdict(set)
            for (_, group), value in now.values.items():
                if value[name] is not None and group not in now.expelled:
                    present[value[kind]].add(group)
            while True:
                published = [code for code in range(1, count + 1) if (kind, code) in shown]
                hidden = set().union(*(present[code] for code in range(count + 1) if code not in published))
                if not published or not hidden or len(hidden) >= floor:
                    break
                least = min(published, key=lambda code: (len(cells[kind, code].members), code))
                shown.discard((kind, least))
                cells[kind, least].held = True
        return shown

    def _enough_clients(self, now, kind, code):
        known = defaultdict(set)  # group -> its clients with a value there, of the field with the most
        clients = set()
        for group in {group for _, group in now.values}:
            several = [
                {
                    client
                    for (client, other), value in now.values.items()
                    if other == group and value[kind] == code and value[rules.name] is not None
                }
                for rules in self.profile.fields
            ]
            if count := max(map(len, several)):
                known[group] = count
        lonely = Counter()
        for (client, group), value in now.values.items():
            if value[kind] == code:
                clients.add(client)
                if known.get(group) == 1:
                    lonely[client] += 1
        rest = len(known) - max(lonely.values(), default=0)
        return len(clients) >= self.profile.wide_clients_min and rest >= self.profile.network_n_min

    # Clients

    def _client_level(self, now, wide):
        clients = defaultdict(dict)
        pairs = Counter(client for client, _ in now.values)
        many = {client for client, count in pairs.items() if count >= self.profile.n_min}
        sectors = self._sectors(now)
        top = {}
        for rules in self.profile.fields:
            name, cells = rules.name, self.clients[rules.name]
            network = self.wide[name]["network", 0].centre
            top[name] = rules.start_days if network is None else network
            nothing_yet = all(cell.centre is None for cell in cells.values())
            for client in sorted(many | set(cells)):
                cell = cells[client]
                counted = {
                    group: (value[name], value["as_of"])
                    for (other, group), value in now.values.items()
                    if other == client and value[name] is not None
                }
                if self._revise(cell, counted, now, now.quarter or nothing_yet, self.profile.n_min):
                    sector = wide.get(("sector", sectors.get(client)), {}).get(name)
                    start = sector[0] if sector and cell.centre is None else top[name]
                    numbers = self._numbers(cell, client, now.month, rules, start)
                    clients[client][name] = (*numbers, len(cell.members))
        return clients

    def _sectors(self, now):
        """The sector that more than half of a client's groups name."""
        named = defaultdict(Counter)
        for (client, _), value in now.values.items():
            named[client][value["sector"]] += 1
        found = {}
        for client, counts in named.items():
            code, count = counts.most_common(1)[0]
            if 2 * count > sum(counts.values()) and code:
                found[client] = code
        return found

    def _flags(self, now, clients):
        if not self.profile.incident:
            return set()
        up = set() if now.quarter else set(self.flags)
        for client, fields in clients.items():
            panel = set().union(*(self.clients[name][client].members for name in fields))
            reports = sum(
                value["incident"] and group in panel
                for (other, group), value in now.values.items()
                if other == client
            )
            draw = NormalDist().cdf(normal(self.key, "client-incident", 0, client, 0))
            more = int(draw * (1 + self.profile.incident_reports_more_max))
            if reports >= self.profile.incident_reports_min + more:
                up.add(client)
        self.flags = up
        return up

    def _terms(self, now, aged, clients):
        if not self.profile.terms:
            return {}
        revision = now.quarter or all(cell.centre is None for cell in self.terms.values())
        possible = set(clients)
        for cells in (self.terms, *self.clients.values()):
            possible |= {client for client, cell in cells.items() if cell.centre is not None}
        pairs = Counter(client for client, _ in now.values)
        possible |= {client for client, count in pairs.items() if count >= self.profile.n_min}
        bands = {}
        for client in possible:
            counted = {
                group: (days, now.month - 1) for (other, group), days in aged.items() if other == client
            }
            cell = self.terms[client]
            if self._revise(cell, counted if revision else {}, now, revision, self.profile.terms_n_min):
                cell.centre, cell.last = 0, now.month
                bands[client] = self._shares(client, cell)
        return bands

    def _shares(self, client, cell):
        n, told = len(cell.members), []
        subject = client + set_bytes(self.key, cell.members)
        ends = (*self.profile.terms_classes_days, math.inf)
        for place, end in enumerate(ends):
            start = -math.inf if place == 0 else ends[place - 1]
            count = sum(start < days <= end for days, _ in cell.members.values())
            noisy = count + self.profile.terms_noise_sd * normal(self.key, "client-terms", 0, subject, place)
            told.append(1 + sum(noisy / n >= step for step in self.profile.terms_share_steps))
        return tuple(told)

    # One cell

    def _revise(self, cell, counted, now, revision, floor):
        """Revise one cell's panel; whether it is published."""
        profile, month = self.profile, now.month
        thrown_out = [group for group in cell.members if group in now.expelled]
        for group in thrown_out:
            del cell.members[group]
        for group in cell.members:
            if group in counted:
                cell.members[group] = counted[group]
        joins = {group for group in counted if group not in cell.members and group not in now.expelled}
        if cell.centre is None:
            if now.quarter:
                cell.held = False
            if revision and len(joins) >= floor:
                cell.members = {group: counted[group] for group in joins}
        else:
            cell.pending = {group: cell.pending.get(group, month) for group in joins}
            leaves = {g for g, (_, as_of) in cell.members.items() if month - as_of > profile.silent_months}
            waits = [month - since for since in cell.pending.values()]
            waits += [month - cell.members[group][1] for group in leaves]
            changes = len(joins) + len(leaves) + len(thrown_out)
            many = changes >= profile.pending_changes_min
            if now.quarter:
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
        return not (len(cell.members) < floor or cell.held or worn)

    def _numbers(self, cell, subject, month, rules, start):
        profile = self.profile
        low, high = start - profile.first_clip_days, start + profile.first_clip_days
        if cell.centre is not None:
            low = min(low, cell.centre - profile.clip_days)
            high = max(high, cell.centre + profile.clip_days)
        cut = [min(max(value, low), high) for value, _ in cell.members.values()]
        n = len(cut)
        mean = sum(cut) / n
        slots = SLOTS[rules.name]
        members = set_bytes(self.key, cell.members)
        centre = round(mean + self._noise(subject, slots[0], members, month) / n)
        if rules.lowest_days is not None:
            centre = max(centre, rules.lowest_days)
        spread = None
        if rules.spread:
            spread = profile.spread_factor * sum(abs(value - mean) for value in cut) / n
            spread = round(spread + self._noise(subject, slots[1], members, month) / n)
            spread = max(spread, profile.spread_min_days)
        cell.centre, cell.last = centre, month
        return centre, spread

    def _subject(self, subject):
        """(level, 32 bytes)."""
        if isinstance(subject, bytes):
            return "client", subject
        kind, code = subject
        place = {"network": 0, "sector": code - 1, "region": 20 + code}[kind]
        name = b"network" if kind == "network" else b"wide"
        return "wide", name.ljust(31, b"\0") + bytes([place])

    def _noise(self, subject, slot, members, month):
        profile = self.profile
        level, name = self._subject(subject)
        factor = profile.field_factor * (profile.wide_factor if level == "wide" else 1)
        return factor * (
            profile.noise_permanent_days * normal(self.key, f"{level}-permanent", 0, name, slot)
            + profile.noise_set_days * normal(self.key, f"{level}-set", 0, name + members, slot)
            + profile.noise_quarter_days * normal(self.key, f"{level}-quarter", month // 3, name, slot)
            + profile.noise_month_days * normal(self.key, f"{level}-month", month, name, slot)
        )

    def _cell(self, client, fields, month):
        first = next(iter(fields.values()))
        late = fields.get("days_late", (None, None, None))
        return (
            self._band(client, first[2], month, self.profile.n_min),
            late[0],
            late[1],
            fields.get("dso", (None,))[0],
        )

    def _wide_cell(self, cell, fields, month):
        first = next(iter(fields.values()))
        band = self._band(cell, first[2], month, self.profile.network_n_min)
        return fields.get("days_late", (None,))[0], fields.get("dso", (None,))[0], band

    def _band(self, subject, n, month, floor):
        level, name = self._subject(subject)
        drawn = normal(self.key, f"{level}-quarter", month // 3, name, 3)
        perturbed = max(floor, round(n + self.profile.count_noise_sd * drawn))
        return sum(perturbed >= lowest for lowest in self.profile.count_bands)
