//! A filing of the in-memory company.
import type { PermitView } from '../types'
import { clock } from './build'

/** Its identity. */
export const ROAD = '33333333-0000-7000-8000-000000000001'

/** The permit to dig, in review. */
export const road = (): PermitView => ({
  filing: ROAD,
  no: 1,
  kind: 'road_dig',
  state: 'reviewing',
  applicant: 'company',
  authority: '城市管理局',
  procedure: 'approval',
  blocking: true,
  part: 'P-3',
  clock: clock('D-15', 96),
  missing: [],
  warnings: ['winter_ban'],
  conditions: [],
  next: ['record_permit_answer'],
})
