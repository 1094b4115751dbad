//! Builds records of the in-memory company. Only what the pages show; no rules live here.
import { toRfc3339 } from '@/format/time'
import type {
  Card,
  ClockView,
  Data,
  FileView,
  GateView,
  PermitView,
  RecordView,
  StepView,
  TrailEntry,
} from '../types'
import { byLogin } from './people'

const HOUR = 3_600_000

/** An instant, hours from now. */
export const at = (hours: number): string => toRfc3339(Date.now() + hours * HOUR)

let serial = 0
/** The next identity. */
export const newId = (): string =>
  `11111111-0000-7000-8000-${String((serial += 1)).padStart(12, '0')}`

const LEAD_STEPS = ['received', 'handed_over', 'contacted', 'converted']
const CASE_STEPS = ['intake', 'pressure', 'survey', 'fee', 'engineering', 'construction', 'gas_on']
const STEP_OF: Record<string, number> = {
  submitted: 0,
  accepted: 0,
  pressure_checking: 1,
  pressure_blocked: 1,
  survey_design: 2,
  designed: 3,
  fee_negotiating: 3,
  fee_confirmed: 4,
  engineering_received: 4,
  construction_preparing: 5,
  constructing: 5,
  installed: 6,
  gas_on_applied: 6,
  acceptance_testing: 6,
  rectifying: 6,
  gas_on: 7,
  archived: 7,
}

/** The step bar of a record. */
export function stepsOf(kind: string, state: string): StepView[] {
  if (kind !== 'lead' && kind !== 'case') return []
  const keys = kind === 'lead' ? LEAD_STEPS : CASE_STEPS
  const now = kind === 'lead' ? LEAD_STEPS.indexOf(state) + 1 : (STEP_OF[state] ?? 0)
  return keys.map((key, n) => ({
    key,
    label_key: `step.${key}`,
    status: n < now ? 'done' : n === now ? 'now' : 'todo',
  }))
}

const NAMES: Record<string, [string, string]> = {
  'D-02': ['首次联系', '三（一）3'],
  'D-03P': ['压力核查', '三（二）2'],
  'D-03': ['勘察与施工图', '三（二）3'],
  'D-04': ['费用对接', '三（二）4'],
  'D-05': ['移交工程部', '三（二）5'],
  'D-06b': ['施工（零星户）', '三（三）1'],
  'D-07': ['验收通气', '三（四）2'],
  'D-08': ['受理', '三（二）1'],
  'D-09': ['容缺补齐', '四（三）'],
  'D-16': ['全流程外限', '豫 5 工作日'],
  'D-22': ['个人信息请求答复', '个人信息保护法 50'],
}

/** A running clock that is due in some hours. */
export function clock(rule: string, dueIn: number, more: Partial<ClockView> = {}): ClockView {
  const [name_zh, clause] = NAMES[rule] ?? [rule, '']
  return {
    rule,
    name_zh,
    clause,
    started_at: at(dueIn - 24),
    due_at: at(dueIn),
    exclusive: false,
    state: 'running',
    remaining_ms: dueIn * HOUR,
    late: dueIn < 0,
    warn: dueIn < 0 ? 'late' : dueIn < 4 ? 'soon' : 'calm',
    person: { id: byLogin('manager1').id, name: byLogin('manager1').name },
    provisional: false,
    paused: false,
    ...more,
  }
}

/** Applicant and premises. */
export const basic = (
  name: string,
  phone: string,
  address: string,
  use: string,
  more: Data = {},
): Data => ({
  party_type: use === 'dwelling' ? 'person' : 'organization',
  name,
  phone,
  address,
  use_kind: use,
  want: 'new',
  consent: { text_version: '2026-11', at: at(-50) },
  in_planned_area: true,
  ...more,
})

