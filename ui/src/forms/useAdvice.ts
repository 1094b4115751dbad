//! What the technical computations say to a form, asked of the rulebook while it is written. The
//! page computes nothing; while the answer is on its way the last one stands.
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { bridge, type AdviceView, type Data, type Json } from '@/bridge'

const QUIET_MS = 300
/** The commands whose forms hold what can be computed with. */
const TECHNICAL = ['push_to_tech', 'complete_survey', 'issue_design', 'turn_gas_on']

/** Asks for advice on `data`, some time after the last keystroke. */
export function useAdvice(command: string, id: string | undefined, data: Ref<Data>) {
  const advice = shallowRef<AdviceView>()
  if (!id || !TECHNICAL.includes(command)) return advice
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0
  async function ask(record: string): Promise<void> {
    const mine = ++asked
    try {
      const answer = await bridge().advise({ id: record, command, data: data.value })
      if (mine === asked) advice.value = answer
    } catch {
      // A form that is half written cannot be read: the last answer stands.
    }
  }
  watch(
    data,
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void ask(id), QUIET_MS)
    },
    { deep: true, immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return advice
}

/** The data with `value` at the path `appliances.0.rated_m3h`; what lies on the way is kept. */
export function placed(data: Data, path: string, value: Json): Data {
  const walk = (at: Json | undefined, parts: string[]): Json => {
    const [name, ...rest] = parts
    if (name === undefined) return value
    if (Array.isArray(at)) return at.map((one, n) => (String(n) === name ? walk(one, rest) : one))
    const group = at && typeof at === 'object' ? at : {}
    return { ...group, [name]: walk(group[name], rest) }
  }
  return walk(data, path.split('.')) as Data
}
