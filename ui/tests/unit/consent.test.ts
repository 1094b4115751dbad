//! P-02: what is read before personal information is asked for, and which version is kept.
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { Data, Schema } from '@/bridge'
import schemas from '@/bridge/schema.json'
import ConsentInput from '@/forms/inputs/ConsentInput.vue'
import { fieldsOf, type Spec } from '@/forms/spec'
import { i18n } from '@/i18n'

const commands = schemas as unknown as Record<string, Schema>

function consentOf(command: string): Spec {
  const found = fieldsOf(commands[command]!)
    .flatMap((spec) => [spec, ...(spec.fields ?? [])])
    .find((spec) => spec.kind === 'consent')
  if (!found) throw new Error(`${command} asks for no consent`)
  return found
}
const show = (spec: Spec, modelValue?: Data) =>
  mount(ConsentInput, { props: { spec, modelValue }, global: { plugins: [i18n] } })

describe('P-02 the notice before anything is collected', () => {
  it.each(['submit_demand', 'convert_lead'])(
    'P-02 %s tells who, purpose, kinds, retention and rights, and keeps the version',
    async (command) => {
      const spec = consentOf(command)
      const input = show(spec)
      const told = input.get('[data-testid="notice"]').text()
      for (const part of ['who', 'purpose', 'kinds', 'retention', 'rights'] as const)
        expect(told).toContain(spec.notice![part])
      expect(input.text()).toContain(spec.notice!.version)
      await input.get('[data-testid="consent"]').trigger('click')
      const [given] = input.emitted('update:modelValue')![0] as [Data]
      expect(given.text_version).toBe(spec.notice!.version)
    },
  )

  it('P-02 a consent to an older text is asked for anew', () => {
    const old = { text_version: 'PI-2026-1', at: '2026-03-01T09:00:00+08:00' }
    const input = show(consentOf('submit_demand'), old)
    expect(input.find('[data-testid="consent-outdated"]').exists()).toBe(true)
    expect(input.find('[data-testid="consent"]').exists()).toBe(true)
  })

  it('P-02 without the notice nothing can be agreed to', () => {
    const input = show({ ...consentOf('submit_demand'), notice: undefined })
    expect(input.find('[data-testid="consent"]').exists()).toBe(false)
  })
})
