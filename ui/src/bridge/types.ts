//! What crosses between the pages and the client: view models, in the words of the domain.
//! Instants are RFC 3339 with +08:00, money is an integer number of fen (`*_fen`).

import type { PackageView, PermitView } from './permit'

export type * from './cost'
export type * from './guard'
export type * from './outside'
export type * from './permit'
export type * from './device'
export type * from './report'
export type * from './sync'
export type * from './technique'

import type { DepartureView } from './sync'
import type { AdviceView } from './technique'

export type Role = string
export type CommandName = string
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type Data = { [key: string]: Json }

export type SyncState =
  | 'draft'
  | 'pending'
  | 'sending'
  | 'delivered'
  | 'files_missing'
  | 'conflict'
  | 'refused'
  | 'quarantined'
  | 'held'

export type Warn = 'calm' | 'soon' | 'late'
export type RecordKind =
  | 'lead'
  | 'case'
  | 'watch'
  | 'notice'
  | 'visit_month'
  | 'inspection'
  | 'assessment'
  | 'visit'
  | 'ledger_item'
  | 'complaint'
  | 'rating'
  | 'proposal'
  | 'pi_request'
  | 'pi_register'
  | 'applicant'
  | 'person'
  | 'rules'

export interface Named {
  id: string
  name: string
}

/** Why a command was refused, complete enough to be read by a person. */
export interface Refusal {
  code: string
  params: Record<string, string>
  state?: string
  message: string
  now_possible: CommandName[]
}

export interface Card {
  id: string
  kind: RecordKind
  no: string
  title: string
  subtitle: string
  state: string
  segment?: string
  due_at?: string
  clock?: string
  /** The department and the one person in charge of that clock. */
  org?: string
  in_charge?: Named
  warn?: Warn
  manager?: Named
  flags: string[]
  sync_state: SyncState
  /** When the company signed that it holds everything of it. */
  left_at?: string
  files_done?: number
  files_total?: number
}

export type SessionState =
  'fresh' | 'locked' | 'open' | 'held_elsewhere' | 'recovery_needed' | 'damaged' | 'device_full'

export interface SessionView {
  state: SessionState
  user?: { id: string; login: string; name: string; roles: Role[]; org: string }
  device?: Named
  server?: string
  holder?: string
  lease_until?: string
  wrong_pins?: number
  wait_seconds?: number
  detail?: string
}

export interface TodayView {
  attention: AttentionItem[]
  due: Card[]
  later: Card[]
  counts: { late: number; soon: number; calm: number }
}

export interface ListQuery {
  kind: RecordKind
  state?: string[]
  segment?: string
  manager?: string
  search?: string
  late?: boolean
  flag?: string
  limit: number
  after?: string
}

/** A line of the 容缺 ledger. */
export interface DebtLine {
  case: string
  no: string
  applicant: string
  code: string
  state: string
  owed_by: string
  promised_by?: string
  manager_name: Named
  due_on?: string
  extended: boolean
  late: boolean
  blocks?: string
  overdue?: { since: string; visited_at?: string; to_decide_since?: string }
}

/** The 容缺 ledger with its figures; `days / made_up` is the mean. */
export interface DebtsView {
  lines: DebtLine[]
  figures: { all: { items: number; made_up: number; days: number } }
}

/** What the user of a case is shown of it. */
export interface Progress {
  no: string
  steps: { step: string; pace: string }[]
  actions: { action: string; done_at?: string; channels: string[] }[]
  promises: { name: string; due_on?: string }[]
  gas_on_at?: string
}

/** 一次性告知书, as it was told. */
export interface NoticeSheet {
  no: number
  at: string
  contact: string
  reason?: string
  items: {
    code: string
    name: string
    owed_by: string
    due_on: string
    why: string
    how: string
  }[]
}

export interface ListPage {
  items: Card[]
  next?: string
  total: number
}

export interface ClockView {
  rule: string
  name_zh: string
  clause: string
  started_at: string
  due_at: string
  exclusive: boolean
  state: string
  remaining_ms: number
  late: boolean
  warn: Warn
  person?: Named
  provisional: boolean
  paused: boolean
}

export interface GateView {
  gate: string
  open: boolean
  missing: string[]
}

export interface TrailEntry {
  at: string
  by: Named
  role?: Role
  device?: string
  did: string
  note?: string
  grade?: string
  pending: boolean
}

export interface Offer {
  command: CommandName
  possible: boolean
  primary: boolean
  refusal?: Refusal
  approval?: Role
}

export interface FileView {
  id: string
  kind: string
  name: string
  mime: string
  size: number
  sha256?: string
  taken_at?: string
  by?: Named
  state: 'local' | 'uploading' | 'delivered' | 'remote' | 'downloading'
  done_bytes: number
  preview: boolean
}

export interface PendingView {
  command_id: string
  command: CommandName
  at: string
  sync_state: SyncState
  refusal?: Refusal
}

export interface StepView {
  key: string
  label_key: string
  status: 'done' | 'now' | 'todo'
}

/** A field that this reader sees masked. */
export interface MaskedField {
  field: string
  /** Whether the reader can unmask it, with a reason. */
  reveal: boolean
}

export interface RecordView {
  card: Card
  body: Data
  masked: MaskedField[]
  steps: StepView[]
  clocks: ClockView[]
  gates: GateView[]
  permits: PermitView[]
  packages: PackageView[]
  trail: TrailEntry[]
  files: FileView[]
  offers: Offer[]
  pending: PendingView[]
  progress?: Progress
  waiting?: { rule: string; waits_for: string }[]
  /** When this device last had the record as the company has it. */
  synced_at?: string
  /** How it stands for leaving; absent where nobody worked on it here. */
  departure?: DepartureView
  /** The stages of the user's project beside the gas works that hang on them. */
  schedule?: ScheduleRow[]
  /** What the technical computations warn of in a case. */
  advice?: AdviceView
}

/** A stage of the user's project with the gas works that follow it. */
export interface ScheduleRow {
  project?: { stage: string; planned_on: string } | null
  gas: { stage: string; proposed_on: string; follows?: string | null }[]
}

export type Judgement = { ok: true; events: string[] } | { ok: false; refusal: Refusal }

export interface Receipt {
  record_id: string
  command_id: string
  saved_at: string
}

export interface AttachRequest {
  id: string
  kind: string
  name: string
  mime: string
  bytes: string
  taken_at?: string
  geo?: Data
}

export type AttentionAction = 'resend' | 'edit' | 'hand_over' | 'discard'

export interface AttentionItem {
  id: string
  record_id: string
  no: string
  title: string
  kind: 'refused' | 'parked' | 'quarantined' | 'conflict' | 'proposed'
  command: CommandName
  data: Data
  at: string
  refusal?: Refusal
  from?: Named
  server_state?: string
  actions: AttentionAction[]
  files: FileView[]
  diff?: { field: string; mine: Json; theirs: Json }[]
}

export interface PreviewItem {
  command_id: string
  record_id: string
  title: string
  command: CommandName
  verdict: 'accepted' | 'refused' | 'deferred' | 'quarantined' | 'unknown'
  refusal?: Refusal
}

export interface PersonView {
  id: string
  name: string
  login: string
  roles: Role[]
  org: string
  active: boolean
}

export interface AdminUser extends PersonView {
  devices: number
  last_seen?: string
}

export interface Changed {
  records: string[]
  sync: boolean
}

export type { Notice, Schema } from './json_schema'
