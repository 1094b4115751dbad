//! What some kinds of records show on their page in a way of their own; every other fact is shown
//! by the page itself.
import { defineAsyncComponent, type Component } from 'vue'

/** Components that take `record`, and the facts that they tell. */
export interface Special {
  shows: Component[]
  tells: string[]
}

/** By kind of record. */
export const SPECIAL: Record<string, Special> = {
  case: {
    shows: [defineAsyncComponent(() => import('@/components/case/SignatureList.vue'))],
    tells: [],
  },
  visit_month: {
    shows: [
      defineAsyncComponent(() => import('@/components/visit/VisitGauge.vue')),
      defineAsyncComponent(() => import('@/components/visit/TaskList.vue')),
    ],
    tells: ['quota', 'reached', 'on_site', 'on_site_target', 'population', 'tasks', 'reserve'],
  },
}
