//! Where the company's rules are: one record, the same in every company.

/** The identity of the record that holds policy, calendar and prices. */
export const RULES_ID = '6c616e74-6961-6e00-8000-72756c657300'
