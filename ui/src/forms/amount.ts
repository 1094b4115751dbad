//! Exact decimals for showing what a line will cost while it is typed; the rulebook computes the
//! amount that counts. Integers only: no binary fraction anywhere.

/** A decimal as an integer of its last place. */
export interface Scaled {
  units: bigint
  scale: number
}

/** Reads plain decimal text. */
export function readDecimal(text: string | number | undefined): Scaled | undefined {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(text ?? '').trim())
  if (!found) return undefined
  const places = found[3] ?? ''
  const units = BigInt(`${found[2]}${places}`)
  return { units: found[1] ? -units : units, scale: places.length }
}

/** qty × unit price in fen, half away from zero (H-2). */
export function lineFen(
  qty: string | number | undefined,
  price: string | number | undefined,
): number | undefined {
  const a = readDecimal(qty)
  const b = readDecimal(price)
  if (!a || !b) return undefined
  const scale = a.scale + b.scale
  const product = a.units * b.units * 100n
  const unit = 10n ** BigInt(scale)
  const size = product < 0n ? -product : product
  const rounded = (size * 2n + unit) / (unit * 2n)
  return Number(product < 0n ? -rounded : rounded)
}
