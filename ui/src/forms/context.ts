//! What the fields of one form share: the record that files are put on, its facts, the problems
//! to show, and whether they are shown yet.
import { inject, provide, type InjectionKey, type Ref } from 'vue'
import type { RecordView } from '@/bridge'
import type { Words } from './spec'
import type { Problem } from './value'

/** The shared part of a form. */
export interface FormContext {
  /** The record that photos and signatures are put on; it may not exist yet. */
  recordId: Readonly<Ref<string>>
  /** The command that is filled in. */
  command: string
  record: Readonly<Ref<RecordView | undefined>>
  problems: Readonly<Ref<Problem[]>>
  /** True once the person tried to finish: only then missing fields are marked. */
  tried: Readonly<Ref<boolean>>
  /** What is said before and after the questions, where the command has a script. */
  words?: Words
}

const KEY: InjectionKey<FormContext> = Symbol('form')

/** Shares the context with the fields below. */
export function provideForm(context: FormContext): void {
  provide(KEY, context)
}

/** The context of the form around this field. */
export function useForm(): FormContext {
  const found = inject(KEY)
  if (!found) throw new Error('a field stands outside of a form')
  return found
}
