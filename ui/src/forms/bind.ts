//! Ties a signature to what was shown when it was drawn.
//! Invariant: when what was shown changes afterwards, the signature is void and has to be drawn again.
import type { Data, Json } from '@/bridge'

/** The version of the safety notice that the pages show; the rulebook asks for this one. */
export const SAFETY_NOTICE = 'SAFETY-2026-1'

/** The version of the power of attorney's text; the rulebook asks for this one. */
export const POWER_TEXT = 'POA-2026-1'

/** What a signature of each command is given on, told from the form's data. */
const SHOWN: Record<string, { group: string; basis: (data: Data) => Json | undefined }> = {
  sign_contract: { group: 'signature', basis: (data) => data.number },
  sign_power: { group: 'signature', basis: () => POWER_TEXT },
  turn_gas_on: { group: 'safety_notice', basis: () => SAFETY_NOTICE },
}

/** Writes or voids the basis of the form's signature. */
export function bindSignature(command: string, data: Data): void {
  const rule = SHOWN[command]
  const signature = rule ? data[rule.group] : undefined
  if (!rule || !signature || typeof signature !== 'object' || Array.isArray(signature)) return
  const shown = rule.basis(data)
  if (!signature.file) delete signature.basis
  else if (!signature.basis && shown !== undefined) signature.basis = shown
  else if (signature.basis !== shown) {
    delete signature.file
    delete signature.basis
  }
}
