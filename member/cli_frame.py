"""What every command of `vigie` shares: language, home, prompts, progress after two seconds, exit codes.

Knows: the terminal. Nothing heavy is imported before a command runs, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NoReturn

import typer

from member.cli_texts import told, usual_language

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from member.enrol import Person
    from member.keystore import Member
    from member.network import Network

SLOW_SECONDS: Final = 2.0
EXIT_INTERRUPTED: Final = 130

Lang = Annotated[
    str, typer.Option("--lang", metavar="fr|en", help="language of results (default: the locale's)")
]
Place = Annotated[
    Path | None,
    typer.Option(
        "--home", envvar="VIGIE_HOME", help="this device's folder (default: the user's data folder)"
    ),
]


def language(asked: str) -> str:
    """Fr or en; anything else ends the command as wrong usage."""
    chosen = asked.lower() or usual_language()
    if chosen not in {"fr", "en"}:
        raise typer.BadParameter(f"found {asked!r}, expected fr or en", param_hint="--lang")
    return chosen


def fail(text: str, code: int) -> NoReturn:
    """Say why on standard error, and end."""
    print(f"vigie: {text}", file=sys.stderr)
    raise typer.Exit(code)


@contextmanager
def answering(lang: str) -> Iterator[ExitStack]:
    """Turn refusals into one text and their exit code; what nobody foresaw shows its kind, never a value.

    What is registered on the stack is closed when the command ends.
    """
    from member.refusals import EXIT_NETWORK, EXIT_OTHER, EXIT_UNREACHABLE, MemberError

    try:
        with ExitStack() as leaving:
            yield leaving
    except MemberError as refused:
        fail(refused.tell(lang), refused.exit_code)
    except KeyboardInterrupt:
        raise typer.Exit(EXIT_INTERRUPTED) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(EXIT_OTHER) from None
    except (typer.Exit, typer.Abort, typer.BadParameter):
        raise
    except Exception as error:
        from member.line import LineClosed
        from member.talk_lists import TalkRefused
        from member.talk_texts import tell_refusal

        if isinstance(error, TalkRefused):
            fail(tell_refusal(error.refusal.code, lang), EXIT_NETWORK)
        if isinstance(error, LineClosed):
            fail(str(error), EXIT_UNREACHABLE)
        if os.environ.get("VIGIE_TRACE"):
            raise
        fail(told("unexpected", lang, kind=type(error).__name__), EXIT_OTHER)


# ---- answers that are typed


def secret(what: str, variable: str, lang: str, *, twice: bool = False, may_be_empty: bool = False) -> str:
    """From the environment, else asked without an echo. Raise InputRefused where nobody can be asked."""
    given = os.environ.get(variable)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        from member.refusals import InputRefused

        raise InputRefused("answer-wanted", what=told(what, lang), variable=variable)
    default = "" if may_be_empty else None
    answer = typer.prompt(
        told(what, lang), default=default, show_default=False, hide_input=True, confirmation_prompt=twice
    )
    return str(answer)


def new_passphrase(lang: str, *, wanted: bool) -> str | None:
    """A passphrase for a home that is about to be made; None: there is none, and that is said."""
    if not wanted:
        return None
    if os.environ.get("VIGIE_PASSPHRASE") is None and not sys.stdin.isatty():
        return None
    return secret("ask-passphrase-new", "VIGIE_PASSPHRASE", lang, twice=True, may_be_empty=True) or None


def asking_for_code(lang: str) -> Callable[[], str]:
    """How a command asks for a code of the second factor, where the network wants one."""
    return lambda: secret("ask-factor-code", "VIGIE_CODE", lang)


def person_at(address: str, email: str, lang: str, leaving: ExitStack) -> tuple[Network, bytes, Person]:
    """Who has no device here: the network, the account key (16 bytes) and the person.

    Secrets are taken from the environment or asked. Raise InputRefused where the account key is none.
    """
    from member.enrol import Person
    from member.keys import TextRefused, read_account_key
    from member.network import Network
    from member.refusals import InputRefused

    network = Network(address, lang=lang)
    network.ask_code = asking_for_code(lang)
    leaving.callback(network.close)
    try:
        account_key = read_account_key(secret("ask-account-key", "VIGIE_ACCOUNT_KEY", lang))
    except TextRefused as refused:
        raise InputRefused(f"account-key-{refused.code}") from None
    password = secret("ask-password", "VIGIE_PASSWORD", lang)
    return network, account_key, Person(email.strip().lower(), password)


def open_member(home: Path | None, lang: str, leaving: ExitStack) -> Member:
    """The device that lives in the home; its passphrase from the environment or asked."""
    from member.home import Home, default_home
    from member.keystore import Member

    place = Home(home or default_home())
    marks = place.marks()
    passphrase = secret("ask-passphrase", "VIGIE_PASSPHRASE", lang) if marks.sealed else None
    if marks.kind != "production":
        print(told("not-real", lang, kind=marks.kind, name=marks.network), file=sys.stderr)
    member = Member.load(place.path, passphrase, lang=lang)
    member.network.ask_code = asking_for_code(lang)
    leaving.callback(member.close)
    return member


# ---- progress


class Patience:
    """Shows a bar on standard error when something takes longer than two seconds, and only at a terminal."""

    def __init__(self, lang: str, what: str) -> None:
        self._lang = lang
        self._state: tuple[str, int, int] = (what, 0, 0)
        self._lock = threading.Lock()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._over = False
        self._timer = threading.Timer(SLOW_SECONDS, self._show)
        self._timer.daemon = True

    def __enter__(self) -> Callable[[str, int, int], None]:
        if sys.stderr.isatty():
            self._timer.start()
        return self.tell

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._over = True
            if self._bar is not None:
                self._bar.stop()

    def tell(self, what: str, done: int, total: int) -> None:
        """How far it is."""
        with self._lock:
            self._state = (what, done, total)
            self._draw()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        with self._lock:
            if self._over:
                return
            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("")
            self._bar.start()
            self._draw()

    def _draw(self) -> None:
        if self._bar is not None and self._task is not None:
            what, done, total = self._state
            self._bar.update(
                self._task, description=told(what, self._lang), completed=done, total=total or None
            )


def money(cents: int | None, lang: str) -> str:
    """Whole euros, grouped as the language does; a dash where unknown."""
    if cents is None:
        return "–"
    grouped = f"{round(cents / 100):,}"
    return f"{grouped.replace(',', ' ')} €" if lang == "fr" else f"€{grouped}"


def print_json(value: object) -> None:
    """Indented JSON on standard output."""
    import json

    print(json.dumps(value, ensure_ascii=False, indent=2))
