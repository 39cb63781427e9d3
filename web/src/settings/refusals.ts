/** What this side refuses of keys and secrets, before or after the network. */

/** This device does not have the account key: it was forgotten here. */
export class NoAccountKey extends Error {}

/** The chain of keys is none, or another than this device has seen; `wrap`: what is sealed is not the root's word for this person. */
export class KeyringRefused extends Error {
  readonly code: 'signature' | 'order' | 'rewritten' | 'wrap'

  constructor(code: KeyringRefused['code']) {
    super(code)
    this.code = code
  }
}
