import { describe, expect, it } from 'vitest'
import { opening } from '@/forms/opening'

describe('a new demand', () => {
  it('R-07 begins with the channel of the desk at which it is taken', () => {
    expect(opening('submit_demand', ['hotline_agent'])).toEqual({ channel: 'hotline' })
    expect(opening('submit_demand', ['counter_clerk'])).toEqual({ channel: 'business_hall' })
    expect(opening('submit_demand', ['hall_clerk'])).toEqual({ channel: 'gov_hall' })
    expect(opening('submit_demand', ['customer_manager'])).toEqual({ channel: 'on_site' })
    expect(opening('submit_demand', ['leader'])).toEqual({})
    expect(opening('accept_case', ['hotline_agent'])).toEqual({})
  })
})
