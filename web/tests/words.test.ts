import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const folder = (path: string): URL => new URL(path, import.meta.url)
const said = ['../src/text/', '../src/portfolio/', '../../member/', '../../benchmark/'].flatMap((path) =>
  readdirSync(folder(path))
    .filter((name) => /\.(ts|py)$/.test(name))
    .map((name) => [name, readFileSync(new URL(name, folder(path)), 'utf8')] as const),
)
const where = (word: RegExp): string[] => said.filter(([, text]) => word.test(text)).map(([name]) => name)

test('whoever holds a part of the key has one name, in the page and in the agent', () => {
  assert.deepEqual(where(/\bteneurs?\b/iu), [])
  assert.ok(where(/détenteurs? de clé/iu).length > 8)
})

test('the band has one name, and what is above it another one', () => {
  assert.deepEqual(where(/fourchette|hors (de la )?bande|outside (the|their) band|above band/iu), [])
  assert.ok(where(/au-dessus de la bande/iu).includes('alertWords.ts'))
})

test('nobody calls, reminds or asks an "it"', () => {
  assert.deepEqual(where(/['"`](Call|call|Remind|remind|Ask|ask|Chase|chase) it\b/u), [])
})
