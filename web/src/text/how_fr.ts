/** What the page says on how each figure is computed, in French. */

import type { words as en } from './how_en.ts'
import type { Widen } from './widen.ts'

export const words: Widen<typeof en> = {
  how: {
    daysLate:
      'Sur trois mois : les jours au-delà de l’échéance de ce qui a été payé, plus les jours de retard de ce qui reste dû, pondérés par les montants. Un client qui cesse de payer empire, il ne disparaît pas. Votre chiffre vient de ce que vous avez envoyé et se calcule sur ce poste.',
    centre:
      'Le centre est une moyenne des fournisseurs de ce client, vous compris, de valeurs dont aucune ne pèse plus loin qu’à 35 jours du centre du réseau (ou à 20 du dernier centre de ce client, s’il est plus loin encore), plus un bruit fixe qui diminue avec leur nombre. Il est publié une fois par mois, le même pour tous, à partir de 5 fournisseurs. Ce n’est pas une médiane, et aucun chiffre n’est celui d’une entreprise.',
    band: 'La bande est le centre plus ou moins l’incertitude propre à la publication : deux écarts types du bruit qui protège les entreprises, plus large quand elles sont peu nombreuses. Ce n’est pas un quartile, et l’écart entre les fournisseurs n’est pas publié.',
    gap: 'Votre retard moins le centre des pairs, pour le mois de la dernière publication.',
    dso: 'Épuisement : on retire de la créance les ventes du dernier mois et l’on compte ses jours, puis le mois d’avant, jusqu’à l’épuiser ; le dernier mois compte au prorata. Sans créance, pas de chiffre.',
    outstanding: 'Ce que le client vous doit à la fin du dernier mois envoyé, toutes taxes comprises. Ce montant reste chez vous et dans votre envoi ; il n’est jamais publié.',
    stake: 'Ce qui est échu et, de ce qui ne l’est pas encore, une part qui croît avec le retard (tout, à 90 jours ; la moitié au moins quand le client ralentit avec tous). Le plus tardif de votre chiffre et du centre compte. Un ordre de travail, pas une provision ; calculé sur ce poste.',
    terms: 'Ce que vous avez convenu avec le client. fdm : fin de mois, avant ou après les jours du délai. Rangé par les jours que cela laisse en moyenne.',
    peers: 'Combien de fournisseurs sont derrière le centre, par tranches d’un compte brouillé : 5–9, 10–19, 20+. Sous 5, rien n’est montré, et 0 ressemble à 4.',
    weighted: 'Moyenne de vos clients, pondérée par ce que chacun vous doit. Le chiffre des pairs prend les mêmes clients et les mêmes poids, clients comparés seulement.',
    alerts: 'Une alerte se calcule sur les seuls chiffres publiés, à chaque publication, pour les clients dont les fournisseurs sont payés plus tard, durablement ou soudain. De vos propres chiffres, sur ce poste : un client est au-dessus de la bande deux mois de suite, ou, quand rien n’est publié de lui, ralentit. Une première comparaison, un rétablissement, un client revenu dans la bande sont pour information : ils ne sont comptés nulle part comme à faire.',
    formulas: {
      daysLate: '(Σ payé × jours de retard + dû × jours de retard) ÷ (Σ payé + dû et en retard)',
      centre: 'moyenne des valeurs des fournisseurs, chacune tenue à ±20 jours du dernier centre, + bruit',
      band: 'centre ± 2 écarts types du bruit de la publication',
      gap: 'votre retard − centre',
      dso: 'jours de ventes, les plus récentes d’abord, qui font la créance',
      stake: 'échu + non échu × min(retard, 90) ÷ 90 ; retard ≥ 45 s’il ralentit avec tous',
      weighted: 'Σ chiffre × encours ÷ Σ encours',
      overdue: '1 − non échu ÷ encours',
    },
    sources: {
      own: 'Source : ce que votre entreprise a envoyé ; calculé sur ce poste.',
      release: 'Source : la publication signée du mois, contrôlée sur ce poste ; les règles sont dans docs/policy.md.',
      both: 'Source : vos envois et la publication signée du mois ; calculé sur ce poste.',
    },
    columns: 'Comment les colonnes sont calculées',
  },
}
