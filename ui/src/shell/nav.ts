//! The doors of the rail, by role and in groups. A door leads to a screen, or to the list of a kind
//! of record. Invariant: no two doors share an icon; nobody has more than a hand's width of them.
import type { RouteLocationRaw } from 'vue-router'
import type { RecordKind } from '@/bridge'
import type { IconName } from '@/components/icon/paths'

/** What belongs together: `main` is always at hand, the others fold. */
export type Group = 'main' | 'field' | 'service' | 'lead' | 'guard' | 'own'

/** One door; its word is `shell.<name>`, or that of the kind it lists. */
export interface Door {
  name: string
  icon: IconName
  group: Group
  /** The kind of record it lists, where it has no screen of its own. */
  kind?: RecordKind
}

/** Doors that fold into one. */
export interface Folded {
  group: Group | 'more'
  icon: IconName
  doors: Door[]
}

/** An entry of the rail. */
export type Entry = Door | Folded

interface DoorRule extends Door {
  /** Who has it; everybody when nothing is said. */
  roles?: string[]
  /** Not for the three administrators, whose scope holds no case and no lead. */
  work?: boolean
}

/** Who administers and works on no case (SOD-6). */
const ADMINS = ['sys_admin', 'sec_admin', 'audit_admin']

/** Every door, in the order of the rail. */
export const DOORS: DoorRule[] = [
  { name: 'today', icon: 'today', group: 'main' },
  { name: 'cases', icon: 'cases', group: 'main', work: true },
  { name: 'leads', icon: 'leads', group: 'main', work: true },
  { name: 'attention', icon: 'attention', group: 'main' },
  { name: 'sync', icon: 'sync', group: 'main' },
  {
    name: 'permits',
    icon: 'gate',
    group: 'field',
    roles: ['permit_agent', 'eng_dispatcher'],
  },
  {
    name: 'debts',
    icon: 'debt',
    group: 'field',
    roles: ['customer_manager', 'counter_clerk', 'cm_lead', 'permit_agent'],
  },
  {
    name: 'visit_months',
    icon: 'gauge',
    group: 'service',
    kind: 'visit_month',
    roles: ['service_lead', 'cm_lead', 'visit_agent', 'inspector', 'leader'],
  },
  {
    name: 'visits',
    icon: 'phone',
    group: 'service',
    kind: 'visit',
    roles: ['visit_agent', 'service_lead', 'cm_lead', 'inspector'],
  },
  {
    name: 'ledger',
    icon: 'ledger',
    group: 'service',
    kind: 'ledger_item',
    roles: [
      'visit_agent',
      'service_lead',
      'cm_lead',
      'hotline_agent',
      'inspector',
      'customer_manager',
    ],
  },
  {
    name: 'complaints',
    icon: 'complaint',
    group: 'service',
    kind: 'complaint',
    roles: ['service_lead', 'cm_lead', 'hotline_agent', 'inspector', 'assessor'],
  },
  {
    name: 'ratings',
    icon: 'star',
    group: 'service',
    kind: 'rating',
    roles: ['service_lead', 'cm_lead', 'visit_agent', 'inspector'],
  },
  {
    name: 'supervision',
    icon: 'scale',
    group: 'lead',
    roles: ['inspector', 'assessor', 'leader', 'cm_lead', 'tech_lead', 'eng_lead', 'service_lead'],
  },
  {
    name: 'reports',
    icon: 'chart',
    group: 'lead',
    roles: ['leader', 'assessor', 'inspector', 'cm_lead', 'tech_lead', 'eng_lead', 'service_lead'],
  },
  {
    name: 'prices',
    icon: 'price',
    group: 'lead',
    roles: ['sys_admin', 'leader', 'estimator', 'cm_lead'],
  },
  {
    name: 'pi_request',
    icon: 'person',
    group: 'guard',
    kind: 'pi_request',
    roles: ['service_lead', 'sec_admin', 'hotline_agent', 'counter_clerk'],
  },
  {
    name: 'pi_register',
    icon: 'shield',
    group: 'guard',
    kind: 'pi_register',
    roles: ['sec_admin', 'audit_admin', 'leader'],
  },
  { name: 'retention', icon: 'hourglass', group: 'guard', roles: ['sec_admin', 'audit_admin'] },
  { name: 'audit', icon: 'chain', group: 'guard', roles: ['audit_admin'] },
  { name: 'admin', icon: 'admin', group: 'own', roles: ['sys_admin', 'sec_admin', 'audit_admin'] },
  { name: 'policy', icon: 'book', group: 'own' },
  { name: 'settings', icon: 'settings', group: 'own' },
]

/** What stands for a folded group. */
export const FOLDS: Record<Exclude<Group, 'main'> | 'more', IconName> = {
  field: 'pin',
  service: 'heart',
  lead: 'eye',
  guard: 'lock',
  own: 'sliders',
  more: 'more',
}
/** As many entries as a rail shows without scrolling. */
export const MOST = 9
/** As many as the bar at the foot of a narrow window shows. */
export const NARROW = 6

/** The doors that these roles have, in the order of the rail. */
export function doorsFor(roles: string[]): Door[] {
  const administers = roles.length > 0 && roles.every((role) => ADMINS.includes(role))
  return DOORS.filter(
    (door) =>
      !(door.work && administers) &&
      (!door.roles || door.roles.some((role) => roles.includes(role))),
  )
}

/** What the rail shows: every door while there is room, else groups; a group of one is its door. */
export function entriesFor(roles: string[]): Entry[] {
  const doors = doorsFor(roles)
  if (doors.length <= MOST) return doors
  const entries: Entry[] = doors.filter((door) => door.group === 'main')
  for (const group of ['field', 'service', 'lead', 'guard', 'own'] as const) {
    const inside = doors.filter((door) => door.group === group)
    const only = inside.length === 1 ? inside[0] : undefined
    if (only) entries.push(only)
    else if (inside.length) entries.push({ group, icon: FOLDS[group], doors: inside })
  }
  return entries
}

/** What the bar of a narrow window shows: what is always at hand, the rest behind one door. */
export function narrowFor(roles: string[]): Entry[] {
  const doors = doorsFor(roles)
  if (doors.length <= NARROW) return doors
  const main = doors.filter((door) => door.group === 'main')
  const rest = doors.filter((door) => door.group !== 'main')
  return [...main, { group: 'more', icon: FOLDS.more, doors: rest }]
}

/** Whether an entry folds several doors. */
export function isFolded(entry: Entry): entry is Folded {
  return 'doors' in entry
}

/** Where a door leads. */
export function wayOf(door: Door): RouteLocationRaw {
  return door.kind ? { name: 'list', params: { kind: door.kind } } : { name: door.name }
}

/** The key of a door's word. */
export function wordOf(door: Door): string {
  return door.kind ? `kind.${door.kind}` : `shell.${door.name}`
}
