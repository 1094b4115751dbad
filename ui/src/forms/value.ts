//! The value of a form: starting it, cleaning it before it is judged, naming what is missing.
import type { Data, Json } from '@/bridge'
import type { Spec } from './spec'

/** What stands in the way of a field, as a key of the `form` words. */
export interface Problem {
  path: string
  key: 'required' | 'format' | 'too_long' | 'too_small' | 'too_large' | 'too_few'
  limit?: number
}

/** What a fresh form holds: made identities, and what the rulebook takes when nothing is said. */
export function startValues(fields: Spec[]): Data {
  const data: Data = {}
  for (const spec of fields) {
    if (spec.kind === 'made') data[spec.name] = uuid7()
    else if (spec.kind === 'group') {
      const inner = startValues(spec.fields ?? [])
      if (Object.keys(inner).length) data[spec.name] = inner
    } else if (['bool', 'choice', 'number'].includes(spec.kind) && isPlain(spec.start))
      data[spec.name] = spec.start
  }
  return data
}

const isPlain = (value: Json | undefined): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value)

/** A time-ordered identity, as the rulebook uses for records. */
export function uuid7(now = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  for (let at = 0; at < 6; at += 1) bytes[at] = Math.floor(now / 2 ** (8 * (5 - at))) & 0xff
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f)
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** True when nothing was filled in. */
export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.every(isEmpty)
  if (typeof value === 'object') return Object.values(value).every(isEmpty)
  return false
}

/** The value without what was left empty; a required list stays, as an empty one. */
export function cleaned(fields: Spec[], data: Data): Data {
  const out: Data = {}
  for (const spec of fields) {
    const value = cleanOne(spec, data[spec.name])
    if (value !== undefined) out[spec.name] = value
  }
  return out
}

function cleanOne(spec: Spec, value: Json | undefined): Json | undefined {
  if (spec.kind === 'bool') return typeof value === 'boolean' ? value : undefined
  if (spec.kind === 'group') return cleanGroup(spec, spec.fields ?? [], value)
  if (spec.kind === 'variant') return cleanVariant(spec, value)
  if (['list', 'checklist', 'words', 'files', 'choices'].includes(spec.kind))
    return cleanList(spec, value)
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim()
  return value === null ? undefined : value
}

function cleanGroup(spec: Spec, fields: Spec[], value: Json | undefined): Json | undefined {
  const data = value && typeof value === 'object' && !Array.isArray(value) ? value : {}
  if (!spec.required && isUntouched(fields, data)) return undefined
  return cleaned(fields, data)
}

/** A group that is optional and of which nothing was filled in isn't there at all. */
function isUntouched(fields: Spec[], data: Data): boolean {
  return fields.every((one) => {
    if (one.kind === 'hidden') return true
    const value = data[one.name]
    return isEmpty(value) || value === false || value === one.start
  })
}

function cleanVariant(spec: Spec, value: Json | undefined): Json | undefined {
  const data = value && typeof value === 'object' && !Array.isArray(value) ? value : {}
  const chosen = spec.variants?.find((one) => one.value === data[spec.tag ?? ''])
  if (!chosen) return undefined
  return { [spec.tag ?? '']: chosen.value, ...cleaned(chosen.fields, data) }
}

function cleanList(spec: Spec, value: Json | undefined): Json | undefined {
  const list = Array.isArray(value) ? value : []
  const kept = list.filter((one) => !isEmpty(one))
  if (!kept.length) return spec.required ? [] : undefined
  if (!['list', 'checklist'].includes(spec.kind) || !spec.item) return kept
  const item = spec.item
  return kept.map((one) => cleanOne(item, one) ?? null)
}

/** Everything that is missing or malformed, by path. The rulebook judges the rest. */
export function problemsOf(fields: Spec[], data: Data, at = ''): Problem[] {
  return fields.flatMap((spec) =>
    problemsOfOne(spec, data[spec.name], at ? `${at}.${spec.name}` : spec.name),
  )
}

function problemsOfOne(spec: Spec, value: Json | undefined, path: string): Problem[] {
  if (spec.kind === 'hidden' || spec.kind === 'made') return []
  if (spec.kind === 'group') return problemsOfGroup(spec, value, path)
  if (isEmpty(value)) return spec.required && !mayBeEmpty(spec) ? [{ path, key: 'required' }] : []
  if (spec.kind === 'checklist') return problemsOfChecklist(spec, value, path)
  if (spec.kind === 'list' && spec.item && Array.isArray(value)) {
    const item = spec.item
    return value.flatMap((one, n) => problemsOfOne(item, one, `${path}.${n}`))
  }
  if (spec.kind === 'variant') return problemsOfVariant(spec, value, path)
  return problemsOfPlain(spec, value, path)
}

const mayBeEmpty = (spec: Spec): boolean =>
  ['list', 'words', 'files', 'choices', 'pairs'].includes(spec.kind) && !spec.minItems

function problemsOfGroup(spec: Spec, value: Json | undefined, path: string): Problem[] {
  const data = value && typeof value === 'object' && !Array.isArray(value) ? value : {}
  if (!spec.required && isUntouched(spec.fields ?? [], data)) return []
  return problemsOf(spec.fields ?? [], data, path)
}

/** A checklist is there when every one of its items is answered. */
function problemsOfChecklist(spec: Spec, value: Json | undefined, path: string): Problem[] {
  const wanted = checkItems(spec).length
  const answers = Array.isArray(value) ? (value as Data[]) : []
  const answered = answers.filter((one) => typeof one.complies === 'boolean').length
  return answered < wanted ? [{ path, key: 'required' }] : []
}

/** The items of a checklist, in the order of the rulebook. */
export function checkItems(spec: Spec): string[] {
  return spec.item?.fields?.find((one) => one.kind === 'choice')?.options ?? []
}

function problemsOfVariant(spec: Spec, value: Json | undefined, path: string): Problem[] {
  const data = value as Data
  const chosen = spec.variants?.find((one) => one.value === data[spec.tag ?? ''])
  if (!chosen) return spec.required ? [{ path, key: 'required' }] : []
  return problemsOf(chosen.fields, data, path)
}

function problemsOfPlain(spec: Spec, value: Json | undefined, path: string): Problem[] {
  if (typeof value === 'string') {
    if (spec.maxLength && [...value].length > spec.maxLength)
      return [{ path, key: 'too_long', limit: spec.maxLength }]
    if (spec.pattern && !new RegExp(spec.pattern, 'u').test(value.trim()))
      return [{ path, key: 'format' }]
  }
  if (typeof value === 'number') {
    if (spec.min !== undefined && value < spec.min)
      return [{ path, key: 'too_small', limit: spec.min }]
    if (spec.max !== undefined && value > spec.max)
      return [{ path, key: 'too_large', limit: spec.max }]
  }
  if (Array.isArray(value) && spec.minItems && value.length < spec.minItems)
    return [{ path, key: 'too_few', limit: spec.minItems }]
  return []
}
