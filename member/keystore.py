"""A member's device at work: its keys, its session with the network, its hold on the client book.

Knows: what the home keeps, opened. Made by `member.enrol`, or loaded from a home; with `home` None everything
stays in memory (many firms in one process).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from member.book import Contents
from member.book_cache import BookCache
from member.home import BOOK_FOLDER, Home, Identity, default_home
from member.keys import RoleKeys
from member.network import Network
from member.pins import Pins, compare
from member.refusals import HomeRefused, MemberError
from member.session import Session
from member.shelf import Shelf

__all__ = ["Home", "Identity", "Member", "default_home"]


@dataclass(slots=True)
class Member:
    """One device of one firm. `recovery_kit` is there right after an enrolment, and never saved.

    `holders_out`: key holders, by number, that cheated or did not answer when they were last asked.
    """

    identity: Identity
    network: Network
    home: Home | None = None
    recovery_kit: bytes | None = field(default=None, repr=False)
    shelf: Shelf = field(default_factory=Shelf, repr=False)
    holders_out: dict[int, MemberError] = field(default_factory=dict, repr=False)
    session: Session = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.session = Session(self.network, self._begin)
        self.shelf.load(self)

    @classmethod
    def load(
        cls,
        home: Path | None = None,
        passphrase: str | None = None,
        network: Network | None = None,
        **network_options: Any,
    ) -> Member:
        """The device that lives in a home (None: the default one). Raise HomeRefused."""
        place = Home(home or default_home())
        identity = place.load(passphrase)
        if identity.device_id is None:
            raise HomeRefused("home-unfinished", path=place.path)
        return cls(identity, network or Network(identity.pins.url, **network_options), place)

    def save(self) -> None:
        """Write the identity to the home, if there is one."""
        if self.home is not None:
            self.home.save(self.identity)

    def check_network(self) -> Any:
        """The network's facts, compared with the pins; the key holders' signed changes are followed.

        Raise Untrusted.
        """
        facts = self.network.facts()
        pins = compare(self.pins, facts)
        if pins != self.pins:
            self.identity = msgspec.structs.replace(self.identity, pins=pins)
            self.save()
        return facts

    def _begin(self) -> str:
        return Session.of_device(self.network, self.device_id, self.device_key).token()

    def close(self) -> None:
        """Log out, and close the connections; a network that does not answer is not waited for."""
        with contextlib.suppress(MemberError):
            self.session.close()
        self.network.close()

    # ---- who

    @property
    def firm_id(self) -> UUID:
        """The firm."""
        return self.identity.firm_id

    @property
    def device_id(self) -> UUID:
        """This device, as the network knows it."""
        if self.identity.device_id is None:
            raise HomeRefused("home-unfinished", path=self.home.path if self.home else "?")
        return self.identity.device_id

    @property
    def device_key(self) -> Ed25519PrivateKey:
        """What this device signs with."""
        return Ed25519PrivateKey.from_private_bytes(self.identity.device_seed)

    @property
    def root(self) -> Ed25519PrivateKey | None:
        """The firm's root key; None on a push-only device."""
        seed = self.identity.root_seed
        return None if seed is None else Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def root_public(self) -> bytes:
        """The root's public key, 32 bytes."""
        return self.identity.root_public

    @property
    def role_keys(self) -> RoleKeys:
        """The keys by role that this device holds."""
        return self.identity.role_keys

    @property
    def account_key(self) -> bytes:
        """The administrator's account key, 16 bytes. Raise HomeRefused where there is none."""
        if self.identity.account_key is None:
            raise HomeRefused("no-account-key")
        return self.identity.account_key

    @property
    def pins(self) -> Pins:
        """What was pinned of the network."""
        return self.identity.pins

    @property
    def unattended(self) -> bool:
        """Whether this is a push-only device."""
        return self.identity.unattended

    @property
    def book(self) -> Contents:
        """The client book as this device has it now; `shelf.sync` reads it from the network."""
        return self.shelf.contents

    @property
    def cache(self) -> BookCache | None:
        """The home's copy of the book."""
        if self.home is None:
            return None
        return BookCache(self.home.path / BOOK_FOLDER, str(self.firm_id))
