//! Ties a signature to what was shown when it was drawn.
//! Invariant: when what was shown changes afterwards, the signature is void and has to be drawn again.
import type { Data, Json } from '@/bridge'

/** What a signature of each command is given on, told from the form's data. */
const SHOWN: Record<string, (data: Data) => Json | undefined> = {
  sign_contract: (data) => data.number,
}

/** Writes or voids the basis of the form's signature. */
export function bindSignature(command: string, data: Data): void {
  const shown = SHOWN[command]?.(data)
  const signature = data.signature
  if (
    shown === undefined ||
    !signature ||
    typeof signature !== 'object' ||
    Array.isArray(signature)
  )
    return
  if (!signature.file) delete signature.basis
  else if (!signature.basis) signature.basis = shown
  else if (signature.basis !== shown) {
    delete signature.file
    delete signature.basis
  }
}
