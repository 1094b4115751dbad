//! Ways through the pages that people walk: each is a function that throws when something is wrong.
import assert from 'node:assert/strict'
import { CASE, LEAD, REQUEST } from './scenes.mjs'

const id = (name) => `[data-testid="${name}"]`
const text = async (page) => await page.evaluate(() => document.body.innerText)

async function pick(page, field, value) {
  await page.click(`${id(`input-${field}`)} [data-value="${value}"]`)
}
/** The first of a list, by keyboard, as people at desks do. */
async function choose(page, field) {
  await page.click(`${id(`input-${field}`)} .el-select__wrapper`)
  await page.waitForTimeout(200)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(200)
}
async function draw(page) {
  const canvas = page.locator(id('signature'))
  await canvas.scrollIntoViewIfNeeded()
  const box = await canvas.boundingBox()
  await page.mouse.move(box.x + 60, box.y + 60)
  await page.mouse.down()
  for (let n = 1; n <= 8; n += 1)
    await page.mouse.move(box.x + 60 + n * 22, box.y + 60 + (n % 2 ? 40 : 10))
  await page.mouse.up()
}

/** Signing in needs everything; a wrong password is said in words. */
export async function signIn({ open }) {
  const page = await open({ door: 'fresh' })
  assert.equal(await page.isDisabled(id('signin-submit')), true)
  await page.fill(id('signin-server'), 'https://baozhuang.example.cn')
  await page.fill(id('signin-login'), 'manager1')
  await page.fill(id('signin-password'), 'wrong')
  await page.fill(id('signin-pin'), '135790')
  await page.fill(id('signin-again'), '135791')
  assert.equal(await page.isDisabled(id('signin-submit')), true)
  await page.fill(id('signin-again'), '135790')
  await page.click(id('signin-submit'))
  await page.waitForSelector(id('signin-error'))
  assert.match(await text(page), /用户名或密码不正确/)
  await page.fill(id('signin-password'), 'right')
  await page.click(id('signin-submit'))
  await page.waitForSelector(id('nav-today'))
}

/** An administrator is given a secret for an authenticator, and comes in with its code. */
export async function secondFactor({ open }) {
  const page = await open({ door: 'fresh' })
  await page.fill(id('signin-server'), 'https://baozhuang.example.cn')
  await page.fill(id('signin-login'), 'sys_admin1')
  await page.fill(id('signin-password'), 'right')
  await page.fill(id('signin-pin'), '135790')
  await page.fill(id('signin-again'), '135790')
  await page.click(id('signin-submit'))
  await page.waitForSelector(id('factor-secret'))
  assert.equal(await page.locator(id('signin-error')).count(), 0, 'being asked is no error')
  await page.fill(id('factor-code'), '287082')
  await page.click(id('signin-submit'))
  await page.waitForSelector(id('nav-admin'))
}

/** The PIN opens; a wrong one is told and nothing is lost. */
export async function unlock({ open }) {
  const page = await open({ door: 'locked' })
  for (const digit of '111111') await page.click(id(`pin-${digit}`))
  await page.waitForSelector(id('unlock-error'))
  for (const digit of '135790') await page.click(id(`pin-${digit}`))
  await page.waitForSelector(id('nav-today'))
}

/** A half-filled form survives a reload, and is gone once the command is given. */
export async function draft({ open }) {
  const page = await open({ path: `record/${LEAD}` })
  await page.click(id('command-record_contact_attempt'))
  await page.waitForSelector(id('form-record_contact_attempt'))
  await pick(page, 'channel', 'phone')
  await page.fill(`${id('input-summary')}`, '约定周五上门')
  await page.waitForFunction(() => document.body.innerText.includes('已保存'))
  await page.reload()
  await page.waitForSelector(id('restart'))
  assert.equal(await page.inputValue(id('input-summary')), '约定周五上门')
  await page.click(id('submit'))
  await page.waitForSelector(id('missing'))
  await pick(page, 'result', 'reached')
  await page.click(id('submit'))
  await page.waitForSelector(id('record'))
  await page.waitForSelector(id('pending'))
  assert.match(await text(page), /本机有 1 项待上传/)
}

