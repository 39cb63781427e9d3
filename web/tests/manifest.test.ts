import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBase64, fromHex, toBase64, toHex, utf8 } from '../src/bytes.ts'
import { canonical, cellEntry, fingerprint, partEntry, readManifest, receiptEntry, salted } from '../src/network/manifest.ts'
import { leafHash, rootFrom } from '../src/network/merkle.ts'
import { agrees, HistoryRewritten, ReleaseForged, verifyChain, withdrawnMonths } from '../src/network/releases.ts'
import { verify } from '../src/keys/signing.ts'
import { vectors } from './vectors.ts'

interface Link {
  month: string
  manifest: string
  signature: string
  fingerprint: string
  countersignature: string
}
interface Vectors {
  canonical: { value: unknown; text: string }[]
  salt: string
  network: { days_late: number | null; dso: number | null; band: number | null }
  hashes: Record<string, string>
  proof: { month: string; size: number; root: string; cells: { row: string; salt: string; place: number; leaf: string }[]; proof: string }
  release_key: string
  witness_key: string
  chain: Link[]
  early: Link
}
const said = vectors<Vectors>('manifest.json')
const rfc = vectors<{ leaves: string[]; roots: string[]; paths: { place: number; size: number; path: string[] }[] }>('rfc6962_merkle.json')

test('audit paths are those that implementations of RFC 6962 share', () => {
  for (const { place, size, path } of rfc.paths) {
    const leaves = new Map([[place, leafHash(fromHex(rfc.leaves[place]!))]])
    assert.equal(toHex(rootFrom(size, leaves, fromHex(path.join('')))!), rfc.roots[size - 1])
  }
})

test('one value has one text, as in Python', () => {
  for (const { value, text } of said.canonical) assert.deepEqual(canonical(value), utf8(text))
})

test('leaves and parts have the hashes that Python gives them', () => {
  const salt = fromHex(said.salt)
  const signed = utf8('what was signed')
  assert.equal(toHex(salted(salt, receiptEntry('2026-01', signed, true))), said.hashes['receipt, current'])
  assert.equal(toHex(salted(salt, receiptEntry('2026-01', signed, false))), said.hashes['receipt, replaced'])
  assert.equal(toHex(salted(salt, partEntry('network', '2026-01', canonical(said.network)))), said.hashes['part network'])
})

test('a proof for several cells gives the root, and for another cell, place or proof it does not', () => {
  const { month, size, root, cells, proof } = said.proof
  const bytes = fromBase64(proof)
  const leaves = new Map(cells.map((one) => [one.place, salted(fromHex(one.salt), cellEntry(month, fromHex(one.row)))]))
  for (const one of cells) assert.equal(toHex(leaves.get(one.place)!), one.leaf)
  assert.equal(toHex(rootFrom(size, leaves, bytes)!), root)
  const [first] = cells
  const tampered = new Map(leaves).set(first!.place, salted(fromHex(first!.salt), cellEntry(month, fromHex(first!.row.replace(/..$/, '7f')))))
  assert.notEqual(toHex(rootFrom(size, tampered, bytes)!), root)
  assert.equal(rootFrom(size, leaves, bytes.subarray(32)), null)
  assert.equal(rootFrom(size, leaves, new Uint8Array([...bytes, ...new Uint8Array(32)])), null)
  assert.equal(rootFrom(size, new Map([[size, leaves.get(first!.place)!]]), bytes), null)
  assert.equal(rootFrom(size, new Map(), bytes), null)
})

const release = ({ month, manifest, signature }: Link) => ({ month, header: manifest, signature, published_on: '2026-01-12', cells_band: '0-9' })
const kept = (links: Link[]) => links.map(({ manifest, signature }) => ({ manifest, signature }))

test('a chain is followed, fingerprints and witnesses are those of Python', async () => {
  const found = await verifyChain(said.chain.map(release), said.release_key, kept(said.chain.slice(0, 2)))
  assert.deepEqual([...found.keys()], said.chain.map((one) => one.month))
  assert.equal(found.get('2026-01')!.withdrawn[0]!.reason, 'deux déclarations échangées')
  assert.deepEqual([...withdrawnMonths(found)], ['2025-11'])
  for (const one of said.chain) {
    assert.equal(await fingerprint(fromBase64(one.manifest)), one.fingerprint)
    assert.ok(verify(fromBase64(said.witness_key), 'witness', fromBase64(one.manifest), fromBase64(one.countersignature)))
    assert.ok(!verify(fromBase64(said.witness_key), 'witness', fromBase64(one.manifest), fromBase64(one.signature)))
  }
})

test('a broken chain and a rewritten one are told apart', async () => {
  const [first, second, third] = said.chain.map(release)
  const forged = (...shown: ReturnType<typeof release>[]) => assert.rejects(verifyChain(shown, said.release_key, []), ReleaseForged)
  await forged(second!, third!)
  await forged(first!, third!)
  await forged({ ...first!, signature: second!.signature })
  await forged({ ...first!, month: '2025-10' })
  await forged(release(said.early))
  await assert.rejects(verifyChain([first!], said.release_key, kept(said.chain)), HistoryRewritten)
  const other = kept(said.chain.slice(0, 1)).map((one) => ({ ...one, manifest: said.chain[1]!.manifest }))
  await assert.rejects(verifyChain([first!, second!], said.release_key, other), HistoryRewritten)
})

test('the network’s own cell is the one behind the salted hash', () => {
  const manifest = readManifest(fromBase64(said.chain[0]!.manifest))!
  const cells = { month: manifest.month, network: said.network, network_salt: '', sectors: {}, regions: {}, wide_salt: '', count: 0, pseudonyms: '', band: '', days_late: '', spread: '', dso: '', incident: '', terms_30: '', terms_45: '', terms_60: '', terms_more: '', sector: '' }
  const salt = fromHex(said.salt)
  const hash = (name: string, shown: unknown): string => toHex(salted(salt, partEntry(name, manifest.month, canonical(shown))))
  const sealed = toBase64(salt)
  const with_ = { ...cells, network_salt: sealed, wide_salt: sealed }
  const signed = { ...manifest, parts: { network: hash('network', said.network), wide: hash('wide', { regions: {}, sectors: {} }) } }
  assert.ok(agrees(with_, signed))
  assert.ok(!agrees({ ...with_, network: { ...said.network, dso: 61 } }, signed))
  assert.ok(!agrees({ ...with_, sectors: { '3': { days_late: 1, dso: null, band: 1 } } }, signed))
  assert.ok(!agrees(with_, manifest))
  assert.ok(!agrees(with_, undefined))
})

test('what is no manifest is none', () => {
  for (const text of ['', '[]', '{}', '{"version":1}']) assert.equal(readManifest(utf8(text)), null)
})
