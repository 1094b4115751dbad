//! The saved filters of the list of filings.
import type { Filter } from '@/screens/cases/filters'

/** What a permit agent looks for. */
export const PERMIT_FILTERS: Filter[] = [
  { key: 'all', query: {} },
  { key: 'late', query: { late: true } },
  { key: 'to_file', query: { state: ['proposed', 'drafting', 'rejected_intake'] } },
  { key: 'correction', query: { state: ['correction'] } },
  {
    key: 'with_authority',
    query: { state: ['filed', 'correction_done', 'accepted', 'reviewing', 'special', 'appealed'] },
  },
  { key: 'in_force', query: { state: ['granted', 'in_use', 'restored'] } },
]
