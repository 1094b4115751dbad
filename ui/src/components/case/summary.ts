//! Each part of a case or lead in one line: what a colleague would say of it.
import type { Data, Json } from '@/bridge'
import { yuanText } from '@/format/money'
import { dateText } from '@/format/time'
import { words } from '@/i18n'
import { label, showValue, valueLabel, withColon } from '@/i18n/labels'

type Teller = (body: Data) => string[]

const group = (value: Json | undefined): Data =>
  value && typeof value === 'object' && !Array.isArray(value) ? value : {}
const list = (value: Json | undefined): Data[] => (Array.isArray(value) ? (value as Data[]) : [])
const last = (value: Json | undefined): Data => list(value).at(-1) ?? {}
const plain = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : String(value)
const day = (value: Json | undefined): string => (typeof value === 'string' ? dateText(value) : '')
const coded = (field: string, value: Json | undefined): string =>
  value ? valueLabel(field, String(value)) : ''
const yuan = (fen: Json | undefined): string =>
  typeof fen === 'number' ? words.t('fee.yuan', { amount: yuanText(fen) }) : ''
const named = (field: string, value: Json | undefined): string =>
  value === undefined || value === null ? '' : `${label('field', field)} ${showValue(field, value)}`

const TELLERS: Record<string, Teller> = {
  basic: ({ basic }) => {
    const b = group(basic)
    return [plain(b.address), coded('use_kind', b.use_kind), plain(b.phone)]
  },
  pressure: ({ pressure }) => {
    const p = group(pressure)
    const check = group(p.check)
    if (!check.verdict) return [named('demand_m3h', group(p.asked).demand_m3h)]
    return [
      coded('verdict', check.verdict),
      plain(check.connection_point),
      named('available_m3h', check.available_m3h),
    ]
  },
  survey: ({ survey }) => {
    const s = group(survey)
    return [
      day(s.survey_at),
      coded('feasible', s.feasible),
      named('distance_to_main_m', s.distance_to_main_m),
    ]
  },
  design: ({ designs, budgets }) => {
    const design = last(designs)
    const budget = last(budgets)
    return [
      design.version ? words.t('case.drawing_v', { n: Number(design.version) }) : '',
      budget.version ? words.t('case.budget_v', { n: Number(budget.version) }) : '',
      yuan(group(budget.totals).customer_fen),
    ]
  },
  fee: ({ confirmations, negotiation }) => {
    const fee = last(confirmations)
    if (fee.customer_total_fen !== undefined)
      return [yuan(fee.customer_total_fen), coded('fee_type', fee.fee_type), day(fee.settled_at)]
    const talk = group(group(negotiation).talk)
    return [coded('place', talk.place), plain(talk.participants), plain(group(negotiation).dispute)]
  },
  permits: ({ permits }) =>
    list(permits).map((one) =>
      withColon(coded('kind', one.kind), coded('state_of_permit', one.state)),
    ),
  contracts: ({ contracts }) => {
    const all = group(contracts)
    const paid = list(all.payments).reduce((sum, one) => sum + Number(one.amount_fen ?? 0), 0)
    const of = (kind: string): string =>
      group(all[kind]).number ? `${coded('kind', kind)} ${plain(group(all[kind]).number)}` : ''
    return [of('install'), of('supply'), paid ? `${words.t('case.paid')} ${yuan(paid)}` : '']
  },
  construction: ({ construction, engineering }) => {
    const build = group(construction)
    const order = group(build.order)
    const stage = last(build.progress)
    if (!order.contractor) return [day(group(engineering).received_at)]
    return [plain(order.contractor), coded('stage', stage.stage), day(build.completed_at)]
  },
  acceptance: ({ acceptances, gas }) => {
    const result = last(acceptances)
    const on = group(gas)
    return [
      result.passed === undefined ? '' : words.t(result.passed ? 'case.passed' : 'case.failed'),
      plain(group(on.ticket).meter_no),
      day(on.on_at),
    ]
  },
  service: ({ service }) => {
    const open = list(service).filter((one) => one.open === true)
    return open.map((one) => withColon(coded('kind', one.kind), plain(one.no)))
  },
  project: ({ push }) => {
    const p = group(push)
    return [
      coded('source', p.source),
      plain(p.builder_name),
      named('est_households', p.est_households),
    ]
  },
  contacts: ({ attempts }) => {
    const attempt = last(attempts)
    const n = list(attempts).length
    return [
      n ? words.t('case.times', { n }) : '',
      coded('channel', attempt.channel),
      coded('result', attempt.result),
    ]
  },
}

/** A part in one line; nothing when there is nothing to tell. */
export function tell(part: string, body: Data): string {
  return (TELLERS[part]?.(body) ?? []).filter((one) => one && one !== '—').join(' · ')
}
