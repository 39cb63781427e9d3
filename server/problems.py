"""Every refusal that leaves the server: code -> status and words in English and French (RFC 9457).

Stations raise `Refused(code, ...)`; other rooms' errors are mapped here. What nobody foresaw is a 500 without
details: the log names the exception's type and the route's template, never a body, a query or an identifier.
"""

from __future__ import annotations

import logging
import re
import traceback
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException

from benchmark.upload import UploadRefused
from server.conversation_problems import CONVERSATION_KINDS

LOG: Final = logging.getLogger("vigied")
MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A problem's status, and its title in both languages."""

    status: int
    english: str
    french: str


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is wrong, where: `row` counts from 1 (null: the header or the request itself)."""

    row: int | None
    field: str
    found: str
    expected: str


class ProblemDetails(msgspec.Struct, frozen=True):
    """RFC 9457, with what an uploader needs to mend a file."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault]


@dataclass
class Refused(Exception):
    """A request that is not granted; `detail` holds no secret and no identifier."""

    code: str
    detail: str = ""
    errors: list[Fault] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.code


KINDS: Final[dict[str, Kind]] = {
    "internal": Kind(500, "The server failed", "Le serveur a échoué"),
    "malformed": Kind(400, "The request is not well formed", "La requête est mal formée"),
    "not-logged-in": Kind(401, "Log in first", "Connectez-vous d'abord"),
    "credentials": Kind(
        401,
        "This e-mail, password and account key do not belong together",
        "Cette adresse, ce mot de passe et cette clé de compte ne vont pas ensemble",
    ),
    "second-factor": Kind(
        401,
        "A code of your second factor is asked as well",
        "Un code de votre second facteur est demandé aussi",
    ),
    "second-factor-wrong": Kind(
        401,
        "This code is not the right one, or has served already",
        "Ce code n'est pas le bon, ou il a déjà servi",
    ),
    "second-factor-mistyped": Kind(
        422,
        "This code is not the right one, or has served already",
        "Ce code n'est pas le bon, ou il a déjà servi",
    ),
    "second-factor-on": Kind(
        409, "A second factor is in use already", "Un second facteur est déjà en service"
    ),
    "second-factor-off": Kind(
        409,
        "Use one-time codes first: they are what is left when a passkey is lost",
        "Utilisez d'abord des codes à usage unique : ils restent quand une clé d'accès est perdue",
    ),
    "passkey-refused": Kind(
        422,
        "This passkey was not made for what was asked: begin again",
        "Cette clé d'accès n'a pas été créée pour ce qui était demandé : recommencez",
    ),
    "too-many-passkeys": Kind(
        409, "Ten passkeys at most: take one off first", "Dix clés d'accès au plus : retirez-en une d'abord"
    ),
    "second-factor-own": Kind(
        409,
        "Your own second factor is taken off with a code, or by another administrator",
        "Votre propre second facteur se retire avec un code, ou par un autre administrateur",
    ),
    "device-refused": Kind(
        401, "This device is not vouched for", "Cet appareil n'est pas reconnu par son entreprise"
    ),
    "csrf": Kind(403, "The X-Vigie header is missing", "L'en-tête X-Vigie est absent"),
    "role": Kind(403, "Your role does not allow this", "Votre rôle ne le permet pas"),
    "signature": Kind(403, "The signature is not valid", "La signature n'est pas valable"),
    "delegation": Kind(
        403, "The device's delegation does not allow this", "La délégation de l'appareil ne le permet pas"
    ),
    "invitation": Kind(
        403,
        "This invitation is unknown or already used",
        "Cette invitation est inconnue ou déjà utilisée",
    ),
    "holder-unknown-firm": Kind(
        403,
        "The key holder has not admitted this firm",
        "Le détenteur de clé n'a pas admis cette entreprise",
    ),
    "not-found": Kind(404, "There is nothing here for you", "Il n'y a rien ici pour vous"),
    "method": Kind(405, "This method is not known here", "Cette méthode n'est pas connue ici"),
    "email-taken": Kind(409, "This e-mail has an account already", "Cette adresse a déjà un compte"),
    "device-taken": Kind(
        409, "This device key is already enrolled", "Cette clé d'appareil est déjà inscrite"
    ),
    "clock-is-real": Kind(
        409, "A production network lives in real time", "Un réseau de production vit au temps réel"
    ),
    "clock-backwards": Kind(409, "The business date never goes back", "La date d'affaires ne recule jamais"),
    "upload-replaced": Kind(
        409,
        "Another upload of this month is the current one",
        "Un autre envoi de ce mois est l'envoi courant",
    ),
    "idempotency-key-reused": Kind(
        409,
        "This idempotency key was used for another content",
        "Cette clé d'idempotence a servi à un autre contenu",
    ),
    "keys-moved": Kind(
        409,
        "Another device of yours has just changed your keys: try again",
        "Un autre de vos appareils vient de changer vos clés : réessayez",
    ),
    "book-moved": Kind(
        409, "The book was changed by another device", "Le carnet a été modifié par un autre appareil"
    ),
    "release-order": Kind(
        409,
        "Releases are published in order, each month once",
        "Les publications se font dans l'ordre, chaque mois une fois",
    ),
    "release-too-early": Kind(
        409,
        "This month is published on day 12 of the month after it",
        "Ce mois est publié le 12 du mois suivant",
    ),
    "witness-refused": Kind(
        409,
        "This witness does not sign this history",
        "Ce témoin ne signe pas cet historique",
    ),
    "withdrawal-refused": Kind(409, "This withdrawal is not possible", "Ce retrait n'est pas possible"),
    "alert-state": Kind(
        409, "This does not fit how the alert stands", "Cela ne convient pas à l'état de l'alerte"
    ),
    "alert-changed": Kind(
        409, "Somebody has changed this alert meanwhile", "Quelqu'un a modifié cette alerte entre-temps"
    ),
    "webhook-address": Kind(422, "This address cannot be called", "Cette adresse ne peut pas être appelée"),
    "keyring-shape": Kind(422, "This is no entry of a keyring", "Ceci n'est pas une entrée du trousseau"),
    "keyring-signature": Kind(
        422, "Not signed by the firm's root key", "Non signé par la clé racine de l'entreprise"
    ),
    "keyring-order": Kind(
        409,
        "This does not follow the keyring as it stands: read it again",
        "Ceci ne suit pas l'état du trousseau : relisez-le",
    ),
    "last-administrator": Kind(409, "The last administrator stays", "Le dernier administrateur reste"),
    "too-large": Kind(413, "The body is larger than allowed", "Le corps dépasse la taille permise"),
    "media-type": Kind(
        415, "This content type is not accepted here", "Ce type de contenu n'est pas accepté ici"
    ),
    "upload-refused": Kind(
        422,
        "The upload is refused and nothing of it is stored",
        "L'envoi est refusé et rien n'en est conservé",
    ),
    "book-refused": Kind(
        422,
        "The book's head and segments do not fit together",
        "La tête et les segments du carnet ne vont pas ensemble",
    ),
    "evaluation-refused": Kind(422, "The evaluation is refused", "L'évaluation est refusée"),
    "evaluation-epoch": Kind(
        409,
        "The key holder does not serve this epoch or these parts: follow the network's roster",
        "Le détenteur de clé ne sert pas cette époque ou ces parts : suivez la liste du réseau",
    ),
    "overlap-refused": Kind(
        422, "This set cannot be answered", "Il n'est pas possible de répondre pour cet ensemble"
    ),
    "overlap-answered": Kind(
        409,
        "A candidate asks about one set, once",
        "Un candidat pose sa question pour un seul ensemble, une fois",
    ),
    "overlap-too-early": Kind(
        409, "The network has published nothing yet", "Le réseau n'a encore rien publié"
    ),
    "too-many-requests": Kind(
        429, "Too many requests: wait a moment", "Trop de requêtes : patientez un instant"
    ),
    "evaluation-budget": Kind(
        429,
        "The firm's budget of evaluations is spent",
        "Le budget d'évaluations de l'entreprise est épuisé",
    ),
    **{code: Kind(*told) for code, told in CONVERSATION_KINDS.items()},
}

