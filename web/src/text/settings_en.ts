/** What the page says on the settings, in English. */

export const words = {
  termsSharing: {
    title: 'Terms of payment',
    text: 'Firms that share theirs are published together, ten and more of one client: shares in bands, a year old, nobody’s own. Seeing them does not depend on sharing.',
    on: 'This firm shares its terms.',
    off: 'This firm does not share its terms.',
    start: 'Share our terms',
    stop: 'Share them no longer',
  },
  settings: {
    title: 'Settings',
    appearance: 'Appearance',
    account: 'Account',
    role: 'Role',
    budget: 'New codes used',
    device: 'This device',
    forget: 'Forget the account key on this device',
    forgotten: 'Forgotten. You will be asked for it next time.',
    page: 'About this page',
    pageText: 'Served by the network’s operator under a policy that forbids any other origin. It still requires trusting that script: it could read names before they are blinded. Your own installation does not.',
    network: 'Network',
  },
}
