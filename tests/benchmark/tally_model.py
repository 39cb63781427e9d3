"""An independent judge of the tally: rows added up in plain Python, relation after relation."""

from collections import defaultdict

from benchmark.release import UploadInWindow
from benchmark.upload import FIELD_BIT

LATE = ("late_1_30", "late_31_60", "late_61_90", "late_91_plus")
READ = (
    *("outstanding", "not_due", *LATE, "paid", "paid_days_late", "open_late_days", "dso", "factored"),
    *("incident", "sector", "region", "terms_days", "terms_kind"),
)


def row_values(row):
    """A row as a dictionary, None where unknown."""
    return {name: int(row[name]) if int(row["present"]) & int(FIELD_BIT[name]) else None for name in READ}


def raw_values(uploads: list[UploadInWindow], month: int):
    """{(client, group): {"as_of", "days_late", "dso", "incident", "sector", "region"}} of counted uploads."""
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
                "incident": any(row["incident"] for row in months.values()),
                "sector": newest["sector"] or 0,
                "region": newest["region"] or 0,
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
            "incident": any(firm["incident"] for firm in firms),
            "sector": max(firm["sector"] for firm in firms),
            "region": max(firm["region"] for firm in firms),
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


def terms_values(uploads: list[UploadInWindow]):
    """{(client, group): net days or their equivalent} of old uploads."""
    found = defaultdict(list)
    for upload in uploads:
        for row in upload.rows:
            told = row_values(row)
            if told["terms_days"] is not None and told["terms_kind"] is not None and not told["factored"]:
                days = told["terms_days"] + (14.71875 if told["terms_kind"] else 0)
                found[row["pseudonym"].tobytes(), upload.group].append(days)
    return {pair: sum(days) / len(days) for pair, days in found.items()}
