/** What the page says on the portfolio, in English. */

const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many)

export const words = {
  portfolio: {
    title: 'Portfolio',
    balanceOf: (date: string) => `balance of ${date}`,
    releaseOf: (month: string) => `peers of ${month}`,
    print: 'Print',
    confidential: 'Confidential',
    fewShort: '< 5 peers',
    kpi: {
      dso: 'DSO, weighted',
      late: 'Days late, weighted',
      above: 'Outstanding above the band',
      alerts: 'Clients in alert',
      histogram: 'Gap to the peers’ centre, clients',
      onCompared: (mine: string, peers: string) => `Compared clients: you ${mine}, peers ${peers}`,
      of: (part: string, whole: string) => `${part} of ${whole} outstanding`,
      aboveClients: (count: number) => `${count} ${plural(count, 'client', 'clients')}`,
      noAlerts: 'nothing to report',
      alarms: {
        shock: (count: number) => `${count} with a jump`,
        incident: (count: number) => `${count} with an incident`,
        drift: (count: number) => `${count} drifting`,
        own: (count: number) => `${count} in your own figures`,
      },
      noPeers: 'no comparison yet',
    },
    badges: { drift: 'Drift', shock: 'Jump', recovery: 'Recovery', incident: 'Incident', first: 'First comparison', sector: 'Sector shift', outside: 'Above the band', own: 'Your trend' },
    badgeText: {
      outside: 'Pays you later than the upper edge of its suppliers’ band',
      own: (days: string) => `Your own figures: ${days} later`,
    },
    emptyAction: 'Upload your first month',
    emptyAgent: 'For ledgers and automatic pushes, the command vigie push does the same from your machine.',
  },
  strip: {
    compared: (own: string, centre: string, low: string, high: string) =>
      `You ${own} days late; peers’ centre ${centre}, band ${low} to ${high}`,
    alone: (own: string) => `You ${own} days late; fewer than 5 peers yet`,
    landmark: (centre: string, sector: boolean) => `; ${sector ? 'its sector’s' : 'the network’s'} centre ${centre}`,
    unknown: 'Nothing known yet',
  },
  bands: ['< 5', '5–9', '10–19', '20+'],
}
