//! The doors of the rail, by role. A door leads to a screen, or to the list of a kind of record.
import type { RouteLocationRaw } from 'vue-router'
import type { RecordKind } from '@/bridge'
import type { IconName } from '@/components/icon/paths'

/** One door; its word is `shell.<name>`, or that of the kind it lists. */
export interface Door {
  name: string
  icon: IconName
  /** The kind of record it lists, where it has no screen of its own. */
  kind?: RecordKind
}

interface DoorRule extends Door {
  /** Who has it; everybody when nothing is said. */
  roles?: string[]
}

/** Every door, in the order of the rail. */
const DOORS: DoorRule[] = [
  { name: 'today', icon: 'today' },
  { name: 'cases', icon: 'cases' },
  { name: 'leads', icon: 'leads' },
  { name: 'permits', icon: 'gate', roles: ['permit_agent', 'eng_dispatcher'] },
  {
    name: 'visit_months',
    icon: 'gauge',
    kind: 'visit_month',
    roles: ['service_lead', 'cm_lead', 'visit_agent', 'inspector', 'leader'],
  },
  {
    name: 'visits',
    icon: 'phone',
    kind: 'visit',
    roles: ['visit_agent', 'service_lead', 'cm_lead', 'inspector'],
  },
  {
    name: 'ledger',
    icon: 'ledger',
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
    kind: 'complaint',
    roles: ['service_lead', 'cm_lead', 'hotline_agent', 'inspector', 'assessor'],
  },
  {
    name: 'ratings',
    icon: 'star',
    kind: 'rating',
    roles: ['service_lead', 'cm_lead', 'visit_agent', 'inspector'],
  },
  {
    name: 'supervision',
    icon: 'gate',
    roles: ['inspector', 'assessor', 'leader', 'cm_lead', 'tech_lead', 'eng_lead', 'service_lead'],
  },
  { name: 'policy', icon: 'file' },
  {
    name: 'debts',
    icon: 'file',
    roles: ['customer_manager', 'counter_clerk', 'cm_lead', 'permit_agent'],
  },
  { name: 'attention', icon: 'attention' },
  { name: 'sync', icon: 'sync' },
  {
    name: 'pi_request',
    icon: 'lock',
    kind: 'pi_request',
    roles: ['service_lead', 'sec_admin', 'hotline_agent', 'counter_clerk'],
  },
  {
    name: 'pi_register',
    icon: 'file',
    kind: 'pi_register',
    roles: ['sec_admin', 'audit_admin', 'leader'],
  },
  { name: 'prices', icon: 'file', roles: ['sys_admin', 'leader', 'estimator', 'cm_lead'] },
  {
    name: 'reports',
    icon: 'chart',
    roles: ['leader', 'assessor', 'inspector', 'cm_lead', 'tech_lead', 'eng_lead', 'service_lead'],
  },
  { name: 'admin', icon: 'admin', roles: ['sys_admin', 'sec_admin', 'audit_admin'] },
  { name: 'settings', icon: 'settings' },
]

/** The doors that these roles have, in the order of the rail. */
export function doorsFor(roles: string[]): Door[] {
  return DOORS.filter((door) => !door.roles || door.roles.some((role) => roles.includes(role)))
}

/** Where a door leads. */
export function wayOf(door: Door): RouteLocationRaw {
  return door.kind ? { name: 'list', params: { kind: door.kind } } : { name: door.name }
}

/** The key of a door's word. */
export function wordOf(door: Door): string {
  return door.kind ? `kind.${door.kind}` : `shell.${door.name}`
}
