//! Asks the rulebook which materials a case owes, and which of them the customer may owe.
//! Invariant: the answer comes from refusals of the rulebook alone.
import type { Data, Judgement } from '@/bridge'

/** What is missing; those in `byManager` the customer may not owe. */
export interface Owed {
  owed: Data[]
  byManager: string[]
}

const MOST = 60

/** Judges trial acceptances until the rulebook has nothing against the list. */
export async function askOwed(judge: (data: Data) => Promise<Judgement>): Promise<Owed> {
  let owed: Data[] = []
  const byManager: string[] = []
  for (let step = 0; step < MOST; step += 1) {
    const answer = await judge({ owed, contact: '—' })
    if (answer.ok) break
    const { code, params } = answer.refusal
    const before = JSON.stringify(owed)
    const missing = (params.missing ?? '').split(/[,、]/).filter((one) => /^MT\d+$/.test(one))
    if (missing.length) {
      const known = new Set(owed.map((one) => one.code))
      owed = [
        ...owed,
        ...missing
          .filter((one) => !known.has(one))
          .map((one) => ({ code: one, owed_by: 'customer' })),
      ]
    } else if (params.code && (code === 'E_NOT_TOLERABLE' || code === 'E_FOUR_ZERO')) {
      byManager.push(params.code)
      owed = owed.map((one) => (one.code === params.code ? { ...one, owed_by: 'manager' } : one))
    }
    if (JSON.stringify(owed) === before) break
  }
  return { owed, byManager }
}
