//! How facts find out that a field is masked, and how it is seen: with a reason, in place.
import { inject, provide, type ComputedRef, type InjectionKey } from 'vue'
import type { RecordView } from '@/bridge'

/** The record whose facts are shown, and what to do once a field was unmasked. */
export interface Sight {
  record: ComputedRef<RecordView | undefined>
  shown: () => void
}

const KEY: InjectionKey<Sight> = Symbol('sight')

/** Lets the facts below ask for what is masked. */
export function provideSight(sight: Sight): void {
  provide(KEY, sight)
}

/** The record of the facts above, if there is one. */
export function useSight(): Sight | undefined {
  return inject(KEY, undefined)
}
