//! The state of synchronisation that every screen keeps in view.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import {
  bridge,
  toApiError,
  type ApiError,
  type AttentionItem,
  type NetworkRule,
  type SyncStatus,
} from '@/bridge'

export const useSync = defineStore('sync', () => {
  const status = shallowRef<SyncStatus>()
  const attention = shallowRef<AttentionItem[]>([])
  const error = ref<ApiError>()
  const offline = computed(() => status.value?.online === 'offline')

  async function refresh(): Promise<void> {
    try {
      const [now, items] = await Promise.all([bridge().sync_status(), bridge().attention()])
      status.value = now
      attention.value = items
      error.value = undefined
    } catch (thrown) {
      error.value = toApiError(thrown)
    }
  }
  async function syncNow(): Promise<void> {
    await bridge().sync_now()
    await refresh()
  }
  async function pause(paused: boolean): Promise<void> {
    await bridge().sync_pause({ paused })
    await refresh()
  }
  async function network(asked: { rule?: NetworkRule; metered?: boolean }): Promise<void> {
    status.value = await bridge().network(asked)
  }
  async function uploadAnyway(): Promise<void> {
    await bridge().upload_anyway()
    await refresh()
  }
  return { status, attention, error, offline, refresh, syncNow, pause, network, uploadAnyway }
})
