import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import ts from 'typescript'
import { Refused } from '../src/network/requests.ts'
import { typeset } from '../src/text/typesetting.ts'

const TEXTS = new URL('../src/text/', import.meta.url)
/** In a template the word before may stand in the piece before. */
const BREAKING = / [;:?!»]|« /

/** What is said in a file: its strings, and the pieces of its templates. */
function said(file: string): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) found.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(new URL(file, TEXTS), 'utf8'), ts.ScriptTarget.Latest))
  return found
}

test('no line of French begins with a sign that belongs to the word before it', () => {
  const files = readdirSync(TEXTS).filter((file) => file.endsWith('_fr.ts'))
  assert.ok(files.length > 15)
  for (const file of files) for (const text of said(file)) assert.doesNotMatch(text, BREAKING, `${file}: ${text}`)
})

test('a sentence that Python shares is set with no-break spaces, and English as it is', () => {
  assert.equal(typeset("Réglez : « l'écart » ; sûr ?"), 'Réglez\u202f: «\u202fl’écart\u202f»\u202f; sûr\u202f?')
  assert.equal(typeset('12 345 678 € le 27 novembre 2026, 50 % de 3 clients'), '12\u202f345\u202f678\u202f€ le 27 novembre 2026, 50\u202f% de 3 clients')
  assert.equal(typeset('Tighten: it slows down; really?'), 'Tighten: it slows down; really?')
})

test('what the server says is set as the page sets its own words', () => {
  assert.equal(new Refused(404, 'not-found', "Il n'y a rien ici pour vous : rien", []).message, 'Il n’y a rien ici pour vous\u202f: rien')
})
