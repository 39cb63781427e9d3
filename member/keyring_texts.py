"""What the keyring's commands and refusals say, in English and French."""

from __future__ import annotations

from typing import Final

KEYRING_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "key-fingerprint": (
        "Read this fingerprint to an administrator of your firm, by telephone or in person: {found}",
        "Lisez cette empreinte à un administrateur de l'entreprise, de vive voix : {found}",
    ),
    "keys-generation": (
        "Role keys of generation {n}; {count} keys are certified.",
        "Clés de rôle de génération {n} ; {count} clés certifiées.",
    ),
    "keys-offered": (
        "Waiting to be certified; ask each for the fingerprint that her own device shows:",
        "En attente ; demandez à chacun l'empreinte que montre son propre appareil :",
    ),
    "keys-taken": (
        "The firm's keys were rolled; taken up.",
        "Les clés de l'entreprise ont changé ; reprises.",
    ),
    "rights-taken": (
        "An administrator has renewed what this device may do; taken up.",
        "Un administrateur a renouvelé les droits de cet appareil ; repris.",
    ),
    "ask-fingerprint": ("The fingerprint that you were read: ", "L'empreinte qu'on vous a lue : "),
    "key-certified": ("Certified as {role}.", "Certifiée comme {role}."),
    "key-removed-not-turned": (
        (
            "{resealed} conversations could get no new keys and are sealed under the new role key alone: who"
            " left may still read what is said in them. {untouched} are as they were: `vigie keys` tries"
            " again."
        ),
        (
            "{resealed} conversations n'ont pas pu recevoir de nouvelles clés et sont seulement scellées sous"
            " la nouvelle clé de rôle : qui est parti peut encore lire ce qui s'y dit. {untouched} sont"
            " restées comme elles étaient : `vigie keys` réessaie."
        ),
    ),
    "key-removed": (
        (
            "Shut out. New role keys went to {given} certified keys; {turned} calls and conversations have"
            " new keys. Devices that are not certified have to be invited again."
        ),
        (
            "Écarté. {given} clés certifiées ont reçu les nouvelles clés de rôle ; {turned} appels et"
            " conversations ont de nouvelles clés. Les appareils non certifiés sont à réinviter."
        ),
    ),
    "password-changed": (
        "Password changed; your other sessions have ended.",
        "Mot de passe changé ; vos autres sessions sont terminées.",
    ),
    "ask-next-password": ("New password: ", "Nouveau mot de passe : "),
    "pair-code": (
        "This device shows {code}. Type it at the first device.",
        "Cet appareil montre {code}. Tapez-le sur le premier appareil.",
    ),
    "transcript-of": (
        "Conversation {id}, between {caller}, who called, and {answerer}, who answered.",
        "Conversation {id}, entre {caller}, qui a appelé, et {answerer}, qui a répondu.",
    ),
    "transcript-holds": (
        "Holds: {n} messages, each signed by the side named, none changed or left out. Brought by {mark}.",
        "Tient : {n} messages, signés chacun par sa partie, aucun changé ni omis. Apportée par {mark}.",
    ),
    "transcript-without-key": (
        "Brought without the keys of {n} epochs: what was said in them is signed, in its place, and unread.",
        "Apportée sans les clés de {n} époques : ce qui y fut dit est signé, à sa place, et reste illisible.",
    ),
    "transcript-limits": (
        "This proves neither who the sides are nor that nothing followed the last message.",
        "Ceci ne prouve ni qui sont les parties, ni que rien n'a suivi le dernier message.",
    ),
    "pair-wait": ("Waiting for the other device ...", "En attente de l'autre appareil..."),
    "ask-pair-code": ("The code that the other device shows: ", "Le code que montre l'autre appareil : "),
    "pair-given": (
        "The other device has the account key now.",
        "L'autre appareil a maintenant la clé de compte.",
    ),
}

KEYRING_REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "keyring-shape": (
        "The chain of keys cannot be read: {why}.",
        "La chaîne des clés est illisible : {why}.",
    ),
    "keyring-signature": (
        "The network shows a key that your firm's root key did not sign ({why}). Stop; tell the operator.",
        "Le réseau montre une clé que la clé racine n'a pas signée ({why}). Arrêtez ; prévenez l'opérateur.",
    ),
    "keyring-order": (
        "The chain of keys is broken ({why}). Stop; tell the operator.",
        "La chaîne des clés est rompue ({why}). Arrêtez ; prévenez l'opérateur.",
    ),
    "keyring-rolled-back": (
        "The network shows an older chain of keys than this device has seen ({why}). Tell the operator.",
        "Le réseau montre une chaîne de clés plus ancienne que celle déjà vue ({why}). Prévenez l'opérateur.",
    ),
    "keyring-forked": (
        "The network shows another chain of keys than this device has seen ({why}). Tell the operator.",
        "Le réseau montre une autre chaîne de clés que celle déjà vue ({why}). Prévenez l'opérateur.",
    ),
    "wrap-old": (
        "The network gives role keys of generation {found}; your firm's chain is at {expected}: an old copy.",
        "Le réseau donne des clés de génération {found} ; la chaîne en est à {expected} : copie ancienne.",
    ),
    "wrap-other": (
        "The role keys that the network gives are not sealed for this device, or not by your firm.",
        "Les clés de rôle reçues ne sont pas scellées pour cet appareil, ou pas par votre entreprise.",
    ),
    "transcript-file": ("{path}: {why}", "{path} : {why}"),
    "transcript-broken": (
        "This transcript does not hold: {why} ({rule}: {detail}).",
        "Cette transcription ne tient pas : {why} ({rule} : {detail}).",
    ),
    "transcript-elsewhere": (
        "This transcript is of another conversation: found {found}, expected {expected}.",
        "Cette transcription est d'une autre conversation : trouvé {found}, attendu {expected}.",
    ),
    "key-not-offered": ("{subject} has not offered a key.", "{subject} n'a pas proposé de clé."),
    "key-not-there": ("{subject} has no certified key.", "{subject} n'a pas de clé certifiée."),
    "fingerprint": (
        "Another fingerprint: the key that the network shows has {found}. Do not certify it.",
        "Autre empreinte : la clé que montre le réseau a {found}. Ne la certifiez pas.",
    ),
    "pairing-code": (
        "The codes differ, or the other device has not answered: nothing was handed over.",
        "Les codes diffèrent, ou l'autre appareil n'a pas répondu : rien n'a été transmis.",
    ),
    "pairing-other": (
        "Somebody is between the two devices: nothing was handed over.",
        "Quelqu'un s'interpose entre les deux appareils : rien n'a été transmis.",
    ),
}
