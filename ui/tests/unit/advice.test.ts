//! A proposal of the technical computations is taken into the form as it stands.
import { describe, expect, it } from 'vitest'
import type { Data } from '@/bridge'
import { placed } from '@/forms/useAdvice'
import { LANGUAGES, words } from '@/i18n'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

describe('advice', () => {
  it('T-01 a proposed demand becomes the field, and nothing else changes', () => {
    const data: Data = { note: '急', demand_m3h: '1' }
    expect(placed(data, 'demand_m3h', '3.369')).toEqual({ note: '急', demand_m3h: '3.369' })
    expect(data.demand_m3h).toBe('1')
  })

  it('T-02 a flow goes to its own appliance', () => {
    const data: Data = { appliances: [{ kind: '双眼灶' }, { kind: '壁挂炉', rated_heat_kw: '24' }] }
    expect(placed(data, 'appliances.1.rated_m3h', '2.469')).toEqual({
      appliances: [{ kind: '双眼灶' }, { kind: '壁挂炉', rated_heat_kw: '24', rated_m3h: '2.469' }],
    })
  })

  it('T-03 a path that is not there yet is made', () => {
    expect(placed({}, 'sheet.supply_kpa', '2')).toEqual({ sheet: { supply_kpa: '2' } })
  })

  it('T-04 everything that can be said has words, and every name in it a label', () => {
    const rust = readFileSync(
      join(process.cwd(), '..', 'crates', 'domain', 'src', 'technique', 'advice.rs'),
      'utf8',
    )
    const codes = [...rust.matchAll(/^\s+[A-Z]\w* = "([a-z_]+)",/gm)].map((found) => found[1])
    expect(codes.length).toBeGreaterThan(15)
    const tables = ['pipe.rs', 'supply.rs'].flatMap((name) => {
      const text = readFileSync(
        join(process.cwd(), '..', 'crates', 'domain', 'src', 'technique', name),
        'utf8',
      )
      return [...text.matchAll(/^\s+[A-Z]\w* = "([a-z0-9_]+)",/gm)].map((found) => found[1])
    })
    const unnamed = ['steel', 'galvanised', 'stainless', 'other']
    for (const language of LANGUAGES) {
      for (const code of codes) expect(words.te(`technique.${code}`, language), code).toBe(true)
      for (const name of tables.filter((one) => !unnamed.includes(one ?? '')))
        expect(words.te(`value_of.technique.${name}`, language), name).toBe(true)
    }
  })
})
