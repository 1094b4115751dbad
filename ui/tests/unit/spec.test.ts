//! Forms are made of the rulebook's own schemas.
import { describe, expect, it } from 'vitest'
import type { Schema } from '@/bridge'
import schemas from '@/bridge/schema.json'
import { fieldsOf, type Spec } from '@/forms/spec'
import { cleaned, problemsOf, startValues, uuid7 } from '@/forms/value'

const commands = schemas as unknown as Record<string, Schema>
const fields = (command: string): Spec[] => fieldsOf(commands[command] ?? {})
const one = (command: string, name: string): Spec => {
  const found = fields(command).find((spec) => spec.name === name)
  if (!found) throw new Error(`${command} has no ${name}`)
  return found
}

/** Given by the company's rounds or by a decision on 需处理; no screen shows them as forms. */
const OF_ROUNDS = ['draw_sample', 'raise_notice', 'offer_work']

describe('the fields of a form', () => {
  it('every command of the rulebook can be shown, nothing required is hidden by accident', () => {
    const given = Object.entries(commands).filter(([command]) => !OF_ROUNDS.includes(command))
    for (const [command, schema] of given) {
      const hidden = (list: Spec[]): string[] =>
        list.flatMap((spec) => [
          ...(spec.kind === 'hidden' && spec.required ? [spec.name] : []),
          ...hidden(spec.fields ?? []),
          ...hidden(spec.item ? [spec.item] : []),
        ])
      const known = ['basis', 'design_version', 'budget_version', 'to', 'record']
      expect(
        hidden(fieldsOf(schema)).filter((name) => !known.includes(name)),
        command,
      ).toEqual([])
    }
  })

  it('widgets and shapes become kinds', () => {
    expect(one('hand_over_lead', 'manager')).toMatchObject({
      kind: 'person',
      arg: 'customer_manager',
      required: true,
    })
    expect(one('settle_fee', 'customer_total_fen').kind).toBe('money')
    expect(one('settle_fee', 'fee_type')).toMatchObject({ kind: 'choice' })
    expect(one('complete_survey', 'geo').kind).toBe('geo')
    expect(one('complete_survey', 'photos')).toMatchObject({ kind: 'files' })
    expect(one('complete_survey', 'photos').arg).toContain('photo_tie_in')
    expect(one('complete_survey', 'signature').kind).toBe('signature')
    expect(one('complete_survey', 'route')).toMatchObject({ kind: 'list' })
    expect(one('convert_lead', 'case').kind).toBe('made')
    expect(one('convert_lead', 'basic').fields?.find((spec) => spec.name === 'consent')?.kind).toBe(
      'consent',
    )
    expect(one('issue_design', 'checklist')).toMatchObject({ kind: 'checklist' })
    expect(one('receive_material', 'code').kind).toBe('material')
    expect(one('start_construction', 'crew').kind).toBe('words')
    expect(one('attach_file', 'file')).toMatchObject({ kind: 'file', whole: true })
  })

  it('what the rulebook fills in itself is not asked for', () => {
    const line = one('issue_budget', 'lines').item?.fields ?? []
    expect(line.filter((spec) => spec.kind !== 'hidden').map((spec) => spec.name)).not.toContain(
      'amount_fen',
    )
  })
})

describe('the value of a form', () => {
  it('a fresh form has made identities and the defaults of the rulebook, no consent', () => {
    const start = startValues(fields('convert_lead'))
    expect(String(start.case)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(JSON.stringify(start)).not.toContain('consent')
  })

  it('names what is missing, and nothing once it is there', () => {
    const contact = fields('record_contact_attempt')
    expect(problemsOf(contact, {}).map((problem) => problem.path)).toEqual(['channel', 'result'])
    expect(problemsOf(contact, { channel: 'phone', result: 'reached' })).toEqual([])
  })

  it('an optional group that was not touched is left out; empty texts are no values', () => {
    const correct = fields('correct_record')
    expect(
      cleaned(correct, { part: 'basic', reason: ' wrong ', basic: { name: '' }, text: '  ' }),
    ).toEqual({
      part: 'basic',
      reason: 'wrong',
    })
  })

  it('hidden values that a layout set are kept', () => {
    const data = cleaned(fields('settle_fee'), {
      design_version: 2,
      signature: { signer: '王', basis: 'x', file: 'f', relation: 'applicant' },
    })
    expect(data).toMatchObject({ design_version: 2, signature: { basis: 'x' } })
  })

  it('a no is an answer, silence is not', () => {
    const decide = fields('decide')
    expect(problemsOf(decide, { no: 1 }).map((problem) => problem.path)).toEqual(['approve'])
    expect(cleaned(decide, { no: 1, approve: false })).toEqual({ no: 1, approve: false })
  })

  it('a checklist is complete only when every item is answered', () => {
    const spec = one('issue_design', 'checklist')
    const items = spec.item?.fields?.find((field) => field.kind === 'choice')?.options ?? []
    const answers = items.map((item) => ({ item, complies: true }))
    expect(problemsOf([spec], { checklist: answers.slice(1) })).toHaveLength(1)
    expect(problemsOf([spec], { checklist: answers })).toEqual([])
  })

  it('identities are ordered by time', () => {
    expect(uuid7(1_000) < uuid7(2_000)).toBe(true)
  })
})
