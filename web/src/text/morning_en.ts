/** What the page says on the screen that it opens on, in English. */

const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many)

export const words = {
  morning: {
    title: 'This morning',
    lead: (tasks: number, text: { tasks: string; held: string; stake: string }) =>
      `${text.tasks} ${plural(tasks, 'client holds', 'clients hold')} ${text.held} of the ${text.stake} at stake.`,
    calm: 'Nothing is overdue and nothing asks for a step this morning.',
    list: 'What to do first',
    atStake: 'at stake',
    overdue: (amount: string) => `${amount} overdue`,
    notDue: (amount: string) => `${amount} not yet due`,
    remind: (amount: string) => `Chase payment: ${amount} is overdue.`,
    rest: (count: string) => `All ${count} clients worth a step`,
    stakeHow:
      'Clients are ranked by own money at stake: what is overdue, and of what is not yet due a share that grows with lateness (all of it at 90 days; at least half where the client slows down with everybody). The later of your figure and the published centre counts. An order of work, not a provision.',
    stakeFormula: 'overdue + not yet due × min(days late, 90) ÷ 90; days late ≥ 45 where it slows down with all',
    stakeSource: 'Source: your last balance and the latest release; computed on this device.',
    since: (when: string) => `Since ${when}`,
    sinceTitle: 'Since your last visit',
    first: 'This is the first visit on this device. From the next one on, this is where you see what changed.',
    tourOffer: 'New here? Five steps explain, on your own data, what is compared and what stays private.',
    tour: 'Take the tour',
    same: 'Nothing has changed: same release, same balance, same alerts.',
    release: (month: string) => `The release of ${month} is new.`,
    sent: (month: string) => `Your firm’s balance of ${month} is new.`,
    alerts: 'New alerts',
    above: 'Now above the band',
    back: 'Back within the band',
    compared: (count: string) => `Compared for the first time: ${count}`,
    lost: (count: number, text: string) => `${text} ${plural(count, 'client is', 'clients are')} no longer compared`,
    more: (count: string) => `and ${count} more`,
    markRead: 'Mark as read',
    figures: 'The portfolio',
    all: 'Open the portfolio',
    stake: 'At stake',
    emptyTitle: 'Nothing to do yet',
    emptyText: 'Once a month of your ledger is here, this page says each morning which clients to call first, and why.',
  },
}
