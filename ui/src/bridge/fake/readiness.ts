//! The coming visits of the in-memory company: one is ready, one lacks its files and its answer.
import { ApiError } from '../error'
import type { Bridge } from '../contract'
import type { ReadinessView, RecordView, VisitReady } from '../types'
import { HOMES, RESTAURANT } from './records'

/** Makes it; `online` says whether what lacks can be fetched. */
export function readinessFake(
  records: Map<string, RecordView>,
  online: () => boolean,
  changed: () => void,
): Pick<Bridge, 'readiness' | 'make_ready'> {
  let fetched = false
  const visit = (id: string, parts: Partial<VisitReady>): VisitReady[] => {
    const card = records.get(id)?.card
    if (!card) return []
    const { no, title, subtitle, due_at } = card
    const none = { gaps: [], files_here: 0, files_needed: 0 }
    return [{ id, no, title, subtitle, due_at, day: 'today', ready: true, ...none, ...parts }]
  }
  const readiness = async (): Promise<ReadinessView> => {
    const lack: VisitReady['gaps'] = fetched
      ? []
      : [{ gap: 'files', files: 2, bytes: 5_400_000 }, { gap: 'lease' }]
    const visits = [
      ...visit(HOMES, {}),
      ...visit(RESTAURANT, {
        day: 'next',
        ready: fetched,
        gaps: lack,
        files_here: fetched ? 3 : 1,
        files_needed: 3,
      }),
    ]
    return {
      next: '2026-11-30',
      visits,
      files_here: fetched ? 3 : 1,
      files_needed: 3,
      bytes_left: fetched ? 0 : 5_400_000,
    }
  }
  return {
    readiness,
    make_ready: async () => {
      if (!online()) throw new ApiError('offline', {}, '当前离线')
      fetched = true
      changed()
      return await readiness()
    },
  }
}
