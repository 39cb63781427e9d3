"""Names of firms as they are compared: without accents, legal forms and the words that only say "company".

Knows: how French and neighbouring countries' systems write one firm in five ways. How alike two names are is
rapidfuzz's ratio of their words in order (Indel similarity, 0 to 100), cut where their numbers differ.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from member.values import plain

_DOTTED: Final = re.compile(r"\b(?:[a-z]\.\s?){2,}[a-z]?\b\.?")  # S.A.R.L., S. A. S
_WORD: Final = re.compile(r"[a-z0-9]+")
_DISTRICT: Final = re.compile(r"\d+(?:e|er|eme|ere)?|arrondissement|arr|eme|er")
_ASIDE: Final = re.compile(r"\([^)]*\)|\[[^]]*\]")

_FORMS_FRENCH: Final = """
    sa sas sasu sarl sarlu eurl snc sci scp scop scic sca scs scm scea earl gaec gie geie sem spl selarl selas
    selafa sel ei eirl asso association cooperative coop civile anonyme responsabilite limitee simplifiee
    actions
    """
_FORMS_CUT: Final = "s sar sc sco"
_FORMS_FOREIGN: Final = """
    gmbh ag kg kgaa ohg ug mbh ltd limited plc llp llc inc corp co bv nv bvba sprl srl spa sl slu se ab aps oy
    """
_IDLE: Final = """
    ets etablissement etablissements etabl entreprise entr monsieur madame mr mme m the la le les l de du des
    d et and a
    """
_LOOSE: Final = "societe compagnie fils freres sons maison groupe holding france agence"
# Systems cut names: "s", "sar", "sco" are what is left of a form.
LEGAL_FORMS: Final = frozenset(f"{_FORMS_FRENCH} {_FORMS_CUT} {_FORMS_FOREIGN}".split())
IDLE: Final = frozenset(_IDLE.split())
LOOSE: Final = frozenset(_LOOSE.split())
"""Left out of a name in a second look alone: two firms may differ by such a word."""
SPELLINGS: Final = {
    "ste": "societe",
    "soc": "societe",
    "cie": "compagnie",
    "ent": "entreprise",
    "mson": "maison",
    "st": "saint",
    "sts": "saints",
    "sainte": "saint",
    "intl": "international",
    "internat": "international",
    "fr": "france",
    "transp": "transports",
    "transport": "transports",
    "trans": "transports",
    "constr": "construction",
    "constructions": "construction",
    "distrib": "distribution",
    "ind": "industrie",
    "industries": "industrie",
    "indus": "industrie",
    "serv": "services",
    "service": "services",
    "gpe": "groupe",
    "grp": "groupe",
    "mat": "materiaux",
    "bat": "batiment",
    "batiments": "batiment",
}


@lru_cache(maxsize=200_000)
def firm_name(name: str) -> str:
    """The words that tell a firm: "Ets DURAND & Fils S.A.R.L." -> "durand fils"; "" where none does."""
    text = plain(_ASIDE.sub(" ", name)).replace("&", " et ").replace("'", " ").replace("’", " ")
    text = _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", text)
    words = [SPELLINGS.get(word, word) for word in _WORD.findall(text)]
    return " ".join(word for word in words if word not in LEGAL_FORMS and word not in IDLE)


def core_name(firm: str) -> str:
    """What is left of `firm_name`'s words without those that firms add and leave out: "durand"."""
    telling = [word for word in firm.split() if word not in LOOSE]
    return " ".join(telling) or firm


def in_order(firm: str) -> str:
    """A name's words in one order, so that "exemple durand" and "durand exemple" are one."""
    return " ".join(sorted(firm.split()))


def likeness(one: str, other: str) -> float:
    """0 to 100 for two names as `firm_name` gives them; other numbers in them are another firm."""
    if not one or not other:
        return 0.0
    alike = float(fuzz.ratio(in_order(one), in_order(other)))
    return alike if _numbers(one) == _numbers(other) else min(alike, 60.0)


def _numbers(name: str) -> list[str]:
    return sorted(word for word in name.split() if word.isdigit())


@lru_cache(maxsize=50_000)
def place_name(city: str) -> str:
    """A town as it is compared: "ST-ETIENNE CEDEX 2" and "Saint Étienne" are one; a district is its town."""
    text = plain(city).replace("'", " ").partition("cedex")[0]
    words = [SPELLINGS.get(word, word) for word in _WORD.findall(text)]
    return " ".join(word for word in words if not _DISTRICT.fullmatch(word)).replace("societe ", "saint ")


def postcode(text: str) -> str:
    """Five digits, with the zero that a spreadsheet loses; "" for anything else."""
    digits = "".join(text.split())
    return digits.zfill(5) if digits.isdigit() and 4 <= len(digits) <= 5 else ""


def looks_like_person(name: str) -> bool:
    """Whether a name begins with a title that people bear: sole traders are personal data."""
    return (
        re.match(
            r"\s*(?:m|mr|mrs|ms|mme|mlle|monsieur|madame|mademoiselle|dr|docteur|me|maitre)\b\.?\s+\S",
            plain(name),
        )
        is not None
    )
