//! The case page says of each signature whether the server has completed it.
import { mount } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import type { RecordView } from '@/bridge'
import SignatureList from '@/components/case/SignatureList.vue'
import { i18n, words } from '@/i18n'
import { SPECIAL } from '@/screens/case/special'

const CAPTURED = {
  version: 12,
  paper: 'fee_confirmation',
  state: 'captured',
  files: ['018f0000-0000-7000-8000-000000000001'],
  at: '2026-11-24T10:00:00+08:00',
}
const COMPLETE = {
  ...CAPTURED,
  version: 14,
  paper: 'install_contract',
  state: 'complete',
  seal: {
    suite: 'guomi',
    document: '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    files: [],
    at: '2026-11-24T11:00:00+08:00',
    key: 'k',
    signature: 's',
  },
}
const shown = (signings: unknown[]): string =>
  mount(SignatureList, {
    props: { record: { body: { signings } } as unknown as RecordView },
    global: { plugins: [i18n] },
  }).text()

afterEach(() => {
  words.locale.value = 'zh-CN'
})

it('P-21 the case page shows which signatures are captured and which complete', () => {
  expect(SPECIAL.case?.shows).toHaveLength(1)
  const text = shown([CAPTURED, COMPLETE])
  expect(text).toMatch(/安装合同.*国密算法 · 摘要 66c7f0f462ee….*已完成.*费用确认单.*会签.*已采集/s)
  words.locale.value = 'en'
  expect(shown([CAPTURED, COMPLETE])).toMatch(
    /Installation contract.*SM algorithms.*Complete.*Fee confirmation.*Captured/s,
  )
  expect(shown([])).toBe('')
})
