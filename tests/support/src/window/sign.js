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
const events = []
for (const stroke of strokes) {
  events.push(['pointerdown', stroke[0], true])
  for (let next = 1; next < stroke.length; next += 1) {
    const [from, to] = [stroke[next - 1], stroke[next]]
    for (let part = 1; part <= 5; part += 1) {
      const share = part / 5
      events.push(['pointermove', [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share], true])
    }
  }
  events.push(['pointerup', stroke.at(-1), false])
}
// One at a time, as a finger moves: the pad leaves out what comes too fast.
window.signatureDrawn = false
const pen = setInterval(() => {
  const event = events.shift()
  if (event) return send(...event)
  clearInterval(pen)
  window.signatureDrawn = true
}, 24)
