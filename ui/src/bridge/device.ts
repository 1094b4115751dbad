//! What crosses of enrolled devices, and of what they said last.
import type { Named } from './types'

export interface AdminDevice {
  id: string
  name: string
  user: Named
  enrolled_at: string
  last_sync_at?: string
  state: string
  word?: DeviceWord
}

/** What a device said last of what it holds. */
export interface DeviceWord {
  at: string
  unsent: number
  leaving: string[]
  outstanding: string[]
  purged: number
}
