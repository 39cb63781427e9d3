"""`vigie transcript FILE`: what a conversation's transcript proves, checked here, without any network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from member.cli_frame import Lang, answering, language, print_json
from member.cli_texts import told

if TYPE_CHECKING:
    from chat.transcript import Checked


def transcript(
    file: Annotated[Path, typer.Argument(help="a transcript, as /transcript or a report gives it")],
    conversation: Annotated[
        UUID | None, typer.Option(help="the id that it has to be of, as the network shows it")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="what was said, as JSON")] = False,
    lang: Lang = "",
) -> None:
    """Verify a transcript's signatures, chain and key commitments, and show what was said.

    Offline: nothing but the file is needed. It proves neither who the sides are (a mutual reveal does) nor
    that nothing followed. Anybody can invent a conversation that holds: what makes it the network's is its id
    (--conversation), and the network's own comparison of a report. Exit code 6 where it does not hold, or is
    of another conversation.
    """
    chosen = language(lang)
    with answering(chosen):
        from chat.keys import mark
        from chat.records import Side
        from member.talk_texts import harmless
        from member.transcript_words import words

        found = _checked(file, conversation, chosen)
        identity = UUID(bytes=found.link.conversation)
        names = {side: mark(found.link.keys(side).signing) for side in Side}
        said = [
            {
                "counter": one.counter,
                "side": names[one.side],
                "brought_it": one.mine,
                "said": harmless(words(one.content, chosen)),
            }
            for one in found.said
        ]
        if json:
            sides = {side.name.lower(): names[side] for side in Side}
            print_json(
                {
                    "conversation": str(identity),
                    "sides": sides,
                    "brought_by": names[found.side],
                    "epochs_without_key": list(found.without_key),
                    "said": said,
                }
            )
            return
        print(
            told(
                "transcript-of", chosen, id=identity, caller=names[Side.CALLER], answerer=names[Side.ANSWERER]
            )
        )
        print(told("transcript-holds", chosen, n=len(said), mark=names[found.side]))
        for line in said:
            print(f"{line['counter']}. {line['side']}: {line['said']}")
        if found.without_key:
            print(told("transcript-without-key", chosen, n=len(found.without_key)))
        print(told("transcript-limits", chosen))


def _checked(file: Path, conversation: UUID | None, lang: str) -> Checked:
    """What the file proves; raises where it is none, does not hold, or is of another conversation."""
    from chat import transcript as transcripts
    from chat.refusals import Refusal
    from member.refusals import InputRefused, Untrusted
    from member.talk_texts import tell_refusal

    try:
        found = transcripts.check(file.read_bytes())
    except OSError as error:
        raise InputRefused("transcript-file", path=file, why=error.strerror) from None
    if isinstance(found, Refusal):
        why = tell_refusal(found.code, lang)
        raise Untrusted("transcript-broken", why=why, rule=found.code, detail=found.detail)
    identity = UUID(bytes=found.link.conversation)
    if conversation is not None and conversation != identity:
        raise Untrusted("transcript-elsewhere", found=identity, expected=conversation)
    return found
