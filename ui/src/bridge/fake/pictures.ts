//! Pictures for the in-memory company, drawn as text so that no photo of anybody is needed.

const TONES: [string, string][] = [
  ['#b9d4ea', '#5d7f99'],
  ['#cfd8c4', '#6d7d5c'],
  ['#e3cfb8', '#8d7355'],
  ['#c9c7dc', '#66648a'],
]

/** A drawn place as base64 of an SVG. */
export function drawPlace(seed: number): string {
  const [sky, ground] = TONES[seed % TONES.length] ?? ['#b9d4ea', '#5d7f99']
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="${sky}"/><rect y="40" width="64" height="24" fill="${ground}"/><rect x="12" y="18" width="18" height="26" fill="#fff" opacity=".8"/><rect x="34" y="26" width="20" height="18" fill="#fff" opacity=".55"/><path d="M8 50h48" stroke="#f0b429" stroke-width="4"/></svg>`
  return btoa(svg)
}
