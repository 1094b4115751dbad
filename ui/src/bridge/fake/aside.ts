//! Beside the day of the in-memory company: a case whose works follow the user's project, and a
//! person who asks for their data.
import type { RecordView } from '../types'
import { at, basic, clock, did, gates, record } from './build'

/** The case whose works follow the user's project. */
export const CANTEEN = '22222222-0000-7000-8000-000000000005'
/** A person asks for their data. */
export const REQUEST = '22222222-0000-7000-8000-000000000006'

/** The case with both schedules. */
export const canteen = (): RecordView =>
  record({
    card: {
      id: CANTEEN,
      kind: 'case',
      no: 'XZLT-BZ-20261122-0002',
      title: '示例学校食堂',
      subtitle: '和庄镇育才路 6 号 · 食堂 · 38 m³/h',
      state: 'survey_design',
      segment: 'non_residential',
    },
    clocks: [clock('D-03', 9)],
    gates: gates(2),
    body: {
      segment: 'non_residential',
      basic: basic('示例学校', '037100000000', '和庄镇育才路 6 号', 'canteen', {
        demand_m3h: '38',
      }),
      pressure: {
        asked: { demand_m3h: '38' },
        check: { verdict: 'satisfied', connection_point: '育才路中压干管' },
      },
      materials: [],
      approvals: [],
      schedule: {
        moves: [
          {
            stage: 'pipe_laying',
            follows: 'outdoor_pipes',
            from: '2026-12-10',
            to: '2026-12-20',
          },
        ],
      },
    },
    schedule: [
      { project: { stage: 'main_structure', planned_on: '2026-11-28' }, gas: [] },
      {
        project: { stage: 'outdoor_pipes', planned_on: '2026-12-15' },
        gas: [
          { stage: 'pipe_laying', proposed_on: '2026-12-20', follows: 'outdoor_pipes' },
          { stage: 'tightness_test', proposed_on: '2026-12-28', follows: 'outdoor_pipes' },
        ],
      },
      {
        project: { stage: 'fit_out', planned_on: '2027-01-20' },
        gas: [{ stage: 'indoor', proposed_on: '2027-01-25', follows: 'fit_out' }],
      },
    ],
    trail: [did('case_submitted', -30, 'manager1'), did('pressure_satisfied', -6, 'tech_lead1')],
  })

/** The request, masked. */
export const privacyRequest = (): RecordView =>
  record({
    card: {
      id: REQUEST,
      kind: 'pi_request',
      no: 'PI-20261120-0001',
      title: '查阅',
      subtitle: '李**',
      state: 'pi_open',
    },
    clocks: [clock('D-22', 190)],
    masked: ['name', 'phone', 'text'].map((field) => ({ field, reveal: true })),
    body: {
      asked: {
        kind: 'access',
        name: '李**',
        phone: '136****0000',
        identity: '当面出示身份证',
        text: '***',
      },
      received_at: at(-50),
    },
    trail: [did('pi_request_received', -50, 'service_lead1')],
  })
