//! Every name that the rulebook can show has a label in both languages.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Schema } from '@/bridge'
import schemas from '@/bridge/schema.json'
import { choicesOf, fieldsOf, type Spec } from '@/forms/spec'
import { LANGUAGES, words } from '@/i18n'
import { label, slug, valueLabel } from '@/i18n/labels'
import { ORGS, ROLES } from '@/screens/admin/roles'

const RUST = join(process.cwd(), '..', 'crates', 'domain', 'src')
const rust = (path: string): string => readFileSync(join(RUST, path), 'utf8')
const commands = schemas as unknown as Record<string, Schema>
const te = (key: string, language: string): boolean => words.te(key, language)

/** Texts of the form `Name(…) = "code"` or `Name = "code"` of a macro's table. */
function coded(text: string): string[] {
  return [...text.matchAll(/^\s+[A-Z]\w*(?:\([^\n]*\))? = "([^"]+)"/gm)].map(
    (found) => found[1] ?? '',
  )
}
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return entry.name.endsWith('.rs') && entry.name !== 'tests.rs'
      ? [readFileSync(path, 'utf8')]
      : []
  })
}
function everySpec(fields: Spec[]): Spec[] {
  return fields.flatMap((spec) => [
    spec,
    ...everySpec(spec.fields ?? []),
    ...everySpec(spec.item ? [spec.item] : []),
    ...everySpec(spec.variants?.flatMap((one) => one.fields) ?? []),
  ])
}
function missing(kind: string, names: string[]): string[] {
  return LANGUAGES.flatMap((language) =>
    [...new Set(names)]
      .filter((name) => !te(`${kind}.${name}`, language))
      .map((name) => `${language} ${kind}.${name}`),
  )
}
const specs = Object.values(commands).flatMap((schema) => everySpec(fieldsOf(schema)))

