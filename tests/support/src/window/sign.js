// Draws two strokes on a canvas by the events that a finger causes.
const canvas = arguments[0].tagName === 'CANVAS' ? arguments[0] : arguments[0].querySelector('canvas')
canvas.scrollIntoView({ block: 'center' })
const box = canvas.getBoundingClientRect()
const strokes = [
  [[0.2, 0.3], [0.3, 0.7], [0.38, 0.35], [0.45, 0.65]],
  [[0.5, 0.5], [0.6, 0.3], [0.7, 0.6], [0.82, 0.4]],
]
function send(type, at, pressed) {
  const place = {
    bubbles: true,
    cancelable: true,
    clientX: box.left + at[0] * box.width,
    clientY: box.top + at[1] * box.height,
    pointerId: 1,
    pointerType: 'touch',
    isPrimary: true,
    pressure: 0.6,
    button: 0,
    buttons: pressed ? 1 : 0,
  }
  canvas.dispatchEvent(new PointerEvent(type, place))
}
for (const stroke of strokes) {
  send('pointerdown', stroke[0], true)
  for (const at of stroke.slice(1)) {
    for (let part = 1; part <= 6; part += 1) {
      const from = stroke[stroke.indexOf(at) - 1]
      send('pointermove', [from[0] + ((at[0] - from[0]) * part) / 6, from[1] + ((at[1] - from[1]) * part) / 6], true)
    }
  }
  send('pointerup', stroke.at(-1), false)
}
