"""`python -m perf [NAME]`: print the table; exit with 1 where a bar is short."""

from __future__ import annotations

import sys

from perf import (
    alerts,
    blinding,
    blinding_page,
    chat,
    comparing,
    identify,
    importing,
    manifests,
    page,
    push,
    release,
    subscribers,
    upload,
)
from perf.measure import table

MEASUREMENTS = {
    "alerts": alerts.lines,
    "blinding": blinding.lines,
    "blinding-page": blinding_page.lines,
    "chat": chat.lines,
    "comparing": comparing.lines,
    "identify": identify.lines,
    "importing": importing.lines,
    "manifests": manifests.lines,
    "page": page.lines,
    "push": push.lines,
    "release": release.lines,
    "subscribers": subscribers.lines,
    "upload": upload.lines,
}


def main(names: list[str]) -> int:
    """Run all measurements, or those named."""
    unknown = set(names) - set(MEASUREMENTS)
    if unknown:
        print(f"perf: {', '.join(sorted(unknown))} is not measured; there are {', '.join(MEASUREMENTS)}")
        return 2
    lines = [line for name in names or MEASUREMENTS for line in MEASUREMENTS[name]()]
    print(table(lines))
    return 0 if all(line.holds for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
