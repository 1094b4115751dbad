//! The network of the in-memory company, and what a check of its files finds.
import type { Bridge } from '../contract'
import type { NetworkView, RecordView, SyncStatus } from '../types'

/** What is large waits; the rest goes. */
function heldOf(records: Map<string, RecordView>): NetworkView['held'] {
  return [...records.values()].flatMap((one) =>
    one.files
      .filter((file) => file.state === 'local' && file.kind.startsWith('photo_'))
      .map((file) => ({
        id: file.id,
        record_id: one.card.id,
        title: one.card.title,
        kind: file.kind,
        name: file.name,
        bytes_left: file.size,
      })),
  )
}

type Calls = Pick<Bridge, 'network' | 'upload_anyway' | 'verify_files'>

/** Makes it; `view` is what the state of synchronisation says of it. */
export function networkFake(
  records: Map<string, RecordView>,
  status: () => Promise<SyncStatus>,
  changed: () => void,
): Calls & { view: () => NetworkView } {
  let rule: NetworkView['rule'] = 'always'
  let declared = false
  let anyway = false
  const view = (): NetworkView => {
    const spares = rule === 'unmetered' && declared && !anyway
    const held = spares ? heldOf(records) : []
    return {
      rule,
      metered: declared ? 'yes' : 'unknown',
      declared,
      held,
      held_bytes: held.reduce((sum, file) => sum + file.bytes_left, 0),
    }
  }
  return {
    view,
    network: async (asked) => {
      rule = asked.rule ?? rule
      declared = asked.metered ?? declared
      changed()
      return await status()
    },
    upload_anyway: async () => {
      const count = view().held.length
      anyway = true
      changed()
      return count
    },
    verify_files: async () => {
      const files = [...records.values()].flatMap((one) => one.files.map((file) => ({ one, file })))
      const here = files.filter(({ file }) => file.state !== 'remote')
      const damaged = here.find(({ file }) => file.state === 'delivered')
      return {
        checked: here.length,
        bytes: here.reduce((sum, { file }) => sum + file.size, 0),
        faults: damaged
          ? [
              {
                id: damaged.file.id,
                record_id: damaged.one.card.id,
                title: damaged.one.card.title,
                kind: damaged.file.kind,
                name: damaged.file.name,
                outcome: 'fetching' as const,
              },
            ]
          : [],
      }
    },
  }
}
