//! A case is one page: each of its parts opens with one action from there, offline.
import { mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { expect, it, vi } from 'vitest'
import { useBridge } from '@/bridge'
import { createFakeBridge } from '@/bridge/fake'
import { CANTEEN } from '@/bridge/fake/aside'
import { RESTAURANT } from '@/bridge/fake/records'
import { i18n } from '@/i18n'
import { label, valueLabel } from '@/i18n/labels'
import { filtersOf } from '@/screens/cases/filters'
import { doorsFor } from '@/shell/nav'
import { router } from '@/shell/router'
import { useSession } from '@/stores/session'

/** The first page also has its modules to load. */
const WAIT = { timeout: 15_000 }

/** The nine parts of R-09, and the part of the page that each is. */
const NINE = {
  lead: 'lead',
  materials: 'materials',
  survey: 'survey',
  fee: 'fee',
  contract: 'contracts',
  permits: 'permits',
  construction: 'construction',
  'gas-on': 'acceptance',
  visits: 'service',
}

/** The window's pages over an in-memory company without a network, at one address. */
async function openAt(path: string): Promise<VueWrapper> {
  const bridge = createFakeBridge()
  useBridge(bridge)
  await expect(bridge.sync_now(), 'there is no network').rejects.toThrow()
  const pinia = createPinia()
  setActivePinia(pinia)
  await useSession().load()
  await router.push(path)
  const page = mount({ template: '<RouterView />' }, { global: { plugins: [pinia, i18n, router] } })
  await vi.waitFor(() => expect(page.find('[data-testid="synced-at"]').exists()).toBe(true), WAIT)
  return page
}

it(
  'R-09 each of the nine parts opens offline in at most two actions and shows the last sync',
  { timeout: 60_000 },
  async () => {
    for (const [part, key] of Object.entries(NINE)) {
      const page = await openAt(`/record/${RESTAURANT}`)
      expect(page.get('[data-testid="synced-at"]').text(), 'the case').toMatch(
        /与公司同步于 .*\d\d:\d\d/,
      )
      // One action, of the two that are allowed.
      await page.get(`a[data-testid="part-${key}"]`).trigger('click')
      await vi.waitFor(() => expect(page.find('[data-testid="part"]').exists()).toBe(true), WAIT)
      await vi.waitFor(
        () => expect(page.find('[data-testid="synced-at"]').exists()).toBe(true),
        WAIT,
      )
      expect(page.text(), part).toContain(label('part', key))
      expect(page.get('[data-testid="synced-at"]').text(), part).toMatch(/与公司同步于 .*\d\d:\d\d/)
      page.unmount()
    }
  },
)

it(
  'R-22 the stages of both schedules stand side by side, and a date that moved is seen',
  { timeout: 30_000 },
  async () => {
    const page = await openAt(`/record/${CANTEEN}`)
    const rows = page.findAll('[data-testid="schedule"] li').map((row) => row.text())
    const pipes = rows.find((row) => row.includes(valueLabel('project_stage', 'outdoor_pipes')))
    expect(pipes).toContain('2026-12-15')
    expect(pipes).toContain(valueLabel('stage', 'pipe_laying'))
    expect(pipes).toContain('2026-12-20')
    expect(page.get('[data-testid="stage-moved"]').text()).toMatch(/2026-12-10.*顺延 10 天/)
    page.unmount()
  },
)

it('R-40 the ledger of debts has a door for those who answer for it', () => {
  for (const role of ['customer_manager', 'counter_clerk', 'cm_lead'])
    expect(doorsFor([role]).map((door) => door.name)).toContain('debts')
  expect(doorsFor(['ignition_operator']).map((door) => door.name)).not.toContain('debts')
})

it('R-04 R-15 the lists of trips and of risks are filters of the cases', () => {
  const flags = filtersOf('case').map((filter) => filter.query.flag)
  expect(flags).toEqual(expect.arrayContaining(['trips', 'risk', 'help_apply', 'decide_overdue']))
})