# What Litestar itself raises, by status.
_BY_STATUS: Final = {
    400: "malformed",
    401: "not-logged-in",
    403: "role",
    404: "not-found",
    405: "method",
    413: "too-large",
    415: "media-type",
    429: "too-many-requests",
}


def language(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Say which of "fr" and "en" Accept-Language prefers; English when it says nothing."""
    weights = {"fr": 0.0, "en": 0.0}
    for position, part in enumerate(connection.headers.get("accept-language", "")[:200].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        two = tag[:2].lower()
        if two in weights:
            number = float(weight) if re.fullmatch(r"[01](\.\d{1,3})?", weight) else 1.0
            weights[two] = max(weights[two], number - position / 1000)
    return "fr" if weights["fr"] > weights["en"] else "en"


def tell(refused: Refused, lang: str) -> ProblemDetails:
    """The refusal in words."""
    kind = KINDS[refused.code]
    title = kind.french if lang == "fr" else kind.english
    return ProblemDetails(
        f"urn:vigie:problem:{refused.code}", title, kind.status, refused.detail or title, refused.errors
    )


def _answer(request: Request[Any, Any, Any], refused: Refused) -> Response[bytes]:
    lang = language(request)
    return Response(
        msgspec.json.encode(tell(refused, lang)),
        status_code=KINDS[refused.code].status,
        media_type=MEDIA_TYPE,
        headers={"Content-Language": lang, "Cache-Control": "no-store", **refused.headers},
    )


def answer_refused(request: Request[Any, Any, Any], refused: Refused) -> Response[bytes]:
    """One of ours."""
    return _answer(request, refused)


def answer_upload_refused(request: Request[Any, Any, Any], error: UploadRefused) -> Response[bytes]:
    """The canonical encoding's own refusal names row and field."""
    return _answer(request, refused_upload(error))


def refused_upload(error: UploadRefused) -> Refused:
    """The same as one of ours."""
    return Refused("upload-refused", str(error), [Fault(error.row, error.field, error.found, error.expected)])


def answer_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Litestar's own: routing, validation, size."""
    code = _BY_STATUS.get(error.status_code, "malformed" if error.status_code < 500 else "internal")
    errors = []
    if code == "malformed" and isinstance(error.extra, list):
        # A message names the field and the type; the value itself stays out of the answer.
        errors = [
            Fault(None, str(one.get("key", "")), "not accepted", str(one.get("message", "")))
            for one in error.extra
            if isinstance(one, dict)
        ]
    headers = {"Allow": error.headers["Allow"]} if error.headers and "Allow" in error.headers else {}
    return _answer(request, Refused(code, errors=errors, headers=headers))


def answer_unforeseen(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Our mistake: the log gets types and lines of code, the client nothing."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    LOG.error(
        "%s %s: %s at %s",
        request.method,
        request.scope.get("path_template", "?"),
        type(error).__name__,
        " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames)),
    )
    return _answer(request, Refused("internal"))


EXCEPTION_HANDLERS: Final[dict[Any, Any]] = {
    Refused: answer_refused,
    UploadRefused: answer_upload_refused,
    HTTPException: answer_http_exception,
    Exception: answer_unforeseen,
}
