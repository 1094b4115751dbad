//! Reports of the in-memory company: a few figures of every shape, one without data.
import type { Bridge } from '../contract'
import type { KpiLine, KpiValue } from '../report'
import { at } from './build'

const MONTHS = Array.from({ length: 12 }, (_, n) => `2026-${String(n + 1).padStart(2, '0')}`)

function rate(late: number): KpiValue {
  const on_time = 40 - late
  return {
    shape: 'rate',
    on_time,
    late,
    open_breached: 0,
    excused: 1,
    gross_on_time: on_time - 1,
    gross_late: late + 1,
    net: on_time * 250,
    gross: (on_time - 1) * 250,
  }
}
function hours(mean: number): KpiValue {
  return { shape: 'spread', count: 40, mean, median: mean - 120, p90: mean + 400 }
}

const FIGURES: KpiLine[] = [
  {
    kpi: 'K-01',
    part: 'rate',
    unit: 'percent',
    target: { at_least: 10_000 },
    met: true,
    value: rate(0),
    months: MONTHS.map((month, n) => ({ month, value: rate(n % 3) })),
    groups: [{ by: 'org', key: 'market_dept', value: rate(0) }],
  },
  {
    kpi: 'K-08',
    part: 'rate',
    unit: 'percent',
    target: { at_least: 9_800 },
    met: false,
    value: rate(3),
    months: MONTHS.map((month, n) => ({ month, value: rate(6 - Math.min(n, 5)) })),
    groups: [
      { by: 'org', key: 'market_dept', value: rate(3) },
      { by: 'town', key: '龙湖镇', value: rate(1) },
      { by: 'segment', key: 'residential_scattered', value: rate(2) },
    ],
  },
  {
    kpi: 'K-08',
    part: 'hours',
    unit: 'hours',
    value: hours(1_480),
    months: MONTHS.map((month, n) => ({ month, value: hours(2_000 - n * 45) })),
    groups: [],
  },
  {
    kpi: 'K-16',
    part: 'share',
    unit: 'percent',
    target: { at_least: 10_000 },
    value: { shape: 'share', part: 0, whole: 0 },
    months: MONTHS.map((month) => ({ month, value: { shape: 'share', part: 0, whole: 0 } })),
    groups: [],
  },
  {
    kpi: 'K-30',
    part: 'applications',
    unit: 'number',
    value: { shape: 'count', count: 53 },
    months: MONTHS.map((month, n) => ({ month, value: { shape: 'count', count: 30 + n * 2 } })),
    groups: [{ by: 'channel', key: 'wechat_oa', value: { shape: 'count', count: 21 } }],
  },
]

/** The calls of reports. */
export function reportsFake(): Pick<
  Bridge,
  'report_kpi' | 'report_cases' | 'report_forecast' | 'report_month' | 'report_export'
> {
  return {
    report_kpi: async ({ from, to }) => ({
      from,
      to,
      as_of: '2026-11-23T10:00:00.000+08:00',
      figures: FIGURES,
      people: [],
    }),
    report_cases: async ({ figure, from }) => ({
      count: 2,
      cases: [
        {
          record: '22222222-0000-7000-8000-000000000001',
          kind: 'case',
          no: 'XZLT-BZ-20261121-0003',
          state: 'gas_on_applied',
          segment: 'residential_scattered',
          town: '龙湖镇',
          at: `${from}T18:00:00.000+08:00`,
          verdict: figure.endsWith('rate') ? 'late' : 'counted',
        },
        {
          record: '22222222-0000-7000-8000-000000000002',
          kind: 'case',
          no: 'XZLT-BZ-20261122-0001',
          state: 'gas_on',
          at: `${from}T09:00:00.000+08:00`,
          verdict: figure.endsWith('rate') ? 'on_time' : 'counted',
        },
      ],
    }),
    report_forecast: async () => ({
      as_of: at(0),
      count: 2,
      threats: [
        {
          device: '00000000-0000-7000-8000-00000000de01',
          device_name: '平板 07',
          user: '11111111-0000-7000-8000-000000000001',
          user_name: '李静',
          since: at(-52),
          record: '22222222-0000-7000-8000-000000000001',
          kind: 'case',
          no: 'XZLT-BZ-20261121-0003',
          rule: 'D-02',
          due_at: at(-3),
          said: true,
        },
        {
          device: '00000000-0000-7000-8000-00000000de02',
          device_name: '平板 08',
          user: '11111111-0000-7000-8000-000000000002',
          user_name: '王磊',
          record: '22222222-0000-7000-8000-000000000002',
          kind: 'lead',
          rule: 'D-05',
          due_at: at(30),
          said: false,
        },
      ],
    }),
    report_month: async ({ month }) => ({
      month,
      company: '新郑蓝天燃气有限公司',
      as_of: '2026-11-23T10:00:00.000+08:00',
      figures: [
        { name: 'steps', unit: 'number', value: 112, count: 49, before: 120 },
        { name: 'materials', unit: 'number', value: 98, count: 57, before: 130 },
        { name: 'time', unit: 'days', value: 453, count: 49, before: 610 },
        { name: 'cost', unit: 'yuan', value: 471_937, count: 50, before: 480_000 },
        { name: 'satisfaction', unit: 'percent', count: 0 },
      ],
    }),
    report_export: async ({ from, to }) => ({ path: `Downloads/kpi-${from}-${to}.xlsx` }),
  }
}
