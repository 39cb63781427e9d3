/** What the page says in the tour of five steps, in English. */

const plural = (count: number, one: string, many: string): string => (count === 1 ? one : many)

export const words = {
  tour: {
    title: 'Five steps on your own data',
    step: (at: string, of: string) => `Step ${at} of ${of}`,
    next: 'Next',
    back: 'Back',
    done: 'To this morning',
    keys: 'The arrow keys turn the pages.',
    book: {
      title: 'Your clients, readable here alone',
      text: (clients: number, text: string) => `Your book holds ${text} ${plural(clients, 'client', 'clients')}. Their names are decrypted in this browser with your firm’s key; the network keeps sealed bytes and cannot open them.`,
      locked: 'Your role does not open names: codes stand in their place.',
      empty: 'Your book is empty so far: after the first import this tour shows your own clients.',
      name: 'You read',
      code: 'The network sees',
    },
    compare: {
      title: 'One client, beside its other suppliers',
      text: 'Your point is what this client does to you. The grey mark is the centre of its suppliers, you included; the band around it is the uncertainty of the release: the noise that protects the firms, wider with fewer of them.',
      none: 'None of your clients has 5 suppliers on this network yet. Until then you see your own line beside its sector’s centre.',
    },
    suppressed: {
      title: 'Fewer than 5 suppliers: nothing is shown',
      text: 'A hatch is not a zero: from 0 to 4 suppliers all look the same, so that nobody can be told apart. Such a row keeps your own figures, your trend and its sector’s centre.',
      none: 'All of your clients are compared: nothing is hatched.',
    },
    leaves: {
      title: 'What left this device, and what never does',
      text: (month: string, rows: string) => `For ${month}, ${rows} rows left: a code and figures in cents. No name, no number, no invoice. Before each import you see exactly what would leave.`,
      none: 'Nothing was sent yet. Before each import you see exactly what would leave.',
      code: 'Code',
      outstanding: 'Outstanding, cents',
      paid: 'Paid, cents',
      shown: 'The first rows, as they were sent',
    },
    act: {
      title: 'What to do with it',
      text: 'Each morning the page opens on the clients with the most money at stake, each with a reason and a next step. A question mark beside a figure tells its formula and source; Verification checks on this device that the network counted what you sent and shows everybody the same.',
      morning: 'This morning',
      verify: 'Verification',
    },
  },
}
