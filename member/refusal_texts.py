"""What each refusal of the agent says, in English and French: what happened, and what to do about it."""

from __future__ import annotations

from typing import Final

from member.alert_work_texts import ALERT_WORK_REFUSALS
from member.credit_texts import CREDIT_REFUSALS
from member.holder_texts import HOLDER_TEXTS
from member.keyring_texts import KEYRING_REFUSALS
from member.verify_texts import FINDINGS
from member.work_texts import WORK_REFUSALS

TEXTS: Final[dict[str, tuple[str, str]]] = {
    **HOLDER_TEXTS,
    **KEYRING_REFUSALS,
    **CREDIT_REFUSALS,
    **WORK_REFUSALS,
    **ALERT_WORK_REFUSALS,
    **FINDINGS,
    # The home folder
    "not-enrolled": (
        "{path} is no enrolled home. Run `vigie enrol` first, or set VIGIE_HOME to the folder that is.",
        (
            "{path} n'est pas un dossier inscrit. Lancez d'abord `vigie enrol`, ou indiquez le bon "
            "dossier dans VIGIE_HOME."
        ),
    ),
    "home-taken": (
        (
            "{path} already belongs to a firm ({kind} network {network}). Choose another folder with "
            "VIGIE_HOME."
        ),
        (
            "{path} appartient déjà à une entreprise (réseau {network}, {kind}). Choisissez un autre "
            "dossier avec VIGIE_HOME."
        ),
    ),
    "home-unfinished": (
        (
            "{path} holds the keys of an enrolment whose answer never came. Run `vigie enrol` again with "
            "the same address, invitation, e-mail and password to finish it."
        ),
        (
            "{path} contient les clés d'une inscription restée sans réponse. Relancez `vigie enrol` avec "
            "les mêmes adresse, invitation, courriel et mot de passe pour la terminer."
        ),
    ),
    "home-damaged": (
        "{path} cannot be read: it is damaged or was written by a newer version.",
        "{path} est illisible : fichier abîmé ou écrit par une version plus récente.",
    ),
    "passphrase-wanted": (
        "This home is sealed under a passphrase: set VIGIE_PASSPHRASE, or run this at a terminal.",
        (
            "Ce dossier est scellé par une phrase secrète : indiquez VIGIE_PASSPHRASE, ou lancez la "
            "commande dans un terminal."
        ),
    ),
    "passphrase-wrong": (
        "The passphrase does not open this home.",
        "La phrase secrète n'ouvre pas ce dossier.",
    ),
    "no-root": (
        "This device is push-only: only an administrator's device can do this.",
        "Cet appareil ne sait qu'envoyer : seul l'appareil d'un administrateur peut faire cela.",
    ),
    "hold-unknown": (
        "{n} conversations have an id that begins with {found!r}; expected one.",
        "L'identifiant de {n} conversations commence par {found!r} ; attendu : d'une seule.",
    ),
    "no-role-key": (
        "This device does not hold the firm's key for “{name}”: its role does not include it.",
        "Cet appareil n'a pas la clé « {name} » de l'entreprise : son rôle ne la comprend pas.",
    ),
    "no-device": (
        "Your role signs nothing: use the network's page.",
        "Votre rôle ne signe rien : utilisez la page du réseau.",
    ),
    "no-recovery": (
        "{path} holds no recovery file: it was not made by an enrolment on this machine.",
        (
            "{path} ne contient pas de fichier de secours : il ne vient pas d'une inscription sur cette "
            "machine."
        ),
    ),
    "no-account-key": (
        "This device holds no account key.",
        "Cet appareil ne détient pas de clé de compte.",
    ),
    "no-conversations-key": (
        "This device takes no part in conversations: it does not hold their key.",
        "Cet appareil ne participe pas aux conversations : il n'en détient pas la clé.",
    ),
    "other-network": (
        "This home belongs to another network: found {found}, expected {expected}.",
        "Ce dossier appartient à un autre réseau : trouvé {found}, attendu {expected}.",
    ),
    # What is typed or chosen
    "url": (
        "{found} is no network's address: expected https://… (http:// only on this machine).",
        (
            "{found} n'est pas l'adresse d'un réseau : attendu https://… (http:// seulement sur cette "
            "machine)."
        ),
    ),
    "invitation-shape": (
        (
            "This is no invitation: expected the firm's id, a point, and the secret, as the operator "
            "showed it."
        ),
        (
            "Ce n'est pas une invitation : attendu l'identifiant de l'entreprise, un point et le secret, "
            "tels que l'opérateur les a montrés."
        ),
    ),
    "password-short": (
        "The password is too short: at least {expected} characters.",
        "Le mot de passe est trop court : au moins {expected} caractères.",
    ),
    "account-key-shape": (
        "This is no account key: expected VK1- and 26 letters and digits.",
        "Ce n'est pas une clé de compte : attendu VK1- suivi de 26 lettres et chiffres.",
    ),
    "account-key-check": (
        "A letter of the account key is mistyped.",
        "Une lettre de la clé de compte est mal saisie.",
    ),
    "kit-shape": (
        "This is no recovery kit: expected VR1- and 14 groups of four letters and digits.",
        "Ce n'est pas un kit de secours : attendu VR1- suivi de 14 groupes de quatre lettres et chiffres.",
    ),
    "kit-check": (
        "A letter of the recovery kit is mistyped.",
        "Une lettre du kit de secours est mal saisie.",
    ),
    "kit-other": (
        "This recovery kit does not open this firm's recovery blob: is it another firm's, or an older one?",
        (
            "Ce kit de secours n'ouvre pas la sauvegarde de cette entreprise : celui d'une autre, ou un "
            "ancien ?"
        ),
    ),
    "code-shape": (
        "This is no device code: expected VD1- and eight groups of four letters and digits.",
        (
            "Ce n'est pas un code d'appareil : attendu VD1- suivi de huit groupes de quatre lettres et "
            "chiffres."
        ),
    ),
    "code-check": (
        "A letter of the device code is mistyped.",
        "Une lettre du code d'appareil est mal saisie.",
    ),
    "code-other": (
        "This code does not open this device invitation.",
        "Ce code n'ouvre pas cette invitation d'appareil.",
    ),
    "device-file": (
        "{path} is no device invitation: expected the file that `vigie device-add` wrote.",
        "{path} n'est pas une invitation d'appareil : attendu le fichier écrit par `vigie device-add`.",
    ),
    "bundle": (
        "These keys do not open what is kept for this user: is the account key another user's?",
        "Ces clés n'ouvrent pas ce qui est gardé pour cet utilisateur : la clé de compte d'un autre ?",
    ),
    "role": (
        "{found} is no role: expected one of {expected}.",
        "{found} n'est pas un rôle : attendu {expected}.",
    ),
    "column-option": (
        "--column {found}: expected FIELD=HEADING, such as amount=Montant TTC.",
        "--column {found} : attendu CHAMP=TITRE, par exemple amount=Montant TTC.",
    ),
    "file-exists": (
        "{path} exists already: it is not overwritten.",
        "{path} existe déjà : il n'est pas écrasé.",
    ),
    "answer-wanted": (
        "{what}: not given. Set {variable}, or run this at a terminal.",
        "{what} : non fourni. Indiquez {variable}, ou lancez la commande dans un terminal.",
    ),
    "month": (
        "{found} is no month: expected such as 2026-11.",
        "{found} n'est pas un mois : attendu par exemple 2026-11.",
    ),
    "import-refused": (
        "Nothing is sent: the file has problems ({found}), or nothing to send.",
        "Rien n'est envoyé : le fichier a des problèmes ({found}), ou rien à envoyer.",
    ),
    "too-many-months": (
        "{found} months at once: a network takes at most {expected}. Use --months.",
        "{found} mois à la fois : un réseau en accepte au plus {expected}. Utilisez --months.",
    ),
    # The network does not answer
    "unreachable": (
        (
            "No answer from {url} ({why}), tried {tries} times. Nothing was changed unless said above; "
            "running the same command again is safe."
        ),
        (
            "Pas de réponse de {url} ({why}), {tries} essais. Rien n'a changé sauf mention ci-dessus ; "
            "relancer la même commande est sans danger."
        ),
    ),
    "garbled": (
        "{url} answered something that is no Vigie network's answer ({why}).",
        "{url} a répondu autre chose que ce que répond un réseau Vigie ({why}).",
    ),
    # The network refuses: words of ours for what needs a next step
    "evaluation-budget": (
        (
            "The key holder's budget for your firm is spent: {found} identifiers asked in all, "
            "{expected} allowed. Nothing was sent. Send fewer new clients, or ask the operator to "
            "declare a larger portfolio."
        ),
        (
            "Le budget de votre entreprise chez le détenteur de clé est épuisé : {found} identifiants "
            "demandés en tout, {expected} permis. Rien n'a été envoyé. Envoyez moins de nouveaux "
            "clients, ou demandez à l'opérateur de déclarer un portefeuille plus grand."
        ),
    ),
    "device-refused": (
        (
            "The network does not accept this device any more: an administrator withdrew it, or its "
            "delegation ended."
        ),
        "Le réseau n'accepte plus cet appareil : un administrateur l'a retiré, ou sa délégation a expiré.",
    ),
    # What the network shows is not what its keys vouch for
    "pin-changed": (
        (
            "The network's {name} is not the one pinned at enrolment. Do not go on: ask the operator by "
            "another channel. (Found {found}, pinned {expected}.)"
        ),
        (
            "La valeur « {name} » du réseau n'est pas celle retenue à l'inscription. N'allez pas plus "
            "loin : demandez à l'opérateur par un autre canal. (Trouvé {found}, retenu {expected}.)"
        ),
    ),
    "roster": (
        (
            "This network's key holders are arranged in a way that this version does not know ({found}): "
            "update it."
        ),
        (
            "Les détenteurs de clé de ce réseau sont organisés d'une façon inconnue de cette version "
            "({found}) : mettez-la à jour."
        ),
    ),
    "key-id": (
        "The network's key id does not belong to its holders' public key.",
        "L'identifiant de clé du réseau ne correspond pas à la clé publique de ses détenteurs.",
    ),
    "proof": (
        (
            "The key holder's proof is wrong: it evaluated under another key than the pinned one. "
            "Nothing was sent."
        ),
        (
            "La preuve du détenteur de clé est fausse : il a évalué sous une autre clé que celle "
            "retenue. Rien n'a été envoyé."
        ),
    ),
    "receipt": (
        (
            "The network's receipt for {month} is not valid ({why}). Keep it and tell the operator: the "
            "upload may or may not be stored."
        ),
        (
            "Le reçu du réseau pour {month} n'est pas valable ({why}). Gardez-le et prévenez l'opérateur "
            ": l'envoi est peut-être enregistré, ou non."
        ),
    ),
    "own-upload": (
        "The network returned another upload for {month} than the one of its digest.",
        "Le réseau a rendu pour {month} un autre envoi que celui de l'empreinte.",
    ),
    "upload-rolled-back": (
        (
            "For {month} the network shows an upload that yours replaced: it lost yours. Ask the "
            "operator; after a restored backup, run again with --after-restore, which sends it again."
        ),
        (
            "Pour {month}, le réseau montre un envoi que le vôtre a remplacé : il a perdu le vôtre. "
            "Demandez à l'opérateur ; après une sauvegarde restaurée, relancez avec --after-restore, qui "
            "le renvoie."
        ),
    ),
    "book-rolled-back": (
        (
            "The network shows version {found} of your client book; this device has seen {expected}. Ask "
            "the operator; after a restored backup, run again with --after-restore."
        ),
        (
            "Le réseau montre la version {found} de votre carnet de clients ; cet appareil a vu la "
            "{expected}. Demandez à l'opérateur ; après une sauvegarde restaurée, relancez avec "
            "--after-restore."
        ),
    ),
    "book-forked": (
        "The network shows another version {found} of your client book than the one this device has seen.",
        (
            "Le réseau montre une autre version {found} de votre carnet de clients que celle vue par cet "
            "appareil."
        ),
    ),
    "book-signature": (
        "Your client book's head is not signed by a device that your firm's root key vouches for.",
        (
            "La tête de votre carnet de clients n'est pas signée par un appareil reconnu par la clé "
            "racine de l'entreprise."
        ),
    ),
    "book-segment": (
        "A part of your client book ({name}) is not the one that its signed head names, or does not open.",
        (
            "Une partie de votre carnet de clients ({name}) n'est pas celle que nomme sa tête signée, ou "
            "ne s'ouvre pas."
        ),
    ),
    "book-busy": (
        (
            "Other devices keep changing the book at the same time: try again in a moment. What was sent "
            "is received."
        ),
        (
            "D'autres appareils modifient sans cesse le carnet : réessayez dans un instant. Ce qui est "
            "envoyé est reçu."
        ),
    ),
    "upload-busy": (
        "Other devices keep sending the same months: nothing was sent; try again in a moment.",
        (
            "D'autres appareils envoient sans cesse les mêmes mois : rien n'a été envoyé ; réessayez "
            "dans un instant."
        ),
    ),
    "release-signature": (
        "The release of {month} is not signed by the network's pinned release key.",
        "La publication de {month} n'est pas signée par la clé de publication retenue.",
    ),
    "release-chain": (
        "The release of {month} does not follow the one before it: the chain of releases is broken.",
        "La publication de {month} ne suit pas la précédente : la chaîne des publications est rompue.",
    ),
    "release-forked": (
        "The network's chain of releases is not the one that this device has seen ({month}).",
        "La chaîne des publications du réseau n'est pas celle que cet appareil a vue ({month}).",
    ),
    "cells": (
        "The cells of {month} do not fit the release's signed manifest ({why}).",
        "Les cellules de {month} ne correspondent pas au manifeste signé de la publication ({why}).",
    ),
}
