//! The real bridge: every call is one IPC command of the desktop shell under the same name.
//! Argument names cross unchanged, in snake_case.
import { invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import type { Bridge } from './contract'
import { toApiError } from './error'
import type { Changed } from './types'

async function call(name: string, args?: Record<string, unknown>): Promise<unknown> {
  try {
    return await invoke(name, args)
  } catch (thrown) {
    throw toApiError(thrown)
  }
}

function subscribe<T>(event: string, then: (payload: T) => void): () => void {
  const stop = listen<T>(event, ({ payload }) => then(payload))
  return () => void stop.then((off) => off())
}

/** Makes the bridge to the shell. The names are the contract, so a proxy maps them one to one. */
export function createTauriBridge(): Bridge {
  const events: Partial<Bridge> = {
    on_changed: (then) => subscribe<Changed>('changed', then),
    on_locked: (then) => subscribe<unknown>('locked', () => then()),
  }
  return new Proxy(events, {
    get(own, name) {
      // A thenable would be called by `await`; the bridge itself is no promise.
      if (typeof name === 'symbol' || name === 'then') return undefined
      return Reflect.get(own, name) ?? ((args?: Record<string, unknown>) => call(name, args))
    },
  }) as Bridge
}
