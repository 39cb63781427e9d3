/** The sign of an alert's kind, wherever it stands. */

import type { AlertKind } from './alertWords.ts'

const MARKS: Record<AlertKind, string> = { drift: '▲', shock: '◆', recovery: '▽', incident: '■', first: '○', sector: '▲', outside: '○', own: '○' }

export const markOf = (kind: AlertKind): string => MARKS[kind]
