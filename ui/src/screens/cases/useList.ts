//! The pages of a list, asked for as one scrolls. An answer to an older question is dropped.
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { bridge, toApiError, type ApiError, type Card, type ListQuery } from '@/bridge'

const PAGE = 60

/** A list that grows by keyset pages. */
export function useList(query: Ref<Omit<ListQuery, 'limit' | 'after'>>) {
  const items = shallowRef<Card[]>([])
  const total = ref(0)
  const next = ref<string>()
  const loading = ref(false)
  const ready = ref(false)
  const error = ref<ApiError>()
  let asked = 0

  async function ask(limit: number, after?: string): Promise<void> {
    const mine = ++asked
    loading.value = true
    try {
      const page = await bridge().list({ ...query.value, limit, after })
      if (mine !== asked) return
      items.value = after ? [...items.value, ...page.items] : page.items
      total.value = page.total
      next.value = page.next
      ready.value = true
      error.value = undefined
    } catch (thrown) {
      if (mine === asked) error.value = toApiError(thrown)
    } finally {
      if (mine === asked) loading.value = false
    }
  }
  const reload = (): Promise<void> => ask(Math.max(PAGE, Math.min(items.value.length, 600)))
  const more = async (): Promise<void> => {
    if (next.value && !loading.value) await ask(PAGE, next.value)
  }
  watch(query, () => void ask(PAGE), { deep: true, immediate: true })
  onScopeDispose(
    bridge().on_changed((changed) => {
      if (changed.records.length) void reload()
    }),
  )
  return { items, total, next, loading, ready, error, reload, more }
}
