/** What the page says on how each figure is computed, in English. */

export const words = {
  how: {
    daysLate:
      'Over three months: the days beyond terms of what was paid, plus the days late of what is still open, weighted by amount. A client who stops paying gets worse, not invisible. Your figure comes from what you sent and is computed on this device.',
    centre:
      'The centre is a mean over this client’s suppliers, you included, of values of which none weighs more than 35 days away from the network’s centre (or 20 from this client’s own last one, if that lies further out), plus a fixed noise that shrinks with the number of suppliers. It is published once a month, the same for everyone, from at least 5 suppliers. It is not a median and no figure is any firm’s.',
    band: 'The band is the centre plus and minus the release’s own uncertainty: two standard deviations of the noise that protects the firms, wider with fewer suppliers. It is not a quartile, and how far the suppliers lie apart is not published.',
    gap: 'Your days late minus the centre of the peers, for the month of the latest release.',
    dso: 'Countback: the latest month’s sales are taken off the receivable and its days counted, then the month before, until the receivable is used up; the last month counts pro rata. Without a receivable, no figure.',
    outstanding: 'What the client owes you at the end of the last month that you sent, tax included. It stays on your side and in your upload; it is never published.',
    stake: 'What is overdue, and of what is not yet due a share that grows with lateness (all of it at 90 days; at least half where the client slows down with everybody). The later of your figure and the centre counts. An order of work, not a provision; computed on this device.',
    terms: 'What you agreed with the client. EOM stands for end of month: the term runs to the end of the month before or after its days. Ordered by the days it leaves on average.',
    peers: 'How many suppliers stand behind the centre, in bands of a blurred count: 5–9, 10–19, 20+. Below 5 nothing is shown, and 0 looks like 4.',
    weighted: 'Mean over your clients, weighted by what each owes you. The peers’ figure takes the same clients and the same weights, compared clients only.',
    alerts: 'An alert is computed from published figures alone, at each release, for clients whose suppliers are being paid persistently or suddenly later. From your own figures, on this device: a client is above the band two months in a row, or, where nothing is published of it, slows down. A first comparison, a recovery, a client back in the band are for information: nowhere are they counted as to do.',
    formulas: {
      daysLate: '(Σ paid × days late + open × days late) ÷ (Σ paid + open and late)',
      centre: 'mean of the suppliers’ values, each kept within ±20 days of the last centre, + noise',
      band: 'centre ± 2 standard deviations of the release’s noise',
      gap: 'your days late − centre',
      dso: 'days of sales, newest first, that make up the receivable',
      stake: 'overdue + not yet due × min(days late, 90) ÷ 90; days late ≥ 45 where it slows down with all',
      weighted: 'Σ figure × outstanding ÷ Σ outstanding',
      overdue: '1 − not due ÷ outstanding',
    },
    sources: {
      own: 'Source: what your firm sent; computed on this device.',
      release: 'Source: the month’s signed release, checked on this device; the rules are in docs/policy.md.',
      both: 'Source: your uploads and the month’s signed release; computed on this device.',
    },
    columns: 'How the columns are computed',
  },
}
