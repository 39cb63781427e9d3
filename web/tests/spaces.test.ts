import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse, type AST } from 'svelte/compiler'

const SOURCES = new URL('../src/', import.meta.url)
const BLOCKS = new Set(['IfBlock', 'EachBlock', 'KeyBlock', 'AwaitBlock'])

/** Svelte drops a space at either end of a block: what is written "a{#if b} · c{/if}" is shown as "a· c". */
function dropped(source: string): string[] {
  const found: string[] = []
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit)
    if (typeof node !== 'object' || node === null) return
    const one = node as Record<string, unknown>
    if (BLOCKS.has(String(one['type']))) {
      for (const part of ['consequent', 'alternate', 'body', 'fragment', 'fallback']) {
        const inside = (one[part] as AST.Fragment | null | undefined)?.nodes ?? []
        const [first, last] = [inside[0], inside.at(-1)]
        // A line's end is only how the source is laid out.
        if (first?.type === 'Text' && /^ +[^\s]|^ +$/.test(first.data)) found.push(source.slice(Math.max(0, first.start - 30), first.start + 20))
        if (last?.type === 'Text' && /[^\s] +$|^ +$/.test(last.data)) found.push(source.slice(Math.max(0, last.end - 30), last.end + 10))
      }
    }
    Object.values(one).forEach(visit)
  }
  visit(parse(source, { modern: true }).fragment)
  return found
}

test('no block begins or ends with a space that Svelte would drop', () => {
  assert.equal(dropped('<p>a{#if b} · c{/if}</p>').length, 1)
  assert.equal(dropped("<p>a{#if b}{' · '}c{/if}</p>").length, 0)
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.svelte'))
  assert.ok(files.length > 50)
  assert.deepEqual(files.flatMap((file) => dropped(readFileSync(new URL(file, SOURCES), 'utf8')).map((at) => `${file}: ${at}`)), [])
})