/** A line of the time line. */
export function did(
  event: string,
  hours: number,
  login: string,
  more: Partial<TrailEntry> = {},
): TrailEntry {
  const who = byLogin(login)
  return {
    at: at(hours),
    by: { id: who.id, name: who.name },
    role: who.roles[0],
    did: event,
    pending: false,
    ...more,
  }
}

/** An attachment. */
export function file(
  kind: string,
  name: string,
  size: number,
  more: Partial<FileView> = {},
): FileView {
  const mime = name.endsWith('.pdf')
    ? 'application/pdf'
    : name.endsWith('.png')
      ? 'image/png'
      : 'image/svg+xml'
  return {
    id: newId(),
    kind,
    name,
    mime,
    size,
    state: 'delivered',
    done_bytes: size,
    preview: mime.startsWith('image/'),
    ...more,
  }
}

const GATES = [
  'G-BASIC',
  'G-PRESSURE',
  'G-LEGAL-DESIGN',
  'G-FEE',
  'G-CONTRACT',
  'G-PAY',
  'G-PERMIT',
  'G-SITE',
  'G-MATERIAL',
  'G-LEGAL-GAS',
  'G-TEST',
  'G-SUPPLY',
  'G-METER',
  'G-ALARM',
  'G-SAFETY',
]
const LACKS: Record<string, string[]> = {
  'G-FEE': ['fee_confirmation'],
  'G-CONTRACT': ['install_contract'],
  'G-PAY': ['payment'],
  'G-PERMIT': ['road_dig'],
  'G-SITE': ['site'],
  'G-MATERIAL': ['material'],
  'G-LEGAL-GAS': ['MT18'],
  'G-TEST': ['acceptance'],
  'G-SUPPLY': ['supply_contract'],
  'G-METER': ['meter'],
  'G-ALARM': ['alarm'],
  'G-SAFETY': ['safety_notice'],
}

/** The gates of a case, the first `open` of them open. */
export const gates = (open: number): GateView[] =>
  GATES.map((gate, n) => ({ gate, open: n < open, missing: n < open ? [] : (LACKS[gate] ?? []) }))

/** What a record is made of. */
export interface Parts {
  card: Omit<Card, 'id' | 'flags' | 'sync_state'> & Partial<Card>
  body?: Data
  clocks?: ClockView[]
  trail?: TrailEntry[]
  files?: FileView[]
  gates?: GateView[]
  permits?: PermitView[]
  pending?: RecordView['pending']
  masked?: RecordView['masked']
  schedule?: RecordView['schedule']
  departure?: RecordView['departure']
}

const CLEAR: Data = { name: '李明', phone: '13600000000', text: '请提供我的报装资料副本' }

/** What changes on a record when one masked field of it is seen. */
export function seen(record: RecordView, field: string): Partial<RecordView> {
  const asked = record.body.asked
  const known = asked && typeof asked === 'object' && !Array.isArray(asked) ? asked : {}
  return {
    masked: record.masked.filter((one) => one.field !== field),
    body: { ...record.body, asked: { ...known, [field]: CLEAR[field] ?? null } },
  }
}

/** A whole record without its offers. */
export function record(parts: Parts): RecordView {
  const manager = byLogin('manager1')
  const id = parts.card.id ?? newId()
  const clocks = parts.clocks ?? []
  const card: Card = {
    flags: [],
    sync_state: 'delivered',
    manager: { id: manager.id, name: manager.name },
    due_at: clocks[0]?.due_at,
    clock: clocks[0]?.rule,
    warn: clocks[0]?.warn,
    ...parts.card,
    id,
  }
  return {
    card,
    body: { id, version: 3, state: card.state, ...parts.body },
    masked: parts.masked ?? [],
    steps: stepsOf(card.kind, card.state),
    clocks,
    gates: parts.gates ?? [],
    permits: parts.permits ?? [],
    packages: [],
    trail: parts.trail ?? [],
    files: parts.files ?? [],
    offers: [],
    pending: parts.pending ?? [],
    synced_at: at(-7.2),
    schedule: parts.schedule,
    departure: parts.departure,
  }
}
