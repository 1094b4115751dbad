//! What the cost sheet and a budget in the making show.
import type { Refusal } from './types'

export interface CostLine {
  no: number
  name: string
  group: string
  qty: string | number
  unit: string
  unit_price: string | number
  amount_fen: number
  customer_fen: number
  payer: string
  boundary: string
  optional: boolean
  chosen: boolean
  zero_rule?: string
}

export interface CostGroup {
  group: string
  customer_fen: number
}

export interface CostSheet {
  design_version: number
  budget_version: number
  fee_type: string
  place?: string
  groups: CostGroup[]
  lines: CostLine[]
  customer_total_fen: number
  company_total_fen: number
  government_total_fen: number
  developer_total_fen: number
  agreed_total_fen?: number
  /** What goes to the authorities; in none of the sums. */
  pass_through?: PassThrough[]
  basis: string
}

/** A fee of an authority; never the user's. */
export interface PassThrough {
  permit: string
  name: string
  amount_fen: number
  payer: string
  receipt_no?: string
}

/** What a budget in the making comes to, by the rulebook's own reckoning. */
export interface Estimate {
  lines: {
    amount_fen?: number
    tax_fen?: number
    zero_rule?: string
    refusal?: Refusal
  }[]
  totals?: {
    incl_fen: number
    excl_fen: number
    tax_fen: number
    customer_fen: number
    company_fen: number
    government_fen: number
    developer_fen: number
    each_household_fen?: number
    last_household_fen?: number
  }
  margin_rate?: string
  pass_through?: PassThrough[]
  reviewer: string
  refusal?: Refusal
}
