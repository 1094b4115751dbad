//! Reads a command's JSON Schema into what a form needs: kinds of fields, choices, limits.
//! Invariant: every schema of the rulebook compiles; what it cannot show it refuses by name.
import type { Json, Notice, Schema } from '@/bridge'
import { ordered } from './order'

/** How a value is asked for. */
export type Kind =
  | 'text'
  | 'long'
  | 'number'
  | 'decimal'
  | 'money'
  | 'bool'
  | 'date'
  | 'instant'
  | 'choice'
  | 'choices'
  | 'person'
  | 'record'
  | 'file'
  | 'files'
  | 'signature'
  | 'geo'
  | 'group'
  | 'list'
  | 'words'
  | 'variant'
  | 'consent'
  | 'material'
  | 'checklist'
  | 'filing'
  | 'filings'
  | 'power'
  | 'made'
  | 'pairs'
  | 'hidden'

/** One of several shapes that a value can have. */
export interface Variant {
  value: string
  fields: Spec[]
}

/** One field of a form. */
export interface Spec {
  name: string
  kind: Kind
  required: boolean
  /** Role of a person, kind of a file, kind of a record. */
  arg?: string
  options?: string[]
  fields?: Spec[]
  item?: Spec
  variants?: Variant[]
  tag?: string
  min?: number
  max?: number
  minItems?: number
  maxLength?: number
  pattern?: string
  start?: Json
  /** The value is a whole file reference, not only its id. */
  whole?: boolean
  /** What is said, word by word, when it is asked for. */
  script?: string
  /** Which group of questions it belongs to. */
  group?: string
  /** What is read before it is asked for. */
  notice?: Notice
}

/** What is said before and after the questions of a command. */
export interface Words {
  opening?: string
  closing?: string
}

/** The words of a command's script, where it has one. */
export function wordsOf(schema: Schema): Words {
  return { opening: schema['x-opening'], closing: schema['x-closing'] }
}

const LONG =
  /^(note|reason|summary|text|why|survey_result|technical_suggestion|remedy_plan|explanation|scope|duties|other_terms|remark|evidence|grounds)$/
const MAX_DEPTH = 12

/** The fields of a command's data. */
export function fieldsOf(schema: Schema): Spec[] {
  return groupFields(resolve(schema, schema), schema, 0)
}

/** Follows references and unwraps optional and single-member forms; outer words win. */
export function resolve(schema: Schema, root: Schema): Schema {
  let now = schema
  for (let step = 0; step < MAX_DEPTH; step += 1) {
    if (now.$ref) {
      const { $ref, ...own } = now
      const found = root.$defs?.[$ref.replace('#/$defs/', '')]
      if (!found) throw new Error(`schema names ${$ref}, which is not there`)
      now = { ...found, ...own }
      continue
    }
    const forms = now.anyOf ?? now.allOf ?? (now.oneOf?.length === 1 ? now.oneOf : undefined)
    const real = forms?.filter((one) => one.type !== 'null')
    if (!real || real.length !== 1) return now
    const { anyOf: _any, allOf: _all, oneOf: _one, ...own } = now
    now = { ...real[0], ...own }
  }
  return now
}

function groupFields(schema: Schema, root: Schema, depth: number): Spec[] {
  if (depth > MAX_DEPTH) throw new Error('schema is nested too deep')
  const required = new Set(schema.required ?? [])
  return ordered(
    Object.entries(schema.properties ?? {}).map(([name, one]) =>
      field(name, one, root, required.has(name), depth),
    ),
  )
}

function field(name: string, raw: Schema, root: Schema, required: boolean, depth: number): Spec {
  const schema = resolve(raw, root)
  const [widget, arg] = (schema['x-widget'] ?? '').split(':')
  const spec: Spec = { name, kind: 'text', required, arg: arg || undefined, ...limits(schema) }
  const kind = widget ? byWidget(widget, schema) : undefined
  if (kind === 'list') return listField(spec, schema, root, depth)
  if (kind === 'checklist') return { ...listField(spec, schema, root, depth), kind }
  if (widget === 'drawing') return { ...complete(spec, 'file', schema, root), arg: 'drawing' }
  if (kind) return complete(spec, kind, schema, root)
  return byShape(spec, schema, root, depth)
}

function limits(schema: Schema): Partial<Spec> {
  return {
    min: schema.minimum,
    max: schema.maximum,
    minItems: schema.minItems,
    maxLength: schema.maxLength,
    pattern: schema.pattern,
    start: schema.default,
    script: schema['x-script'],
    group: schema['x-group'],
    notice: schema['x-notice'],
  }
}

