//! Instants and spans in words. The company's time is Asia/Shanghai (+08:00, no summer time),
//! whatever the zone of the device.

const SHIFT_MS = 8 * 3_600_000
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** The pieces of an instant on the company's wall clock. */
export interface Wall {
  year: number
  month: number
  day: number
  weekday: number
  hour: number
  minute: number
  /** Days since 1970-01-01 of the wall date. */
  ordinal: number
}

/** Reads an instant on the wall clock of the company. */
export function wall(at: string | number): Wall {
  const ms = (typeof at === 'number' ? at : Date.parse(at)) + SHIFT_MS
  const date = new Date(ms)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    ordinal: Math.floor(ms / DAY_MS),
  }
}

const two = (n: number): string => String(n).padStart(2, '0')

/** Hours and minutes, 14:03. */
export function clockText(at: string | number): string {
  const w = wall(at)
  return `${two(w.hour)}:${two(w.minute)}`
}

/** The date, 2026-11-24. */
export function dateText(at: string | number): string {
  const w = wall(at)
  return `${w.year}-${two(w.month)}-${two(w.day)}`
}

/** An instant of the wall clock in RFC 3339 with the company's offset. */
export function toRfc3339(ms: number): string {
  return new Date(ms + SHIFT_MS).toISOString().replace('Z', '+08:00')
}

/** The translate function of vue-i18n, as far as the words of time need it. */
export type Translate = (key: string, params?: Record<string, unknown>) => string

/** A day in words: today, tomorrow, yesterday, or month and day with the weekday. */
export function dayText(at: string | number, now: number, t: Translate): string {
  const w = wall(at)
  const today = wall(now)
  const near: Record<number, string> = { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' }
  const key = near[w.ordinal - today.ordinal]
  if (key) return t(`time.${key}`)
  const day = t('time.month_day', { month: w.month, day: w.day })
  return w.year === today.year ? day : t('time.year_day', { year: w.year, day })
}

/** An instant in words: 今天 14:03. */
export function whenText(at: string | number, now: number, t: Translate): string {
  return `${dayText(at, now, t)} ${clockText(at)}`
}

/** The latest moment in words. A limit that ends at midnight is told as 24:00 of the day before. */
export function dueText(due: string, now: number, t: Translate): string {
  const ms = Date.parse(due)
  const w = wall(ms)
  const midnight = w.hour === 0 && w.minute === 0
  const day = dayText(midnight ? ms - MINUTE_MS : ms, now, t)
  return t('time.latest', { when: `${day} ${midnight ? '24:00' : clockText(ms)}` })
}

/** A span in its two largest units. */
export function spanText(ms: number, t: Translate): string {
  const minutes = Math.max(1, Math.floor(Math.abs(ms) / MINUTE_MS))
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  const rest = minutes % 60
  if (days > 0) return t(hours ? 'time.days_hours' : 'time.days', { days, hours })
  if (hours > 0) return t(rest ? 'time.hours_minutes' : 'time.hours', { hours, minutes: rest })
  return t('time.minutes', { minutes: rest })
}

/** What is left until an instant, or how far it is exceeded. */
export function leftText(due: string, now: number, t: Translate): string {
  const left = Date.parse(due) - now
  return t(left <= 0 ? 'time.late_by' : 'time.left', { span: spanText(left, t) })
}

/** How urgent an instant is where the client didn't say so: late when past, soon within 4 hours. */
export function warnOf(due: string | undefined, now: number): 'calm' | 'soon' | 'late' {
  if (!due) return 'calm'
  const left = Date.parse(due) - now
  if (left <= 0) return 'late'
  return left <= 4 * 3_600_000 ? 'soon' : 'calm'
}