/** The signature stays when the tablet is turned, and the button says the amount. */
export async function costSignature({ open }) {
  const page = await open({ path: `record/${CASE}/do/settle_fee` })
  await page.waitForSelector(id('cost-total'))
  assert.equal(await page.isDisabled(id('submit')), true)
  await pick(page, 'contract_draft_delivered', 'true')
  await page.fill(id('input-signer'), '王先生')
  await pick(page, 'relation', 'agent')
  await draw(page)
  const inked = () =>
    page.evaluate((selector) => {
      const canvas = document.querySelector(selector)
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {
        willReadFrequently: true,
      })
      copy.drawImage(canvas, 0, 0)
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height)
      let dark = 0
      for (let at = 0; at < data.length; at += 4) if (data[at] < 120) dark += 1
      return dark
    }, id('signature'))
  assert.ok((await inked()) > 50, 'the strokes are drawn')
  await page.setViewportSize({ width: 800, height: 1280 })
  await page.waitForTimeout(400)
  assert.ok((await inked()) > 50, 'the strokes are there after turning')
  assert.match(await page.textContent(id('submit')), /7,140\.00/)
  await page.click(id('submit'))
  await page.waitForSelector(id('record'))
  assert.match(await text(page), /费用已核定/)
}

/** A refusal of the rulebook is said before anything is given, and nothing is stored. */
export async function refusal({ open }) {
  const page = await open({ path: 'new/submit_demand' })
  await page.waitForSelector(id('form-submit_demand'))
  await choose(page, 'channel')
  await pick(page, 'segment', 'residential_scattered')
  await pick(page, 'party_type', 'person')
  await page.fill(id('input-name'), '李先生')
  await page.fill(id('input-phone'), '12345')
  await page.fill(id('input-address'), '学院路 12 号院 5-1-302')
  await choose(page, 'use_kind')
  await pick(page, 'want', 'new')
  await page.click(id('consent'))
  await page.waitForSelector(id('refusal'))
  assert.match(await page.textContent(id('refusal')), /手机或电话.*格式不正确/)
  await page.fill(id('input-phone'), '13600000000')
  await page.waitForSelector(id('refusal'), { state: 'detached' })
  await page.click(id('submit'))
  await page.waitForSelector(id('record'))
  assert.match(await text(page), /李先生/)
}

/** A photo is durable before it is shown. */
export async function photo({ open }) {
  const page = await open({ path: `record/${CASE}/do/complete_survey`, as: 'surveyor1' })
  await page.waitForSelector(id('form-complete_survey'))
  await page.click(id('kind-photo_meter'))
  const pixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  await page.setInputFiles(id('file-photos'), {
    name: '表位.png',
    mimeType: 'image/png',
    buffer: pixel,
  })
  await page.waitForFunction(
    (selector) => document.querySelector(selector)?.innerText.includes('仅在本机'),
    id('input-photos'),
  )
}

/** What was returned is given up only after it was asked. */
export async function attention({ open }) {
  const page = await open({ path: 'attention' })
  await page.waitForSelector(id('attention-item-1'))
  await page.click(`${id('attention-item-1')} ${id('attention-discard')}`)
  await page.click(id('discard-no'))
  await page.waitForSelector(id('attention-item-1'))
  await page.click(`${id('attention-item-1')} ${id('attention-discard')}`)
  await page.click(id('discard-yes'))
  await page.waitForSelector(id('attention-item-1'), { state: 'detached' })
}

/** A colleague's work is taken over, or declined with a word for whom it came from. */
export async function handedOver({ open }) {
  const page = await open({ path: 'attention' })
  const item = id('attention-item-3')
  await page.waitForSelector(item)
  assert.match(await text(page), /李建国 做了这项工作/)
  await page.click(`${item} ${id('attention-discard')}`)
  assert.equal(await page.isDisabled(id('decline-yes')), true)
  await page.fill(id('decline-reason'), '已另行联系')
  await page.click(id('decline-yes'))
  await page.waitForSelector(item, { state: 'detached' })
}

