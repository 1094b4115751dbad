//! Masked fields on the pages: nothing masked is written back, and every field has a name.
import { describe, expect, it } from 'vitest'
import type { RecordView } from '@/bridge'
import { prefill } from '@/forms/prefill'
import { words } from '@/i18n'
import { record } from '@/bridge/fake/build'

const page = (masked: RecordView['masked'], name: string): RecordView => ({
  ...record({
    card: { kind: 'case', no: 'T-1', title: name, subtitle: '', state: 'designed' },
    body: { basic: { party_type: 'person', name, phone: '138****8000' } },
  }),
  masked,
})

describe('P-18 masked fields', () => {
  it('P-18 a masked name is not filled in as the signer', () => {
    const masked = [{ field: 'name', reveal: true }]
    expect(prefill('settle_fee', page(masked, '王*'))).toEqual({
      place: 'on_site',
      signature: { relation: 'applicant' },
    })
    expect(prefill('settle_fee', page([], '王小明'))).toEqual({
      place: 'on_site',
      signature: { signer: '王小明', relation: 'applicant' },
    })
  })

  it('P-18 the words of masking are there in both languages', () => {
    for (const key of ['masked', 'masked_hint', 'masked_only', 'reason', 'show'])
      for (const language of ['zh-CN', 'en'])
        expect(words.te(`privacy.${key}`, language), `${language} ${key}`).toBe(true)
  })
})
