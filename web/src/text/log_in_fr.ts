/** What the page says on the log-in, in French. */

import type { words as en } from './log_in_en.ts'
import type { Widen } from './widen.ts'

export const words: Widen<typeof en> = {
  logIn: {
    title: 'Se connecter',
    lead: 'Votre mot de passe et votre clé de compte ouvrent votre carnet de clients sur ce poste. Ni l’un ni l’autre n’est envoyé au réseau.',
    email: 'Adresse e-mail',
    password: 'Mot de passe',
    accountKey: 'Clé de compte',
    accountKeyHint: 'Commence par VK1-. Elle est sur la feuille imprimée à votre arrivée ; ce poste s’en souvient ensuite.',
    accountKeyKnown: 'Ce poste connaît la clé de compte de cette adresse.',
    otherKey: 'La saisir à nouveau',
    enter: 'Se connecter',
    deriving: 'Ouverture du carnet…',
    code: 'Code de votre second facteur',
    codeHint: 'Les six chiffres de votre application, ou un code de votre papier. Les deux sont perdus ? Un autre administrateur de l’entreprise le retire.',
    passkey: 'Utiliser une clé d’accès',
    noPasskey: 'Vous n’avez pas de clé d’accès pour cette adresse. Un code ouvre aussi.',
    passkeyClosed: 'La clé d’accès n’a pas répondu : la question a été fermée, ou le délai a expiré. Un code ouvre aussi.',
    passkeyWrong: 'Le réseau n’a pas accepté cette clé d’accès : elle a été retirée, la demande est trop ancienne, ou c’est une copie. Réessayez, ou utilisez un code.',
    codeWrong: 'Ce code n’est pas le bon, ou il a déjà servi. L’application en montre un autre chaque demi-minute.',
    pair: 'Recevoir la clé de compte d’un autre appareil',
    pairLead: 'Là-bas, connecté : Réglages, « Un second appareil » ; ou « vigie pair ». Les deux montrent six chiffres : comparez-les.',
    pairEmail: 'Tapez d’abord votre adresse ci-dessus.',
    pairWait: 'En attente de votre autre appareil…',
    pairCode: 'Tapez ces chiffres là-bas :',
    pairGot: 'La clé de compte est là. Tapez votre mot de passe et connectez-vous.',
    pairFailed: 'Ce qui est arrivé n’est pas scellé pour cet appareil, ou dix minutes ont passé : recommencez.',
    pairStop: 'Arrêter',
    wrongKey: 'Ce n’est pas une clé de compte : elle commence par VK1-, suivi de 26 lettres et chiffres.',
    wrong: 'Cette adresse, ce mot de passe et cette clé de compte ne vont pas ensemble.',
    bundleWrong: 'Le réseau vous a reconnu, mais le carnet ne s’ouvre pas avec ces secrets. Est-ce la bonne clé de compte ?',
    demoBroken: 'Ce lien de démonstration est incomplet. Recopiez-le en entier depuis le terminal.',
    trust: 'Cette page vient de l’opérateur du réseau. L’ouvrir, c’est faire confiance à son script ; l’installation d’un membre n’en a pas besoin.',
    ended: 'Votre session a pris fin. Reconnectez-vous : rien n’est perdu.',
  },
}
