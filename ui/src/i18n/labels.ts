//! Labels of the rulebook's names: commands, fields, states, roles, gates, clocks, events, codes.
//! A name without a label is shown in guillemets: readable, and visibly untranslated.
import type { ApiError, Json, LogEntry, Refusal } from '@/bridge'
import { percentText, yuanText } from '@/format/money'
import { unitOf } from '@/format/unit'
import { words } from './index'

/** The kinds of names that have labels. */
export type LabelKind =
  | 'command'
  | 'field'
  | 'state'
  | 'role'
  | 'refusal'
  | 'gate'
  | 'clock'
  | 'file_kind'
  | 'segment'
  | 'flag'
  | 'event'
  | 'value'
  | 'org'
  | 'error'
  | 'step'
  | 'next'
  | 'part'
  | 'material'
  | 'missing'

/** The label of a name, or the name itself in guillemets. */
export function label(kind: LabelKind, name: string): string {
  const key = `${kind}.${name}`
  if (words.te(key) || words.te(key, 'zh-CN')) return words.t(key)
  return `‹${name.replaceAll('_', ' ')}›`
}

/** True when the name has a label in some language. */
export function hasLabel(kind: LabelKind, name: string): boolean {
  return words.te(`${kind}.${name}`, 'zh-CN')
}

/** True when a field has a word of help. */
export function hasHint(name: string): boolean {
  return words.te(`hint.${name}`, 'zh-CN')
}

/** The label of an event such as `FeeSettled`; names without one are split into words. */
export function eventLabel(did: string): string {
  if (hasLabel('event', did)) return label('event', did)
  const snake = did.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  return hasLabel('command', snake) ? label('command', snake) : label('event', snake)
}

/** The label of an enum value: first of its field, then of values at large. */
export function valueLabel(field: string, value: string): string {
  if (field === 'missing' && hasLabel('missing', value)) return label('missing', value)
  const scoped = `value_of.${field}.${value}`
  if (words.te(scoped, 'zh-CN')) return words.t(scoped)
  for (const kind of [
    'value',
    'material',
    'segment',
    'state',
    'role',
    'org',
    'file_kind',
    'gate',
    'missing',
    'command',
    'clock',
    'flag',
  ] as const)
    if (hasLabel(kind, value)) return label(kind, value)
  return label('value', value)
}

/** The label of a field: of this command and place first, then of this place, then of the name. */
export function fieldLabel(path: string, command = ''): string {
  const place = path.split('.').filter((part) => !/^\d+$/.test(part))
  const joined = place.join('_')
  for (const name of [`${command}__${joined}`, joined, place.slice(-2).join('_')])
    if (hasLabel('field', name)) return label('field', name)
  return label('field', place.at(-1) ?? '')
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const CODE = /^([a-z][a-z0-9_]*|MT\d\d|H-\d)$/

/** True for a value that names something by its identity, which nobody reads. */
export function isIdentity(value: Json): boolean {
  return typeof value === 'string' && UUID.test(value)
}

/** A value of a record as text for reading, with its unit. */
export function showValue(field: string, value: Json | undefined): string {
  if (value === null || value === undefined || value === '') return '—'
  if (typeof value === 'boolean') return words.t(value ? 'shell.yes' : 'shell.no')
  if (Array.isArray(value))
    return inRow(value.filter((one) => !isIdentity(one)).map((one) => showValue(field, one)))
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([k, v]) => `${label('field', k)} ${showValue(k, v)}`)
      .join(' · ')
  if (typeof value === 'number' && field.endsWith('_fen'))
    return words.t('fee.yuan', { amount: yuanText(value) })
  if (typeof value === 'string' && CODE.test(value)) {
    const text = valueLabel(field, value)
    return text.startsWith('‹') ? value : text
  }
  if (field === 'rate') return percentText(String(value))
  const unit = unitOf(field)
  const number = String(value)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')
  return unit && /^-?[\d.]+$/.test(String(value))
    ? `${number} ${words.t(`unit.${unit}`)}`
    : String(value)
}

