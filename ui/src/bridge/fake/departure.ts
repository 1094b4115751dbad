//! 可以离场 in the in-memory company.
import type { DepartureView, RecordView } from '../types'
import { at } from './build'

/** Nothing is missing, nothing is signed. */
export const LEFT_NOTHING: DepartureView = {
  state: 'unasked',
  pending: 0,
  refused: [],
  files_done: 0,
  files_total: 0,
  lacking: 0,
}

/** How a record stands after one more command: a receipt of before no longer counts. */
export function leftAfter(target: RecordView): DepartureView {
  const before = target.departure ?? LEFT_NOTHING
  return {
    ...before,
    state: 'incomplete',
    pending: target.pending.length + 1,
    at: undefined,
    void_at: before.at ?? before.void_at,
  }
}

/** The record once the company has signed for it. */
export function signedFor(record: RecordView): RecordView {
  const { departure } = record
  if (!departure || departure.state === 'incomplete') return record
  const signed: DepartureView = {
    ...departure,
    state: 'ready',
    at: at(0),
    void_at: undefined,
    version: record.trail.length,
    files: record.files.length,
  }
  return { ...record, departure: signed, card: { ...record.card, left_at: signed.at } }
}
