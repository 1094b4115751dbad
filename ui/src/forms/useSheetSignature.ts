//! Strokes that hold for exactly the sheet that was on show when the pen came down.
//! Invariant: another sheet makes them void, visibly; they are never carried over to it.
import type { PointGroup } from 'signature_pad'
import { computed, ref, watch, type Ref, type WritableComputedRef } from 'vue'
import type { CostSheet, Data } from '@/bridge'

/** The strokes of a signature, kept with the draft, and whether a newer sheet voided them. */
export interface SheetSignature {
  strokes: WritableComputedRef<PointGroup[]>
  voided: Ref<boolean>
}

/** Binds the strokes in `data` to the sheet; `ready` says that the draft is there. */
export function useSheetSignature(
  data: Ref<Data>,
  sheet: Ref<CostSheet | undefined>,
  ready: Ref<boolean>,
): SheetSignature {
  const voided = ref(false)
  const strokes = computed<PointGroup[]>({
    get: () => (data.value['~strokes'] ?? []) as unknown as PointGroup[],
    set: (now) => {
      voided.value = false
      data.value = {
        ...data.value,
        '~strokes': JSON.parse(JSON.stringify(now)),
        '~basis': now.length ? (sheet.value?.basis ?? null) : null,
      }
    },
  })
  watch(
    [() => sheet.value?.basis, ready],
    ([basis, there]) => {
      const signed = data.value['~basis']
      if (!basis || !there || !signed || signed === basis) return
      const signature = { ...((data.value.signature ?? {}) as Data), file: null }
      data.value = { ...data.value, '~strokes': [], '~basis': null, signature }
      voided.value = true
    },
    { immediate: true },
  )
  return { strokes, voided }
}
