//! The people of the in-memory company.
import type { PersonView, SessionView } from '../types'

const person = (
  n: number,
  login: string,
  name: string,
  roles: string[],
  org: string,
): PersonView => ({
  id: `00000000-0000-7000-8000-0000000000${String(n).padStart(2, '0')}`,
  login,
  name,
  roles,
  org,
  active: true,
})

/** Everybody. */
export const PEOPLE: PersonView[] = [
  person(1, 'manager1', '陈立新', ['customer_manager'], 'market_dept'),
  person(2, 'manager2', '赵敏', ['customer_manager'], 'market_dept'),
  person(3, 'cm_lead1', '周建国', ['cm_lead'], 'market_dept'),
  person(4, 'surveyor1', '孙勘', ['surveyor'], 'tech_dept'),
  person(5, 'designer1', '吴设', ['designer'], 'tech_dept'),
  person(6, 'estimator1', '郑算', ['estimator'], 'tech_dept'),
  person(7, 'tech_lead1', '钱工', ['tech_lead'], 'tech_dept'),
  person(8, 'eng_dispatcher1', '冯度', ['eng_dispatcher'], 'eng_dept'),
  person(9, 'contractor_lead1', '何建', ['contractor_lead'], 'contractor'),
  person(10, 'site_supervisor1', '沈理', ['site_supervisor'], 'contractor'),
  person(11, 'acceptance_inspector1', '韩验', ['acceptance_inspector'], 'eng_dept'),
  person(12, 'ignition_operator1', '杨明火', ['ignition_operator'], 'eng_dept'),
  person(13, 'hall1', '许大厅', ['hall_clerk'], 'gov_hall'),
  person(14, 'sys_admin1', '吕管', ['sys_admin'], 'it'),
  person(15, 'sec_admin1', '安全管', ['sec_admin'], 'it'),
  person(16, 'audit_admin1', '审计管', ['audit_admin'], 'it'),
  person(17, 'archivist1', '档安', ['archivist'], 'office'),
  person(18, 'service_lead1', '田服', ['service_lead'], 'service_dept'),
]

/** The person with this login; the first one if there is none. */
export function byLogin(login: string): PersonView {
  const found = PEOPLE.find((one) => one.login === login) ?? PEOPLE[0]
  if (!found) throw new Error('the company has people')
  return found
}

/** A name by id. */
export const nameOf = (id: string): string => PEOPLE.find((one) => one.id === id)?.name ?? '—'

/** The session of somebody who is signed in; `everyone` holds every role, to open every form. */
export function sessionOf(login: string): SessionView {
  const who = login === 'everyone' ? byLogin('manager1') : byLogin(login)
  const roles = login === 'everyone' ? [...new Set(PEOPLE.flatMap((one) => one.roles))] : who.roles
  return {
    state: 'open',
    user: { id: who.id, login: who.login, name: who.name, roles, org: who.org },
    device: { id: '00000000-0000-7000-8000-00000000de01', name: '平板 07' },
    server: 'https://baozhuang.example.cn',
    lease_until: new Date(Date.now() + 69 * 3_600_000).toISOString(),
  }
}
