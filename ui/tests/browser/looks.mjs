//! What every screen is asked in every look: nothing hangs over, no word is missing, no error is
//! in the console, fingers can hit what there is to hit.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const KEYS =
  /\b(shell|session|today|list|case|audit|retention|archive|schedule|privacy|part|file|sync|attention|settings|time|admin|form|fee|intake|survey|gas_on|budget|unit|field|value|state|error|hint|why)\.[a-z_]+(\.[a-z_]+)*\b/
const HIT = 44

/** Reads the page as the rules below need it. */
function inspect(hit) {
  const visible = (el) => {
    const box = el.getBoundingClientRect()
    const style = getComputedStyle(el)
    return (
      box.width > 0 && box.height > 0 && style.visibility !== 'hidden' && Number(style.opacity) > 0
    )
  }
  const wide = [...document.querySelectorAll('.col, main, .sheet, .card, form, body')].filter(
    (el) =>
      visible(el) &&
      el.scrollWidth > el.clientWidth + 1 &&
      !['auto', 'scroll', 'hidden'].includes(getComputedStyle(el).overflowX),
  )
  const small = [
    ...document.querySelectorAll(
      'button, a[href], [role=radio], [role=checkbox], input:not([type=file]), textarea',
    ),
  ]
    .filter(visible)
    .map((el) => ({
      el,
      box: (
        el.closest('.el-input__wrapper, .el-select__wrapper, .search') ?? el
      ).getBoundingClientRect(),
    }))
    .filter(({ box }) => box.height < hit - 0.5)
    .map(
      ({ el, box }) =>
        `${el.tagName} “${(el.textContent || el.getAttribute('aria-label') || '').trim().slice(0, 24)}” ${Math.round(box.width)}×${Math.round(box.height)}`,
    )
  return {
    text: document.body.innerText,
    wide: wide.map((el) => `${el.tagName}.${el.className} ${el.scrollWidth}>${el.clientWidth}`),
    window: document.documentElement.scrollWidth > window.innerWidth,
    small,
  }
}

/** The complaints about one screen in one look. */
export async function examine(page, scene, look, noise) {
  const found = []
  const seen = await page.evaluate(inspect, HIT)
  const want = look.language === 'en' ? (scene.en ?? scene.see[1]) : scene.see[0]
  if (!seen.text.includes(want)) found.push(`“${want}” is not there`)
  if (seen.text.includes('‹')) found.push(`untranslated: ${/‹[^›]*›/.exec(seen.text)?.[0]}`)
  const key = KEYS.exec(seen.text.replaceAll('baozhuang.example.cn', ''))
  if (key) found.push(`a key is shown: ${key[0]}`)
  if (seen.window || seen.wide.length)
    found.push(`hangs over: ${seen.wide.join(', ') || 'the window'}`)
  if (look.layout === 'tablet' && seen.small.length)
    found.push(`too small to hit: ${seen.small.slice(0, 4).join('; ')}`)
  found.push(...noise)
  if (scene.axe) found.push(...(await serious(page)))
  return found.map((one) => `${look.name} ${scene.name}: ${one}`)
}

/** What axe-core calls serious or critical. */
async function serious(page) {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { resultTypes: ['violations'] }),
  )
  return violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .map(
      (one) =>
        `axe ${one.id}: ${one.nodes
          .slice(0, 2)
          .map((node) => node.html.slice(0, 120))
          .join(' | ')}`,
    )
}
