import assert from 'node:assert/strict'
import { test } from 'node:test'
import { alertEnding, alertSentence, kindWords, monthWords, severityWords, sureWords, youngWords, type AlertKind, type Confidence, type Severity } from '../src/portfolio/alertWords.ts'
import { sectorName } from '../src/portfolio/sectorNames.ts'
import { vectors } from './vectors.ts'

type Both<T> = { fr: T; en: T }
interface Vectors {
  cases: {
    told: { kind: AlertKind; month: number; since: number; size_days: number; shared_days: number; now_days: number | null; ends_at_days: number | null; may_be_larger: boolean; sector: number | null; dispute: boolean; gap_days: number | null; returned: boolean }
    sentence: Both<string>
    ending: Both<string>
  }[]
  kinds: Record<AlertKind, Both<string>>
  returned: Both<string>
  sure: Record<Confidence, Both<string>>
  severity: Record<Severity, Both<[string, string]>>
  months: Both<string>[]
  sectors: Both<string>[]
  young: { releases: number; cells: number; said: Both<string | null> }[]
}

const said = vectors<Vectors>('alerts.json')
const LANGUAGES = ['fr', 'en'] as const

test('alerts are told in the words that Python uses', () => {
  assert.ok(said.cases.length > 30)
  for (const { told, sentence, ending } of said.cases) {
    const facts = {
      kind: told.kind,
      month: told.month,
      since: told.since,
      sizeDays: told.size_days,
      sharedDays: told.shared_days,
      nowDays: told.now_days,
      endsAtDays: told.ends_at_days,
      mayBeLarger: told.may_be_larger,
      sector: told.sector,
      dispute: told.dispute,
      gapDays: told.gap_days,
      returned: told.returned,
    }
    for (const lang of LANGUAGES) {
      assert.equal(alertSentence(facts, lang), sentence[lang])
      assert.equal(alertEnding(facts, lang), ending[lang])
    }
  }
})

test('kinds, levels, certainty and months have the same names', () => {
  for (const lang of LANGUAGES) {
    for (const [kind, name] of Object.entries(said.kinds)) assert.equal(kindWords(kind as AlertKind, lang), name[lang])
    assert.equal(kindWords('outside', lang, true), said.returned[lang])
    for (const [sure, name] of Object.entries(said.sure)) assert.equal(sureWords(sure as Confidence, lang), name[lang])
    for (const [level, names] of Object.entries(said.severity)) assert.deepEqual(severityWords(level as Severity, lang), names[lang])
    said.sectors.forEach((name, at) => assert.equal(sectorName(at + 1, lang), name[lang]))
    for (const { releases, cells, said: words } of said.young) assert.equal(youngWords(releases, cells, lang), words[lang])
    said.months.forEach((name, at) => assert.equal(monthWords(2026 * 12 + 2 + at, lang), name[lang]))
  }
})
