//! The leads and cases of the in-memory company: a day of one customer manager, and many more.
import type { Data, RecordView } from '../types'
import { at, basic, clock, did, file, gates, record } from './build'
import { LEFT_NOTHING } from './departure'
import { byLogin } from './people'
import { canteen, privacyRequest } from './aside'
import { ROAD, road } from './permits'

/** The case of the cost confirmation. */
export const RESTAURANT = '22222222-0000-7000-8000-000000000002'
/** The lead that is late. */
export const HOMES = '22222222-0000-7000-8000-000000000001'
/** The case with debts. */
export const COURT = '22222222-0000-7000-8000-000000000004'
/** The case before its ignition. */
export const FLAT = '22222222-0000-7000-8000-000000000003'

const line = (
  name: string,
  group: string,
  boundary: string,
  qty: string,
  unit: string,
  price: string,
  fen: number,
  payer: string,
  zero?: string,
): Data => ({
  name,
  group,
  boundary,
  unit,
  qty,
  unit_price: price,
  rate: '0.09',
  payer,
  amount_fen: fen,
  ...(zero ? { zero_rule: zero } : {}),
})

/** The budget of the restaurant, second version. */
export const BUDGET: Data[] = [
  line('设计费', 'design', 'inside', '1', '项', '600.00', 60_000, 'customer'),
  line('户内管道安装', 'installation', 'inside', '37.455', 'm', '128.3333', 480_672, 'customer'),
  line('燃气表 G6', 'material', 'inside', '1', '台', '1733.28', 173_328, 'customer'),
  line(
    '红线外接入管道 46.5 m',
    'construction',
    'outside',
    '1',
    '项',
    '9860.00',
    986_000,
    'company',
    'H-6',
  ),
  line('道路修复', 'construction', 'outside', '12', 'm', '310.00', 372_000, 'company', 'H-6'),
]

function restaurant(): RecordView {
  const photos = ['photo_site', 'photo_tie_in', 'photo_meter'].map((kind, n) =>
    file(kind, `现场照片${n + 1}.svg`, 2_400_000 + n * 310_000, {
      state: n === 2 ? 'local' : 'delivered',
      taken_at: at(-26),
    }),
  )
  const drawing = file('drawing', '施工图-示例餐饮店-v2.pdf', 1_820_000)
  return record({
    card: {
      id: RESTAURANT,
      kind: 'case',
      no: 'XZLT-BZ-20261123-0001',
      title: '示例餐饮店',
      subtitle: '示例街 18 号 · 餐饮 · 12.4 m³/h',
      state: 'fee_negotiating',
      segment: 'non_residential_micro',
      flags: ['four_zero', 'owed'],
      sync_state: 'pending',
      files_done: 5,
      files_total: 6,
    },
    clocks: [clock('D-04', 3.34), clock('D-16', 52), clock('D-09', 99, { person: undefined })],
    gates: gates(3),
    permits: [road()],
    body: {
      segment: 'non_residential_micro',
      channel: 'wechat_oa',
      basic: basic('示例餐饮店', '13800000000', '新烟街道示例街 18 号', 'catering', {
        contact_name: '王先生',
        demand_m3h: '12.4',
        enterprise_size: 'micro',
        ownership: 'private',
      }),
      materials: [
        ...['MT03', 'MT04', 'MT05', 'MT12', 'MT13'].map((code) => ({
          code,
          state: 'verified',
          source: 'on_site_photo',
        })),
        {
          code: 'MT16',
          state: 'owed',
          owed_by: 'customer',
          due_on: at(99).slice(0, 10),
          why: '开户行信息待用户提供',
        },
      ],
      pressure: {
        asked_at: at(-40),
        asked: { demand_m3h: '12.4' },
        check: {
          verdict: 'satisfied',
          connection_point: '示例街中压 B 干管 K0+120',
          lowest_operating_kpa: '120',
          available_m3h: '860',
          required_m3h: '12.4',
          basis: 'scada',
        },
        checked_at: at(-38),
      },
      survey: {
        survey_at: at(-30),
        connection_point: '示例街中压 B 干管',
        distance_to_main_m: '46.5',
        peak_demand_m3h: '12.4',
        feasible: 'yes',
        result: '具备接气条件，红线外需开挖人行道 12 m。',
      },
      designs: [1, 2].map((version) => ({
        version,
        drawing: drawing.id,
        pressure_class: 'medium_b',
        issued_at: at(-20 + version),
        note: version === 2 ? '表位改到厨房外墙' : null,
      })),
      budgets: [1, 2].map((version) => ({
        version,
        design_version: version,
        lines: BUDGET,
        totals: { customer_fen: version === 1 ? 698_000 : 714_000 },
        issued_at: at(-18 + version),
      })),
      permits: [{ id: ROAD, no: 1, kind: 'road_dig', state: 'reviewing' }],
      approvals: [],
    },
    files: [
      ...photos,
      drawing,
      file('material', '营业执照.svg', 900_000),
      file('budget', '预算书 v2.pdf', 420_000),
    ],
    trail: [
      did('case_submitted', -50, 'manager1'),
      did('case_accepted_tolerant', -46, 'manager1', {
        note: '欠 1 项',
        grade: 'anchored',
        device: '平板 07',
      }),
      did('pressure_satisfied', -38, 'tech_lead1', { note: '中压 B' }),
      did('survey_completed', -30, 'surveyor1'),
      did('design_issued', -18, 'designer1', { note: 'v2' }),
      did('budget_issued', -16, 'estimator1', { note: 'v2' }),
      did('fee_negotiation_started', -2, 'manager1', { pending: true, device: '平板 07' }),
      did('file_attached', -1, 'manager1', { pending: true, device: '平板 07' }),
    ],
    pending: [
      { command_id: 'c1', command: 'start_fee_negotiation', at: at(-2), sync_state: 'pending' },
      { command_id: 'c2', command: 'attach_file', at: at(-1), sync_state: 'pending' },
    ],
  })
}

