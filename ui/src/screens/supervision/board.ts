//! Cards put together by who is in charge, the latest first. Nothing is decided here: department,
//! person and due instant stand on each card.
import type { Card } from '@/bridge'
import { warnOf } from '@/format/time'

/** What waits with one person. */
export interface PersonRow {
  name: string
  waiting: number
  late: number
  soonest: Card
}

/** What waits with one department. */
export interface OrgBoard {
  org: string
  waiting: number
  late: number
  people: PersonRow[]
}

/** The board of the cards on which a clock runs. */
export function boardOf(cards: Card[], now: number): OrgBoard[] {
  const orgs = new Map<string, Map<string, Card[]>>()
  for (const card of cards) {
    if (!card.org || !card.due_at) continue
    const people = orgs.get(card.org) ?? new Map<string, Card[]>()
    const name = card.in_charge?.name ?? ''
    people.set(name, [...(people.get(name) ?? []), card])
    orgs.set(card.org, people)
  }
  const late = (all: Card[]): number =>
    all.filter((card) => warnOf(card.due_at, now) === 'late').length
  const boards = [...orgs].map(([org, people]) => {
    const rows = [...people].flatMap(([name, all]) => {
      const [soonest] = all.sort((a, b) => Date.parse(a.due_at ?? '') - Date.parse(b.due_at ?? ''))
      return soonest ? [{ name, waiting: all.length, late: late(all), soonest }] : []
    })
    rows.sort((a, b) => b.late - a.late || b.waiting - a.waiting)
    const sum = (of: 'waiting' | 'late'): number => rows.reduce((total, row) => total + row[of], 0)
    return { org, waiting: sum('waiting'), late: sum('late'), people: rows }
  })
  return boards.sort((a, b) => b.late - a.late || b.waiting - a.waiting)
}
