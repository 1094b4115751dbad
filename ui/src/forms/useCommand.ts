//! One command being filled in: its schema, its draft, what is missing, what the rulebook says,
//! and giving it. Invariant: the draft is dropped only after the command is durable.
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import {
  bridge,
  toApiError,
  type ApiError,
  type Data,
  type Judgement,
  type Receipt,
  type RecordView,
} from '@/bridge'
import { bindSignature } from './bind'
import { useSession } from '@/stores/session'
import { opening } from './opening'
import { prefill } from './prefill'
import { fieldsOf, wordsOf, type Spec, type Words } from './spec'
import { useDraft } from './useDraft'
import { cleaned, problemsOf, startValues } from './value'

const QUIET_MS = 350

/** What the screen of a command knows when its form is made. */
export interface CommandTask {
  command: string
  /** The record that it is given on; absent for commands that create one. */
  id?: string
  record?: RecordView
  /** The filing of a permit that it is about. */
  filing?: string
  fields: Spec[]
  /** What is said before and after the questions. */
  words?: Words
  /** The refused item that is being corrected, with its data. */
  item?: { id: string; data: Data }
}

/** Reads the fields of a command, and the words of its script, from its schema. */
export async function loadForm(command: string): Promise<{ fields: Spec[]; words: Words }> {
  const schema = await bridge().schema({ command })
  return { fields: fieldsOf(schema), words: wordsOf(schema) }
}

/** The state of one command form. */
export function useCommand(task: CommandTask) {
  const roles = useSession().roles
  const fresh = (): Data => ({
    ...startValues(task.fields),
    ...opening(task.command, roles),
    ...prefill(task.command, task.record, task.filing),
    ...task.item?.data,
  })
  const key = [task.id ?? 'new', task.command, task.filing, task.item?.id].filter(Boolean).join(':')
  const draft = useDraft(() => key, fresh)
  const tried = ref(false)
  const busy = ref(false)
  const error = ref<ApiError>()
  const verdict: Ref<Judgement | undefined> = shallowRef()
  const problems = computed(() => problemsOf(task.fields, draft.data.value))
  const data = computed(() => cleaned(task.fields, draft.data.value))
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  watch(draft.data, (now) => bindSignature(task.command, now), { deep: true })

  async function judge(): Promise<Judgement | undefined> {
    const mine = ++asked
    if (problems.value.length) {
      verdict.value = undefined
      return undefined
    }
    try {
      const answer = await bridge().judge({ id: task.id, command: task.command, data: data.value })
      if (mine === asked) verdict.value = answer
      return answer
    } catch (thrown) {
      if (mine === asked) error.value = toApiError(thrown)
      return undefined
    }
  }
  watch(
    [data, draft.ready],
    () => {
      error.value = undefined
      clearTimeout(timer)
      if (draft.ready.value) timer = setTimeout(() => void judge(), QUIET_MS)
    },
    { deep: true, immediate: true },
  )

  async function give(): Promise<Receipt> {
    if (!task.item) return bridge().do({ id: task.id, command: task.command, data: data.value })
    await bridge().resolve({ item: task.item.id, action: 'edit', data: data.value })
    return { record_id: task.id ?? '', command_id: task.item.id, saved_at: '' }
  }
  /** Gives the command; nothing is given while something is missing. */
  async function submit(): Promise<Receipt | undefined> {
    tried.value = true
    if (busy.value || problems.value.length) return undefined
    busy.value = true
    error.value = undefined
    try {
      const receipt = await give()
      await draft.drop()
      return receipt
    } catch (thrown) {
      error.value = toApiError(thrown)
      return undefined
    } finally {
      busy.value = false
    }
  }
  return { draft, tried, busy, error, verdict, problems, data, judge, submit }
}
