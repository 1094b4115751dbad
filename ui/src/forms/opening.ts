//! What a form that makes a record begins with, by who opens it: the channel of a demand is that
//! of the desk at which it is taken.
import type { Data } from '@/bridge'

const DESKS: [role: string, channel: string][] = [
  ['hotline_agent', 'hotline'],
  ['hall_clerk', 'gov_hall'],
  ['counter_clerk', 'business_hall'],
  ['customer_manager', 'on_site'],
]

/** The first values of a command that creates its record. */
export function opening(command: string, roles: string[]): Data {
  if (command !== 'submit_demand') return {}
  const desk = DESKS.find(([role]) => roles.includes(role))
  return desk ? { channel: desk[1] } : {}
}