function byWidget(widget: string, schema: Schema): Kind | undefined {
  const many = types(schema).includes('array')
  const known: Record<string, Kind> = {
    money: 'money',
    person: 'person',
    record: 'record',
    file: many ? 'files' : 'file',
    files: 'files',
    signature: 'signature',
    instant: 'instant',
    date: 'date',
    text: many ? 'words' : 'long',
    quantity: 'decimal',
    decimal: 'decimal',
    geo: many ? 'list' : 'geo',
    new_record: 'made',
    consent: 'consent',
    material: 'material',
    phone: 'text',
    drawing: 'file',
    checklist: 'checklist',
    hidden: 'hidden',
    filing: 'filing',
    filings: 'filings',
    power: 'power',
  }
  return known[widget]
}

function complete(spec: Spec, kind: Kind, schema: Schema, root: Schema): Spec {
  const item = schema.items ? resolve(schema.items, root) : schema
  return { ...spec, kind, whole: !!item.properties?.sha256 }
}

const types = (schema: Schema): string[] =>
  (Array.isArray(schema.type) ? schema.type : [schema.type ?? '']).filter((t) => t !== 'null')

/** The values of an enum, in either of the two forms that schemas use. */
export function choicesOf(schema: Schema): string[] | undefined {
  if (schema.enum) return schema.enum.filter((one) => one !== null).map(String)
  const forms = schema.oneOf ?? schema.anyOf
  if (!forms?.every((one) => one.const !== undefined || one.enum || one.type === 'null'))
    return undefined
  return forms.flatMap((one) =>
    one.const !== undefined ? [String(one.const)] : (one.enum ?? []).map(String),
  )
}

function byShape(spec: Spec, schema: Schema, root: Schema, depth: number): Spec {
  const options = choicesOf(schema)
  if (options) return { ...spec, kind: 'choice', options }
  if (schema.const !== undefined) return { ...spec, kind: 'hidden' }
  if (schema.oneOf || schema.anyOf) return variantField(spec, schema, root, depth)
  const kinds = types(schema)
  if (kinds.includes('array')) return listField(spec, schema, root, depth)
  if (kinds.includes('object')) return objectField(spec, schema, root, depth)
  if (kinds.includes('boolean')) return { ...spec, kind: 'bool' }
  if (spec.name.endsWith('_fen')) return { ...spec, kind: 'money' }
  if (kinds.includes('string') && kinds.includes('integer')) return { ...spec, kind: 'decimal' }
  if (kinds.includes('integer') || kinds.includes('number')) return { ...spec, kind: 'number' }
  return { ...spec, kind: textKind(spec.name, schema) }
}

function textKind(name: string, schema: Schema): Kind {
  if (schema.format === 'date-time') return 'instant'
  if (schema.format === 'date') return 'date'
  if (schema.format === 'uuid') return 'hidden'
  if (schema.pattern?.includes('(\\.\\d')) return 'decimal'
  return LONG.test(name) || (schema.maxLength ?? 0) > 120 ? 'long' : 'text'
}

function objectField(spec: Spec, schema: Schema, root: Schema, depth: number): Spec {
  const fields = Object.keys(schema.properties ?? {})
  if (fields.includes('lon') && fields.includes('lat')) return { ...spec, kind: 'geo' }
  if (fields.includes('sha256')) return { ...spec, kind: 'file', whole: true }
  if (!fields.length) return { ...spec, kind: schema.additionalProperties ? 'pairs' : 'hidden' }
  return { ...spec, kind: 'group', fields: groupFields(schema, root, depth + 1) }
}

function listField(spec: Spec, schema: Schema, root: Schema, depth: number): Spec {
  if (!schema.items) throw new Error(`list ${spec.name} says nothing of its items`)
  const item = field(spec.name, schema.items, root, true, depth + 1)
  if (item.kind === 'choice') return { ...spec, kind: 'choices', options: item.options }
  if (item.kind === 'file')
    return { ...spec, kind: 'files', arg: spec.arg ?? item.arg, whole: item.whole }
  if (item.kind === 'text' || item.kind === 'long') return { ...spec, kind: 'words' }
  return { ...spec, kind: 'list', item }
}

function variantField(spec: Spec, schema: Schema, root: Schema, depth: number): Spec {
  const forms = (schema.oneOf ?? schema.anyOf ?? []).map((one) => resolve(one, root))
  const tag = Object.entries(forms[0]?.properties ?? {}).find(
    ([, one]) => one.const !== undefined,
  )?.[0]
  // Forms that are told apart by their only key are filled in by the rulebook's own rounds.
  const single = forms.every((one) => Object.keys(one.properties ?? {}).length === 1)
  if (!tag && single) return { ...spec, kind: 'hidden' }
  if (!tag) throw new Error(`field ${spec.name} has several forms and no tag`)
  const variants = forms.map((one) => ({
    value: String(one.properties?.[tag]?.const),
    fields: groupFields(one, root, depth + 1).filter((inner) => inner.name !== tag),
  }))
  return { ...spec, kind: 'variant', tag, variants }
}