function day(): RecordView[] {
  const lead = (
    title: string,
    state: string,
    dueIn: number,
    more: Partial<RecordView['card']> = {},
  ): RecordView =>
    record({
      card: {
        kind: 'lead',
        no: `GG-2026-${String(Math.abs(Math.round(dueIn * 7)) + 100)}`,
        title,
        subtitle: '示例路与样板街交叉口 · 6 栋约 420 户',
        state,
        segment: 'residential',
        ...more,
      },
      clocks: state === 'handed_over' ? [clock('D-02', dueIn)] : [],
      body: {
        push: {
          source: 'gonggai',
          source_key: 'XM-0417',
          project_name: title,
          builder_name: '示例置业有限公司',
          contact_name: '刘工',
          contact_phone: '13900000000',
          site_address: '龙湖镇示例路与样板街交叉口',
          est_households: 420,
          planned_start: '2027-03-01',
          pushed_at: at(-30),
        },
        received_at: at(-29),
        attempts: [{ channel: 'phone', result: 'no_answer', at: at(-3) }],
        approvals: [],
      },
      trail: [
        did('lead_received', -30, 'hall1'),
        did('lead_handed_over', -26, 'hall1'),
        did('lead_contact_attempted', -3, 'manager1', { note: '无人接听' }),
      ],
    })
  return [
    {
      ...lead('示例置业 · 示例家园一期', 'handed_over', -2.1, {
        id: HOMES,
        no: 'GG-2026-0417',
        flags: [],
      }),
      departure: LEFT_NOTHING,
    },
    restaurant(),
    record({
      card: {
        id: FLAT,
        kind: 'case',
        no: 'XZLT-BZ-20261120-0007',
        title: '王女士 · 幸福里 3-2-601',
        subtitle: '新村镇幸福里 3 号楼 2 单元 601 · 零星户',
        state: 'acceptance_testing',
        segment: 'residential_scattered',
      },
      clocks: [clock('D-07', 21)],
      gates: gates(12),
      body: {
        segment: 'residential_scattered',
        basic: basic('王女士', '13700000000', '新村镇幸福里 3-2-601', 'dwelling'),
        materials: [{ code: 'MT01', state: 'verified' }],
        approvals: [],
      },
      trail: [
        did('installation_completed', -20, 'contractor_lead1'),
        did('gas_on_applied', -3, 'manager1'),
        did('acceptance_passed', -1, 'acceptance_inspector1'),
      ],
      files: [file('test_record', '严密性试验记录.pdf', 300_000)],
    }),
    record({
      card: {
        id: COURT,
        kind: 'case',
        no: 'XZLT-BZ-20261121-0003',
        title: '李先生 · 学院路 12 号院 5-1-302',
        subtitle: '学院路 12 号院 5 号楼 · 零星户',
        state: 'submitted',
        segment: 'residential_scattered',
        flags: ['owed'],
        sync_state: 'conflict',
      },
      clocks: [clock('D-08', 29)],
      gates: gates(1),
      body: {
        segment: 'residential_scattered',
        basic: basic('李先生', '13600000000', '学院路 12 号院 5-1-302', 'dwelling'),
        materials: [],
        approvals: [
          {
            no: 1,
            command: {
              type: 'suspend',
              reason: 'customer_other_date',
              evidence: '用户要求推迟到月底',
            },
            by: byLogin('manager1').id,
            at: at(-4),
            needs: 'cm_lead',
          },
        ],
      },
      trail: [did('case_submitted', -6, 'manager1')],
    }),
    canteen(),
    privacyRequest(),
    lead('万象示例商业广场', 'contacted', 40, {
      segment: 'non_residential',
      subtitle: '新华路街道示例大道 88 号',
    }),
  ]
}

