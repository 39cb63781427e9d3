"""Writes deadlines.json: the days that published judgments make, read by Python and TypeScript.

Run from the repository: python tests/vectors/make_deadlines.py
"""

import json
import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from member.deadlines import clocks, holidays_of

PATH = Path(__file__).parent / "deadlines.json"
PUBLISHED = (
    "2025-12-31",  # ends in February, which has no 31st; and on 31 March
    "2026-01-10",
    "2026-02-14",  # 14 April; 14 May 2026 is Ascension
    "2026-03-01",  # 1 May
    "2026-06-15",  # 15 August is a Saturday and a holiday
    "2026-09-11",  # 11 November
    "2026-10-25",  # 25 December, a Friday; safe on Thursday
    "2027-11-29",  # 29 February 2028
    "2028-01-17",  # 17 April 2028 is Easter Monday
)


def document():
    return {
        "cases": [
            {"published": day, "abroad": abroad, "clocks": clocks(date.fromisoformat(day), abroad=abroad)}
            for day in PUBLISHED
            for abroad in (False, True)
        ],
        "holidays": {str(year): sorted(map(str, holidays_of(year))) for year in range(2025, 2033)},
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(document(), indent=1) + "\n", encoding="utf-8")
