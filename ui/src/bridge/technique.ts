//! What the technical computations propose and warn of (T-01 to T-07).

export interface Advice {
  /** The computation, as `T-04`. */
  rule: string
  code: string
  /** The norm behind it. */
  clause: string
  /** The field that it is about, by its path in the form. */
  field: string
  have?: string
  want?: string
  about?: string
  /** Whether it only proposes. */
  proposal: boolean
}

export interface AdviceView {
  /** Whether the Technical Department has confirmed the tables behind it. */
  confirmed: boolean
  items: Advice[]
}
