/** Which client a pseudonym is: open addressing over 32-byte keys, so that half a million rows make no text of theirs. */

const BYTES = 32
const NONE = -1

export class PseudonymIndex {
  readonly #keys: Uint8Array
  readonly #slots: Int32Array
  readonly #mask: number

  /** By row; null: the client has no pseudonym. */
  constructor(pseudonyms: readonly (Uint8Array | null)[]) {
    let size = 16
    while (size < 2 * pseudonyms.length) size *= 2
    this.#mask = size - 1
    this.#slots = new Int32Array(size).fill(NONE)
    this.#keys = new Uint8Array(pseudonyms.length * BYTES)
    pseudonyms.forEach((pseudonym, row) => {
      if (pseudonym?.length !== BYTES) return
      this.#keys.set(pseudonym, row * BYTES)
      let slot = this.#slotOf(pseudonym, 0)
      while (this.#slots[slot] !== NONE) slot = (slot + 1) & this.#mask
      this.#slots[slot] = row
    })
  }

  /** The row whose pseudonym stands at `at`; -1: nobody's. */
  rowAt(bytes: Uint8Array, at: number): number {
    for (let slot = this.#slotOf(bytes, at); ; slot = (slot + 1) & this.#mask) {
      const row = this.#slots[slot]!
      if (row === NONE || this.#same(row * BYTES, bytes, at)) return row
    }
  }

  #same(key: number, bytes: Uint8Array, at: number): boolean {
    for (let place = 0; place < BYTES; place++) if (this.#keys[key + place] !== bytes[at + place]) return false
    return true
  }

  #slotOf(bytes: Uint8Array, at: number): number {
    return ((bytes[at]! << 24) ^ (bytes[at + 1]! << 16) ^ (bytes[at + 2]! << 8) ^ bytes[at + 3]!) & this.#mask
  }
}
