//! The parts of a record that a form's field can name: filings and powers of attorney.
import type { Data, RecordView } from '@/bridge'
import { valueLabel } from '@/i18n/labels'

/** One choice. */
export interface PartOption {
  value: string
  text: string
}

/** States in which the authority or its permit is at work; the rulebook judges the rest. */
const WITH_AUTHORITY = [
  'filed',
  'correction',
  'correction_done',
  'accepted',
  'reviewing',
  'special',
  'appealed',
  'granted',
  'in_use',
]

/** The filings in these states (`a,b`), or all of them. */
export function filingsOf(record: RecordView | undefined, states?: string): PartOption[] {
  const wanted = states === 'with_authority' ? WITH_AUTHORITY : states?.split(',')
  return (record?.permits ?? [])
    .filter((one) => !wanted || wanted.includes(one.state))
    .map((one) => ({
      value: one.filing,
      text: `${one.no} · ${valueLabel('kind', one.kind)} · ${valueLabel('state_of_permit', one.state)}`,
    }))
}

/** The powers of attorney that were not taken back. */
export function powersOf(record: RecordView | undefined): PartOption[] {
  const proxy = record?.body.proxy as Data | undefined
  const powers = Array.isArray(proxy?.powers) ? (proxy.powers as Data[]) : []
  return powers
    .filter((one) => !one.revoked)
    .map((one) => {
      const signed = one.signed as Data
      return {
        value: String(signed.power),
        text: `${String(signed.principal)} · ${String(signed.valid_from)} – ${String(signed.valid_to)}`,
      }
    })
}
