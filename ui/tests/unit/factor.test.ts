//! The second factor at the door: what is asked for, and what is sent.
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { ApiError } from '@/bridge'
import SecondFactor from '@/components/session/SecondFactor.vue'
import { i18n } from '@/i18n'

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const said = (code: string, params: Record<string, string> = {}): ApiError =>
  new ApiError(code, params, '')

function show(error?: ApiError) {
  return mount(SecondFactor, {
    props: { said: error, modelValue: '' },
    global: { plugins: [i18n] },
  })
}

describe('P-13: the second factor', () => {
  it('asks for nothing until the server does', () => {
    expect(show(said('bad_credentials')).html()).not.toContain('second-factor')
  })

  it('shows the secret to scan and to type, and keeps it while a code is wrong', async () => {
    const uri = `otpauth://totp/x:sys1?secret=${SECRET}`
    const page = show(said('second_factor_setup', { secret: SECRET, uri }))
    expect(page.get('[data-testid=factor-secret]').text().replace(/ /g, '')).toBe(SECRET)
    expect(page.get('img').attributes('src')).toMatch(/^data:image\/svg\+xml,/)
    await page.get('input').setValue('123456')
    expect(page.emitted('update:modelValue')?.at(-1)).toEqual(['123456'])
    await page.setProps({ said: said('second_factor_wrong') })
    expect(page.find('img').exists()).toBe(true)
    expect(page.emitted('update:modelValue')?.at(-1)).toEqual([''])
  })

  it('asks for the code alone once an authenticator is known', () => {
    const page = show(said('second_factor_needed'))
    expect(page.find('img').exists()).toBe(false)
    expect(page.find('input').exists()).toBe(true)
  })
})
