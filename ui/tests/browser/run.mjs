//! The run in Chromium: every screen in every look, and the ways that people walk, against the
//! in-memory company. Pictures go to `screenshots`, which is not kept.
//! `node tests/browser/run.mjs [--only NAME,NAME…]`
import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import * as journeys from './journeys.mjs'
import { examine } from './looks.mjs'
import { LOOKS, SCENES } from './scenes.mjs'
import { serve } from './server.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pictures = `${root}/screenshots`
const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1].split(',')
  : undefined
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
]

await build({ root, mode: 'fake', logLevel: 'warn' })
if (!only) rmSync(pictures, { recursive: true, force: true })
mkdirSync(pictures, { recursive: true })
const server = await serve(`${root}/dist-fake`)
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: FLAGS,
})
const complaints = []

async function openPage(look) {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.height },
    locale: look.language,
    hasTouch: look.layout === 'tablet',
  })
  const kept = JSON.stringify({
    language: look.language,
    theme: look.theme,
    layout: look.layout,
    hand: 'right',
  })
  await context.addInitScript((value) => localStorage.setItem('lantian.preferences', value), kept)
  const page = await context.newPage()
  const noise = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      noise.push(`console: ${message.text().slice(0, 200)}`)
  })
  page.on('pageerror', (error) => noise.push(`error: ${error.message.slice(0, 200)}`))
  // Generous: a busy machine is no fault of a page.
  page.setDefaultTimeout(30_000)
  return { context, page, noise }
}
const address = ({ path = 'today', as = 'manager1', door, many, reason, net }) =>
  `${server.url}?as=${as}${door ? `&door=${door}` : ''}${many ? `&many=${many}` : ''}${reason ? `&reason=${reason}` : ''}${net ? `&net=${net}` : ''}#/${path}`

async function settle(page) {
  await page.waitForSelector('#app > *')
  await page.waitForFunction(() => !document.querySelector('.bones'))
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(350)
}

async function lookAt(look, scene) {
  const { context, page, noise } = await openPage(look)
  try {
    await page.goto(address(scene))
    await settle(page)
    await page.screenshot({ path: `${pictures}/${look.name}-${scene.name}.png` })
    complaints.push(...(await examine(page, scene, look, noise)))
  } catch (error) {
    complaints.push(`${look.name} ${scene.name}: ${String(error.message).split('\n')[0]}`)
  }
  await context.close()
}
async function walkThrough(name, walk) {
  const { context, page, noise } = await openPage(LOOKS[0])
  try {
    const open = async (where) => {
      await page.goto(address(where))
      await settle(page)
      return page
    }
    await walk({ open })
    complaints.push(...noise.map((one) => `journey ${name}: ${one}`))
  } catch (error) {
    await page.screenshot({ path: `${pictures}/failed-${name}.png` })
    complaints.push(`journey ${name}: ${String(error.message).split('\n').slice(0, 4).join(' ')}`)
  }
  await context.close()
}

const tasks = [
  ...LOOKS.flatMap((look) =>
    SCENES.filter((scene) => !only || only.includes(scene.name)).map(
      (scene) => () => lookAt(look, scene),
    ),
  ),
  ...Object.entries(journeys)
    .filter(([name]) => !only || only.includes(name))
    .map(
      ([name, walk]) =>
        () =>
          walkThrough(name, walk),
    ),
]
const total = tasks.length
/** A few pages at a time: a page mostly waits. */
async function work() {
  for (let task = tasks.shift(); task; task = tasks.shift()) await task()
}
await Promise.all(Array.from({ length: 4 }, work))
await browser.close()
await server.stop()
for (const one of complaints) console.error(`✗ ${one}`)
console.log(`${total} looked at, ${complaints.length} complaints`)
process.exitCode = complaints.length || !total ? 1 : 0
