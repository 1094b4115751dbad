//! Permit filings, on the page of their case and in the list of all open ones.

import type { ClockView, CommandName, Named, SyncState } from './types'

/** A filing for a permit on the page of its case. */
export interface PermitView {
  filing: string
  no: number
  kind: string
  state: string
  applicant: string
  authority: string
  procedure?: string
  blocking: boolean
  part?: string
  clock?: ClockView
  promised_on?: string
  permitted_from?: string
  permitted_to?: string
  external_no?: string
  missing: string[]
  warnings: string[]
  conditions: { no: number; text: string; met: boolean }[]
  package?: number
  next: CommandName[]
}

/** Filings that are decided together. */
export interface PackageView {
  no: number
  name: string
  filings: string[]
  due_at?: string
}

/** A filing in the list of all open ones. */
export interface PermitCard {
  id: string
  filing: string
  no: string
  title: string
  subtitle: string
  kind: string
  state: string
  due_at?: string
  clock?: string
  manager?: Named
  sync_state: SyncState
}

export interface PermitPage {
  items: PermitCard[]
  next?: string
  total: number
}
