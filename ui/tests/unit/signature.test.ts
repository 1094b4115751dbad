//! A signature holds for what was shown, and for nothing else.
import { describe, expect, it } from 'vitest'
import { nextTick, ref } from 'vue'
import type { CostSheet, Data } from '@/bridge'
import { bindSignature, SAFETY_NOTICE } from '@/forms/bind'
import { useSheetSignature } from '@/forms/useSheetSignature'

const sheet = (basis: string): CostSheet => ({
  design_version: 1,
  budget_version: 1,
  fee_type: 'lump_sum',
  groups: [],
  lines: [],
  customer_total_fen: 1,
  company_total_fen: 0,
  government_total_fen: 0,
  developer_total_fen: 0,
  basis,
})
const STROKE = [{ penColor: 'black', points: [{ x: 1, y: 2, time: 3, pressure: 0.5 }] }] as never[]

describe('the cost sheet', () => {
  it('a newer sheet makes the strokes void, the same sheet keeps them', async () => {
    const data = ref<Data>({ signature: { signer: '王', file: 'f' } })
    const shown = ref<CostSheet | undefined>(sheet('a'))
    const { strokes, voided } = useSheetSignature(data, shown, ref(true))
    strokes.value = STROKE
    shown.value = sheet('a')
    await nextTick()
    expect(strokes.value).toHaveLength(1)
    expect(voided.value).toBe(false)
    shown.value = sheet('b')
    await nextTick()
    expect(strokes.value).toHaveLength(0)
    expect(voided.value).toBe(true)
    expect(data.value.signature).toEqual({ signer: '王', file: null })
  })

  it('strokes of a draft that meets another sheet are void at once', async () => {
    const data = ref<Data>({ '~strokes': STROKE, '~basis': 'old' })
    const { voided } = useSheetSignature(data, ref<CostSheet | undefined>(sheet('new')), ref(true))
    await nextTick()
    expect(voided.value).toBe(true)
    expect(data.value['~strokes']).toEqual([])
  })
})

describe('contracts and the safety notice', () => {
  it('the signature is given on the number of the contract; another number voids it', () => {
    const data: Data = { number: 'HT-1', signature: { file: 'f' } }
    bindSignature('sign_contract', data)
    expect(data.signature).toEqual({ file: 'f', basis: 'HT-1' })
    data.number = 'HT-2'
    bindSignature('sign_contract', data)
    expect(data.signature).toEqual({})
  })

  it('the notice that is shown is the one that the rulebook asks for', async () => {
    const { readFileSync } = await import('node:fs')
    const rust = readFileSync('../crates/domain/src/case/gas_on.rs', 'utf8')
    expect(rust).toContain(`SAFETY_NOTICE: &str = "${SAFETY_NOTICE}"`)
    const data: Data = { safety_notice: { file: 'f' } }
    bindSignature('turn_gas_on', data)
    expect(data.safety_notice).toEqual({ file: 'f', basis: SAFETY_NOTICE })
  })
})
