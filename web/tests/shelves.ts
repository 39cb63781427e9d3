/** The book of one firm as a server keeps it: the newest bytes of each segment, moved by compare-and-swap. */
import { fromBase64, fromUtf8, random, sha256, toBase64, toHex, type Bytes } from '../src/bytes.ts'
import type { Client, Head } from '../src/book/book.ts'
import { publicKey } from '../src/keys/signing.ts'

export interface Shelf {
  head: Bytes | null
  segments: Map<string, Bytes>
  /** Once, before the next answer of this kind: what another device does meanwhile, or what is lost on the way. */
  meanwhile: Partial<Record<'segment' | 'write', () => Promise<void>>>
  /** Once: the next write stands, its answer is lost. */
  loseAnswer: boolean
}

export const FIRM = crypto.randomUUID()
export const DEVICE = { id: crypto.randomUUID(), seed: random(32) }
export const client = (id: number, name: string, more: Partial<Client> = {}): Client => ({
  id, name, identifier: `fr.siren:${name}`, pseudonym: '', city: null, sector: 0, region: 0, terms_days: null, terms_kind: 0, confidential: false, accounts: [], ...more,
})

/** Every request of this process goes to it from now on. */
export function serve(): Shelf {
  const shelf: Shelf = { head: null, segments: new Map(), meanwhile: {}, loseAnswer: false }
  globalThis.fetch = async (path, init) => {
    const { method = 'GET', body } = init ?? {}
    if (path === '/api/book' && method === 'GET') return Response.json({ head: shelf.head && toBase64(shelf.head) })
    if (path === '/api/devices') return Response.json([{ device_id: DEVICE.id, public_key: toBase64(publicKey(DEVICE.seed)), delegation: '', revoked: false }])
    if (method === 'GET') {
      await once(shelf, 'segment')
      const sealed = shelf.segments.get(decodeURIComponent(String(path).slice('/api/book/segments/'.length)))
      return sealed ? new Response(sealed) : Response.json({ type: 'urn:vigie:not-found' }, { status: 404 })
    }
    await once(shelf, 'write')
    const given = JSON.parse(String(body)) as { head: string; segments: Record<string, string> }
    const head = JSON.parse(fromUtf8(fromBase64(given.head))) as Head
    const before = shelf.head ? toHex(await sha256(shelf.head)) : '0'.repeat(64)
    if (head.previous !== before) return Response.json({ type: 'urn:vigie:book-moved', detail: 'moved' }, { status: 409 })
    shelf.head = fromBase64(given.head)
    for (const [name, sealed] of Object.entries(given.segments)) shelf.segments.set(name, fromBase64(sealed))
    if (!shelf.loseAnswer) return Response.json({ sequence: head.sequence })
    shelf.loseAnswer = false
    throw new TypeError('the line broke')
  }
  return shelf
}

async function once(shelf: Shelf, what: 'segment' | 'write'): Promise<void> {
  const act = shelf.meanwhile[what]
  delete shelf.meanwhile[what]
  await act?.()
}
