"""Writes alert_comment.json: a comment on an alert, sealed for the firm. Read by Python and TypeScript.

Every secret here is a test's. Run from the repository: python tests/vectors/make_alert_comment.py
"""

import base64
import json
import sys
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from member.alert_work import comment_name
from member.keys import seal

FIRM, LIFE, COMMENT = UUID(int=0x11 << 64), UUID(int=0x22 << 64), UUID(int=0x33 << 64)
KEY = bytes(range(32))
TEXT = "Le directeur est parti ; la comptable promet vendredi (fictif)."


def main() -> None:
    """Write the file beside this one."""
    name = comment_name(FIRM, LIFE, COMMENT)
    made = {
        "firm": str(FIRM),
        "life": str(LIFE),
        "comment": str(COMMENT),
        "name": name,
        "key": base64.b64encode(KEY).decode(),
        "text": TEXT,
        "sealed": base64.b64encode(seal(KEY, TEXT.encode(), name)).decode(),
    }
    target = Path(__file__).with_name("alert_comment.json")
    target.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
