"""What the firm's root allows this device, as an administrator has renewed it since.

A delegation from the network is taken where the root signed it for this very key, and for no less than now.
"""

from __future__ import annotations

import time

import msgspec

from member.keystore import Member
from privacy.delegation import Delegation, check


def take_rights(member: Member) -> bool:
    """Take up a wider or longer delegation of this device; whether there was one."""
    now = Delegation.from_bytes(member.identity.delegation)
    found = next((one for one in member.session.devices() if one.device_id == member.device_id), None)
    if found is None or found.delegation == member.identity.delegation:
        return False
    try:
        newer = Delegation.from_bytes(found.delegation)
    except ValueError:
        return False
    refused = check(newer, member.root_public, member.firm_id.bytes, int(time.time()), now.scopes)
    wider = newer.scopes != now.scopes or newer.expires > now.expires
    if refused is not None or newer.device != now.device or not wider:
        return False
    member.identity = msgspec.structs.replace(member.identity, delegation=found.delegation)
    member.save()
    return True
