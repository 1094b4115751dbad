//! The parts of a case and of a lead, read from the record's JSON for showing.
//! Only presentation: which keys of the record belong to a part, and whether it is done.
import type { Data, Json, RecordKind, RecordView } from '@/bridge'
import { words } from '@/i18n'
import { inRow, label } from '@/i18n/labels'
import { tell } from './summary'

/** How far a part is. */
export type PartState = 'done' | 'open' | 'owed' | 'none' | 'void'

/** A part in one line. */
export interface PartSummary {
  key: string
  state: PartState
  text: string
}

interface PartSpec {
  key: string
  /** Keys of the record that hold this part. */
  from: string[]
  /** Commands whose offers are shown on the part's page. */
  commands: string[]
}

const CASE_PARTS: PartSpec[] = [
  {
    key: 'basic',
    from: ['basic', 'intake', 'contacts'],
    commands: [
      'update_basic',
      'assign_manager',
      'record_contact_attempt',
      'accept_case',
      'accept_tolerant',
      'not_accept',
    ],
  },
  {
    key: 'materials',
    from: ['materials', 'tolerance'],
    commands: [
      'receive_material',
      'verify_material',
      'reject_material',
      'add_owed',
      'extend_material',
      'waive_material',
      'decide_overdue',
      'report_false_paper',
    ],
  },
  {
    key: 'lead',
    from: ['pre_services', 'user_side', 'assignments'],
    commands: ['record_pre_service', 'record_trip'],
  },
  { key: 'pressure', from: ['pressure'], commands: ['push_to_tech', 'record_pressure_check'] },
  { key: 'survey', from: ['survey'], commands: ['complete_survey'] },
  {
    key: 'design',
    from: ['designs', 'budgets'],
    commands: ['issue_design', 'issue_budget', 'allow_outside_cost'],
  },
  {
    key: 'fee',
    from: ['confirmations', 'negotiation', 'cost_exceptions', 'blocked_fees'],
    commands: ['start_fee_negotiation', 'settle_fee', 'fee_dispute'],
  },
  {
    key: 'permits',
    from: ['permits', 'packages', 'proxy'],
    commands: [
      'draft_permit',
      'file_permit',
      'record_permit_answer',
      'record_permit_step',
      'group_permits',
      'meet_permit_condition',
      'dismiss_permit',
      'agree_proxy',
      'sign_power',
      'revoke_power',
      'end_proxy',
    ],
  },
  {
    key: 'contracts',
    from: ['contracts'],
    commands: ['sign_contract', 'record_payment', 'settle_quantities', 'withdraw'],
  },
  {
    key: 'construction',
    from: ['construction', 'engineering'],
    commands: [
      'schedule_project',
      'schedule_gas',
      'hand_to_engineering',
      'arrange_contractor',
      'confirm_site',
      'start_construction',
      'report_progress',
      'complete_installation',
    ],
  },
  {
    key: 'acceptance',
    from: ['acceptances', 'gas'],
    commands: [
      'submit_gas_on',
      'start_acceptance',
      'record_acceptance',
      'turn_gas_on',
      'record_not_ignited',
    ],
  },
  { key: 'service', from: ['service'], commands: [] },
]
const LEAD_PARTS: PartSpec[] = [
  {
    key: 'project',
    from: ['push'],
    commands: ['hand_over_lead', 'reassign_lead', 'close_lead', 'reopen_lead', 'convert_lead'],
  },
  { key: 'contacts', from: ['attempts'], commands: ['record_contact_attempt', 'mark_unreachable'] },
]

const WATCH_PARTS: PartSpec[] = [{ key: 'feed', from: ['checks'], commands: ['check_feed'] }]

/** The kinds of records whose facts are many enough to be read part by part. */
const PARTS: Partial<Record<RecordKind, PartSpec[]>> = {
  case: CASE_PARTS,
  lead: LEAD_PARTS,
  watch: WATCH_PARTS,
}

/** What every record carries for the machine, and what the page shows elsewhere. */
const CARRIED = /^(id|version|no|state|clocks|files|approvals|trail|policy)$/

/** The parts of this record; none for a kind whose facts stand on its page. */
export function partsOf(record: RecordView): PartSpec[] {
  return PARTS[record.card.kind] ?? []
}

/** The facts of a record without parts, for its page: plain ones first, then groups and lists. */
export function factsOf(
  record: RecordView,
  but: string[] = [],
): {
  plain: Data
  groups: { key: string; value: Json }[]
} {
  const shown = Object.entries(record.body).filter(
    ([key, value]) => !CARRIED.test(key) && !but.includes(key) && !isEmpty(value),
  )
  const isGroup = (value: Json): boolean => typeof value === 'object' && value !== null
  return {
    plain: Object.fromEntries(shown.filter(([, value]) => !isGroup(value))),
    groups: shown.filter(([, value]) => isGroup(value)).map(([key, value]) => ({ key, value })),
  }
}

/** The sections of the record that belong to a part: key and value, empty ones left out. */
export function sectionsOf(record: RecordView, key: string): { key: string; value: Json }[] {
  const spec = partsOf(record).find((part) => part.key === key)
  return (spec?.from ?? [])
    .map((name) => ({ key: name, value: newestFirst(record.body[name] ?? null) }))
    .filter(({ value }) => !isEmpty(value))
}

/** Versions are read from the one in force back. */
function newestFirst(value: Json): Json {
  const versions =
    Array.isArray(value) &&
    value.every((one) => typeof one === 'object' && one !== null && 'version' in one)
  return versions ? [...value].reverse() : value
}

function isEmpty(value: Json): boolean {
  if (value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.values(value).every(isEmpty)
}

/** Each part of the record in one line. */
export function summarise(record: RecordView): PartSummary[] {
  return partsOf(record).map((spec) => {
    if (spec.key === 'materials') return materials(record)
    const found = sectionsOf(record, spec.key).length > 0
    return { key: spec.key, state: stateOf(record, spec, found), text: tell(spec.key, record.body) }
  })
}

function stateOf(record: RecordView, spec: PartSpec, found: boolean): PartState {
  const next = record.offers.some(
    (offer) => offer.primary && offer.possible && spec.commands.includes(offer.command),
  )
  const confirmations = record.body.confirmations
  const fee = Array.isArray(confirmations) ? (confirmations.at(-1) as Data | undefined) : undefined
  if (spec.key === 'fee' && fee?.voided_at) return 'void'
  if (next) return 'open'
  return found ? 'done' : 'none'
}

function materials(record: RecordView): PartSummary {
  const value = record.body.materials
  const items = (Array.isArray(value) ? value : []) as Data[]
  const owed = items.filter((one) => ['owed', 'collecting', 'rejected'].includes(String(one.state)))
  const names = inRow(owed.map((one) => label('material', String(one.code))))
  const count = `${items.length - owed.length} / ${items.length}`
  if (!items.length) return { key: 'materials', state: 'none', text: '' }
  const text = owed.length
    ? words.t('case.owes', { count, names })
    : words.t('case.papers', { count })
  return { key: 'materials', state: owed.length ? 'owed' : 'done', text }
}
