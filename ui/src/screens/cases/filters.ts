//! The saved filters of the lists: a name, and what it asks the client for.
import type { ListQuery, RecordKind } from '@/bridge'

/** One filter; `mine` asks for the records of the person who is signed in. */
export interface Filter {
  key: string
  query: Partial<ListQuery>
  mine?: boolean
}

const CASES: Filter[] = [
  { key: 'all', query: {} },
  { key: 'mine', query: {}, mine: true },
  { key: 'late', query: { late: true } },
  { key: 'intake', query: { state: ['submitted', 'accepted'] } },
  {
    key: 'technical',
    query: { state: ['pressure_checking', 'pressure_blocked', 'survey_design', 'designed'] },
  },
  { key: 'fee', query: { state: ['designed', 'fee_negotiating', 'fee_confirmed'] } },
  {
    key: 'works',
    query: {
      state: ['engineering_received', 'construction_preparing', 'constructing', 'installed'],
    },
  },
  { key: 'gas', query: { state: ['gas_on_applied', 'acceptance_testing', 'rectifying'] } },
  { key: 'done', query: { state: ['gas_on', 'archived'] } },
]
const LEADS: Filter[] = [
  { key: 'all', query: {} },
  { key: 'mine', query: {}, mine: true },
  { key: 'late', query: { late: true } },
  { key: 'received', query: { state: ['received'] } },
  { key: 'to_contact', query: { state: ['handed_over'] } },
  { key: 'contacted', query: { state: ['contacted'] } },
]

/** The filters of a kind of record. */
export function filtersOf(kind: RecordKind): Filter[] {
  return kind === 'lead' ? LEADS : CASES
}
