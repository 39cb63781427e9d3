/** What the page says on saved views and the export of the portfolio, in English. */

export const words = {
  table: {
    alsoAlarmed: (count: number) => `, ${count} of them already counted`,
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
      columns: ['Client', 'Identifier', 'City', 'Outstanding (EUR)', 'Terms (days)', 'DSO (days)', 'DSO, peers’ centre', 'Days late', 'Days late, peers’ centre', 'Band from', 'Band to', 'Gap (days)', 'Suppliers', 'At stake (EUR)', 'Alerts'],
      notes: (release: string, date: string) => [
        `Own figures: balance of ${date}. Peers: release of ${release}.`,
        '[c]: not published, fewer than 5 suppliers yet. It is not zero.',
        'The centre is that of this client’s suppliers, you included; the band is centre ± the uncertainty of the release.',
      ],
    },
  },
}
