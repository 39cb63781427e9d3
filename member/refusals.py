"""Why the agent does not go on: one tree of errors, told in English and French, each kind with its exit code.

Knows: words. Nothing here holds a secret, and what the server said is shown as it said it.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

import msgspec

from member.refusal_texts import TEXTS

EXIT_OK: Final = 0
EXIT_OTHER: Final = 1
EXIT_USAGE: Final = 2
EXIT_FILE: Final = 3
EXIT_NETWORK: Final = 4
EXIT_UNREACHABLE: Final = 5
EXIT_UNTRUSTED: Final = 6
EXIT_HOME: Final = 7


class Fault(msgspec.Struct, frozen=True):
    """What the network names in a refusal: `row` counts from 1, None for the header or the request."""

    row: int | None = None
    field: str | None = None
    found: str = ""
    expected: str = ""


class Problem(msgspec.Struct, frozen=True):
    """RFC 9457 problem details, as the network writes them."""

    type: str = ""
    title: str = ""
    status: int = 0
    detail: str = ""
    errors: list[Fault] = []


class MemberError(Exception):
    """Something that a person can act upon. `code` names it in `refusal_texts`."""

    exit_code: ClassVar[int] = EXIT_OTHER

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return self.tell("en")

    def tell(self, lang: str) -> str:
        """In words; English for every language but "fr"."""
        return TEXTS[self.code][lang == "fr"].format(**self.values)


class InputRefused(MemberError):
    """A file, a key or an answer that was typed is not what it should be."""

    exit_code = EXIT_FILE


class HomeRefused(MemberError):
    """The home folder is missing, locked, taken, or another network's."""

    exit_code = EXIT_HOME


class Unreachable(MemberError):
    """No answer came, however often it was asked."""

    exit_code = EXIT_UNREACHABLE


class Untrusted(MemberError):
    """What came from the network is not what its pinned keys, or the firm's own, vouch for."""

    exit_code = EXIT_UNTRUSTED


class NetworkRefused(MemberError):
    """The network's own refusal. `code` is that of the problem type; `problem` has its words and faults."""

    exit_code = EXIT_NETWORK

    def __init__(self, problem: Problem, status: int) -> None:
        super().__init__(problem.type.rpartition(":")[2] or str(status))
        self.problem = problem
        self.status = status

    @property
    def faults(self) -> list[Fault]:
        """What is wrong, where."""
        return self.problem.errors

    def tell(self, lang: str) -> str:
        """Its title, its detail and every fault; a few codes have words of ours that say what to do."""
        if self.code in TEXTS:
            fault = self.faults[0] if self.faults else Fault()
            return TEXTS[self.code][lang == "fr"].format(
                found=fault.found or "?", expected=fault.expected or "?", detail=self.problem.detail
            )
        title, detail = self.problem.title or f"HTTP {self.status}", self.problem.detail
        lines = [title if not detail or detail == title else f"{title}: {detail}"]
        return "\n".join(lines + [f"  {tell_fault(fault, lang)}" for fault in self.faults])


def tell_fault(fault: Fault, lang: str) -> str:
    """Row, field, found, expected in one line."""
    french = lang == "fr"
    place = [] if fault.row is None else [f"ligne {fault.row}" if french else f"row {fault.row}"]
    place += [fault.field] if fault.field else []
    told = (
        f"trouvé {fault.found}, attendu {fault.expected}"
        if french
        else f"found {fault.found}, expected {fault.expected}"
    )
    return f"{', '.join(place)}{' : ' if french else ': '}{told}" if place else told
