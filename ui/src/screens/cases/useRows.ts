//! Draws only the rows in view and asks for more near the end, so 100,000 records scroll evenly.
import { useVirtualizer } from '@tanstack/vue-virtual'
import { computed, watch, type Ref } from 'vue'

/** The rows in view of a long list. */
export function useRows(
  count: () => number,
  scroller: Readonly<Ref<HTMLElement | null>>,
  height: number,
  more: () => Promise<void>,
) {
  const rows = useVirtualizer(
    computed(() => ({
      count: count(),
      getScrollElement: () => scroller.value,
      estimateSize: () => height,
      overscan: 8,
    })),
  )
  watch(
    () => rows.value.getVirtualItems().at(-1)?.index ?? 0,
    (last) => {
      if (last >= count() - 12) void more()
    },
  )
  return rows
}
