"""What recover, identify, book, watch and overlap say, in English and French; and their refusals."""

from __future__ import annotations

from typing import Final

WORK_TEXTS: Final[dict[str, tuple[str, str]]] = {
    # Coming back with the recovery kit alone
    "firm-id": (
        "Firm and network (the recovery kit is of no use without them)",
        "Entreprise et réseau (le kit de secours ne sert à rien sans eux)",
    ),
    "came-back": (
        (
            "{name} is back. {users} users and {devices} devices ended; the book is sealed under new keys. "
            "The recovery kit is still the one on paper. Add colleagues and machines again with user-add "
            "and device-add."
        ),
        (
            "{name} est de retour. {users} utilisateurs et {devices} appareils ont pris fin ; le carnet est "
            "scellé sous de nouvelles clés. Le kit de secours reste celui qui est sur papier. Ajoutez de "
            "nouveau collègues et machines avec user-add et device-add."
        ),
    ),
    "came-back-beside": (
        "{name} has a further administrator. Other users and devices stay, and so do the keys.",
        "{name} a un administrateur de plus. Les autres utilisateurs et appareils restent, les clés aussi.",
    ),
    "roll-finished": (
        "The book is now sealed under the new keys.",
        "Le carnet est maintenant scellé sous les nouvelles clés.",
    ),
    "shown-once-account": (
        "Shown this once: the account key of {email}, for each device that logs in.",
        "Affichée cette seule fois : la clé de compte de {email}, pour chaque appareil qui se connecte.",
    ),
    # Identifiers for accounts that have none
    "identify-found": (
        (
            "{accounts} accounts: {sure} sure ({share} of the outstanding amount), {look} to look at, "
            "{without} without a proposal."
        ),
        (
            "{accounts} comptes : {sure} sûrs ({share} de l'encours), {look} à regarder, "
            "{without} sans proposition."
        ),
    ),
    "identify-few": (
        "The first {count} of those to look at hold {share} of what is outstanding there.",
        "Les {count} premiers de ceux à regarder portent {share} de l'encours restant.",
    ),
    "identify-review": (
        (
            "The review is in {path}: fill in its first column, then run `vigie identify --take {path}`. "
            "Those that are sure are filled in already."
        ),
        (
            "La revue est dans {path} : remplissez sa première colonne, puis lancez "
            "`vigie identify --take {path}`. Les comptes sûrs y sont déjà remplis."
        ),
    ),
    "identify-keys": (
        "y = first   2-4 = another   n = none   t = type a number   s = later   u = back   q = end",
        "o = premier   2-4 = autre   n = aucun   t = saisir un numéro   s = plus tard   u = retour   q = fin",
    ),
    "identify-keys-none": (
        "t = type a number   n = none   s = later   u = back   q = end",
        "t = saisir un numéro   n = aucun   s = plus tard   u = retour   q = fin",
    ),
    "identify-type": ("SIREN, SIRET, VAT number or LEI", "SIREN, SIRET, n° de TVA ou LEI"),
    "identify-no-number": ("{found} is no such number.", "{found} n'est pas un tel numéro."),
    "identify-taken": (
        "{accounts} accounts of {clients} clients are identified; {none} have none; {undecided} are open.",
        "{accounts} comptes de {clients} clients identifiés ; {none} n'en ont pas ; {undecided} restent.",
    ),
    "identify-merged": (
        "{count} clients have several accounts: each counts once.",
        "{count} clients ont plusieurs comptes : chacun compte une fois.",
    ),
    "identify-in-book": (
        "They are in the client book: the next push uses them.",
        "Ils sont dans le carnet de clients : le prochain envoi les utilise.",
    ),
    "identify-map": (
        "The map of accounts is in {path}: use it with --map-identifiers.",
        "La table des comptes est dans {path} : utilisez-la avec --map-identifiers.",
    ),
    "identify-nothing": (
        "No account of {source} lacks an identifier.",
        "Aucun compte de {source} n'est sans identifiant.",
    ),
    "identify-refused": (
        "{count} accounts bear a natural person's number (category 1000): they contribute nothing.",
        "{count} comptes portent le numéro d'une personne physique (catégorie 1000) : ils sont exclus.",
    ),
    "sirene": ("reading the SIRENE extract", "lecture de l'extrait SIRENE"),
    "identify": ("comparing names", "comparaison des noms"),
    # The client book
    "book-count": ("{count} clients", "{count} clients"),
    "book-confidential": ("confidential", "confidentiel"),
    "book-exported": (
        "{clients} clients and everything that was sent are in {path}, in the clear (readable by you alone).",
        "{clients} clients et tout ce qui a été envoyé sont dans {path}, en clair (lisible par vous seul).",
    ),
    "book-merged": (
        "{count} clients were added; the book holds {clients}.",
        "{count} clients ajoutés ; le carnet en compte {clients}.",
    ),
    "book-marked": (
        "{name} is confidential: the next push takes it out of every month.",
        "{name} est confidentiel : le prochain envoi le retire de chaque mois.",
    ),
    "book-marked-off": ("{name} is not confidential any more.", "{name} n'est plus confidentiel."),
    "book-forget-sure": (
        "Forget {name}? What was sent under its pseudonym stays sent.",
        "Oublier {name} ? Ce qui a été envoyé sous son pseudonyme reste envoyé.",
    ),
    "book-forgotten": ("{name} is forgotten.", "{name} est oublié."),
    "book-wipe-sure": (
        "Delete the book with its {count} clients, at the network and here, for ever?",
        "Supprimer le carnet et ses {count} clients, auprès du réseau et ici, pour toujours ?",
    ),
    "book-wiped": (
        "{count} clients and all sealed segments are deleted.",
        "{count} clients et tous les segments scellés sont supprimés.",
    ),
    # Before joining
    "overlap-sure": (
        (
            "Ask about {count} clients, once? Their pseudonyms and capped shares go to the network, which "
            "keeps none; no name and no amount leaves."
        ),
        (
            "Demander pour {count} clients, une seule fois ? Leurs pseudonymes et des parts plafonnées vont "
            "au réseau, qui n'en garde rien ; ni nom ni montant ne sort."
        ),
    ),
    "overlap-answer": (
        (
            "About {low}-{high} % of your outstanding amount would be compared: {from} to {to} of {counted} "
            "({clients} clients, release of {month})."
        ),
        (
            "Environ {low} à {high} % de votre encours seraient comparés : {from} à {to} sur {counted} "
            "({clients} clients, publication de {month})."
        ),
    ),
    "overlap-heads": (
        "About {low}-{high} % of your {clients} clients would be compared (release of {month}).",
        "Environ {low} à {high} % de vos {clients} clients seraient comparés (publication de {month}).",
    ),
    "overlap-capped": (
        (
            "No client counts for more than {cap}, so that the answer tells nothing of a single one: "
            "{counted} of your {total} are counted."
        ),
        (
            "Aucun client ne compte pour plus de {cap}, pour que la réponse ne dise rien d'un seul : "
            "{counted} de vos {total} sont comptés."
        ),
    ),
    "overlap-means": (
        "The band is rounded and blurred on purpose. What is not covered is compared with its sector.",
        "La tranche est arrondie et brouillée à dessein. Le reste se compare à son secteur.",
    ),
    # Months sent before
    "changed-past": (
        "Sent before and different now: {count} figures of clients in {months} months.",
        "Envoyé auparavant et différent : {count} fiches de clients sur {months} mois.",
    ),
    "changed-past-more": (
        "  … and {count} more (preview --write FILE shows all of them)",
        "  … et {count} de plus (preview --write FICHIER les montre toutes)",
    ),
    "changed-past-sure": ("Send these changes?", "Envoyer ces modifications ?"),
    "clear-written": (
        "{count} rows, as they would leave but with names, are in {path} (readable by you alone).",
        "{count} lignes, telles qu'elles sortiraient mais avec les noms, sont dans {path} (pour vous seul).",
    ),
}

