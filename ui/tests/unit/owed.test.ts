//! What is missing, and who may owe it, is learned from the rulebook's refusals alone.
import { expect, it } from 'vitest'
import type { Data, Judgement } from '@/bridge'
import { askOwed } from '@/forms/layouts/owed'

const refused = (code: string, params: Record<string, string>): Judgement => ({
  ok: false,
  refusal: { code, params, message: '', now_possible: [] },
})

it('asks until the list stands', async () => {
  const critical = ['MT01', 'MT02']
  const all = ['MT01', 'MT14', 'MT02', 'MT23']
  const judge = async (data: Data): Promise<Judgement> => {
    const owed = data.owed as Data[]
    const missing = all.filter((code) => !owed.some((one) => one.code === code))
    if (missing.length) return refused('E_GATE', { gate: 'materials', missing: missing.join(',') })
    const wrong = owed.find(
      (one) => critical.includes(String(one.code)) && one.owed_by === 'customer',
    )
    return wrong
      ? refused('E_NOT_TOLERABLE', { code: String(wrong.code), why: 'critical' })
      : { ok: true, events: [] }
  }
  const answer = await askOwed(judge)
  expect(answer.owed.map((one) => `${one.code}:${one.owed_by}`)).toEqual([
    'MT01:manager',
    'MT14:customer',
    'MT02:manager',
    'MT23:customer',
  ])
  expect(answer.byManager).toEqual(critical)
})

it('stops when the rulebook says something that it does not know', async () => {
  let asked = 0
  const answer = await askOwed(async () => {
    asked += 1
    return refused('E_ROLE', {})
  })
  expect(asked).toBe(1)
  expect(answer.owed).toEqual([])
})
