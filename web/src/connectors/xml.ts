/** XML that declares no type and no entity, as a tree or as events. Nothing is fetched, whatever the bytes. */

import { SaxesParser } from 'saxes'
import { Refusal } from './problems.ts'

export const XML_BYTES_MAX = 20_000_000
const ELEMENTS_MAX = 500_000
const ENCODINGS = new Set(['', 'utf-8', 'utf8', 'us-ascii', 'ascii', 'iso-8859-1', 'iso-8859-15', 'windows-1252', 'utf-16'])
const DECLARED = /<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/

export interface Node {
  /** Without the namespace: a version's namespace does not matter. */
  name: string
  attributes: Record<string, string>
  children: Node[]
  text: string
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** Throws Refusal where a document is too large, declares a type, or is not well formed. */
export function parseXml(bytes: Uint8Array): Node {
  if (bytes.length > XML_BYTES_MAX) throw new Refusal({ code: 'file-too-large', found: `${(bytes.length / 1e6).toFixed(1)} MB`, expected: '20.0 MB' })
  const text = decode(bytes)
  if (text.includes('<!DOCTYPE') || text.includes('<!ENTITY')) throw new Refusal({ code: 'xml-not-safe', found: 'DOCTYPE' })
  const root: Node = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  let elements = 0
  const parser = new SaxesParser({ xmlns: false })
  parser.on('opentag', ({ name, attributes }) => {
    if (++elements > ELEMENTS_MAX) throw new Refusal({ code: 'file-too-large', found: 'XML', expected: String(ELEMENTS_MAX) })
    const local = Object.fromEntries(Object.entries(attributes as Record<string, string>).map(([key, value]) => [localName(key), value]))
    const node: Node = { name: localName(name), attributes: local, children: [], text: '' }
    open.at(-1)!.children.push(node)
    open.push(node)
  })
  parser.on('closetag', () => {
    const closed = open.pop()!
    open.at(-1)!.text += closed.text
  })
  const say = (said: string): void => {
    open.at(-1)!.text += said
  }
  parser.on('text', say)
  parser.on('cdata', say)
  feed(parser, text)
  if (!root.children[0]) throw damaged('XML')
  return root.children[0]
}

/** Events of a part of a workbook, decoded as it is read. */
export function eachElement(bytes: Uint8Array, on: { open?: (name: string, attributes: Record<string, string>) => void; close?: (name: string) => void; text?: (text: string) => void }): void {
  const parser = new SaxesParser({ xmlns: false })
  if (on.open) parser.on('opentag', ({ name, attributes }) => on.open!(localName(name), attributes as Record<string, string>))
  if (on.close) parser.on('closetag', ({ name }) => on.close!(localName(name)))
  if (on.text) parser.on('text', on.text)
  parser.on('doctype', () => {
    throw new Refusal({ code: 'xml-not-safe', found: 'DOCTYPE' })
  })
  feed(parser, decode(bytes))
}

function feed(parser: SaxesParser, text: string): void {
  parser.on('error', (error) => {
    throw damaged(/^\d+:\d+/.exec(error.message)?.[0].replace(/^/, 'XML ') ?? 'XML') // what the reader says is English
  })
  parser.write(text.replace(/^\ufeff/, '')).close()
}

const damaged = (found: string): Refusal => new Refusal({ code: 'file-damaged', found, expected: 'XML' })

function decode(bytes: Uint8Array): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null
  const head = new TextDecoder(wide ?? 'latin1').decode(bytes.subarray(0, 800))
  const declared = DECLARED.exec(head)?.[1]?.toLowerCase() ?? ''
  if (!ENCODINGS.has(declared)) throw new Refusal({ code: 'file-damaged', found: declared, expected: 'XML, UTF-8' })
  try {
    return new TextDecoder(wide ?? (declared || 'utf-8'), { fatal: true }).decode(bytes)
  } catch {
    throw damaged(wide ?? (declared || 'utf-8'))
  }
}

/** The first descendant along names. */
export function child(node: Node | undefined, ...path: string[]): Node | undefined {
  let found = node
  for (const name of path) found = found?.children.find((one) => one.name === name)
  return found
}
export const children = (node: Node | undefined, name: string): Node[] => node?.children.filter((one) => one.name === name) ?? []
/** All that an element says, on one line; "" where it is not there. */
export const textOf = (node: Node | undefined, ...path: string[]): string => (child(node, ...path)?.text ?? '').split(/\s+/).filter(Boolean).join(' ').slice(0, 200)
