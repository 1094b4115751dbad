/// <reference types="vite/client" />
//! Constants that the build writes into the pages.

/** True where the in-memory fake may stand in for the window's real bridge. */
declare const __FAKE_ALLOWED__: boolean

interface Window {
  /** Present only inside the desktop window. */
  __TAURI_INTERNALS__?: unknown
}
