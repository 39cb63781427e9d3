/** What the page says on the alerts, in English. */

const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many)

export const words = {
  alerts: {
    title: 'Alerts',
    lead: 'From published figures alone, at each release: what changed across a client’s suppliers.',
    none: 'No alert on your clients',
    noneText: 'Alerts appear when the suppliers of one of your clients are paid persistently or suddenly later. A young network needs about ten months of history first.',
    arrived: (count: number) => `${count} new ${plural(count, 'alert', 'alerts')} just arrived`,
    refresh: 'Show it',
    columns: { month: 'Month', client: 'Client', what: 'What was seen', level: 'Level', size: 'Size', sure: 'How sure', own: 'Outstanding' },
    ownTitle: 'In your own figures',
    ownLead: 'Clients without comparison whose delay to you grew by 10 days or more in six months.',
  },
}
