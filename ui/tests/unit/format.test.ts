//! Money, exact decimals, sizes and time in words.
import { describe, expect, it } from 'vitest'
import { bytesText, groupDigits, parseYuan, percentText, shortCode, yuanText } from '@/format/money'
import {
  dateText,
  dueText,
  leftText,
  spanText,
  toRfc3339,
  wall,
  warnOf,
  whenText,
} from '@/format/time'
import { unitOf } from '@/format/unit'
import { words } from '@/i18n'

const t = (key: string, params?: Record<string, unknown>): string => words.t(key, params)

describe('money', () => {
  it('is shown with two decimals and its thousands apart', () => {
    expect([0, 5, 714_000, 99_999_999_999, -1].map(yuanText)).toEqual([
      '0.00',
      '0.05',
      '7,140.00',
      '999,999,999.99',
      '-0.01',
    ])
  })

  it('is read back as it was shown, also from a Chinese keyboard', () => {
    for (const fen of [0, 1, 10, 123_456, 714_000, 99_999_999_999, -250])
      expect(parseYuan(yuanText(fen))).toBe(fen)
    expect(parseYuan('7，140。5')).toBe(714_050)
    expect(parseYuan('1.005')).toBeUndefined()
    expect(parseYuan('abc')).toBeUndefined()
  })

  it('decimals are grouped, codes are short and depend on every character', () => {
    expect(groupDigits('9860.00')).toBe('9,860.00')
    expect(groupDigits('按实')).toBe('按实')
    expect(shortCode('a/design 1')).toMatch(/^[0-9A-F]{4}-[0-9A-F]{4}$/)
    expect(shortCode('a/design 1')).not.toBe(shortCode('a/design 2'))
  })

  it('rates are percent', () => {
    expect(['0.09', '0.090000', '0.1', '1', '0.005', 'x'].map(percentText)).toEqual([
      '9 %',
      '9 %',
      '10 %',
      '100 %',
      '0.5 %',
      'x',
    ])
  })

  it('sizes', () => {
    expect([0, 900, 2_516_582, 62_000_000_000].map(bytesText)).toEqual([
      '0 B',
      '900 B',
      '2.4 MB',
      '57.7 GB',
    ])
  })
})

describe('time', () => {
  const now = Date.parse('2026-11-24T10:00:00+08:00')

  it('is the wall clock of the company, whatever the device thinks', () => {
    expect(wall('2026-11-23T16:30:00Z')).toMatchObject({
      year: 2026,
      month: 11,
      day: 24,
      hour: 0,
      minute: 30,
    })
    expect(dateText('2026-12-31T16:00:00Z')).toBe('2027-01-01')
    expect(toRfc3339(now)).toBe('2026-11-24T10:00:00.000+08:00')
  })

  it('a limit at midnight is told as 24:00 of the day before', () => {
    expect(dueText('2026-11-25T00:00:00+08:00', now, t)).toBe('最晚今天 24:00')
    expect(dueText('2026-11-24T17:30:00+08:00', now, t)).toBe('最晚今天 17:30')
    expect(dueText('2026-11-26T09:00:00+08:00', now, t)).toBe('最晚11月26日 09:00')
  })

  it('what is left, and how far it is exceeded', () => {
    expect(leftText('2026-11-24T13:20:00+08:00', now, t)).toBe('剩 3 小时 20 分')
    expect(leftText('2026-11-24T08:00:00+08:00', now, t)).toBe('已超 2 小时')
    expect(spanText(3 * 86_400_000, t)).toBe('3 天')
    expect(spanText(20_000, t)).toBe('1 分')
  })

  it('days near by have names', () => {
    expect(whenText('2026-11-23T08:12:00+08:00', now, t)).toBe('昨天 08:12')
    expect(whenText('2025-11-23T08:12:00+08:00', now, t)).toContain('2025')
  })

  it('urgency where the client says none', () => {
    expect(warnOf('2026-11-24T09:59:00+08:00', now)).toBe('late')
    expect(warnOf('2026-11-24T13:00:00+08:00', now)).toBe('soon')
    expect(warnOf('2026-11-25T13:00:00+08:00', now)).toBe('calm')
    expect(warnOf(undefined, now)).toBe('calm')
  })
})

it('units are told by the ends of names', () => {
  expect(
    ['demand_m3h', 'start_reading_m3', 'length_m', 'pressure_kpa', 'est_households', 'name'].map(
      unitOf,
    ),
  ).toEqual(['m3h', 'm3', 'm', 'kpa', 'households', undefined])
})
