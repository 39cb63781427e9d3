/** Names of sectors (NACE Rev. 2, sections A to U), and what the page says on the screen Sectors, in French. */

import type { words as en } from './sectors_en.ts'
import type { Widen } from './widen.ts'

/** "d’octobre", "de mars". */
const of = (month: string): string => (/^[aoé]/i.test(month) ? `d’${month}` : `de ${month}`)

export const words: Widen<typeof en> = {
  sectorNames: ['Inconnu', 'Agriculture', 'Extraction', 'Industrie', 'Énergie', 'Eau et déchets', 'Construction', 'Commerce', 'Transport', 'Hôtels, restaurants', 'Information', 'Finance', 'Immobilier', 'Services spécialisés', 'Services de soutien', 'Administration', 'Enseignement', 'Santé', 'Arts et loisirs', 'Autres services', 'Ménages', 'Organismes internationaux'],
  regionNames: ['Inconnue', 'Île-de-France', 'Centre-Val de Loire', 'Bourgogne-Franche-Comté', 'Normandie', 'Hauts-de-France', 'Grand Est', 'Pays de la Loire', 'Bretagne', 'Nouvelle-Aquitaine', 'Occitanie', 'Auvergne-Rhône-Alpes', 'Provence-Alpes-Côte d’Azur', 'Corse'],
  sectors: {
    title: 'Secteurs',
    lead: (month) => `Vos clients par secteur et par région, face à ce que le réseau publie pour le mois ${of(month)}.`,
    none: 'Rien n’est encore publié, et aucun de vos clients n’a de secteur ni de région.',
    bySector: 'Secteurs',
    byRegion: 'Régions',
    network: 'Tous les clients du réseau',
    columns: { name: 'Nom', clients: 'Clients', outstanding: 'Encours', mine: 'Vous', centre: 'Centre', gap: 'Écart', strip: 'Retard', months: '24 mois', band: 'Entreprises' },
    few: 'non publié',
    networkHow: 'Le centre de tous les clients de toutes les entreprises : une valeur par entreprise, bruitée, à partir de dix entreprises et dix clients. Le vôtre est la moyenne de vos retards, pondérée par ce que chaque client vous doit.',
    mineHow: 'Moyenne de vos retards sur les clients de ce secteur ou de cette région, pondérée par ce que chacun vous doit. Calculée sur ce poste.',
    cellHow: 'Le centre des clients de toutes les entreprises dans ce secteur ou cette région : une valeur par entreprise, bruitée, à partir de dix entreprises et dix clients. Secteurs et régions ne sont jamais croisés. Source : la publication.',
    reading: (mine, centre) => `Vous ${mine} ; centre ${centre}`,
    readingAlone: (mine) => `Vous ${mine} ; non publié`,
    unknown: 'Secteur inconnu',
    unknownRegion: 'Région inconnue',
    toPortfolio: (name) => `Voir les clients de ${name}`,
  },
}