const STATES = [
  'submitted',
  'accepted',
  'pressure_checking',
  'survey_design',
  'designed',
  'fee_confirmed',
  'engineering_received',
  'construction_preparing',
  'constructing',
  'installed',
  'gas_on_applied',
  'gas_on',
]
const RULES: Record<string, string> = {
  submitted: 'D-08',
  pressure_checking: 'D-03P',
  survey_design: 'D-03',
  designed: 'D-04',
  fee_confirmed: 'D-05',
  constructing: 'D-06b',
  gas_on_applied: 'D-07',
}
const FAMILY = ['张', '刘', '马', '胡', '郭', '宋', '唐', '程']

function filler(n: number): RecordView {
  const state = STATES[n % STATES.length] ?? 'submitted'
  const rule = RULES[state]
  const flat = `${(n % 18) + 1}-${(n % 3) + 1}-${(n % 6) + 1}0${(n % 4) + 1}`
  const name = `${FAMILY[n % FAMILY.length]}${n % 2 ? '先生' : '女士'}`
  return record({
    card: {
      kind: 'case',
      no: `XZLT-BZ-202611${String((n % 20) + 1).padStart(2, '0')}-${String(n % 10_000).padStart(4, '0')}`,
      title: `${name} · 和谐苑 ${flat}`,
      subtitle: `和谐苑 ${flat} · 零星户`,
      state,
      segment: 'residential_scattered',
      manager: n % 3 ? undefined : { id: byLogin('manager2').id, name: byLogin('manager2').name },
    },
    clocks: rule ? [clock(rule, 30 + n * 1.7)] : [],
    gates: gates(4),
    body: {
      segment: 'residential_scattered',
      basic: basic(name, '13500000000', `和谐苑 ${flat}`, 'dwelling'),
      materials: [],
      approvals: [],
    },
    trail: [did('case_submitted', -60, 'manager2')],
  })
}

/** Everything: the day first, then `many` more cases. */
export function company(many: number): RecordView[] {
  return [...day(), ...Array.from({ length: many }, (_, n) => filler(n + 1))]
}
