//! The shape and tone of each sync state: the shape is never the only sign, nor is the colour.
import type { SyncState } from '@/bridge'

/** A drawn shape on a 16 px grid; `fill` shapes are solid. */
export interface Shape {
  paths: string[]
  fill?: string[]
  tone: 'calm' | 'late' | 'soon' | 'good' | 'void' | 'sky'
}

/** State → shape, as the table of words for sync says. */
export const SHAPES: Record<SyncState, Shape> = {
  draft: { paths: ['M3 13l.8-3L11 2.800 13.200 5 6 12.200z'], tone: 'calm' },
  pending: { paths: [], fill: ['M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z'], tone: 'calm' },
  sending: { paths: ['M8 2.500a5.500 5.500 0 1 1-5.500 5.500', 'M8 5v4'], tone: 'sky' },
  delivered: {
    paths: ['M1.500 8.500l3 3 5.500-6.500', 'M7.500 10.800l.7.7 6-6.500'],
    tone: 'good',
  },
  files_missing: {
    paths: ['M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11z'],
    fill: ['M8 2.500a5.500 5.500 0 0 0 0 11z'],
    tone: 'sky',
  },
  conflict: { paths: ['M2 6h11l-2.500-2.500', 'M14 10H3l2.500 2.500'], tone: 'void' },
  refused: { paths: ['M8 2.500v7', 'M8 13v.2'], tone: 'void' },
  quarantined: { paths: ['M3 3h10v10H3z'], tone: 'void' },
  held: { paths: ['M4 7.500h8v6H4z', 'M5.500 7.500V5.500a2.500 2.500 0 0 1 5 0v2'], tone: 'calm' },
}
