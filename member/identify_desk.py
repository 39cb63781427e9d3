"""The review of proposed identifiers at the terminal: one account at a time, one key each, the largest first.

Knows: keys and what they mean. How the person is asked is an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from benchmark.problems import Problem
from member.cli_frame import money
from member.cli_texts import told
from member.client_list import read_identifier
from member.identify import SURE_PERCENT, Decided, Proposal
from member.identify_order import by_weight
from member.identify_review import DOUBTS, SOURCES, shown

CONFIRM: Final = frozenset("yo\r\n ")
OTHERS: Final = {"2": 1, "3": 2, "4": 3}
NONE, TYPE, LATER, BACK, QUIT = "n", "t", "s", "u", "q"


def sit(
    proposals: Sequence[Proposal],
    lang: str,
    key: Callable[[], str],
    ask: Callable[[str], str],
    percent: int = SURE_PERCENT,
) -> list[Decided]:
    """What was decided until the person ends; accounts of one client are asked about once.

    `key` gives one key, `ask` a typed line.
    """
    waiting = by_weight(proposals, percent)
    heads = [one for one in waiting if not one.same_as]
    chosen: list[tuple[Proposal, str | None]] = []
    while len(chosen) < len(heads):
        one = heads[len(chosen)]
        _show(one, len(chosen) + 1, len(heads), lang)
        pressed = key().lower()
        if pressed in {QUIT, "\x03", "\x04"}:
            break
        if pressed == BACK:
            if chosen:
                chosen.pop()
            continue
        said, identifier = _choice(one, pressed, lang, ask)
        if said:
            chosen.append((one, identifier))
    decided = {one.account.account: choice for one, choice in chosen if choice is not None}
    followers = {one.account.account: decided.get(one.same_as) for one in waiting if one.same_as}
    every = {**followers, **decided}
    return [
        Decided(one.account, choice)
        for one in waiting
        if (choice := every.get(one.account.account)) is not None
    ]


def _choice(one: Proposal, pressed: str, lang: str, ask: Callable[[str], str]) -> tuple[bool, str | None]:
    """Whether the key settles it, and how: an identifier, "" for none, None for later."""
    if pressed == NONE:
        return True, ""
    if pressed == LATER:
        return True, None
    if pressed in CONFIRM and one.best is not None:
        return True, one.best.identifier
    if pressed in OTHERS and OTHERS[pressed] < len(one.candidates):
        return True, one.candidates[OTHERS[pressed]].identifier
    if pressed == TYPE:
        read = read_identifier(ask(told("identify-type", lang)))
        if not isinstance(read, Problem):
            return True, read
        print(told("identify-no-number", lang, found=read.found))
    return False, None


def _show(one: Proposal, at: int, of: int, lang: str) -> None:
    french = lang == "fr"
    account = one.account
    place = " ".join(text for text in (account.postcode, account.city) if text)
    print(
        f"\n[{at}/{of}]  {account.account}  {account.name}  {place}  {money(account.outstanding_cents, lang)}"
    )
    for number, other in enumerate(one.candidates, start=1):
        sources = ", ".join(SOURCES[source][french] for source in other.sources)
        named = f"{shown(other.identifier)}  {other.name}  {other.city}"
        print(f"  {number}  {other.percent:3} %  {named}  ({sources})")
    if one.doubt:
        print(f"  ! {DOUBTS[one.doubt][french]}")
    print(told("identify-keys" if one.candidates else "identify-keys-none", lang), flush=True)
