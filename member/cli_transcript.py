"""`vigie transcript FILE`: what a conversation's transcript proves, checked here, without any network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from member.cli_frame import Lang, answering, language, print_json
from member.cli_texts import told


def transcript(
    file: Annotated[Path, typer.Argument(help="a transcript, as /transcript or a report gives it")],
    json: Annotated[bool, typer.Option("--json", help="what was said, as JSON")] = False,
    lang: Lang = "",
) -> None:
    """Verify a transcript's signatures, chain and key commitments, and show what was said.

    Offline: nothing but the file is needed. It proves neither who the sides are (a mutual reveal does) nor
    that nothing followed. Exit code 6 where it does not hold.
    """
    chosen = language(lang)
    with answering(chosen):
        from chat import transcript as transcripts
        from chat.keys import mark
        from chat.records import Side
        from chat.refusals import Refusal
        from member.refusals import InputRefused, Untrusted
        from member.talk_texts import harmless, tell_refusal
        from member.transcript_words import words

        try:
            found = transcripts.check(file.read_bytes())
        except OSError as error:
            raise InputRefused("transcript-file", path=file, why=error.strerror) from None
        if isinstance(found, Refusal):
            why = tell_refusal(found.code, chosen)
            raise Untrusted("transcript-broken", why=why, rule=found.code, detail=found.detail)
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
            print_json(
                {"conversation": found.link.conversation.hex(), "brought_by": names[found.side], "said": said}
            )
            return
        print(told("transcript-holds", chosen, n=len(said), mark=names[found.side]))
        for line in said:
            print(f"{line['counter']}. {line['side']}: {line['said']}")
        print(told("transcript-limits", chosen))
