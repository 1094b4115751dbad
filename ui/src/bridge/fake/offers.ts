//! Which commands the in-memory company offers in a state. A stand-in for the rulebook, so that
//! the pages have something to show; nothing of it reaches the product.
import type { Offer, RecordView } from '../types'
import commands from '../schema.json'

const NEXT: Record<string, string[]> = {
  received: ['hand_over_lead', 'close_lead'],
  handed_over: [
    'record_contact_attempt',
    'mark_unreachable',
    'reassign_lead',
    'add_note',
    'attach_file',
  ],
  contacted: ['convert_lead', 'close_lead', 'record_contact_attempt', 'add_note', 'attach_file'],
  submitted: [
    'accept_tolerant',
    'accept_case',
    'not_accept',
    'update_basic',
    'receive_material',
    'record_contact_attempt',
    'decide',
    'assign_manager',
  ],
  accepted: ['push_to_tech', 'receive_material', 'update_basic', 'suspend', 'withdraw'],
  pressure_checking: ['record_pressure_check', 'receive_material', 'add_note'],
  survey_design: ['complete_survey', 'issue_design', 'issue_budget', 'add_note', 'attach_file'],
  designed: ['start_fee_negotiation', 'settle_fee', 'add_note'],
  fee_negotiating: [
    'settle_fee',
    'fee_dispute',
    'receive_material',
    'record_contact_attempt',
    'record_permit_answer',
    'attach_file',
    'add_note',
    'suspend',
    'withdraw',
  ],
  fee_confirmed: ['hand_to_engineering', 'sign_contract', 'record_payment'],
  engineering_received: ['arrange_contractor', 'sign_contract', 'record_payment'],
  construction_preparing: [
    'confirm_site',
    'start_construction',
    'record_permit_answer',
    'sign_contract',
    'record_payment',
  ],
  constructing: ['report_progress', 'complete_installation', 'sign_contract'],
  installed: ['submit_gas_on', 'sign_contract', 'record_payment'],
  gas_on_applied: ['start_acceptance', 'sign_contract'],
  acceptance_testing: [
    'turn_gas_on',
    'record_acceptance',
    'record_not_ignited',
    'attach_file',
    'add_note',
  ],
  rectifying: ['start_acceptance'],
  gas_on: ['archive', 'correct_record'],
  pi_open: ['answer_pi_request', 'unmask', 'add_note'],
}
const LEAD_COMMANDS = [
  'hand_over_lead',
  'reassign_lead',
  'record_contact_attempt',
  'mark_unreachable',
  'convert_lead',
  'close_lead',
  'reopen_lead',
]
const APPROVED: Record<string, string> = {
  suspend: 'cm_lead',
  mark_unreachable: 'cm_lead',
  close_lead: 'cm_lead',
  not_accept: 'cm_lead',
  issue_design: 'tech_lead',
  issue_budget: 'tech_lead',
}

/** The offers of a record; the first possible one is the next step. */
export function offersOf(record: RecordView): Offer[] {
  const possible = NEXT[record.card.state] ?? []
  const own = Object.keys(commands).filter((name) => {
    if (name === 'receive_push' || name === 'submit_demand') return false
    return record.card.kind === 'lead'
      ? LEAD_COMMANDS.includes(name)
      : !LEAD_COMMANDS.includes(name) || name === 'record_contact_attempt'
  })
  const named = [...possible, ...own.filter((name) => !possible.includes(name))]
  return named.map((command, n) => ({
    command,
    possible: possible.includes(command),
    primary: n === 0 && possible.length > 0,
    approval: APPROVED[command],
    refusal: possible.includes(command)
      ? undefined
      : {
          code: 'E_STATE',
          params: {},
          state: record.card.state,
          message: '当前状态不能进行此操作',
          now_possible: possible.slice(0, 3),
        },
  }))
}
