//! The doors of the rail, by role.
import type { IconName } from '@/components/icon/paths'

/** One door. */
export interface Door {
  name: 'today' | 'cases' | 'leads' | 'attention' | 'sync' | 'admin' | 'settings'
  icon: IconName
}

const ADMINS = ['sys_admin', 'sec_admin', 'audit_admin']

/** The doors that these roles have, in the order of the rail. */
export function doorsFor(roles: string[]): Door[] {
  const doors: Door[] = [
    { name: 'today', icon: 'today' },
    { name: 'cases', icon: 'cases' },
    { name: 'leads', icon: 'leads' },
    { name: 'attention', icon: 'attention' },
    { name: 'sync', icon: 'sync' },
  ]
  if (roles.some((role) => ADMINS.includes(role))) doors.push({ name: 'admin', icon: 'admin' })
  doors.push({ name: 'settings', icon: 'settings' })
  return doors
}