/** Twenty thousand cases scroll with a handful of rows; search finds one character. */
export async function longList({ open }) {
  const page = await open({ path: 'cases', many: 20_000 })
  await page.waitForSelector('[data-no]')
  const rows = () => page.locator('[data-no]').count()
  assert.ok((await rows()) < 60, `only rows in view are drawn, not ${await rows()}`)
  const first = await page.getAttribute('[data-no]', 'data-no')
  await page.mouse.move(600, 500)
  for (let n = 0; n < 12; n += 1) {
    await page.mouse.wheel(0, 2500)
    await page.waitForTimeout(60)
  }
  assert.ok((await rows()) < 60)
  assert.notEqual(await page.getAttribute('[data-no]', 'data-no'), first)
  await page.fill(id('search'), '餐')
  await page.waitForFunction(() => document.querySelectorAll('[data-no]').length === 1)
}

/** What cannot be done says why. */
export async function barred({ open }) {
  const page = await open({ path: `record/${CASE}` })
  await page.click(id('barred'))
  assert.match(await text(page), /当前状态不能进行此操作：费用对接中/)
}

/** Synchronisation says offline in words, and pauses. */
export async function sync({ open }) {
  const page = await open({ path: 'sync' })
  await page.waitForSelector(id('sync-page'))
  assert.match(await text(page), /当前离线，可继续填写；联网后自动上传。/)
  await page.click(id('sync-now'))
  await page.click(id('sync-pause'))
  await page.waitForFunction(() => document.body.innerText.includes('上传已暂停'))
  await page.click(id('preview'))
  await page.waitForFunction(() => document.body.innerText.includes('会被接受'))
}

/** Originals wait for a network that costs nothing, by name and size, until told otherwise. */
export async function meteredNetwork({ open }) {
  const page = await open({ path: 'sync' })
  await page.waitForSelector(id('network'))
  assert.equal(await page.locator(id('network-held')).count(), 0)
  await page.click(id('network-unmetered'))
  await page.waitForSelector(id('network-metered'))
  assert.match(await page.textContent(id('network-told')), /不能判断/)
  await page.click(id('network-metered'))
  await page.waitForSelector(id('network-held'))
  assert.match(await page.textContent(id('network-held')), /个文件等待非计费网络 · .*(KB|MB)/)
  await page.click(id('network-anyway'))
  await page.waitForSelector(id('network-held'), { state: 'detached' })
}

/** The company signs for a case; another act voids its receipt, and what is missing is said. */
export async function mayLeave({ open }) {
  const page = await open({ path: `record/${LEAD}`, net: 'online' })
  await page.waitForSelector(id('departure'))
  assert.match(await page.textContent(id('departure')), /还没有公司的离场回执/)
  await page.click(id('departure-ask'))
  await page.waitForSelector(`${id('departure')} ${id('may-leave')}`)
  assert.match(await page.textContent(id('departure')), /可以离场 · .*公司已签收/)
  await page.click(id('command-record_contact_attempt'))
  await pick(page, 'channel', 'phone')
  await pick(page, 'result', 'reached')
  await page.fill(id('input-summary'), '约定周五上门')
  await page.click(id('submit'))
  await page.waitForSelector(id('departure'))
  const told = await page.textContent(id('departure'))
  assert.match(told, /还不能离场/)
  assert.match(told, /待上传指令 1 条/)
  assert.match(told, /离场回执已失效/)
  assert.equal(await page.locator(id('may-leave')).count(), 0)
}

/** Without network nothing is promised: the receipt needs one, and says so. */
export async function leaveOffline({ open }) {
  const page = await open({ path: `record/${LEAD}` })
  await page.waitForSelector(id('departure'))
  assert.match(await page.textContent(id('departure')), /需要联网索取回执/)
  await page.click(id('departure-ask'))
  await page.waitForFunction(() => document.body.innerText.includes('当前离线'))
  assert.equal(await page.locator(id('may-leave')).count(), 0)
}

/** The coming visits stand on 今日 with what lacks; one act fetches it, and only with a network. */
export async function readyForVisits({ open }) {
  const offline = await open({ path: 'today' })
  await offline.waitForSelector(id(`visit-${CASE}`))
  assert.match(await offline.textContent(id(`visit-${LEAD}`)), /已备齐/)
  assert.match(await offline.textContent(id(`visit-${CASE}`)), /缺 2 个文件（.*MB）.*离线期限/)
  await offline.click(id('make-ready'))
  await offline.waitForFunction(() => document.body.innerText.includes('当前离线'))
  assert.match(await offline.textContent(id(`visit-${CASE}`)), /有缺项/)
  const page = await open({ path: 'sync', net: 'online' })
  await page.waitForSelector(id('readiness-files'))
  assert.match(await page.textContent(id('readiness-files')), /1 \/ 3/)
  await page.click(id('make-ready'))
  await page.waitForSelector(id('make-ready'), { state: 'detached' })
  assert.match(await page.textContent(id(`visit-${CASE}`)), /已备齐/)
}

