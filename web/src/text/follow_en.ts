/** What the page says on a client's follow-up and notes, in English. */

export const words = {
  follow: {
    title: 'Follow-up',
    hint: 'Sealed for your firm: the network cannot read it. Nothing about confidential proceedings.',
    how: 'Kept in the client book under your firm’s key; your colleagues see it at their next reading. Two people’s changes are merged: notes of both, and of the step the later one.',
    owner: 'Whose client',
    nobody: 'nobody',
    next: 'Next step',
    due: 'By',
    promised: 'Promised amount (€)',
    promisedFor: 'Promised for',
    save: 'Save',
    saved: 'Saved for the firm.',
    notes: 'Notes',
    noNotes: 'No note yet.',
    note: 'A note for your colleagues',
    add: 'Add',
    locked: 'Your role does not open the firm’s notes.',
    cannotSign: 'Your role has no key that may sign for the firm: you read here, an administrator writes.',
    failed: (text: string) => `This was not saved: ${text}`,
    last: (by: string, at: string) => `${by}, ${at}`,
    dueTitle: 'Due',
    promise: (amount: string, day: string) => `${amount} promised for ${day}`,
    step: (next: string, day: string) => `${next} (by ${day})`,
  },
}
