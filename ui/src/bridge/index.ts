//! The door of the pages to the client. Only this folder knows the desktop shell.
import type { Bridge } from './contract'

export type * from './types'
export type { Bridge } from './contract'
export { ApiError, toApiError } from './error'

let chosen: Bridge | undefined

/** Chooses the window's bridge, or the in-memory fake where the build allows it. */
export async function openBridge(): Promise<Bridge> {
  if (window.__TAURI_INTERNALS__ || !__FAKE_ALLOWED__) {
    const { createTauriBridge } = await import('./tauri')
    chosen = createTauriBridge()
  } else {
    const { createFakeBridge } = await import('./fake')
    chosen = createFakeBridge()
  }
  return chosen
}

/** Sets the bridge directly; tests use it with a fake of their own. */
export function useBridge(bridge: Bridge): void {
  chosen = bridge
}

/** The open bridge. */
export function bridge(): Bridge {
  if (!chosen) throw new Error('openBridge() runs before the first page')
  return chosen
}
