//! What the audit is narrowed by, and the words of its acts and results.
import type { AuditQuestion } from '@/bridge'
import { words } from '@/i18n'
import { hasLabel, label } from '@/i18n/labels'

/** Person, record, act, days. */
export type Narrowing = Pick<AuditQuestion, 'actor' | 'subject' | 'act' | 'from' | 'to'>

/** Whether anything narrows. */
export function isNarrowed(narrowing: Narrowing): boolean {
  return Object.values(narrowing).some(Boolean)
}

/** What was done: a command of the rulebook, or an act of the server. */
export function actLabel(act: string): string {
  const key = `audit.act.${act}`
  if (words.te(key, 'zh-CN')) return words.t(key)
  return hasLabel('command', act) ? label('command', act) : act
}

/** How it ended. */
export function resultLabel(result: string): string {
  const key = `audit.result_of.${result}`
  if (words.te(key, 'zh-CN')) return words.t(key)
  if (hasLabel('refusal', result)) return label('refusal', result)
  return hasLabel('error', result) ? label('error', result) : result
}

/** Whether it went well, was refused, or was set aside. */
export function toneOf(result: string): 'good' | 'late' | 'soon' {
  if (['ok', 'accepted'].includes(result)) return 'good'
  return result === 'deferred' ? 'soon' : 'late'
}

/** The details of a row as pairs, for reading. */
export function detailsOf(detail: string | undefined): [string, string][] {
  if (!detail) return []
  try {
    const value: unknown = JSON.parse(detail)
    if (!value || typeof value !== 'object' || Array.isArray(value)) return [['text', detail]]
    return Object.entries(value).map(([key, one]) => [
      key,
      typeof one === 'string' ? one : JSON.stringify(one),
    ])
  } catch {
    // What cannot be taken apart is shown as it stands.
    return [['text', detail]]
  }
}
