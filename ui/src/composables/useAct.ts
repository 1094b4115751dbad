//! One act at a time: busy while it runs, and the error in words when it failed.
import { ref, type Ref } from 'vue'
import { toApiError, type ApiError } from '@/bridge'

/** An act that a button starts. */
export interface Act<A extends unknown[]> {
  busy: Ref<boolean>
  error: Ref<ApiError | undefined>
  run: (...args: A) => Promise<boolean>
}

/** Wraps an act; `run` answers whether it succeeded, a second tap while busy does nothing. */
export function useAct<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Act<A> {
  const busy = ref(false)
  const error = ref<ApiError>()
  async function run(...args: A): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    error.value = undefined
    try {
      await act(...args)
      return true
    } catch (thrown) {
      error.value = toApiError(thrown)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, error, run }
}
