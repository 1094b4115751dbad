//! A value asked of the client, asked again after the client says that it changed.
//! Invariant: the latest answer wins; an answer that was overtaken is dropped.
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { bridge, toApiError, type ApiError, type Changed } from '@/bridge'

/** What a screen needs to show a loaded value. */
export interface Query<T> {
  data: ShallowRef<T | undefined>
  error: Ref<ApiError | undefined>
  loading: Ref<boolean>
  reload: () => Promise<void>
}

/** Asks now, and again on each change that `concerns` this value. */
export function useQuery<T>(
  ask: () => Promise<T>,
  concerns: (changed: Changed) => boolean = () => false,
): Query<T> {
  const data = shallowRef<T>()
  const error = ref<ApiError>()
  const loading = ref(false)
  let asked = 0

  async function reload(): Promise<void> {
    const mine = ++asked
    loading.value = true
    try {
      const answer = await ask()
      if (mine !== asked) return
      data.value = answer
      error.value = undefined
    } catch (thrown) {
      if (mine === asked) error.value = toApiError(thrown)
    } finally {
      if (mine === asked) loading.value = false
    }
  }

  const stop = bridge().on_changed((changed) => {
    if (concerns(changed)) void reload()
  })
  onScopeDispose(stop)
  void reload()
  return { data, error, loading, reload }
}
