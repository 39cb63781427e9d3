import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromBase64, fromHex, toBase64, concat } from '../src/bytes.ts'
import type { CellProof, CellsAnswer, ReceiptFacts, ReceiptProof } from '../src/network/answers.ts'
import { readManifest, type Manifest, type Tree } from '../src/network/manifest.ts'
import { checkCells, checkReceipts, expectedIn, packedRows } from '../src/network/proofs.ts'
import { vectors } from './vectors.ts'

interface Vectors {
  chain: { manifest: string }[]
  proof: { month: string; size: number; root: string; columns: [string, string][]; cells: { row: string; salt: string; place: number }[]; proof: string }
  own: { receipts: ReceiptFacts[]; since: string; closed: string; window: [string, string]; month: string; tree: Tree; proof: ReceiptProof }
}
const said = vectors<Vectors>('manifest.json')
const some = readManifest(fromBase64(said.chain[0]!.manifest))!

const own: Manifest = { ...some, month: said.own.month, window: said.own.window, closed: said.own.closed, uploads: said.own.tree }
const expected = expectedIn(own, said.own.since, said.own.receipts)
const codes = (proof: ReceiptProof): string[] => checkReceipts(own, expected, proof).map((one) => one.code)

test('a manifest has to hold what is new and what is current', () => {
  const found = Object.fromEntries([...expected].map(([digest, one]) => [digest, one.current]))
  assert.deepEqual(found, Object.fromEntries(said.own.proof.receipts.map((leaf) => [leaf.digest, leaf.current])))
  assert.equal(expectedIn(own, null, said.own.receipts).size, 6)
})

test('receipts that are there have no finding, and what is wrong is named as in Python', () => {
  const { proof } = said.own
  const [first, ...others] = proof.receipts
  const changed = (leaf: Partial<typeof first>): ReceiptProof => ({ ...proof, receipts: [{ ...first!, ...leaf }, ...others] })
  assert.deepEqual(codes(proof), [])
  assert.deepEqual(codes({ ...proof, receipts: others }), ['receiptAbsent'])
  assert.deepEqual(codes(changed({ current: false })), ['receiptNotCurrent'])
  assert.deepEqual(codes(changed({ salt: toBase64(new Uint8Array(32)) })), ['receiptsUnproven'])
  assert.deepEqual(codes(changed({ place: 4096 })), ['receiptsUnproven'])
  assert.deepEqual(codes({ ...proof, proof: toBase64(fromBase64(proof.proof).subarray(32)) }), ['receiptsUnproven'])
  assert.deepEqual(codes({ ...proof, receipts: [...proof.receipts, { ...first!, digest: toBase64(new Uint8Array(32)) }] }), ['receiptUnknown'])
})

const { month, size, root, columns, cells: shown } = said.proof
const manifest: Manifest = { ...some, month, cells: { root, size, band: '0-9', columns } }

/** The answer and the proof as the network would send them, of the vectors' rows. */
function answer(): { cells: CellsAnswer; proof: CellProof } {
  const rows = shown.map((one) => fromHex(one.row))
  const widths: Record<string, number> = { V32: 32, u1: 1, '<i2': 2 }
  const answered: Record<string, unknown> = { month, count: rows.length, network: {}, network_salt: '', sectors: {}, regions: {}, wide_salt: '' }
  let at = 0
  for (const [name, kind] of columns) {
    const width = widths[kind]!
    answered[name === 'pseudonym' ? 'pseudonyms' : name] = toBase64(concat(...rows.map((row) => row.subarray(at, at + width))))
    at += width
  }
  const proof = {
    month,
    pseudonyms: answered['pseudonyms'] as string,
    salts: toBase64(concat(...shown.map((one) => fromHex(one.salt)))),
    places: toBase64(new Uint8Array(Uint32Array.from(shown, (one) => one.place).buffer)),
    proof: said.proof.proof,
  }
  return { cells: answered as unknown as CellsAnswer, proof }
}

test('cells are packed as the manifest lists their columns, and are found in it', () => {
  const { cells, proof } = answer()
  assert.deepEqual(packedRows(manifest, cells)!.map((row) => toBase64(row)), shown.map((one) => toBase64(fromHex(one.row))))
  assert.deepEqual(checkCells(manifest, cells, proof), [])
})

test('another value in any column is found', () => {
  for (const [name] of columns.slice(1)) {
    const { cells, proof } = answer()
    const column = cells as unknown as Record<string, string>
    const bytes = fromBase64(column[name]!)
    bytes[0]! ^= 1
    column[name] = toBase64(bytes)
    assert.deepEqual(checkCells(manifest, cells, proof).map((one) => one.code), ['cellsUnproven'], name)
  }
})

test('a cell that is said to stand where another does is not proven', () => {
  const { cells, proof } = answer()
  const column = cells as unknown as Record<string, string>
  const bytes = fromBase64(column['band']!)
  bytes[0]! ^= 1
  column['band'] = toBase64(bytes)
  const places = fromBase64(proof.places)
  places.copyWithin(0, 4, 8)
  assert.deepEqual(checkCells(manifest, cells, { ...proof, places: toBase64(places) }).map((one) => one.code), ['cellsUnproven'])
  const { proof: receipts } = said.own
  const [first, second, ...others] = receipts.receipts
  assert.deepEqual(codes({ ...receipts, receipts: [{ ...first!, place: second!.place }, second!, ...others] }), ['receiptsUnproven'])
})

test('a cell without a proof, a proof without a cell, unknown columns and cut proofs are told apart', () => {
  const { cells, proof } = answer()
  const fewer = { ...proof, pseudonyms: toBase64(fromBase64(proof.pseudonyms).subarray(32)), salts: toBase64(fromBase64(proof.salts).subarray(32)), places: toBase64(fromBase64(proof.places).subarray(4)) }
  assert.deepEqual(checkCells(manifest, cells, fewer).map((one) => [one.code, one.pseudonym]), [['cellUnproven', shown[0]!.row.slice(0, 64)]])
  const none = { ...cells, count: 0, ...Object.fromEntries(columns.map(([name]) => [name === 'pseudonym' ? 'pseudonyms' : name, ''])) }
  assert.deepEqual(checkCells(manifest, none, proof).map((one) => one.code), ['cellWithheld', 'cellWithheld', 'cellWithheld'])
  const later: Manifest = { ...manifest, cells: { ...manifest.cells, columns: [...columns, ['later', 'u1']] } }
  assert.deepEqual(checkCells(later, cells, proof).map((one) => [one.code, one.grave]), [['columnsUnknown', false]])
  assert.deepEqual(checkCells(manifest, cells, { ...proof, places: toBase64(new Uint8Array(3)) }).map((one) => one.code), ['cellsUnproven'])
})
