//! The layouts made by hand, by command; every other command is laid out from its schema.
import { defineAsyncComponent, type Component } from 'vue'

/** A layout takes `fields`, `record` and the data as its model. */
export const LAYOUTS: Record<string, Component> = {
  submit_demand: defineAsyncComponent(() => import('./IntakeLayout.vue')),
  convert_lead: defineAsyncComponent(() => import('./IntakeLayout.vue')),
  accept_tolerant: defineAsyncComponent(() => import('./TolerantLayout.vue')),
  complete_survey: defineAsyncComponent(() => import('./SurveyLayout.vue')),
  issue_budget: defineAsyncComponent(() => import('./BudgetLayout.vue')),
  turn_gas_on: defineAsyncComponent(() => import('./GasOnLayout.vue')),
  sign_power: defineAsyncComponent(() => import('./PowerLayout.vue')),
  complete_visit: defineAsyncComponent(() => import('./VisitLayout.vue')),
  decide: defineAsyncComponent(() => import('./DecideLayout.vue')),
}
