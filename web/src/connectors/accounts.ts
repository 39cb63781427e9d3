/** One client account as the file writes it, whether or not anybody knows whose it is. Twin of member/imported.py's. */

export interface Account {
  account: string
  name: string
  /** Canonical; null where neither the file nor the book gives one: then it contributes nothing. */
  identifier: string | null
  vat: string
  registration: string
  postcode: string
  city: string
  sector: number
  region: number
  outstandingCents: number | null
  confidential: boolean
  factored: boolean
  termsDays: number | null
  termsKind: number
}

export const blankAccount = (account: string, name: string): Account => ({
  account,
  name,
  identifier: null,
  vat: '',
  registration: '',
  postcode: '',
  city: '',
  sector: 0,
  region: 0,
  outstandingCents: null,
  confidential: false,
  factored: false,
  termsDays: null,
  termsKind: 0,
})

/** An account as it is compared: no spaces, no leading zeros where all are digits. */
export function accountKey(text: string): string {
  const bare = text.replace(/\s+/g, '')
  return /^\d+$/.test(bare) ? bare.replace(/^0+/, '') || '0' : bare
}
