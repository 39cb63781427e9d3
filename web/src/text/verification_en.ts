/** The screen Verification in English. */

/** What a finding is about, already in the reader's words: months, client, witness. */
export interface Told {
  month: string
  sent: string
  client: string
  name: string
  found: number
  expected: number
  reason: string
}

const plural = (shown: string, one: string, many: string): string => (shown === '1' ? one : many)

export const words = {
  verification: {
    title: 'Verification',
    lead: 'Checks the operator on this device, by what the network has signed: what you sent is counted, what you see is what was published, and there is one history for everybody.',
    again: 'Check again',
    running: (month: string) => `Looking at ${month}…`,
    starting: 'Reading the manifests…',
    none: 'Nothing has been published yet: there is nothing to verify.',
    verdicts: { verified: 'Verified', incomplete: 'Incomplete', untrusted: 'Not trustworthy' },
    verdictTexts: {
      verified: 'Everything that could be checked holds.',
      incomplete: 'Nothing is wrong; the points below could not be checked.',
      untrusted: 'The network shows what an honest operator does not. Keep this page, save what you see and ask the operator by another way.',
    },
    labels: { chain: 'History', home: 'This device', witnesses: 'Witnesses', receipts: 'Your uploads', cells: 'Figures shown' },
    chain: (count: string, first: string, last: string) => `${count} ${plural(count, `manifest, of ${first}, signed.`, `manifests from ${first} to ${last}, signed, without a gap.`)}`,
    home: (count: string) => `${count} ${plural(count, 'was verified here before; what is shown goes on from it.', 'were verified here before; what is shown goes on from them.')}`,
    homeNone: 'Nothing was verified here before: from now on this device notices another history.',
    witnesses: (count: string) => `${count} independent key ${plural(count, 'holder counter-signs', 'holders counter-sign')} each manifest.`,
    embedded: 'The only witness is the operator’s own key holder. That shows accidents, not a dishonest operator: compare fingerprints with a peer.',
    receipts: (count: string, waiting: string) => `${count} ${plural(count, 'receipt', 'receipts')} found in the manifests; ${waiting} received since the newest one.`,
    cells: (count: string, months: string) => `${count} ${plural(count, 'figure', 'figures')} of ${months} ${plural(months, 'month', 'months')} found in the manifests.`,
    findings: 'What was found',
    fingerprint: 'Fingerprint',
    fingerprintText: (month: string) => `Of the manifest of ${month}. Read it to a peer: whoever sees the same history reads the same.`,
    save: 'Save what you see, for a peer',
    saveKept: 'Save what this device had verified, as proof',
    compare: 'Compare with another’s',
    compareHint: 'A fingerprint (64 characters), or a file that a peer, a witness or another device has saved.',
    compareFile: 'Choose a file',
    compareDo: 'Compare',
    same: (count: string) => `${count} ${plural(count, 'manifest is', 'manifests are')} the same there.`,
    limits: 'What this cannot show: whether your figures were counted rightly within a cell, and whether a client shown as “fewer than 5” to you is shown to others.',
    logTitle: 'Transparency log',
    logText: 'The signed manifests, for everybody to read and compare:',
    codes: {
      forged: (t: Told) => `${t.month}: the manifest is not what the network’s key signed, or does not follow the one before.`,
      rewritten: (t: Told) => `${t.month}: another signed manifest than the one that this device has verified. The history was rewritten.`,
      witnessUnknown: (_: Told) => 'No witness is known: a history shown to you alone would not be noticed here.',
      witnessForged: (t: Told) => `${t.month}: what is shown as the signature of the witness ${t.name} is not one over this manifest.`,
      witnessMissing: (t: Told) => `${t.month}: ${t.found} of ${t.expected} witnesses have signed so far. Check again in a few days.`,
      witnessNever: (t: Told) => `${t.month}: ${t.found} of ${t.expected} witnesses have signed, more than a week after publication. They may have been shown another history.`,
      receiptAbsent: (t: Told) => `${t.month}: your upload for ${t.sent} is not in the manifest, though you have the network’s receipt: it was dropped.`,
      receiptNotCurrent: (t: Told) => `${t.month}: of your uploads for ${t.sent}, the manifest counts another one as current than your receipts say.`,
      receiptUnknown: (t: Told) => `${t.month}: the manifest holds an upload of your firm that this device knows nothing of.`,
      receiptsUnproven: (t: Told) => `${t.month}: the proof for your uploads does not lead to what was signed.`,
      receiptForged: (t: Told) => `The receipt shown for ${t.sent} is not signed by the network’s key.`,
      receiptChanged: (t: Told) => `The network shows another signed receipt for ${t.sent} than the one that it gave.`,
      receiptDenied: (t: Told) => `The network no longer shows the receipt for ${t.sent} that it had given.`,
      receiptOfBook: (t: Told) => `The book says that ${t.sent} was sent, and there is no receipt of it.`,
      cellUnproven: (t: Told) => `${t.month}: the figures shown for ${t.client} are not in the signed manifest: changed after publication.`,
      cellWithheld: (t: Told) => `${t.month}: the manifest holds figures of ${t.client} that were not shown to you.`,
      cellsUnproven: (t: Told) => `${t.month}: the proof for the figures shown does not lead to what was signed.`,
      cellsForged: (t: Told) => `${t.month}: the network’s or a sector’s figures are not the ones that were signed.`,
      columnsUnknown: (t: Told) => `${t.month}: figures of a form that this page does not know were not checked.`,
      forkedViews: (t: Told) => `${t.month}: two histories, both signed by the network. Keep both files: together they prove it to anybody.`,
      fingerprintUnknown: (_: Told) => 'This fingerprint is that of no manifest shown here. If your peer read it at this network, the two of you are shown different histories: exchange files.',
      viewUnsigned: (t: Told) => `The file’s manifest of ${t.month} is not signed by this network’s key: it proves nothing.`,
      viewAhead: (t: Told) => `The file has a signed manifest of ${t.month} that the network does not show here.`,
      viewEmpty: (_: Told) => 'This is neither a fingerprint nor a file of manifests: nothing was compared.',
      noReceipts: (_: Told) => 'Your role shows no receipts: uploads were not checked here.',
      withdrawn: (t: Told) => `The release of ${t.month} was withdrawn: ${t.reason}`,
    },
  },
}
