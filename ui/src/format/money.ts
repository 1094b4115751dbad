//! Money in words and back. It is an integer number of fen from end to end: no floating point.

/** 714000 → 7,140.00 */
export function yuanText(fen: number): string {
  const sign = fen < 0 ? '-' : ''
  const digits = String(Math.abs(Math.trunc(fen))).padStart(3, '0')
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${sign}${whole}.${digits.slice(-2)}`
}

/** 7,140.5 → 714050; undefined when the text is no amount of at most two decimals. */
export function parseYuan(text: string): number | undefined {
  const plain = text.replace(/[,\s，]/g, '').replace(/[。．]/g, '.')
  const found = /^(-?)(\d{1,9})(?:\.(\d{1,2}))?$/.exec(plain)
  if (!found) return undefined
  const fen = Number(found[2]) * 100 + Number((found[3] ?? '').padEnd(2, '0'))
  return found[1] && fen ? -fen : fen
}

/** A size of a file in the largest whole unit. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let size = bytes
  let unit = 0
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${unit && size < 100 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`
}

/** A decimal with its thousands apart: 9860.00 → 9,860.00; other text stays as it is. */
export function groupDigits(value: string | number): string {
  const found = /^(-?)(\d+)(\.\d+)?$/.exec(String(value))
  if (!found) return String(value)
  return `${found[1]}${(found[2] ?? '').replace(/\B(?=(\d{3})+$)/g, ',')}${found[3] ?? ''}`
}

/** A short code of a text, to compare two papers by eye: 7F3A-90C2 (FNV-1a, not a seal). */
export function shortCode(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  const hex = hash.toString(16).toUpperCase().padStart(8, '0')
  return `${hex.slice(0, 4)}-${hex.slice(4)}`
}

/** A rate as percent: 0.09 → 9 %. The decimal point moves; nothing is computed. */
export function percentText(rate: string): string {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(rate)
  if (!found) return rate
  const places = (found[3] ?? '').padEnd(2, '0')
  const whole = `${found[2]}${places.slice(0, 2)}`.replace(/^0+(?=\d)/, '')
  const rest = places.slice(2).replace(/0+$/, '')
  return `${found[1]}${whole}${rest ? `.${rest}` : ''} %`
}
