//! The rail: everybody finds their doors, no two look alike, nobody has more than fit.
import { expect, it } from 'vitest'
import { ICONS } from '@/components/icon/paths'
import { LANGUAGES, words } from '@/i18n'
import { ROLES } from '@/screens/admin/roles'
import { router } from '@/shell/router'
import {
  doorsFor,
  DOORS,
  entriesFor,
  FOLDS,
  isFolded,
  MOST,
  NARROW,
  narrowFor,
  wayOf,
  wordOf,
} from '@/shell/nav'

it('every door and every fold has an icon of its own', () => {
  const icons = [...DOORS.map((door) => door.icon), ...Object.values(FOLDS)]
  expect(new Set(icons).size).toBe(icons.length)
  for (const icon of icons) expect(ICONS[icon].length).toBeGreaterThan(0)
  const drawn = icons.map((icon) => ICONS[icon].join(' '))
  expect(new Set(drawn).size).toBe(drawn.length)
})

it('every door leads somewhere and has a word in both languages', () => {
  const keys = [...DOORS.map(wordOf), ...Object.keys(FOLDS).map((group) => `shell.group_${group}`)]
  for (const language of LANGUAGES)
    for (const key of keys) expect(words.te(key, language), `${language} ${key}`).toBe(true)
  for (const door of DOORS) expect(router.resolve(wayOf(door)).matched.length).toBe(1)
})

it('no role has more entries than the rail shows, and loses no door by folding', () => {
  for (const role of ROLES) {
    const doors = doorsFor([role]).map((door) => door.name)
    for (const [entries, most] of [
      [entriesFor([role]), MOST],
      [narrowFor([role]), NARROW],
    ] as const) {
      expect(entries.length, role).toBeLessThanOrEqual(most)
      const inside = entries.flatMap((one) => (isFolded(one) ? one.doors : [one]))
      expect(inside.map((door) => door.name).sort(), role).toEqual([...doors].sort())
    }
  }
})

it('P-14 the audit has a door for the audit administrator alone', () => {
  const has = (role: string): boolean => doorsFor([role]).some((door) => door.name === 'audit')
  expect(ROLES.filter(has)).toEqual(['audit_admin'])
})
