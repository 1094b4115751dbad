//! The roles and departments that an administrator can give, in the order of the rulebook.

/** Every role that a person can hold; accounts of interfaces are made on the server. */
export const ROLES = [
  'hall_clerk',
  'counter_clerk',
  'hotline_agent',
  'customer_manager',
  'cm_lead',
  'surveyor',
  'designer',
  'estimator',
  'tech_lead',
  'eng_dispatcher',
  'eng_lead',
  'contractor_lead',
  'site_supervisor',
  'acceptance_inspector',
  'ignition_operator',
  'permit_agent',
  'visit_agent',
  'service_lead',
  'finance_clerk',
  'archivist',
  'inspector',
  'assessor',
  'leader',
  'sys_admin',
  'sec_admin',
  'audit_admin',
] as const

/** Every department. */
export const ORGS = [
  'market_dept',
  'tech_dept',
  'eng_dept',
  'service_dept',
  'contractor',
  'gov_hall',
  'finance',
  'office',
  'it',
] as const
