//! The state of synchronisation, the network that files go over, and the check of the files.
import type { SyncState } from './types'

export interface SyncRecord {
  id: string
  no: string
  title: string
  sync_state: SyncState
  commands: number
  files_done: number
  files_total: number
  bytes_left: number
}

export interface LogEntry {
  at: string
  level: 'info' | 'warn' | 'error'
  code: string
  text: string
}

export interface SyncStatus {
  online: 'online' | 'offline' | 'connecting'
  paused: boolean
  reason?: string
  last_success_at?: string
  pending_commands: number
  pending_cases: number
  pending_files: number
  pending_bytes: number
  refused: number
  conflicts: number
  transfer?: {
    label: string
    done: number
    total: number
    bytes_done: number
    bytes_total: number
  }
  first_sync?: { done: number; total: number }
  records: SyncRecord[]
  network: NetworkView
  storage: { used_bytes: number; free_bytes: number; low: boolean }
  clock_offset_ms: number
  lease_until?: string
  epoch?: number
  cursor?: number
  server: string
  log: LogEntry[]
}

/** Over which networks the originals of photos and recordings are sent. */
export type NetworkRule = 'always' | 'unmetered'

export interface HeldFile {
  id: string
  record_id: string
  title: string
  kind: string
  name: string
  bytes_left: number
}

export interface NetworkView {
  rule: NetworkRule
  metered: 'yes' | 'no' | 'unknown'
  /** The person said so; otherwise the system did. */
  declared: boolean
  held: HeldFile[]
  held_bytes: number
}

export interface FileFault {
  id: string
  record_id: string
  title: string
  kind: string
  name: string
  /** `lost` and `spoilt`: only copy, has to be made again; the others are mended. */
  outcome: 'lost' | 'spoilt' | 'fetched' | 'fetching'
}

export interface FilesCheck {
  checked: number
  bytes: number
  faults: FileFault[]
}

/** May the device leave a record? What is missing, or the company's receipt. */
export interface DepartureView {
  state: 'ready' | 'incomplete' | 'lacking' | 'unasked'
  at?: string
  void_at?: string
  version?: number
  files?: number
  pending: number
  refused: string[]
  files_done: number
  files_total: number
  lacking: number
}

/** What the tablet lacks for a visit. */
export type Gap =
  | { gap: 'record' | 'stale' | 'policy' | 'calendar' | 'prices' | 'lease' | 'space' }
  | { gap: 'files'; files: number; bytes: number }
  | { gap: 'refused'; commands: number }

export interface VisitReady {
  id: string
  no: string
  title: string
  subtitle: string
  day: 'today' | 'next'
  due_at?: string
  ready: boolean
  gaps: Gap[]
  files_here: number
  files_needed: number
}

/** The visits of today and the next working day, each with what the tablet lacks. */
export interface ReadinessView {
  next: string
  visits: VisitReady[]
  files_here: number
  files_needed: number
  bytes_left: number
}
