/** What the page says on saved views and the export of the portfolio, in English. */

const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many)

export const words = {
  table: {
    alsoAlarmed: (count: number) => `, ${count} of them already counted`,
    lead: (clients: number, text: { clients: string; compared: string }) =>
      `${text.clients} ${plural(clients, 'client', 'clients')}, ${text.compared} compared with their other suppliers`,
    upload: 'Import a month',
    printRows: (shown: string, all: string) => `The first ${shown} of ${all} rows; the CSV export has all of them.`,
    csv: 'Export',
    csvTitle: 'What is shown, as a CSV file',
    allSectors: 'All sectors',
    sectorLabel: 'Sector',
    search: 'Client, city or code',
    searchLabel: 'Search clients',
    clear: 'clear',
    nothingFound: (search: string) => `No client matches “${search}”.`,
    nothingInFilter: 'No client is in this state.',
    searched: 'Names, cities, identifiers, account numbers and codes were searched, on this device.',
    showAll: 'show all clients',
    filters: { all: 'All', later: 'Later', outside: 'Above the band', alert: 'In alert', worth: 'Worth a step', alone: 'Not compared' },
    /** The same in full: on paper, and when one points at it. */
    filtersInFull: {
      all: 'All',
      later: 'Later than peers',
      outside: 'Above the band',
      alert: 'In alert',
      worth: 'Worth a step: something is overdue, or the comparison asks for one',
      alone: 'Not compared: fewer than 5 peers, or no recent figure of yours',
    },
    filterLabel: 'Which clients',
    shown: (count: number) => plural(count, 'client', 'clients'),
    columns: {
      client: 'Client',
      outstanding: 'Outstanding',
      dso: 'DSO / peers',
      late: 'Late / peers',
      stake: 'At stake',
      terms: 'Terms',
      gap: 'Gap',
      strip: 'Days late',
      months: '24 months',
      peers: 'Peers',
      alerts: 'Alerts',
    },
    /** EOM: end of month. By kind: 0 net, 1 end of month then days, 2 days then end of month. */
    terms: {
      short: (days: string, endOfMonth: boolean) => (endOfMonth ? `${days} EOM` : days),
      inFull: [
        (days: string): string => `${days} net, from the invoice’s date`,
        (days: string): string => `EOM: end of month. The end of the invoice’s month, then ${days}`,
        (days: string): string => `EOM: end of month. ${days} from the invoice’s date, then the end of that month`,
      ],
      kinds: ['net', 'end of month then days', 'days then end of month'],
    },
    stake: (amount: string) => `${amount} at stake`,
    sortBy: (column: string) => `Sort by ${column}`,
    few: 'fewer than 5 peers yet',
    rowHint: 'Arrow keys move, Enter opens a client, Escape comes back.',
    emptyTitle: 'Your portfolio is empty',
    emptySteps: [
      'Bring a CSV file of your invoices or of your client balances: it is read on this device.',
      'Check the preview of exactly what would leave: codes and figures, never a name.',
      'Send. From the next release on, each client stands beside the centre of its suppliers.',
    ],
    views: {
      title: 'Views',
      none: 'None saved yet. A view is a search, a filter, a sector and an order; it stays on this device.',
      name: 'Name of this view',
      save: 'Save',
      remove: (name: string) => `Remove “${name}”`,
      removed: (name: string) => `“${name}” is removed.`,
      undo: 'Undo',
    },
    gaps: {
      hint: 'A click on a bar shows its clients alone; arrow keys go from bar to bar, Escape shows all.',
      between: (from: string | null, to: string | null): string => (from === null ? `Gap of ${to} days or less` : to === null ? `Gap of ${from} days or more` : `Gap of ${from} to ${to} days`),
      bar: (range: string, count: string) => `${range}: ${count}`,
      drop: (what: string) => `Remove the filter “${what}”`,
    },
    exported: {
      columns: ['Client', 'Identifier', 'City', 'Outstanding (EUR)', 'Terms (days)', 'Kind of terms', 'DSO (days)', 'DSO, peers’ centre', 'Days late', 'Days late, peers’ centre', 'Band from', 'Band to', 'Gap (days)', 'Suppliers', 'At stake (EUR)', 'Alerts'],
      notes: (release: string, date: string) => [
        `Own figures: balance of ${date}. Peers: release of ${release}.`,
        '[c]: not published, fewer than 5 suppliers yet. It is not zero.',
        'The centre is that of this client’s suppliers, you included; the band is centre ± the uncertainty of the release.',
      ],
    },
  },
}
