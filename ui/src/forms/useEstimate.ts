//! What a budget in the making comes to, asked of the rulebook while it is written. The page
//! computes nothing; while the answer is on its way the last one stands.
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { bridge, type Data, type Estimate } from '@/bridge'

const QUIET_MS = 300

/** Asks for the amounts of `data` on the record, some time after the last keystroke. */
export function useEstimate(id: () => string | undefined, data: Ref<Data>) {
  const estimate = shallowRef<Estimate>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  async function ask(): Promise<void> {
    const record = id()
    if (!record) return
    const mine = ++asked
    try {
      const answer = await bridge().estimate({ id: record, data: data.value })
      if (mine === asked) estimate.value = answer
    } catch {
      // A line that is half written cannot be read as a budget: the last answer stands.
    }
  }
  watch(
    data,
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void ask(), QUIET_MS)
    },
    { deep: true, immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return estimate
}
