/** What an archive holds, within limits: its sizes are measured against what it declares, its overlaps refused. */

import { unzipSync } from 'fflate'
import { Refusal } from './problems.ts'

export const UNPACKED_BYTES_MAX = 300_000_000
const ENTRIES_MAX = 50_000

export const isArchive = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)

/** Entries whose name `wanted` accepts, unpacked; every name. Throws Refusal. */
export function unpack(bytes: Uint8Array, wanted: (name: string) => boolean): { files: Record<string, Uint8Array>; names: string[] } {
  const names: string[] = []
  let [unpacked, packed] = [0, 0]
  const tooLarge = new Refusal({ code: 'archive-too-large', expected: `${UNPACKED_BYTES_MAX / 1e6} MB` })
  const locked = (bytes[6]! & 1) === 1
  try {
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize, size }) => {
        // Only where there is a list of what it holds: a broken file has any bits.
        if (locked) throw new Refusal({ code: 'file-locked' })
        names.push(name)
        packed += size
        // Entries that share their bytes declare more than the file holds: that is how an archive explodes.
        if (names.length > ENTRIES_MAX || packed > bytes.length) throw tooLarge
        if (!wanted(name)) return false
        unpacked += originalSize
        if (unpacked > UNPACKED_BYTES_MAX || originalSize > 1_032 * Math.max(size, 1)) throw tooLarge
        return true
      },
    })
    return { files, names }
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal({ code: 'file-damaged', found: 'ZIP', expected: 'XLSX, ZIP' })
  }
}

/** Names alone. */
export const namesIn = (bytes: Uint8Array): string[] => unpack(bytes, () => false).names
