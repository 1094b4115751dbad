//! What can be begun from the list of a kind of record, and by whom.
import type { CommandName, RecordKind } from '@/bridge'

/** A command that begins a record of the kind. */
export interface Creation {
  command: CommandName
  roles: string[]
}

const CREATIONS: Partial<Record<RecordKind, Creation>> = {
  pi_request: {
    command: 'receive_pi_request',
    roles: ['customer_manager', 'counter_clerk', 'hotline_agent', 'hall_clerk', 'service_lead'],
  },
}

/** The command that begins a record of this kind, for somebody with these roles. */
export function creationOf(kind: RecordKind, is: (role: string) => boolean): Creation | undefined {
  const found = CREATIONS[kind]
  return found?.roles.some(is) ? found : undefined
}
