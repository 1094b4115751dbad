//! The parts of a case and of a lead, read from the record's JSON for showing.
//! Only presentation: which keys of the record belong to a part and how it is summed up in a line.
import type { Data, Json, RecordView } from '@/bridge'
import { yuanText } from '@/format/money'
import { dateText } from '@/format/time'
import { words } from '@/i18n'
import { label, showValue } from '@/i18n/labels'

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
  /** Keys of the record that hold this part, the first present one wins in the summary. */
  from: string[]
  /** Commands whose offers are shown on the part's page. */
  commands: string[]
}

const CASE_PARTS: PartSpec[] = [
  {
    key: 'basic',
    from: ['basic'],
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
    from: ['materials'],
    commands: ['receive_material', 'verify_material', 'reject_material'],
  },
  {
    key: 'pressure',
    from: ['pressure', 'pressure_checks'],
    commands: ['push_to_tech', 'record_pressure_check'],
  },
  { key: 'survey', from: ['survey', 'surveys'], commands: ['complete_survey'] },
  {
    key: 'design',
    from: ['design', 'designs', 'budget', 'budgets'],
    commands: ['issue_design', 'issue_budget'],
  },
  {
    key: 'fee',
    from: ['fee', 'fee_confirmation', 'fees', 'payments'],
    commands: ['start_fee_negotiation', 'settle_fee', 'fee_dispute', 'record_payment'],
  },
  { key: 'permits', from: ['permits'], commands: ['record_permit'] },
  { key: 'contracts', from: ['contracts', 'contract'], commands: ['sign_contract'] },
  {
    key: 'construction',
    from: ['construction', 'order', 'engineering', 'site'],
    commands: [
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
    from: ['acceptance', 'acceptances', 'gas_on', 'ticket', 'gas_on_application'],
    commands: [
      'submit_gas_on',
      'start_acceptance',
      'record_acceptance',
      'turn_gas_on',
      'record_not_ignited',
    ],
  },
]
const LEAD_PARTS: PartSpec[] = [
  {
    key: 'project',
    from: ['push', 'payload'],
    commands: ['hand_over_lead', 'reassign_lead', 'close_lead', 'reopen_lead', 'convert_lead'],
  },
  { key: 'contacts', from: ['attempts'], commands: ['record_contact_attempt', 'mark_unreachable'] },
]

/** The parts of this record. */
export function partsOf(record: RecordView): PartSpec[] {
  return record.card.kind === 'lead' ? LEAD_PARTS : CASE_PARTS
}

/** The sections of the record that belong to a part: key and value, empty ones left out. */
export function sectionsOf(record: RecordView, key: string): { key: string; value: Json }[] {
  const spec = partsOf(record).find((part) => part.key === key)
  return (spec?.from ?? [])
    .map((name) => ({ key: name, value: record.body[name] ?? null }))
    .filter(({ value }) => !isEmpty(value))
}

function isEmpty(value: Json): boolean {
  if (value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** Each part of the record in one line. */
export function summarise(record: RecordView): PartSummary[] {
  return partsOf(record).map((spec) => {
    const found = sectionsOf(record, spec.key)[0]
    const offered = record.offers.some((o) => o.possible && spec.commands.includes(o.command))
    if (!found) return { key: spec.key, state: offered ? 'open' : 'none', text: '' }
    if (spec.key === 'materials') return materials(found.value)
    return { key: spec.key, state: stateOf(found.value, offered), text: line(found.value) }
  })
}

function stateOf(value: Json, offered: boolean): PartState {
  const last = Array.isArray(value) ? value.at(-1) : value
  if (last && typeof last === 'object' && !Array.isArray(last) && (last.voided_at || last.void))
    return 'void'
  return offered ? 'open' : 'done'
}

function materials(value: Json): PartSummary {
  const items = (Array.isArray(value) ? value : Object.values(value as Data)) as Data[]
  const settled = items.filter((m) => ['verified', 'received', 'waived'].includes(String(m.state)))
  const owed = items.filter((m) =>
    ['owed', 'missing', 'collecting', 'rejected'].includes(String(m.state)),
  )
  const names = owed.map((m) => materialName(m)).join('、')
  const count = `${settled.length} / ${items.length}`
  const text = owed.length ? words.t('case.owes', { count, names }) : count
  return { key: 'materials', state: owed.length ? 'owed' : 'done', text }
}

function materialName(item: Data): string {
  const code = String(item.code ?? item.type ?? item.material ?? '')
  return String(item.name_zh ?? item.name ?? label('value', code))
}

/** A part in at most four facts. */
function line(value: Json): string {
  const last = Array.isArray(value) ? value.at(-1) : value
  const count =
    Array.isArray(value) && value.length > 1 ? words.t('case.times', { n: value.length }) : ''
  const facts =
    typeof last === 'object' && last !== null ? Object.entries(last) : [['', last ?? null] as const]
  const said = facts
    .filter(
      ([k, v]) => !isEmpty(v) && typeof v !== 'object' && !/(_id|^id|hash|sha256|basis)$/.test(k),
    )
    .slice(0, 4)
    .map(([k, v]) => fact(k, v))
  return [count, ...said].filter(Boolean).join(' · ')
}

/** One value in the words of its kind. */
export function fact(key: string, value: Json): string {
  if (typeof value === 'number' && key.endsWith('_fen'))
    return words.t('fee.yuan', { amount: yuanText(value) })
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return dateText(value)
  if (typeof value === 'number' || typeof value === 'boolean')
    return `${label('field', key)} ${showValue(key, value)}`
  return showValue(key, value)
}