describe('labels', () => {
  it('every command', () => {
    const names = coded(rust('command.rs'))
    expect(names.length).toBeGreaterThan(40)
    expect(names.sort()).toEqual(Object.keys(commands).sort())
    expect(missing('command', names)).toEqual([])
  })

  it('every event of the time line', () => {
    const names = coded(rust('event.rs'))
    expect(names.length).toBeGreaterThan(50)
    expect(missing('event', names)).toEqual([])
  })

  it('every refusal code', () => {
    const names = [...rust('refusal.rs').matchAll(/= "(E_[A-Z_]+)"/g)].map(
      (found) => found[1] ?? '',
    )
    expect(names.length).toBeGreaterThan(20)
    expect(missing('refusal', names)).toEqual([])
  })

  it('every reason that the rulebook gives with a refusal', () => {
    const all = sources(RUST).join('\n')
    const reasons = [
      ...all.matchAll(/Refusal::field\(\s*"[a-z_]+",\s*"([^"]+)"/g),
      ...all.matchAll(/\.with\("(?:why|rule)", "([^"]+)"\)/g),
    ].map((found) => found[1] ?? '')
    expect(reasons.length).toBeGreaterThan(40)
    expect(missing('why', reasons.map(slug))).toEqual([])
  })

  it('every field of every form', () => {
    expect(specs.length).toBeGreaterThan(150)
    const shown = specs.filter((spec) => spec.kind !== 'hidden' && spec.kind !== 'made')
    expect(
      missing(
        'field',
        shown.map((spec) => spec.name),
      ),
    ).toEqual([])
  })

  it('every choice of every form', () => {
    const bad = LANGUAGES.flatMap((language) => {
      words.locale.value = language
      return specs.flatMap((spec) =>
        (spec.options ?? [])
          .filter((one) => valueLabel(spec.name, one).startsWith('‹'))
          .map((one) => `${spec.name}.${one}`),
      )
    })
    words.locale.value = 'zh-CN'
    expect(bad).toEqual([])
  })

  it('every choice says in Chinese what the rulebook says, or deliberately other words', () => {
    const unknown: string[] = []
    const walk = (schema: Schema, field: string): void => {
      for (const one of choicesOf(schema) ?? [])
        if (valueLabel(field, one) === one) unknown.push(`${field}.${one}`)
      for (const [name, inner] of Object.entries(schema.properties ?? {})) walk(inner, name)
      for (const inner of Object.values(schema.$defs ?? {})) walk(inner, field)
    }
    for (const schema of Object.values(commands)) walk(schema, '')
    expect(unknown).toEqual([])
  })

  it('every state, gate, clock, role, department, segment and kind of file', () => {
    const table = (path: string, name: string): string[] => {
      const text = rust(path)
      const from = text.indexOf(`    ${name} {`)
      return coded(text.slice(from, text.indexOf('\n}', from)))
    }
    expect(missing('state', table('case/model.rs', 'CaseState'))).toEqual([])
    const leads = [...rust('lead/model.rs').matchAll(/Self::\w+ => "([a-z_]+)"/g)].map(
      (found) => found[1] ?? '',
    )
    expect(leads.length).toBeGreaterThan(6)
    expect(missing('state', leads)).toEqual([])
    expect(missing('segment', table('case/model.rs', 'Segment'))).toEqual([])
    const gates = table('case/gate.rs', 'Gate')
    expect(gates.length).toBeGreaterThan(10)
    expect(missing('gate', gates)).toEqual([])
    const rules = coded(rust('policy/rule_id.rs'))
    expect(rules.length).toBeGreaterThan(20)
    expect(missing('clock', rules)).toEqual([])
    expect(missing('next', rules)).toEqual([])
    const ofRoles = rust('role.rs').split('pub enum OrgUnit')[0] ?? ''
    const roles = [...ofRoles.matchAll(/Self::\w+ => "([a-z_]+)"/g)].map((found) => found[1] ?? '')
    expect(missing('role', roles)).toEqual([])
    expect(roles.filter((role) => role !== 'integration').sort()).toEqual([...ROLES].sort())
    expect(missing('org', [...ORGS, 'external'])).toEqual([])
  })

  it('both languages have the same words', () => {
    const keys = (value: unknown, at = ''): string[] =>
      value && typeof value === 'object'
        ? Object.entries(value).flatMap(([key, one]) => keys(one, at ? `${at}.${key}` : key))
        : [at]
    const [zh, en] = LANGUAGES.map((language) => keys(words.messages.value[language]).sort())
    expect(en).toEqual(zh)
  })

  it('every word that a page asks for is there', () => {
    const folder = join(process.cwd(), 'src')
    const pages = (at: string): string[] =>
      readdirSync(at, { withFileTypes: true }).flatMap((entry) => {
        const path = join(at, entry.name)
        if (entry.isDirectory()) return entry.name === 'fake' ? [] : pages(path)
        return /\.(vue|ts)$/.test(entry.name) ? [readFileSync(path, 'utf8')] : []
      })
    const asked = pages(folder).flatMap((text) => [
      ...[...text.matchAll(/\bt\(\s*'([a-z_]+\.[A-Za-z0-9_.-]+)'/g)].map((found) => found[1] ?? ''),
      ...[...text.matchAll(/\?\s*'([a-z_]+\.[a-z_.]+)'\s*:\s*'([a-z_]+\.[a-z_.]+)'/g)].flatMap(
        (found) => [found[1] ?? '', found[2] ?? ''],
      ),
    ])
    expect(asked.length).toBeGreaterThan(120)
    const gone = LANGUAGES.flatMap((language) =>
      asked.filter((key) => !te(key, language)).map((key) => `${language} ${key}`),
    )
    expect([...new Set(gone)]).toEqual([])
  })

  it('a name without a label is visibly untranslated', () => {
    expect(label('command', 'no_such_thing')).toBe('‹no such thing›')
  })
})
