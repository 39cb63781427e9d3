import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BodaccRefused, readBodacc } from '../src/credit/bodacc.ts'
import { clocksOf, running } from '../src/credit/clocks.ts'
import { readCredit, withDone, withNotices, type PublicNotice } from '../src/credit/credit_file.ts'
import type { Checked } from '../src/connectors/prepared.ts'
import { withJudgedMonths } from '../src/credit/judged.ts'
import { clocks, holidaysOf, type Clocks } from '../src/credit/deadlines.ts'
import { vectors } from './vectors.ts'

interface Deadlines {
  cases: { published: string; abroad: boolean; clocks: Clocks }[]
  holidays: Record<string, string[]>
}
interface Notices {
  sirens: string[]
  files: { text: string; abroad: boolean; notices?: PublicNotice[]; refused?: string; row?: number; field?: string }[]
  again: PublicNotice[]
  left: Record<string, [string, string, number, boolean][]>
}
const days = vectors<Deadlines>('deadlines.json')
const said = vectors<Notices>('bodacc.json')

test('the clocks end on the days that Python counts, holidays included', () => {
  for (const one of days.cases) assert.deepEqual(clocks(one.published, one.abroad), one.clocks)
  for (const [year, found] of Object.entries(days.holidays)) assert.deepEqual(holidaysOf(Number(year)), found)
})

test('every form of a download gives the notices that the agent finds, and is refused where the agent refuses', () => {
  assert.ok(said.files.some((one) => one.refused) && said.files.some((one) => one.notices?.some((notice) => notice.cancelled)))
  for (const { text, abroad, notices, refused, row, field } of said.files) {
    if (!refused) assert.deepEqual(readBodacc(text, said.sirens, abroad), notices)
    else
      assert.throws(
        () => readBodacc(text, said.sirens, abroad),
        (error) => error instanceof BodaccRefused && error.code === refused && (row === undefined || (error.row === row && error.field === field)),
      )
  }
})

test('a judgment is the incident of its month and client, a cancelled one of none', () => {
  const clients = ['fr.siren:552100554', 'fr.siren:732829320'].map((identifier) => ({ identifier }))
  const contributions = [0, 1].flatMap((client) => [24312, 24313].map((month) => ({ client, month, figures: { outstanding: 100 } })))
  const checked = { clients, contributions, months: [24312, 24313], unknown: [], dateless: 0 } as unknown as Checked
  const incidents = (notices: readonly PublicNotice[]): (number | undefined)[] => withJudgedMonths(checked, notices).contributions.map(({ figures }) => figures.incident)
  assert.deepEqual(incidents(said.files[0]!.notices!), [5, undefined, undefined, undefined], 'published on 14 January 2026')
  const cancelled = said.files.find((one) => one.notices?.every((notice) => notice.cancelled))!.notices!
  assert.deepEqual(incidents(cancelled), [undefined, undefined, undefined, undefined])
})

test('what was done about a notice survives a newer reading of it; what is left is what the agent counts', () => {
  const found = said.files[0]!.notices!
  const met = withDone(withNotices(readCredit(null), found), 'A202600095232', 'claim', true)
  assert.deepEqual(withNotices(met, found).notices, said.again)
  for (const [today, left] of Object.entries(said.left))
    assert.deepEqual(met.notices.flatMap((one) => clocksOf(one, today)).map((one) => [one.notice.id, one.clock, one.left, one.done]), left)
  const open = running(met, '2026-01-15')
  assert.deepEqual(open.map((one) => one.left), open.map((one) => one.left).toSorted((a, b) => a - b), 'the shortest first')
  assert.ok(open.every((one) => !one.done))
  assert.deepEqual(running(withDone(met, 'A202600095232', 'claim', false), '2026-01-15').length, open.length + 1, 'undone, it runs again')
  assert.deepEqual(running(met, '2030-01-01'), [])
})
