//! The codes of the material catalogue, in its order; their words are in the locales.

/** Every material that a case can be asked for. */
export const MATERIALS: readonly string[] = Array.from(
  { length: 23 },
  (_, n) => `MT${String(n + 1).padStart(2, '0')}`,
)
