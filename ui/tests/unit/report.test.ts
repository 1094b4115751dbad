//! Figures are written, never computed: what is whole stays whole.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { KpiLine } from '@/bridge'
import { LANGUAGES, words } from '@/i18n'
import { CHAPTERS, daysOf, monthOf, numberText, partsText, stateOf } from '@/screens/report/figure'

const RUST = join(process.cwd(), '..', 'crates', 'domain', 'src', 'kpi', 'figure.rs')
const FIGURES = [...readFileSync(RUST, 'utf8').matchAll(/= "(K-\d\d)" "([a-z_0-9]+)"/g)].map(
  ([, kpi = '', part = '']) => ({ kpi, part }),
)

describe('figures', () => {
  it('each has a name in both languages, and each indicator a chapter', () => {
    expect(FIGURES.length).toBeGreaterThan(50)
    const missing = LANGUAGES.flatMap((language) =>
      FIGURES.filter((one) => !words.te(`report.name.${one.kpi}_${one.part}`, language)),
    )
    expect(missing).toEqual([])
    const kpis = new Set(FIGURES.map((one) => one.kpi))
    expect(new Set(Object.values(CHAPTERS).flat())).toEqual(kpis)
    expect(kpis.size).toBe(36)
  })

  it('hundredths get their point and unit', () => {
    expect(numberText(9_875, 'percent')).toBe('98.75%')
    expect(numberText(300, 'number')).toBe('3')
    expect(numberText(471_937, 'yuan')).toBe('4,719.37 元')
    expect(numberText(undefined, 'days')).toBe('–')
  })

  it('a state is a word, also where nothing was counted', () => {
    const line: KpiLine = {
      kpi: 'K-16',
      part: 'share',
      unit: 'percent',
      target: { at_least: 10_000 },
      value: { shape: 'share', part: 0, whole: 0 },
      months: [],
      groups: [],
    }
    expect(stateOf(line)).toBe('none')
    const met = { ...line, met: true, value: { shape: 'share', part: 2, whole: 2, value: 10_000 } }
    expect(stateOf(met as KpiLine)).toBe('met')
    // K-23 without anybody to visit: a count of nothing is no missed target.
    expect(stateOf({ ...line, kpi: 'K-23', value: { shape: 'count', count: 0 } })).toBe('none')
    expect(partsText(met.value as KpiLine['value'], 'percent')).toBe('2 / 2')
  })

  it('months become days, and an instant its month in China', () => {
    expect(daysOf('2026-01', '2026-02')).toEqual({ from: '2026-01-01', to: '2026-02-28' })
    expect(monthOf(new Date('2026-02-28T16:00:00Z'))).toBe('2026-03')
  })
})
