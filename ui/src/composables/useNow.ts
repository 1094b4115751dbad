//! One ticking instant for every time that is shown. It only feeds words; rules never read it.
import { readonly, ref, type Ref } from 'vue'

const STEP_MS = 20_000
const now = ref(Date.now())
let timer: ReturnType<typeof setInterval> | undefined

/** The present instant in milliseconds, refreshed every twenty seconds. */
export function useNow(): Readonly<Ref<number>> {
  timer ??= setInterval(() => (now.value = Date.now()), STEP_MS)
  return readonly(now)
}
