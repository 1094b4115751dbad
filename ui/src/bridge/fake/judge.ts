//! A stand-in for the rulebook's judgement: enough of it that every way through a form can be seen.
import { fieldsOf } from '@/forms/spec'
import { problemsOf } from '@/forms/value'
import commands from '../schema.json'
import type { Data, Judgement, RecordView, Schema } from '../types'

const refused = (code: string, params: Record<string, string>): Judgement => ({
  ok: false,
  refusal: { code, params, message: code, now_possible: ['add_note'] },
})
const OWES: Record<string, boolean> = { MT01: true, MT02: true, MT14: false, MT23: false }

/** Judges a command of the in-memory company. */
export function judgeFake(record: RecordView | undefined, command: string, data: Data): Judgement {
  if (command === 'accept_tolerant') return judgeOwed(data)
  const schema = (commands as unknown as Record<string, Schema>)[command]
  if (!schema) return refused('E_FORMAT', { field: 'command', why: 'unknown' })
  const missing = problemsOf(fieldsOf(schema), data)[0]
  if (missing) return refused('E_FORMAT', { field: missing.path, why: 'missing' })
  if (command === 'convert_lead' || command === 'submit_demand') {
    const phone = String((data.basic as Data | undefined)?.phone ?? '')
    if (!/^1[3-9]\d{9}$|^0\d{9,11}$/.test(phone))
      return refused('E_FORMAT', { field: 'basic.phone', why: 'format' })
  }
  if (record && command === 'complete_survey' && !Array.isArray(data.route))
    return refused('E_FORMAT', { field: 'route', why: 'missing' })
  return { ok: true, events: [command] }
}

function judgeOwed(data: Data): Judgement {
  const owed = Array.isArray(data.owed) ? (data.owed as Data[]) : []
  const missing = Object.keys(OWES).filter((code) => !owed.some((one) => one.code === code))
  if (missing.length) return refused('E_GATE', { gate: 'materials', missing: missing.join(',') })
  const wrong = owed.find((one) => OWES[String(one.code)] && one.owed_by === 'customer')
  if (wrong) return refused('E_NOT_TOLERABLE', { code: String(wrong.code), why: 'critical' })
  if (!String(data.contact ?? '').trim())
    return refused('E_FORMAT', { field: 'contact', why: 'missing' })
  return { ok: true, events: ['case_accepted_tolerant'] }
}
