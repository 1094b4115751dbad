//! Who is signed in on this device, and what stands in the way when nobody is.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { bridge, type SessionView } from '@/bridge'

export const useSession = defineStore('session', () => {
  const view = ref<SessionView>()
  const roles = computed(() => view.value?.user?.roles ?? [])
  const open = computed(() => view.value?.state === 'open')

  async function load(): Promise<void> {
    view.value = await bridge().session()
  }
  async function signIn(args: Parameters<ReturnType<typeof bridge>['sign_in']>[0]): Promise<void> {
    view.value = await bridge().sign_in(args)
  }
  async function unlock(pin: string): Promise<void> {
    view.value = await bridge().unlock({ pin })
  }
  async function recover(recovery_key: string, pin: string): Promise<void> {
    view.value = await bridge().recover({ recovery_key, pin })
  }
  async function lock(): Promise<void> {
    await bridge().lock()
    await load()
  }
  const is = (role: string): boolean => roles.value.includes(role)
  return { view, roles, open, load, signIn, unlock, recover, lock, is }
})