WORK_REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "watch-folder": ("{path} is no folder that can be read.", "{path} n'est pas un dossier lisible."),
    "watch-running": (
        "Another `vigie watch` looks after this home: {path}",
        "Un autre `vigie watch` s'occupe de ce dossier : {path}",
    ),
    "overlap-few": (
        "Found {found} clients with an identifier, expected at least {expected}: fewer could tell of one.",
        "{found} clients identifiés, {expected} attendus au moins : moins en dirait trop sur un seul.",
    ),
    "overlap-holders": (
        (
            "This network's key holders keep lists of their own: have them admit candidate {candidate} with "
            "root key {key} for {count} clients, then run the same command again."
        ),
        (
            "Les détenteurs de clé de ce réseau tiennent leurs propres listes : faites-leur admettre le "
            "candidat {candidate}, clé racine {key}, pour {count} clients, puis relancez la commande."
        ),
    ),
    "overlap-file": (
        "{path} holds a question that was begun and cannot be read: ask for another invitation.",
        "{path} contient une demande commencée mais illisible : demandez une autre invitation.",
    ),
    "book-export": ("{path} is no export of a client book.", "{path} n'est pas l'export d'un carnet."),
    "book-which": (
        "{found} clients are like “{text}”: expected one. `vigie book list` shows them.",
        "{found} clients ressemblent à « {text} » : un seul attendu. `vigie book list` les montre.",
    ),
    "no-accounts": (
        "{path} names no client accounts: a ledger, an aged balance or a list of invoices is expected.",
        "{path} ne nomme aucun compte client : un journal, une balance âgée ou des factures sont attendus.",
    ),
    "source-refused": (
        "{path}: {text}",
        "{path} : {text}",
    ),
    "firm-id": (
        "{found} is no firm's id: it is printed with the recovery kit, 36 characters with hyphens.",
        "{found} n'est pas un numéro d'entreprise : il est imprimé avec le kit, 36 caractères avec tirets.",
    ),
}
