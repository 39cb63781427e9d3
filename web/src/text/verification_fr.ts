/** L’écran Vérification en français. */

import type { Told, words as en } from './verification_en.ts'
import type { Widen } from './widen.ts'

/** "d’octobre", "de mars". */
const of = (month: string): string => (/^[aoé]/i.test(month) ? `d’${month}` : `de ${month}`)

/** Of a figure as it is shown: none and one are singular. */
const plural = (shown: string, one: string, many: string): string => (shown === '0' || shown === '1' ? one : many)

export const words: Widen<typeof en> = {
  verification: {
    title: 'Vérification',
    lead: 'Contrôle l’opérateur sur ce poste, par ce que le réseau a signé : ce que vous avez envoyé est compté, ce que vous voyez est ce qui a été publié, et il n’y a qu’un historique pour tous.',
    again: 'Vérifier à nouveau',
    running: (month: string) => `Examen ${of(month)}…`,
    starting: 'Lecture des manifestes…',
    none: 'Rien n’a encore été publié : il n’y a rien à vérifier.',
    verdicts: { verified: 'Vérifié', incomplete: 'Incomplet', untrusted: 'Pas digne de confiance' },
    verdictTexts: {
      verified: 'Tout ce qui pouvait être vérifié tient.',
      incomplete: 'Rien d’anormal ; les points ci-dessous n’ont pas pu être vérifiés.',
      untrusted: 'Le réseau montre ce qu’un opérateur honnête ne montre pas. Gardez cette page, enregistrez ce que vous voyez et interrogez l’opérateur par une autre voie.',
    },
    labels: { chain: 'Historique', home: 'Ce poste', witnesses: 'Témoins', receipts: 'Vos envois', cells: 'Chiffres montrés' },
    chain: (count: string, first: string, last: string) => `${count} ${plural(count, `manifeste, ${of(first)}, signé.`, `manifestes, ${of(first)} à ${last}, signés, sans trou.`)}`,
    home: (count: string) => `${count} ${plural(count, 'a déjà été vérifié ici ; ce qui est montré le prolonge.', 'ont déjà été vérifiés ici ; ce qui est montré les prolonge.')}`,
    homeNone: 'Rien n’avait été vérifié ici : désormais ce poste remarquera un autre historique.',
    witnesses: (count: string) => `${count} ${plural(count, 'détenteur de clé indépendant contresigne', 'détenteurs de clé indépendants contresignent')} chaque manifeste.`,
    embedded: 'Le seul témoin est le détenteur de clé de l’opérateur lui-même. Il révèle un accident, pas un opérateur malhonnête : comparez les empreintes avec un pair.',
    receipts: (count: string, waiting: string) => `${count} ${plural(count, 'accusé retrouvé', 'accusés retrouvés')} dans les manifestes ; ${waiting} ${plural(waiting, 'reçu', 'reçus')} depuis le dernier.`,
    cells: (count: string, months: string) => `${count} ${plural(count, 'chiffre', 'chiffres')} de ${months} mois ${plural(count, 'retrouvé', 'retrouvés')} dans les manifestes.`,
    findings: 'Ce qui a été trouvé',
    fingerprint: 'Empreinte',
    fingerprintText: (month: string) => `Du manifeste ${of(month)}. Lisez-la à un pair : qui voit le même historique lit la même.`,
    save: 'Enregistrer ce que vous voyez, pour un pair',
    saveKept: 'Enregistrer ce que ce poste avait vérifié, comme preuve',
    compare: 'Comparer avec une autre',
    compareHint: 'Une empreinte (64 caractères), ou un fichier enregistré par un pair, un témoin ou un autre poste.',
    compareFile: 'Choisir un fichier',
    compareDo: 'Comparer',
    same: (count: string) => `${count} ${plural(count, 'manifeste y est le même', 'manifestes y sont les mêmes')}.`,
    limits: 'Ce que ceci ne peut pas montrer : si vos chiffres ont été bien comptés au sein d’une cellule, et si un client montré « moins de 5 » à vous l’est aussi aux autres.',
    logTitle: 'Journal de transparence',
    logText: 'Les manifestes signés, que chacun peut lire et comparer :',
    codes: {
      forged: (t: Told) => `${t.month} : le manifeste n’est pas celui que la clé du réseau a signé, ou ne suit pas le précédent.`,
      rewritten: (t: Told) => `${t.month} : un autre manifeste signé que celui que ce poste a vérifié. L’historique a été réécrit.`,
      witnessUnknown: (_: Told) => 'Aucun témoin n’est connu : un historique montré à vous seul ne se verrait pas ici.',
      witnessForged: (t: Told) => `${t.month} : ce qui est présenté comme la signature du témoin ${t.name} ne porte pas sur ce manifeste.`,
      witnessMissing: (t: Told) => `${t.month} : ${t.found} témoins sur ${t.expected} ont signé jusqu’ici. Revérifiez dans quelques jours.`,
      witnessNever: (t: Told) => `${t.month} : ${t.found} témoins sur ${t.expected} ont signé, plus d’une semaine après la publication. Ils ont peut-être vu un autre historique.`,
      receiptAbsent: (t: Told) => `${t.month} : votre envoi ${of(t.sent)} n’est pas dans le manifeste, alors que vous avez l’accusé du réseau : il a été écarté.`,
      receiptNotCurrent: (t: Told) => `${t.month} : parmi vos envois ${of(t.sent)}, le manifeste tient pour courant un autre que vos accusés.`,
      receiptUnknown: (t: Told) => `${t.month} : le manifeste contient un envoi de votre entreprise inconnu de ce poste.`,
      receiptsUnproven: (t: Told) => `${t.month} : la preuve de vos envois ne mène pas à ce qui a été signé.`,
      receiptForged: (t: Told) => `L’accusé montré pour ${t.sent} n’est pas signé par la clé du réseau.`,
      receiptChanged: (t: Told) => `Le réseau montre pour ${t.sent} un autre accusé signé que celui qu’il a donné.`,
      receiptDenied: (t: Told) => `Le réseau ne montre plus l’accusé ${of(t.sent)} qu’il avait donné.`,
      receiptOfBook: (t: Told) => `Le carnet dit que ${t.sent} a été envoyé, et il n’y en a pas d’accusé.`,
      cellUnproven: (t: Told) => `${t.month} : les chiffres montrés pour ${t.client} ne sont pas dans le manifeste signé : modifiés après publication.`,
      cellWithheld: (t: Told) => `${t.month} : le manifeste contient des chiffres de ${t.client} qui ne vous ont pas été montrés.`,
      cellsUnproven: (t: Told) => `${t.month} : la preuve des chiffres montrés ne mène pas à ce qui a été signé.`,
      cellsForged: (t: Told) => `${t.month} : les chiffres du réseau ou d’un secteur ne sont pas ceux qui ont été signés.`,
      columnsUnknown: (t: Told) => `${t.month} : des chiffres d’une forme inconnue de cette page n’ont pas été vérifiés.`,
      forkedViews: (t: Told) => `${t.month} : deux historiques, tous deux signés par le réseau. Gardez les deux fichiers : ensemble ils le prouvent à quiconque.`,
      fingerprintUnknown: (_: Told) => 'Cette empreinte n’est celle d’aucun manifeste montré ici. Si votre pair l’a lue sur ce réseau, on vous montre deux historiques : échangez vos fichiers.',
      viewUnsigned: (t: Told) => `Le manifeste ${of(t.month)} du fichier n’est pas signé par la clé de ce réseau : il ne prouve rien.`,
      viewAhead: (t: Told) => `Le fichier a un manifeste signé ${of(t.month)} que le réseau ne montre pas ici.`,
      viewEmpty: (_: Told) => 'Ni une empreinte, ni un fichier de manifestes : rien n’a été comparé.',
      noReceipts: (_: Told) => 'Votre rôle ne montre pas les accusés : les envois n’ont pas été vérifiés ici.',
      withdrawn: (t: Told) => `La publication ${of(t.month)} a été retirée : ${t.reason}`,
    },
  },
}
