/** k = k12 + k13 + k23, each part with two of three key holders: any two have them all. Twin: privacy/parts.py. */

export const HOLDERS_OF: Readonly<Record<string, readonly number[]>> = { k: [1], k12: [1, 2], k13: [1, 3], k23: [2, 3] }
export const PARTS_OF: Readonly<Record<string, readonly string[]>> = { single: ['k'], three: ['k12', 'k13', 'k23'] }
export const THRESHOLD: Readonly<Record<string, number>> = { single: 1, three: 2 }

/** For each holder asked, in the order of preference, the parts asked of it; null where nobody who is up has one. */
export function whoAnswers(up: readonly number[], wanted: ReadonlySet<string>): Map<number, string[]> | null {
  const left = new Set(wanted)
  const asked = new Map<number, string[]>()
  for (const holder of up) {
    const own = [...left].filter((part) => HOLDERS_OF[part]?.includes(holder)).sort()
    if (own.length) asked.set(holder, own)
    for (const part of own) left.delete(part)
  }
  return left.size ? null : asked
}
