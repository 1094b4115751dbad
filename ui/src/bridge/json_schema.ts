//! The JSON Schema of a command, as far as the forms read it.
import type { Json } from './types'

/** 个人信息处理告知, one version of it. */
export interface Notice {
  version: string
  who: string
  purpose: string
  kinds: string
  retention: string
  rights: string
}

/** A JSON Schema (draft 2020-12) as far as the forms read it. */
export interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  type?: string | string[]
  title?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: Json[]
  const?: Json
  oneOf?: Schema[]
  anyOf?: Schema[]
  allOf?: Schema[]
  default?: Json
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  format?: string
  additionalProperties?: boolean | Schema
  'x-widget'?: string
  /** What is said, word by word, when the field is asked for. */
  'x-script'?: string
  /** Which group of questions the field belongs to. */
  'x-group'?: string
  /** The notice that is read before personal information is asked for. */
  'x-notice'?: Notice
  /** What is said first and last. */
  'x-opening'?: string
  'x-closing'?: string
}