/** What is missing or meant by a refusal's list: papers, gates, permits, fields. */
export function wordMissing(list: string): string {
  const one = (name: string): string => {
    for (const kind of [
      'missing',
      'material',
      'gate',
      'value',
      'field',
      'role',
      'command',
    ] as const)
      if (hasLabel(kind, name)) return label(kind, name)
    const [what, why] = name.split(':')
    return what && why ? `${one(what)}（${one(why)}）` : name
  }
  return inRow(
    list
      .split(/[,、]/)
      .map((name) => one(name.trim()))
      .filter(Boolean),
  )
}

/** The reason within a refusal; the rulebook writes it as a short English phrase. */
function wordWhy(why: string): string {
  const key = `why.${slug(why)}`
  return words.te(key, 'zh-CN') ? words.t(key) : ''
}

/** The key of a phrase among the `why` words. */
export function slug(phrase: string): string {
  return phrase
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
}

const DETAILS: Record<string, (value: string) => string> = {
  field: (value) => wordPath(value),
  gate: wordMissing,
  missing: wordMissing,
  why: wordWhy,
  code: wordMissing,
  needs: wordMissing,
  rule: wordWhy,
  kind: wordMissing,
  part: wordMissing,
  item: wordMissing,
  reason: (value) => valueLabel('reason', value),
}
const UNSEEN = ['id', 'file', 'into', 'manager']

/** A field named by a path such as `basic.phone` or `lines[2].qty`. */
function wordPath(path: string): string {
  return path
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : label('field', part)))
    .join(' ')
}

/** Why a rule refused, in the language of the pages: what it is, then about what. */
export function wordRefusal(refusal: Refusal): string {
  if (
    words.te(`refusal_about.${refusal.code}`, 'zh-CN') &&
    refusal.params.have &&
    refusal.params.want
  )
    return words.t(`refusal_about.${refusal.code}`, refusal.params)
  const what = label('refusal', refusal.code)
  const shown = Object.entries(refusal.params).filter(([key]) => !UNSEEN.includes(key))
  const details = shown.map(([key, value]) => {
    const text = DETAILS[key]?.(value) ?? `${label('field', key)} ${value}`
    return key === 'missing' ? `${label('field', key)} ${text}` : text
  })
  const state = refusal.code === 'E_STATE' && refusal.state ? [label('state', refusal.state)] : []
  const about = [...state, ...details].filter(Boolean).join(chinese() ? '，' : ', ')
  if (!about) return what
  return withColon(what, about)
}

/** Names in a row, in the way of the language. */
export const inRow = (names: string[]): string => names.join(chinese() ? '、' : ', ')

/** What and of what, in the way of the language. */
export const withColon = (what: string, of: string): string =>
  chinese() ? `${what}：${of}` : `${what}: ${of}`

const chinese = (): boolean => words.locale.value === 'zh-CN'

/** A line of the log: the client's own Chinese, or the words of its code with its numbers. */
export function wordLog(entry: LogEntry): string {
  if (chinese() && entry.text) return entry.text
  const kind = words.te(`log.${entry.code}`, 'zh-CN') ? 'log' : 'error'
  if (kind === 'error' && !hasLabel('error', entry.code)) return entry.text || entry.code
  const numbers = entry.text.match(/\d+/g)
  return numbers && kind === 'log'
    ? `${words.t(`log.${entry.code}`)} (${numbers.join(', ')})`
    : words.t(`${kind}.${entry.code}`)
}

/** What went wrong in a call, in the language of the pages. */
export function wordError(error: ApiError): string {
  if (error.refusal) return wordRefusal(error.refusal)
  if (words.te(`error.${error.code}`, 'zh-CN')) return words.t(`error.${error.code}`, error.params)
  return error.message || label('error', error.code)
}
