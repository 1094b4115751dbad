//! Drafts of forms: every change is kept by the client, and is there again after a kill.
//! Invariant: an edit is saved in the order it was made; finishing drops the draft last.
import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { bridge, toApiError, type ApiError, type Data } from '@/bridge'

const QUIET_MS = 400

/** A draft and what is known about its keeping. */
export interface Draft {
  data: Ref<Data>
  ready: Ref<boolean>
  /** When it was last saved, in milliseconds. */
  savedAt: Ref<number | undefined>
  /** A draft from before was found. */
  found: Ref<boolean>
  error: Ref<ApiError | undefined>
  flush: () => Promise<void>
  drop: () => Promise<void>
  restart: () => Promise<void>
}

/** Keeps the form under `key`; `start` makes the values of a fresh form. */
export function useDraft(key: () => string, start: () => Data): Draft {
  const data = ref<Data>(start())
  const ready = ref(false)
  const savedAt = ref<number>()
  const found = ref(false)
  const error = ref<ApiError>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let last: Promise<void> = Promise.resolve()
  let dropped = false

  function save(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const now = { key: key(), data: JSON.parse(JSON.stringify(data.value)) as Data }
    last = last.then(async () => {
      if (dropped) return
      try {
        await bridge().draft_save(now)
        savedAt.value = Date.now()
        error.value = undefined
      } catch (thrown) {
        error.value = toApiError(thrown)
      }
    })
    return last
  }
  async function load(): Promise<void> {
    try {
      const kept = await bridge().draft_load({ key: key() })
      if (kept) data.value = { ...start(), ...kept }
      found.value = !!kept
    } catch (thrown) {
      error.value = toApiError(thrown)
    }
    ready.value = true
    watch(data, schedule, { deep: true })
  }
  function schedule(): void {
    if (dropped) return
    clearTimeout(timer)
    timer = setTimeout(() => void save(), QUIET_MS)
  }
  const flush = (): Promise<void> => (timer ? save() : last)
  async function drop(): Promise<void> {
    dropped = true
    clearTimeout(timer)
    await last
    await bridge().draft_drop({ key: key() })
  }
  async function restart(): Promise<void> {
    clearTimeout(timer)
    await last
    await bridge().draft_drop({ key: key() })
    data.value = start()
    found.value = false
    savedAt.value = undefined
  }
  onScopeDispose(() => void flush())
  void load()
  return { data, ready, savedAt, found, error, flush, drop, restart }
}
