//! How figures are written. The numbers come whole, in hundredths; here they only get their point.
import type { Dimension, KpiLine, KpiUnit, KpiValue, KpiView } from '@/bridge'
import { yuanText } from '@/format/money'
import { hasLabel, label } from '@/i18n/labels'
import { words } from '@/i18n'

/** The dimensions, in the order of their tabs. */
export const DIMENSIONS: Dimension[] = [
  'org',
  'person',
  'segment',
  'channel',
  'contractor',
  'town',
  'kind',
]

/** The chapters of the board, each with its indicators. */
export const CHAPTERS = {
  time: ['K-01', 'K-02', 'K-03', 'K-04', 'K-05', 'K-06', 'K-07', 'K-08', 'K-09', 'K-10'],
  material: ['K-11', 'K-12', 'K-13', 'K-14', 'K-15', 'K-16'],
  user: ['K-17', 'K-18', 'K-19', 'K-20', 'K-33', 'K-35'],
  service: ['K-21', 'K-22', 'K-23', 'K-24', 'K-25', 'K-26', 'K-27', 'K-28', 'K-29'],
  run: ['K-30', 'K-31', 'K-32', 'K-34', 'K-36'],
} as const

/** The code of a figure, as the server reads it. */
export function codeOf(line: KpiLine): string {
  return `${line.kpi}/${line.part}`
}

/** What a figure is called. */
export function nameOf(line: { kpi: string; part: string }): string {
  return words.t(`report.name.${line.kpi}_${line.part}`)
}

/** The number of a value that is held against its target, in hundredths. */
export function mainOf(value: KpiValue): number | undefined {
  switch (value.shape) {
    case 'rate':
      return value.net
    case 'share':
      return value.value
    case 'count':
      return value.count * 100
    case 'spread':
      return value.mean
  }
}

/** Hundredths with their point and unit; a dash where nothing was counted. */
export function numberText(hundredths: number | undefined, unit: KpiUnit): string {
  if (hundredths === undefined || hundredths === null) return '–'
  const plain = yuanText(hundredths)
  const short = unit === 'number' ? plain.replace(/\.00$/, '') : plain
  const word = words.t(`report.unit.${unit}`)
  if (!word) return short
  return unit === 'percent' ? `${short}%` : `${short} ${word}`
}

/** A value in one line. */
export function valueText(value: KpiValue, unit: KpiUnit): string {
  return numberText(mainOf(value), value.shape === 'count' ? 'number' : unit)
}

/** What lies under a value: its parts. */
export function partsText(value: KpiValue, unit: KpiUnit): string {
  switch (value.shape) {
    case 'rate': {
      const whole = value.on_time + value.late + value.open_breached
      return `${value.on_time} / ${whole}`
    }
    case 'share':
      return `${value.part} / ${value.whole}`
    case 'count':
      return ''
    case 'spread':
      return `${words.t('report.median')} ${numberText(value.median, unit)} · n=${value.count}`
  }
}

/** A target in words. */
export function targetText(line: KpiLine): string {
  if (!line.target) return words.t('report.no_target')
  const least = 'at_least' in line.target
  const value = 'at_least' in line.target ? line.target.at_least : line.target.at_most
  const unit = line.value.shape === 'count' ? 'number' : line.unit
  return words.t(least ? 'report.target_at_least' : 'report.target_at_most', {
    value: numberText(value, unit),
  })
}

/** Whether a figure reaches its target, as a state. */
export function stateOf(line: KpiLine): 'met' | 'missed' | 'none' | 'no_target' {
  if (mainOf(line.value) === undefined || mainOf(line.value) === null) return 'none'
  if (!line.target) return 'no_target'
  if (line.met === undefined || line.met === null) return 'none'
  return line.met ? 'met' : 'missed'
}

/** What a group is called. */
export function groupText(view: KpiView, by: Dimension, key: string): string {
  if (by === 'person') return view.people.find((one) => one.key === key)?.name ?? key
  if (by === 'channel') return words.t(`report.channel.${key}`)
  if (by === 'segment') return label('segment', key)
  if (by === 'org') return hasLabel('org', key) ? label('org', key) : words.t(`report.org.${key}`)
  if (by === 'kind' && words.te(`report.kind.${key}`, 'zh-CN')) return words.t(`report.kind.${key}`)
  return key
}

/** The first and last day of the months `from` to `to`, each as 2026-03. */
export function daysOf(from: string, to: string): { from: string; to: string } {
  const [year = 2026, month = 1] = to.split('-').map(Number)
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return { from: `${from}-01`, to: `${to}-${String(last).padStart(2, '0')}` }
}

/** The month of an instant in China. */
export function monthOf(at: Date): string {
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 7)
}

/** The months up to that of an instant, the latest first. */
export function monthsBack(at: Date, count: number): string[] {
  const [year = 2026, month = 1] = monthOf(at).split('-').map(Number)
  return Array.from({ length: count }, (_, back) =>
    new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 7),
  )
}
