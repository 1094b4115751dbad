//! What waits, what was returned, what the sheet says: the desk of the in-memory company.
import type {
  AdminDevice,
  Advice,
  AdviceView,
  AttentionItem,
  CostLine,
  CostSheet,
  Data,
  Estimate,
  RecordView,
  SyncStatus,
} from '../types'
import { at } from './build'
import { byLogin, PEOPLE } from './people'
import { BUDGET, COURT, RESTAURANT } from './records'

/** What needs a person. */
export function attentionItems(records: Map<string, RecordView>): AttentionItem[] {
  const restaurant = records.get(RESTAURANT)
  const court = records.get(COURT)
  if (!restaurant || !court) return []
  return [
    {
      id: 'item-1',
      record_id: RESTAURANT,
      no: restaurant.card.no,
      title: restaurant.card.title,
      kind: 'refused',
      command: 'settle_fee',
      data: {
        design_version: 1,
        budget_version: 1,
        fee_type: 'lump_sum',
        customer_total_fen: 698_000,
        place: 'on_site',
        contract_draft_delivered: true,
      },
      at: at(-5),
      refusal: {
        code: 'E_STALE_DESIGN',
        params: { have: '1/1', want: '2/2' },
        state: 'fee_negotiating',
        message: '所依据的图纸或预算已有新版本',
        now_possible: ['settle_fee', 'fee_dispute'],
      },
      server_state: 'fee_negotiating',
      actions: ['edit', 'discard'],
      files: restaurant.files.slice(0, 1),
      diff: [
        { field: 'budget_version', mine: 1, theirs: 2 },
        { field: 'customer_total_fen', mine: 698_000, theirs: 714_000 },
      ],
    },
    {
      id: 'item-3',
      record_id: COURT,
      no: court.card.no,
      title: court.card.title,
      kind: 'proposed',
      command: 'record_contact_attempt',
      data: { channel: 'phone', result: 'reached', summary: '周四上门' },
      at: at(-9),
      from: { id: '00000000-0000-7000-8000-000000000002', name: '李建国' },
      server_state: court.card.state,
      actions: ['resend', 'edit', 'discard'],
      files: [],
    },
    {
      id: 'item-2',
      record_id: COURT,
      no: court.card.no,
      title: court.card.title,
      kind: 'conflict',
      command: 'update_basic',
      data: { phone: '13600000000' },
      at: at(-8),
      server_state: 'submitted',
      actions: ['resend', 'edit', 'hand_over', 'discard'],
      files: [],
      diff: [{ field: 'phone', mine: '13600000000', theirs: '13611112222' }],
    },
  ]
}

/** The state of synchronisation. */
export function statusOf(
  records: Map<string, RecordView>,
  net: 'online' | 'offline',
  paused: boolean,
  wrong: number,
): SyncStatus {
  const waiting = [...records.values()].filter((one) => one.pending.length)
  const files = waiting.flatMap((one) => one.files).filter((one) => one.state === 'local')
  const bytes = files.reduce((sum, one) => sum + one.size, 0)
  const rows = [
    ...waiting,
    ...[...records.values()].filter((one) => one.card.sync_state === 'conflict'),
  ]
  return {
    online: net,
    paused,
    last_success_at: at(-7.2),
    pending_commands: waiting.reduce((sum, one) => sum + one.pending.length, 0),
    pending_cases: waiting.length,
    pending_files: files.length,
    pending_bytes: bytes,
    refused: wrong ? 1 : 0,
    conflicts: wrong > 1 ? 1 : 0,
    transfer:
      net === 'online' && !paused && waiting.length
        ? {
            label: '示例餐饮店',
            done: 5,
            total: 12,
            bytes_done: 18_200_000,
            bytes_total: 41_000_000,
          }
        : undefined,
    records: rows.map((one) => ({
      id: one.card.id,
      no: one.card.no,
      title: one.card.title,
      sync_state: one.card.sync_state,
      commands: one.pending.length,
      files_done: one.files.filter((f) => f.state === 'delivered').length,
      files_total: one.files.length,
      bytes_left: one.files.filter((f) => f.state === 'local').reduce((sum, f) => sum + f.size, 0),
    })),
    network: { rule: 'always', metered: 'unknown', declared: false, held: [], held_bytes: 0 },
    storage: { used_bytes: 1_900_000_000, free_bytes: 62_000_000_000, low: false },
    clock_offset_ms: 412,
    lease_until: at(69),
    epoch: 3,
    cursor: 18_204,
    server: 'https://baozhuang.example.cn',
    log: [
      {
        at: at(-7.2),
        level: 'info',
        code: 'synced',
        text: '同步完成：上传 6 条指令、14 个文件，收到 38 条记录',
      },
      { at: at(-5), level: 'warn', code: 'refused', text: '费用确认被退回：图纸或预算已有新版本' },
      { at: at(-2), level: 'warn', code: 'offline', text: '网络断开，转为离线' },
    ],
  }
}