/** A check names what is damaged and what becomes of it. */
export async function verifyFiles({ open }) {
  const page = await open({ path: 'sync' })
  await page.click(id('verify'))
  await page.waitForSelector(id('verify-result'))
  assert.match(await page.textContent(id('verify-panel')), /联网后重新下载/)
}

/** An account is made; its password is shown once. */
export async function account({ open }) {
  const page = await open({ path: 'admin', as: 'sys_admin1' })
  await page.click(id('new-user'))
  await page.fill(id('user-name'), '新同事')
  await page.fill(id('user-login'), 'newcomer')
  await page.click(`${id('user-roles')} .el-select__wrapper, ${id('user-roles')}`)
  await page.click('.el-select-dropdown__item:visible')
  await page.keyboard.press('Escape')
  await page.click(id('user-save'))
  await page.waitForSelector(id('one-time-password'))
  await page.waitForSelector(id('user-newcomer'))
}

/** The server wants to know who this is again: work goes on, one dialog settles it. */
export async function signInAgain({ open }) {
  const page = await open({ path: 'sync', reason: 'sign_in_needed' })
  await page.click(id('sign-in-again'))
  await page.fill(id('again-password'), 'right')
  await page.fill(id('again-pin'), '135790')
  await page.click(id('again-submit'))
  await page.waitForSelector(id('sync-reason'), { state: 'detached' })
}

/** The audit is narrowed by a row's person, verified, and its rows go on when asked. */
export async function audit({ open }) {
  const page = await open({ path: 'audit', as: 'audit_admin1', net: 'online' })
  await page.click(id('chain-check'))
  await page.waitForSelector(id('chain-result'))
  assert.match(await page.textContent(id('chain-result')), /完好/)
  await page.click(id('audit-more'))
  await page.waitForFunction(
    () => document.querySelectorAll('[data-testid^="audit-4"]').length > 60,
  )
  await page.click(`${id('audit-4160')} button`)
  await page.click(id('only-actor'))
  await page.waitForFunction(() => !document.body.innerText.includes('赵敏'))
  await page.click(id('audit-export'))
  await page.waitForFunction(() => document.body.innerText.includes('已保存到'))
  await page.click(id('audit-clear'))
}

/** The package of a case is saved with progress, its place and hash are told, and it verifies. */
export async function archive({ open }) {
  const page = await open({ path: `record/${CASE}`, as: 'archivist1', net: 'online' })
  await page.click(id('archive-export'))
  await page.waitForSelector(id('archive-progress'))
  await page.waitForSelector(id('archive-package'))
  const told = await page.textContent(id('archive-package'))
  assert.match(told, /Downloads\/XZLT-BZ-20261123-0001/)
  assert.match(told, /[0-9a-f]{64}/)
  assert.match(told, /核验一致/)
}

/** One masked field is seen in place, with a reason; the others stay masked. */
export async function unmask({ open }) {
  const page = await open({ path: `record/${REQUEST}`, as: 'service_lead1' })
  await page.click(id('see-phone'))
  assert.equal(await page.isDisabled(id('unmask-show')), true)
  await page.fill(id('unmask-reason'), '电话核实身份')
  await page.click(id('unmask-show'))
  await page.waitForFunction(() => document.body.innerText.includes('13600000000'))
  assert.match(await text(page), /李\*\*/)
}

/** Doors that do not fit fold; a fold opens, and closes once a door was taken. */
export async function rail({ open }) {
  const page = await open({ path: 'today', as: 'cm_lead1' })
  await page.click(id('group-service'))
  await page.click(id('nav-complaints'))
  await page.waitForSelector(id('nav-complaints'), { state: 'detached' })
  assert.equal(await page.getAttribute(id('group-service'), 'aria-expanded'), 'false')
}
