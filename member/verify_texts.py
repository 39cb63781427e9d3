"""What `vigie verify` says, in English and French: findings, what was checked, the verdict."""

from __future__ import annotations

from typing import Final

FINDINGS: Final[dict[str, tuple[str, str]]] = {
    "release-closed": (
        "{month}: the manifest's window closed before its time: uploads could be left waiting for ever.",
        "{month} : la fenêtre du manifeste s'est fermée avant l'heure : des envois attendraient sans fin.",
    ),
    "history-rewritten": (
        (
            "{month}: the network shows another signed manifest than the one this device has verified. Kept "
            "{kept}, shown {shown}. Both carry the network's signature: keep these files as proof: {evidence}"
        ),
        (
            "{month} : le réseau montre un autre manifeste signé que celui que cet appareil a vérifié. Gardé "
            "{kept}, montré {shown}. Les deux portent la signature du réseau : conservez ces fichiers comme "
            "preuve : {evidence}"
        ),
    ),
    "witness-unknown": (
        "No witness's key was pinned at enrolment: a history shown to you alone would not be noticed here.",
        (
            "Aucune clé de témoin n'a été retenue à l'inscription : un historique montré à vous seul ne se "
            "verrait pas ici."
        ),
    ),
    "witness-forged": (
        "{month}: the signature shown as that of the witness {name} is not one over this manifest.",
        "{month} : la signature présentée comme celle du témoin {name} ne porte pas sur ce manifeste.",
    ),
    "witness-missing": (
        "{month}: {found} of {expected} witnesses have signed so far. Ask again within {days} days.",
        "{month} : {found} témoins sur {expected} ont signé jusqu'ici. Revérifiez d'ici {days} jours.",
    ),
    "witness-never": (
        (
            "{month}: {found} of {expected} witnesses have signed, {days} days after publication and later: "
            "perhaps the witnesses were shown another history. Ask them for the fingerprint that they signed."
        ),
        (
            "{month} : {found} témoins sur {expected} ont signé, plus de {days} jours après la publication : "
            "les témoins ont peut-être vu un autre historique. Demandez-leur l'empreinte qu'ils ont signée."
        ),
    ),
    "receipt-absent": (
        (
            "{month}: your upload for {sent} (received {at}, {digest}) is not in the manifest, though the "
            "network's receipt says that it has it: dropped."
        ),
        (
            "{month} : votre envoi de {sent} (reçu {at}, {digest}) n'est pas dans le manifeste, alors que "
            "l'accusé du réseau dit qu'il l'a : écarté."
        ),
    ),
    "receipt-not-current": (
        (
            "{month}: of your uploads for {sent}, the manifest counts another one as current than your "
            "receipts say (received {at}, {digest})."
        ),
        (
            "{month} : parmi vos envois de {sent}, le manifeste tient pour courant un autre que vos accusés "
            "(reçu {at}, {digest})."
        ),
    ),
    "receipt-unknown": (
        "{month}: the manifest holds an upload of your firm ({digest}) that this device knows nothing of.",
        "{month} : le manifeste contient un envoi de votre entreprise ({digest}) inconnu de cet appareil.",
    ),
    "receipts-unproven": (
        "{month}: the proof for your uploads does not lead to the signed root.",
        "{month} : la preuve de vos envois ne mène pas à la racine signée.",
    ),
    "proof-refused": (
        "{month}: the network gives no proof for your uploads, though its receipts say that it has them.",
        "{month} : le réseau ne donne aucune preuve de vos envois, alors que ses accusés disent qu'il les a.",
    ),
    "receipt-changed": (
        "The network shows another signed receipt for {sent} ({later}) than the one that it gave ({at}).",
        "Le réseau montre pour {sent} un autre accusé signé ({later}) que celui qu'il a donné ({at}).",
    ),
    "receipt-denied": (
        "The network no longer lists the upload for {sent} that it gave a receipt for ({at}, {digest}).",
        "Le réseau ne liste plus l'envoi de {sent} dont il a donné l'accusé ({at}, {digest}).",
    ),
    "receipt-of-book": (
        "The book says that {sent} was sent, and there is no receipt of it.",
        "Le carnet dit que {sent} a été envoyé, et il n'y en a pas d'accusé.",
    ),
    "cell-unproven": (
        "{month}: the figures shown for {client} are not in the signed manifest: changed after publication.",
        (
            "{month} : les chiffres montrés pour {client} ne sont pas dans le manifeste signé : modifiés "
            "après publication."
        ),
    ),
    "cell-withheld": (
        "{month}: the manifest holds figures of {client} that the network did not show you.",
        "{month} : le manifeste contient des chiffres de {client} que le réseau ne vous a pas montrés.",
    ),
    "cells-unproven": (
        "{month}: the proof for the cells shown does not lead to the signed root.",
        "{month} : la preuve des cellules montrées ne mène pas à la racine signée.",
    ),
    "forked-views": (
        (
            "{month}: two histories, both signed by the network. Here {ours}, in {origin} {theirs}. Keep "
            "both files: together they prove it to anybody."
        ),
        (
            "{month} : deux historiques, tous deux signés par le réseau. Ici {ours}, dans {origin} {theirs}. "
            "Gardez les deux fichiers : ensemble ils le prouvent à quiconque."
        ),
    ),
    "fingerprint-unknown": (
        (
            "The fingerprint {origin} is none of the {count} manifests shown here. If your peer read it at "
            "this network, the two of you are shown different histories: exchange files (--write)."
        ),
        (
            "L'empreinte {origin} n'est celle d'aucun des {count} manifestes montrés ici. Si votre "
            "correspondant l'a lue sur ce réseau, on vous montre deux historiques : échangez vos fichiers "
            "(--write)."
        ),
    ),
    "view-unsigned": (
        "{origin}: the manifest of {month} is not signed by this network's pinned key; it proves nothing.",
        "{origin} : le manifeste de {month} n'est pas signé par la clé retenue ; il ne prouve rien.",
    ),
    "view-ahead": (
        "{origin} has a signed manifest of {month} ({theirs}) that the network does not show here.",
        "{origin} a un manifeste signé de {month} ({theirs}) que le réseau ne montre pas ici.",
    ),
    "view-empty": (
        "{origin} holds no manifest: nothing was compared.",
        "{origin} ne contient aucun manifeste : rien n'a été comparé.",
    ),
    "columns-unknown": (
        "{month}: cells of a form that this version does not know were not checked. Install a newer one.",
        "{month} : des cellules d'une forme inconnue de cette version n'ont pas été vérifiées.",
    ),
    "no-cells-here": (
        "Your role shows no cells: none were checked here.",
        "Votre rôle ne montre aucune cellule : aucune n'a été vérifiée ici.",
    ),
    "no-receipts-here": (
        "Your role shows no receipts: uploads were not checked here.",
        "Votre rôle ne montre pas les accusés : les envois n'ont pas été vérifiés ici.",
    ),
    "withdrawn": (
        "The release of {month} was withdrawn on {decided_on}: {reason}",
        "La publication de {month} a été retirée le {decided_on} : {reason}",
    ),
    "view": (
        "--against {found}: expected a fingerprint (64 hexadecimal digits) or a file of manifests.",
        "--against {found} : une empreinte (64 chiffres hexadécimaux) ou un fichier de manifestes attendu.",
    ),
}

