/** Names of sectors (NACE Rev. 2, sections A to U), and what the page says on the screen Sectors, in English. */

export const words = {
  sectorNames: ['Unknown', 'Agriculture', 'Mining', 'Manufacturing', 'Energy', 'Water and waste', 'Construction', 'Trade', 'Transport', 'Hotels, restaurants', 'Information', 'Finance', 'Real estate', 'Professional services', 'Support services', 'Public administration', 'Education', 'Health', 'Arts and leisure', 'Other services', 'Households', 'International bodies'],
  regionNames: ['Unknown', 'Île-de-France', 'Centre-Val de Loire', 'Bourgogne-Franche-Comté', 'Normandy', 'Hauts-de-France', 'Grand Est', 'Pays de la Loire', 'Brittany', 'Nouvelle-Aquitaine', 'Occitanie', 'Auvergne-Rhône-Alpes', 'Provence-Alpes-Côte d’Azur', 'Corsica'],
  sectors: {
    title: 'Sectors',
    lead: (month: string) => `Your clients by sector and region, against what the network publishes for ${month}.`,
    none: 'Nothing published yet, and no client of yours has a sector or a region.',
    bySector: 'Sectors',
    byRegion: 'Regions',
    network: 'All clients of the network',
    columns: { name: 'Name', clients: 'Clients', outstanding: 'Outstanding', mine: 'You', centre: 'Centre', gap: 'Gap', strip: 'Days late', months: '24 months', band: 'Firms' },
    few: 'not published',
    networkHow: 'The centre of all clients of all firms: one value a firm, noise added, from ten firms and ten clients on. Yours is the mean of your days late, weighted by what each client owes you.',
    mineHow: 'Mean of your days late over the clients of this sector or region, weighted by what each owes you. Computed on this device.',
    cellHow: 'The centre of all firms’ clients of this sector or region: one value a firm, noise added, from ten firms and ten clients on. Sectors and regions are never crossed. Source: the release.',
    reading: (mine: string, centre: string) => `You ${mine}; centre ${centre}`,
    readingAlone: (mine: string) => `You ${mine}; not published`,
    unknown: 'No sector known',
    unknownRegion: 'No region known',
    toPortfolio: (name: string) => `Show the clients of ${name}`,
  },
}
