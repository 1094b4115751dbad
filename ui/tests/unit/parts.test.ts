//! A case is one page: each of its parts opens with one action from there, offline.
import { expect, it } from 'vitest'
import type { RecordView } from '@/bridge'
import { createFakeBridge } from '@/bridge/fake'
import { partsOf, summarise } from '@/components/case/parts'
import { filtersOf } from '@/screens/cases/filters'
import { doorsFor } from '@/shell/nav'

async function aCase(): Promise<RecordView> {
  const bridge = createFakeBridge()
  const page = await bridge.list({ kind: 'case', limit: 1 })
  return bridge.record({ id: page.items[0]!.id })
}

it('R-09 the case page opens every part in one action and tells the last synchronisation', async () => {
  const record = await aCase()
  const keys = partsOf(record).map((part) => part.key)
  for (const part of [
    'lead',
    'materials',
    'survey',
    'fee',
    'contracts',
    'permits',
    'construction',
    'acceptance',
  ])
    expect(keys).toContain(part)
  // Each part is a line of the page: one tap from the case, two from the list.
  expect(summarise(record).map((line) => line.key)).toEqual(keys)
  expect(record.card.sync_state).toBeTruthy()
})

it('R-40 the ledger of debts has a door for those who answer for it', () => {
  for (const role of ['customer_manager', 'counter_clerk', 'cm_lead'])
    expect(doorsFor([role]).map((door) => door.name)).toContain('debts')
  expect(doorsFor(['ignition_operator']).map((door) => door.name)).not.toContain('debts')
})

it('R-04 R-15 the lists of trips and of risks are filters of the cases', () => {
  const flags = filtersOf('case').map((filter) => filter.query.flag)
  expect(flags).toEqual(expect.arrayContaining(['trips', 'risk', 'help_apply', 'decide_overdue']))
})
