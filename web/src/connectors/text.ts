/** A file's bytes as text and its delimiter. Twin of the text half of member/reading.py. */

import { Refusal } from './problems.ts'

export const FILE_BYTES_MAX = 300_000_000
export const ENDS = /\r\n|\n|\r/
const SUPPORTED = 'CSV, XLSX'

/** UTF-8 or UTF-16 by its mark, UTF-8 where it is valid, else the Windows code page of French systems. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: string } {
  const mark = bytes.subarray(0, 3)
  const wide = mark[0] === 0xff && mark[1] === 0xfe ? 'utf-16le' : mark[0] === 0xfe && mark[1] === 0xff ? 'utf-16be' : null
  try {
    if (wide) return { text: new TextDecoder(wide, { fatal: true }).decode(bytes), encoding: wide }
    if (bytes.includes(0)) throw new Refusal({ code: 'file-not-supported', found: 'binary', expected: SUPPORTED })
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf-8' }
  } catch (error) {
    if (error instanceof Refusal) throw error
    if (wide || (mark[0] === 0xef && mark[1] === 0xbb)) throw new Refusal({ code: 'file-damaged', found: wide ?? 'utf-8', expected: 'CSV, UTF-8' })
  }
  const old = eightBit(bytes)
  return { text: old === 'cp850' ? decodeDos(bytes) : new TextDecoder(old).decode(bytes), encoding: old }
}

/** What browsers do not decode: code page 850 of DOS, from 0x80 on. */
const DOS = `ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0`
const FRENCH = new Set('éèêëàâäçôöûüùîïñÉÈÊÀÇÔŒœ€°’‘“”«»–…')
const SNIFFED_BYTES = 200_000

function decodeDos(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += 10_000) {
    parts.push(String.fromCharCode(...Array.from(bytes.subarray(at, at + 10_000), (byte) => (byte < 0x80 ? byte : DOS.charCodeAt(byte - 0x80)))))
  }
  return parts.join('')
}

/** ISO-8859-15 by the bytes that it has not; else what Windows, DOS or a Mac wrote, by the letters that French has. */
function eightBit(bytes: Uint8Array): 'windows-1252' | 'iso-8859-15' | 'cp850' | 'macintosh' {
  const high = bytes.filter((byte) => byte >= 0x80)
  if (!high.some((byte) => byte < 0xa0)) return 'iso-8859-15'
  const seen = high.subarray(0, SNIFFED_BYTES)
  const french = (text: string): number => [...text].filter((letter) => FRENCH.has(letter)).length
  const scores = [
    ['windows-1252', french(new TextDecoder('windows-1252').decode(seen))],
    ['cp850', french(decodeDos(seen))],
    ['macintosh', french(new TextDecoder('macintosh').decode(seen))],
  ] as const
  return scores.reduce((best, one) => (one[1] > best[1] ? one : best))[0]
}
