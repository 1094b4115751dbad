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
  { key: 'help', query: { flag: 'help_apply' } },
  { key: 'overdue', query: { flag: 'material_overdue' } },
  { key: 'decide', query: { flag: 'decide_overdue' } },
  { key: 'risk', query: { flag: 'risk' } },
  { key: 'trips', query: { flag: 'trips' } },
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

const VISITS: Filter[] = [
  { key: 'to_visit', query: { state: ['planned', 'attempting', 'unreached'] } },
  { key: 'on_site', query: { state: ['escalated_to_on_site'] } },
  { key: 'mine', query: {}, mine: true },
  { key: 'done', query: { state: ['done'] } },
  { key: 'all', query: {} },
]
const LEDGER: Filter[] = [
  { key: 'open', query: { state: ['open', 'in_progress', 'reopened'] } },
  { key: 'solved', query: { state: ['solved'] } },
  { key: 'late', query: { late: true } },
  { key: 'mine', query: {}, mine: true },
  { key: 'closed', query: { state: ['closed'] } },
  { key: 'all', query: {} },
]
const COMPLAINTS: Filter[] = [
  { key: 'to_decide', query: { state: ['received', 'assigned', 'handled', 'appealed'] } },
  { key: 'decided', query: { state: ['substantiated', 'unsubstantiated', 're_examined'] } },
  { key: 'late', query: { late: true } },
  { key: 'all', query: {} },
]
const RATINGS: Filter[] = [
  { key: 'bad', query: { state: ['to_contact'] } },
  { key: 'all', query: {} },
]

const REQUESTS: Filter[] = [
  { key: 'to_answer', query: { state: ['pi_open'] } },
  { key: 'late', query: { late: true } },
  { key: 'answered', query: { state: ['pi_granted', 'pi_declined'] } },
  { key: 'all', query: {} },
]
const NOTICES: Filter[] = [
  { key: 'unread', query: { state: ['unread'] } },
  { key: 'all', query: {} },
]

const PROPOSALS: Filter[] = [
  { key: 'offered', query: { state: ['offered'] } },
  { key: 'all', query: {} },
]

/** The filters of the kinds that have their own. */
const FILTERS: Record<string, Filter[]> = {
  case: CASES,
  lead: LEADS,
  visit: VISITS,
  ledger_item: LEDGER,
  complaint: COMPLAINTS,
  rating: RATINGS,
  notice: NOTICES,
  proposal: PROPOSALS,
  pi_request: REQUESTS,
}

/** What can be asked of every kind of record. */
const COMMON: Filter[] = [
  { key: 'all', query: {} },
  { key: 'late', query: { late: true } },
]

/** The filters of a kind of record. */
export function filtersOf(kind: RecordKind): Filter[] {
  return FILTERS[kind] ?? COMMON
}
