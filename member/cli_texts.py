"""What `vigie` says, in English and French. Help is in English; results are in the user's language."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from member.alert_work_texts import ALERT_WORK_TEXTS
from member.credit_texts import CREDIT_TEXTS
from member.dossier_texts import DOSSIER_SAID
from member.holder_texts import HOLDER_SAID
from member.keyring_texts import KEYRING_TEXTS
from member.policy_texts import POLICY_TEXTS
from member.verify_texts import VERIFY_TEXTS
from member.work_texts import WORK_TEXTS

TEXTS: Final[dict[str, tuple[str, str]]] = {
    **HOLDER_SAID,
    **KEYRING_TEXTS,
    **WORK_TEXTS,
    **ALERT_WORK_TEXTS,
    **VERIFY_TEXTS,
    **POLICY_TEXTS,
    **CREDIT_TEXTS,
    **DOSSIER_SAID,
    # Enrolment and keys
    "not-real": (
        "[{kind}] {name}: nothing on this network is real.",
        "[{kind}] {name} : rien sur ce réseau n'est réel.",
    ),
    "enrolled": (
        "Enrolled at {name}. This device: {device}. Home: {home}",
        "Inscrit auprès de {name}. Cet appareil : {device}. Dossier : {home}",
    ),
    "unattended": (
        "This is a push-only device: it holds neither the firm's root key nor an account key.",
        "Appareil d'envoi seulement : il ne détient ni la clé racine de l'entreprise ni de clé de compte.",
    ),
    "no-passphrase": (
        "No passphrase: whoever can read {home} can act as this device.",
        "Sans phrase secrète : qui peut lire {home} peut agir au nom de cet appareil.",
    ),
    "shown-once": (
        (
            "Shown this once. Keep the recovery kit on paper, away from this machine; the account key "
            "goes to each device of {email} that logs in."
        ),
        (
            "Affiché cette seule fois. Gardez le kit de secours sur papier, loin de cette machine ; la "
            "clé de compte servira à chaque appareil de {email} qui se connecte."
        ),
    ),
    "account-key": (
        "Account key",
        "Clé de compte",
    ),
    "recovery-kit": (
        "Recovery kit",
        "Kit de secours",
    ),
    "password": (
        "Password",
        "Mot de passe",
    ),
    "kit-written": (
        "Account key and recovery kit are in {path} (readable by you alone): print it, then delete it.",
        (
            "Clé de compte et kit de secours sont dans {path} (lisible par vous seul) : imprimez-le, "
            "puis supprimez-le."
        ),
    ),
    "logged-in": (
        "This machine is a further device of {email} at {name}. Home: {home}",
        "Cette machine est un nouvel appareil de {email} auprès de {name}. Dossier : {home}",
    ),
    "device-written": (
        (
            "The device's invitation is in {path}. On the other machine: vigie enrol --unattended "
            "{file}\nTell it this code by another way than the file:"
        ),
        (
            "L'invitation de l'appareil est dans {path}. Sur l'autre machine : vigie enrol --unattended "
            "{file}\nDonnez-lui ce code par une autre voie que le fichier :"
        ),
    ),
    "user-added": (
        "{email} ({role}) is added. Shown this once:",
        "{email} ({role}) est ajouté. Affiché cette seule fois :",
    ),
    "recovered": (
        "The home is open again, under its new passphrase: {home}",
        "Le dossier est de nouveau ouvert, sous sa nouvelle phrase secrète : {home}",
    ),
    "wiped": (
        (
            "Nothing of this device is left in {home}. An administrator can withdraw device {device} on "
            "the page."
        ),
        (
            "Il ne reste rien de cet appareil dans {home}. Un administrateur peut retirer l'appareil "
            "{device} sur la page."
        ),
    ),
    "wipe-sure": (
        "Delete this device's keys and its copy of the book from {home}?",
        "Supprimer de {home} les clés de cet appareil et sa copie du carnet ?",
    ),
    # Prompts
    "ask-factor-code": (
        "Code of your second factor (the app's, or one on paper; passkeys serve in the page alone)",
        "Code de votre second facteur (application ou papier ; une clé d'accès ne sert que dans la page)",
    ),
    "ask-password": (
        "Password (the page's log-in)",
        "Mot de passe (celui de la page)",
    ),
    "ask-passphrase-new": (
        "Passphrase for this machine (empty: none)",
        "Phrase secrète pour cette machine (vide : aucune)",
    ),
    "ask-passphrase": (
        "Passphrase",
        "Phrase secrète",
    ),
    "ask-account-key": (
        "Account key (VK1-…)",
        "Clé de compte (VK1-…)",
    ),
    "ask-code": (
        "Device code (VD1-…)",
        "Code d'appareil (VD1-…)",
    ),
    "ask-kit": (
        "Recovery kit (VR1-…)",
        "Kit de secours (VR1-…)",
    ),
    # Files
    "nothing-sent": (
        "Nothing was sent.",
        "Rien n'a été envoyé.",
    ),
    "nothing-new": (
        "Nothing to send: the network has exactly these months.",
        "Rien à envoyer : le réseau a exactement ces mois.",
    ),
    "sent": (
        "Sent: {months} months, {rows} rows. Receipts verified.",
        "Envoyé : {months} mois, {rows} lignes. Reçus vérifiés.",
    ),
    "sent-month": (
        "  {month}  {rows} clients ({added} new, {changed} changed, {removed} left out)",
        "  {month}  {rows} clients ({added} nouveaux, {changed} modifiés, {removed} retirés)",
    ),
    "recovered-months": (
        "Taken up from the network: {months} (sent before, not yet in the book).",
        "Repris du réseau : {months} (envoyés auparavant, absents du carnet).",
    ),
    "identifiers-asked": (
        "{count} new clients were given pseudonyms by the key holder, who saw none of them.",
        "{count} nouveaux clients ont reçu leur pseudonyme du détenteur de clé, qui n'en a vu aucun.",
    ),
    "preview": (
        "What {source} would send",
        "Ce que {source} enverrait",
    ),
    "preview-file": (
        (
            "  {clients} clients, {invoices} invoices ({open} open, {disputed} disputed), {outstanding} "
            "outstanding"
        ),
        (
            "  {clients} clients, {invoices} factures ({open} ouvertes, {disputed} en litige), encours "
            "{outstanding}"
        ),
    ),
    "preview-columns": (
        "  read as: {columns}",
        "  lu comme : {columns}",
    ),
    "preview-left-out": (
        "  left out: {account} {name} ({reason})",
        "  laissé de côté : {account} {name} ({reason})",
    ),
    "reason-no-identifier": ("no identifier", "sans identifiant"),
    "reason-confidential": ("confidential", "confidentiel"),
    "reason-factored": ("sold to a factor", "cédé à un factor"),
    "and-more": ("  … and {count} more", "  … et {count} de plus"),
    "preview-ledger": (
        (
            "  {from_day} to {to_day}: {clients} client accounts, {invoices} invoices ({open} open), "
            "{outstanding} outstanding"
        ),
        (
            "  {from_day} au {to_day} : {clients} comptes clients, {invoices} factures ({open} ouvertes), "
            "encours {outstanding}"
        ),
    ),
    "preview-letterings": (
        "  {balanced} of {letterings} letterings balance; paid after {days} days on average, by amount",
        "  {balanced} lettrages sur {letterings} sont soldés ; payés à {days} jours en moyenne, par montant",
    ),
    "preview-figures": (
        "  {clients} clients, {outstanding} outstanding",
        "  {clients} clients, encours {outstanding}",
    ),
    "preview-confidential": (
        "  {count} confidential clients contribute nothing.",
        "  {count} clients confidentiels ne contribuent rien.",
    ),
    "preview-leaves": (
        (
            "Leaves: for each client and month a pseudonym and {fields} figures; no name, no identifier, "
            "no invoice."
        ),
        (
            "Part : pour chaque client et mois un pseudonyme et {fields} chiffres ; ni nom, ni "
            "identifiant, ni facture."
        ),
    ),
    "preview-asks": (
        "{count} new clients would be asked of the key holder, blinded.",
        "{count} nouveaux clients seraient demandés au détenteur de clé, masqués.",
    ),
    "preview-alone": (
        "No enrolled home: the file alone is shown.",
        "Aucun dossier inscrit : seul le fichier est montré.",
    ),
    "reading": (
        "Reading the file",
        "Lecture du fichier",
    ),
    "asking": (
        "Asking the network",
        "Échange avec le réseau",
    ),
    "pseudonyms": (
        "Pseudonyms",
        "Pseudonymes",
    ),
    "upload": (
        "Sending",
        "Envoi",
    ),
    "book": (
        "Writing the client book",
        "Écriture du carnet de clients",
    ),
    # Portfolio and alerts
    "no-portfolio": (
        "Nothing yet: push a first file, or wait for the first release.",
        "Rien pour l'instant : envoyez un premier fichier, ou attendez la première publication.",
    ),
    "portfolio": (
        "{month}: {compared} of {clients} clients compared; peers are their suppliers, you included",
        (
            "{month} : {compared} clients sur {clients} comparés ; les pairs sont leurs fournisseurs, "
            "vous compris"
        ),
    ),
    "no-release": (
        "{month}: no release yet; your own figures alone",
        "{month} : pas encore de publication ; vos seuls chiffres",
    ),
    "too-few": (
        "fewer than 5 peers yet",
        "moins de 5 pairs",
    ),
    "more-lines": (
        "… and {count} more: --limit 0 shows all.",
        "… et {count} de plus : --limit 0 montre tout.",
    ),
    "client": (
        "Client",
        "Client",
    ),
    "yours": (
        "Yours",
        "Chez vous",
    ),
    "peers": (
        "Peers",
        "Pairs",
    ),
    "gap": (
        "Gap",
        "Écart",
    ),
    "count": (
        "Peers' number",
        "Nombre de pairs",
    ),
    "overdue": (
        "Overdue",
        "Échu",
    ),
    "stake": (
        "At stake",
        "En jeu",
    ),
    "next": (
        "Next",
        "À faire",
    ),
    "days": (
        "{count} d",
        "{count} j",
    ),
    "no-alerts": (
        "No alerts.",
        "Aucune alerte.",
    ),
    "following": (
        "Following; Ctrl-C ends.",
        "À l'écoute ; Ctrl-C pour arrêter.",
    ),
    # Status
    "status-network": (
        "Network",
        "Réseau",
    ),
    "status-firm": (
        "Firm",
        "Entreprise",
    ),
    "status-device": (
        "Device",
        "Appareil",
    ),
    "status-budget": (
        "Identifiers asked",
        "Identifiants demandés",
    ),
    "status-book": (
        "Client book",
        "Carnet de clients",
    ),
    "status-months": (
        "Months sent",
        "Mois envoyés",
    ),
    "status-release": (
        "Latest release",
        "Dernière publication",
    ),
    "status-today": (
        "Network's date",
        "Date du réseau",
    ),
    "status-pins": (
        "Pinned keys: unchanged. Releases: {releases}, one chain.",
        "Clés retenues : inchangées. Publications : {releases}, une seule chaîne.",
    ),
    "status-book-value": (
        "version {sequence}, {clients} clients",
        "version {sequence}, {clients} clients",
    ),
    "status-device-value": (
        "{device}, vouched for until {until}",
        "{device}, reconnu jusqu'au {until}",
    ),
    "delegation-ends": (
        "This device is vouched for until {until}: have an administrator add it again before that.",
        (
            "Cet appareil est reconnu jusqu'au {until} : faites-le ajouter de nouveau par un "
            "administrateur avant."
        ),
    ),
    "unexpected": (
        "Something unforeseen happened ({kind}). Nothing is lost: the same command again is safe.",
        "Un imprévu est survenu ({kind}). Rien n'est perdu : relancer la même commande est sans danger.",
    ),
}


def told(key: str, lang: str, **values: object) -> str:
    """A text in the language ("fr", otherwise English)."""
    return TEXTS[key][lang == "fr"].format(**values)


def usual_language(environment: Mapping[str, str] = os.environ) -> str:
    """Fr or en, as the locale's variables say."""
    for name in ("VIGIE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"