VERIFY_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "verify-chain": ("chain", "chaîne"),
    "verify-chain-value": (
        "{count} manifests, {first} to {last}, signed and without a gap",
        "{count} manifestes, de {first} à {last}, signés et sans trou",
    ),
    "verify-none": ("no release yet", "pas encore de publication"),
    "verify-home": ("kept here", "gardé ici"),
    "verify-home-value": (
        "{count} verified before; what is shown goes on from them",
        "{count} déjà vérifiés ; ce qui est montré les prolonge",
    ),
    "verify-witnesses": ("witnesses", "témoins"),
    "verify-witnesses-value": ("{count} key holder(s) pinned", "{count} détenteur(s) de clé retenu(s)"),
    "verify-embedded": (
        (
            "The only witness is the operator's own key holder: it shows accidents, not a dishonest "
            "operator. Compare fingerprints with a peer (--against)."
        ),
        (
            "Le seul témoin est le détenteur de clé de l'opérateur lui-même : il révèle un accident, pas un "
            "opérateur malhonnête. Comparez les empreintes avec un pair (--against)."
        ),
    ),
    "verify-receipts": ("your uploads", "vos envois"),
    "verify-receipts-value": (
        "{count} proven in manifests; {waiting} received since the newest one",
        "{count} prouvés dans des manifestes ; {waiting} reçus depuis le dernier",
    ),
    "verify-cells": ("cells", "cellules"),
    "verify-cells-value": (
        "{count} proven, of {months} months in sight",
        "{count} prouvées, sur {months} mois en vue",
    ),
    "verify-compared": ("other views", "autres vues"),
    "verify-compared-value": ("{count} manifests are the same there", "{count} manifestes y sont les mêmes"),
    "verify-fingerprint": ("fingerprint", "empreinte"),
    "verify-verified": (
        "VERIFIED. Everything that could be checked holds.",
        "VÉRIFIÉ. Tout ce qui pouvait être vérifié tient.",
    ),
    "verify-incomplete": (
        "INCOMPLETE. Nothing is wrong; the points above could not be checked.",
        "INCOMPLET. Rien d'anormal ; les points ci-dessus n'ont pas pu être vérifiés.",
    ),
    "verify-untrusted": (
        "NOT TRUSTWORTHY. The network shows what an honest operator does not.",
        "PAS DIGNE DE CONFIANCE. Le réseau montre ce qu'un opérateur honnête ne montre pas.",
    ),
    "verify-written": (
        "What the network shows you is in {path}: a peer compares it with vigie verify --against {path}",
        "Ce que montre le réseau est dans {path} : un pair le compare par vigie verify --against {path}",
    ),
    "checking": ("Checking", "Vérification"),
}
