"""The firm's credit file and the lights that sales sees, read from the sealed book and changed there.

Knows: the segments that hold them. What they say is `member.credit`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from member import credit as rules
from member.credit import CREDIT, LIGHTS, Credit, Lights
from member.refusals import InputRefused

if TYPE_CHECKING:
    from member.keystore import Member


def read_credit(member: Member) -> Credit:
    """The firm's credit file as the network has it now. Raise HomeRefused without the ledger's key."""
    return _opened(member.shelf.segment(member, CREDIT))


def _opened(plain: bytes | None) -> Credit:
    try:
        return rules.read_credit(plain)
    except ValueError as error:
        raise InputRefused("credit-damaged", found=str(error)) from None


def change_credit(member: Member, change: rules.CreditChange) -> Credit:
    """Apply a change to the firm's credit file as it is now."""
    after = member.shelf.amend(member, CREDIT, lambda now: rules.plain(change(_opened(now))))
    return rules.read_credit(after)


def change_lights(member: Member, change: rules.LightsChange) -> Lights:
    """Apply a change to what sales sees."""
    after = member.shelf.amend(member, LIGHTS, lambda now: rules.plain(change(rules.read_lights(now))))
    return rules.read_lights(after)
