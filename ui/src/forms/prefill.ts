//! What a form can be filled with from the record: nothing that is known is typed twice.
import type { Data, Json, RecordView } from '@/bridge'

const at = (value: Json | undefined, ...path: string[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (now, key) => (now && typeof now === 'object' && !Array.isArray(now) ? now[key] : undefined),
    value,
  )

/** A person signs in person; for an organisation somebody has to be named. */
function signer(body: Data): Data {
  if (at(body, 'basic', 'party_type') !== 'person') return {}
  return known({ signer: at(body, 'basic', 'name'), relation: 'applicant' })
}

/** Only what is there. */
function known(data: Record<string, Json | undefined>): Data {
  return Object.fromEntries(
    Object.entries(data).filter(([, value]) => value !== undefined && value !== null),
  ) as Data
}

const last = (value: Json | undefined): Json | undefined =>
  Array.isArray(value) ? value.at(-1) : undefined

const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : [])

/** The number of the first finding that is still to be dealt with. */
function firstFinding(body: Data, open: (one: Data) => boolean): Json | undefined {
  return (listOf(body.findings) as Data[]).find(open)?.no
}

type Filler = (body: Data, record: RecordView) => Data

const FILLERS: Record<string, Filler> = {
  convert_lead: (body) => ({
    basic: known({
      party_type: at(body, 'push', 'builder_name') ? 'organization' : undefined,
      name: at(body, 'push', 'builder_name') ?? at(body, 'push', 'project_name'),
      phone: at(body, 'push', 'contact_phone'),
      contact_name: at(body, 'push', 'contact_name'),
      address: at(body, 'push', 'site_address'),
      community: at(body, 'push', 'project_name'),
      uscc: at(body, 'push', 'builder_uscc'),
      geo: at(body, 'push', 'geo'),
      households: at(body, 'push', 'est_households'),
      want: 'new',
    }),
  }),
  update_basic: (body) =>
    known(
      Object.fromEntries(
        [
          'name',
          'phone',
          'address',
          'contact_name',
          'uscc',
          'households',
          'demand_m3h',
          'need_date',
        ].map((key) => [key, at(body, 'basic', key)]),
      ),
    ),
  push_to_tech: (body) => known({ demand_m3h: at(body, 'basic', 'demand_m3h') }),
  record_pressure_check: (body) =>
    known({
      required_m3h: at(body, 'pressure', 'asked', 'demand_m3h') ?? at(body, 'basic', 'demand_m3h'),
    }),
  complete_survey: (body) =>
    known({
      use_kind: at(body, 'basic', 'use_kind'),
      households: at(body, 'basic', 'households') ?? 0,
      peak_demand_m3h:
        at(body, 'pressure', 'asked', 'demand_m3h') ?? at(body, 'basic', 'demand_m3h'),
      connection_point: at(body, 'pressure', 'check', 'connection_point'),
      trees: 0,
    }),
  issue_budget: (body) => known({ design_version: at(last(body.designs), 'version') }),
  settle_fee: (body) => ({ place: 'on_site', signature: signer(body) }),
  sign_contract: (body) => ({ signature: signer(body) }),
  execute_inspection: (body) => ({
    answers: listOf(body.checklist).map((question) => ({ question, passed: true })),
  }),
  rectify_finding: (body) => known({ no: firstFinding(body, (one) => !one.rectified) }),
  verify_finding: (body) =>
    known({ no: firstFinding(body, (one) => !!one.rectified && !one.verified_at) }),
  submit_gas_on: (body) => known({ channel: 'on_site', applicant: at(body, 'basic', 'name') }),
  hand_to_engineering: (body) => known({ drawing: at(last(body.designs), 'drawing') }),
  draft_permit: (body) =>
    known({
      applicant: 'company',
      blocking: true,
      location: at(body, 'basic', 'address'),
      geo: at(body, 'survey', 'geo'),
    }),
  sign_power: (body) =>
    known({
      principal: at(body, 'basic', 'name'),
      matters: at(body, 'proxy', 'service', 'agreed', 'matters'),
      signature: signer(body),
    }),
  turn_gas_on: (body) =>
    known({
      safety_notice: signer(body),
      meter_no: last(at(body, 'construction', 'completed', 'meters')),
    }),
}

/** What a command on one filing begins with: a draft with what was planned before. */
function ofFiling(command: string, body: Data, filing: string): Data {
  const filings = (Array.isArray(body.permits) ? body.permits : []) as Data[]
  const plan = filings.find((one) => one.id === filing)?.plan
  return command === 'draft_permit' && plan ? (plan as Data) : { filing }
}

/** The values that the record already gives for this command. */
export function prefill(command: string, record: RecordView | undefined, filing?: string): Data {
  if (!record) return {}
  const found = FILLERS[command]?.(record.body, record) ?? {}
  const known = record.masked.length ? (unmasked(found) as Data) : found
  return filing ? { ...known, ...ofFiling(command, record.body, filing) } : known
}

/** Without masked texts: what somebody may not read is not written back as if it were known. */
function unmasked(value: Json): Json {
  if (Array.isArray(value)) return value.map(unmasked)
  if (!value || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => !(typeof one === 'string' && one.includes('*')))
      .map(([key, one]) => [key, unmasked(one as Json)]),
  )
}
