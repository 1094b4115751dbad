//! What crosses for indicators: figures, months, groups, and the records behind them.
//! Numbers are whole: shares and rates in hundredths of a percent, others in hundredths of a unit.

export type KpiUnit = 'percent' | 'number' | 'hours' | 'days' | 'working_days' | 'yuan' | 'score'
export type Dimension = 'org' | 'person' | 'segment' | 'channel' | 'contractor' | 'town' | 'kind'

export type KpiValue =
  | {
      shape: 'rate'
      on_time: number
      late: number
      open_breached: number
      excused: number
      gross_on_time: number
      gross_late: number
      net?: number
      gross?: number
    }
  | { shape: 'share'; part: number; whole: number; value?: number }
  | { shape: 'count'; count: number }
  | { shape: 'spread'; count: number; mean?: number; median?: number; p90?: number }

export interface KpiLine {
  kpi: string
  part: string
  unit: KpiUnit
  target?: { at_least: number } | { at_most: number }
  met?: boolean
  value: KpiValue
  months: { month: string; value: KpiValue }[]
  groups: { by: Dimension; key: string; value: KpiValue }[]
}

export interface KpiView {
  from: string
  to: string
  as_of: string
  figures: KpiLine[]
  people: { key: string; name: string }[]
}

export type Verdict = 'on_time' | 'late' | 'open_breached' | 'excused' | 'part' | 'rest' | 'counted'

export interface CaseBehind {
  record: string
  kind: string
  no?: string
  state?: string
  segment?: string
  town?: string
  at: string
  verdict: Verdict
  value?: number
}

export interface CasesView {
  count: number
  cases: CaseBehind[]
}

/** What breaches unless a silent tablet reports. */
export interface ForecastView {
  as_of: string
  count: number
  threats: Threat[]
}

/** A clock of a silent person that ran out since the last contact, or will. */
export interface Threat {
  device: string
  device_name: string
  user: string
  user_name: string
  since?: string
  record: string
  kind: string
  no?: string
  rule: string
  due_at: string
  said: boolean
}

export interface MonthView {
  month: string
  company: string
  as_of: string
  figures: { name: string; unit: KpiUnit; value?: number; count: number; before?: number }[]
}
