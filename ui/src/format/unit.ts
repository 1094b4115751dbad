//! The unit of a quantity, told by the end of its field's name, as the rulebook names fields.

const ENDINGS: [RegExp, string][] = [
  [/_m3h$/, 'm3h'],
  [/_m3$/, 'm3'],
  [/_m2$/, 'm2'],
  [/_(m|len|length)$/, 'm'],
  [/_cm$/, 'cm'],
  [/_mpa$/, 'mpa'],
  [/_kpa$/, 'kpa'],
  [/_kw$/, 'kw'],
  [/_minutes$/, 'minutes'],
  [/_days$/, 'days'],
  [/_wd$/, 'workdays'],
  [/_percent$/, 'percent'],
  [/(^|_)households$/, 'households'],
  [/(^|_)dn$/, 'dn'],
]

/** The unit's key among the `unit` words, if the name tells one. */
export function unitOf(name: string): string | undefined {
  return ENDINGS.find(([end]) => end.test(name))?.[1]
}
