// Notes what goes wrong in the page, for the message of a failing test.
const noted = (window.pageFaults = [])
const note = (fault) => noted.push(`fault: ${fault?.stack ?? fault?.message ?? fault}`)
window.addEventListener('error', (event) => note(event.error ?? event.message))
window.addEventListener('unhandledrejection', (event) => note(event.reason))
for (const level of ['error', 'warn']) {
  const said = console[level]
  console[level] = (...words) => {
    words.forEach(note)
    said.apply(console, words)
  }
}