/** The sheet for signature. */
export function costOf(chosen: number[] = []): CostSheet {
  const lines = BUDGET.map((line, n) => ({
    ...line,
    no: n + 1,
    customer_fen: line.payer === 'customer' ? line.amount_fen : 0,
    optional: false,
    chosen: chosen.includes(n + 1),
  })) as unknown as CostLine[]
  return {
    design_version: 2,
    budget_version: 2,
    fee_type: 'lump_sum',
    place: 'on_site',
    groups: [
      { group: 'design', customer_fen: 60_000 },
      { group: 'construction', customer_fen: 0 },
      { group: 'installation', customer_fen: 480_672 },
      { group: 'material', customer_fen: 173_328 },
    ],
    lines,
    customer_total_fen: 714_000,
    company_total_fen: 1_358_000,
    government_total_fen: 0,
    developer_total_fen: 0,
    basis: `${RESTAURANT}/design 2/budget 2/total 714000`,
  }
}

/** What the desk answers to a budget in the making: the amounts of the known lines. */
export function estimateOf(data: Data): Estimate {
  const lines = Array.isArray(data.lines) ? (data.lines as Data[]) : []
  const sheet = costOf()
  return {
    lines: lines.map((line) => {
      const known = sheet.lines.find((one) => one.name === line.name)
      return { amount_fen: known?.amount_fen, zero_rule: known?.zero_rule }
    }),
    totals: {
      incl_fen: 2_072_000,
      excl_fen: 1_885_900,
      tax_fen: 186_100,
      customer_fen: sheet.customer_total_fen,
      company_fen: sheet.company_total_fen,
      government_fen: 0,
      developer_fen: 0,
    },
    margin_rate: '0.082000',
    reviewer: 'tech_lead',
  }
}

/** What the desk says to a technical form: one proposal, one warning. */
export function adviceOf(command: string): AdviceView {
  const demand: Advice = {
    rule: 'T-01',
    code: 'demand_proposed',
    clause: 'GB 50028 附录F',
    field: command === 'push_to_tech' ? 'demand_m3h' : 'peak_demand_m3h',
    want: '9.600',
    about: '1.000000',
    proposal: true,
  }
  const near: Advice = {
    rule: 'T-04',
    code: 'clearance_below',
    clause: 'GB 50028 表6.3.3',
    field: 'sheet.clearances.0.beside_m',
    have: '0.900',
    want: '1.000',
    about: 'sewer',
    proposal: false,
  }
  const items: Record<string, Advice[]> = {
    push_to_tech: [demand],
    complete_survey: [demand],
    issue_design: [near],
  }
  return { confirmed: false, items: items[command] ?? [] }
}

/** The enrolled devices. */
export function devices(): AdminDevice[] {
  return PEOPLE.slice(0, 5).map((person, n) => ({
    id: `00000000-0000-7000-8000-00000000de0${n + 1}`,
    name: `平板 0${n + 7}`,
    user: { id: person.id, name: byLogin(person.login).name },
    enrolled_at: at(-400 - n * 30),
    last_sync_at: n === 3 ? undefined : at(-n * 5 - 1),
    state: n === 4 ? 'revoked' : 'active',
    word:
      n === 3
        ? undefined
        : {
            at: at(-n * 5 - 1),
            unsent: n,
            leaving: n === 1 ? ['22222222-0000-7000-8000-000000000001'] : [],
            outstanding: [],
            purged: 4 - n,
          },
  }))
}
