//! What crosses for the guardians: the audit log, retention, archive packages.

export interface AuditQuestion {
  actor?: string
  /** Identity or number of a record; identity of an account or a device. */
  subject?: string
  act?: string
  from?: string
  to?: string
  before?: number
  limit?: number
}

/** A row of the audit: who, when, what, with what result, from where. */
export interface AuditLine {
  n: number
  at: string
  act: string
  result: string
  actor?: string
  actor_name?: string
  device?: string
  device_name?: string
  subject?: string
  subject_name?: string
  command?: string
  claimed?: string
  /** JSON without personal data. */
  detail?: string
  hash: string
}

export interface AuditPage {
  lines: AuditLine[]
  next?: number
}

/** Whether the chain holds, and where it ends. */
export interface AuditCheck {
  holds: boolean
  audit_rows: number
  audit_head: string
  faults: number
  found: { code: string; audit?: number }[]
}

/** Where retention stands: periods, what is due, what is gone. */
export interface Retention {
  as_of: string
  terms: { class: string; months?: number; basis: string }[]
  due: number
  soon: number
  lines: {
    record: string
    kind: string
    no: string
    class: string
    ended_on: string
    due_on: string
    due: boolean
  }[]
  erased: number
  gone: { at: string; record: string; no: string; events: number; audit: number }[]
}

/** A case's archive package on this machine, checked. */
export interface ArchiveView {
  path: string
  made_at: string
  manifest: string
  entries: number
  absent: number
  holds: boolean
  faults: string[]
  /** Whether the company's audit names it; absent when the server was not reached. */
  registered?: boolean
}

/** How far an export is; no total while the server packs. */
export interface ArchiveProgress {
  case: string
  done: number
  total: number
}
