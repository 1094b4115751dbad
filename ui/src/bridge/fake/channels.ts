//! Outside systems of the in-memory company, and what they are told.
import type { Bridge } from '../contract'
import type { ChannelClient, Delivery } from '../types'

type Calls = Pick<
  Bridge,
  | 'admin_channels'
  | 'admin_channel_create'
  | 'admin_channel_update'
  | 'admin_channel_secret'
  | 'admin_deliveries'
  | 'admin_delivery_resend'
>

const client = (id: string, channel: string, name: string): ChannelClient => ({
  id,
  channel,
  name,
  algorithm: 'hmac-sha256',
  basis: '《新郑市政务数据共享协议》第六条',
  addresses: [],
  per_minute: 120,
  active: true,
  created: '2026-03-02T09:00:00.000+08:00',
})

const delivery = (n: number, part: Partial<Delivery>): Delivery => ({
  id: `00000000-0000-7000-8000-00000000d00${n}`,
  client: 'portal1',
  record: '00000000-0000-7000-8000-000000000001',
  event: 'fee_settled',
  state: 'delivered',
  tries: 1,
  made: '2026-03-05T10:00:00.000+08:00',
  last: '2026-03-05T10:00:01.000+08:00',
  result: 'ok',
  ...part,
})

/** The calls about outside systems. */
export function fakeChannels(): Calls {
  let clients = [
    client('portal1', 'gov_portal', '新郑市一窗受理平台'),
    client('wechat1', 'wechat_oa', '蓝天燃气微信公众号'),
  ]
  let items = [
    delivery(3, {
      event: 'survey_completed',
      state: 'waiting',
      tries: 2,
      next: '2026-03-05T10:30:00.000+08:00',
      result: 'http_503',
    }),
    delivery(2, { event: 'case_accepted', state: 'dead', tries: 12, result: 'timeout' }),
    delivery(1, {}),
  ]
  const find = (id: string): ChannelClient => {
    const found = clients.find((one) => one.id === id)
    if (!found) throw new Error(id)
    return found
  }
  return {
    admin_channels: async () => clients,
    admin_channel_create: async (asked) => {
      const made = { ...client(asked.id, asked.channel, asked.name), ...asked }
      clients = [...clients, made]
      return { client: made, secret: 'b1946ac92492d2347c6235b4d2611184' }
    },
    admin_channel_update: async ({ id, ...change }) => {
      const changed = { ...find(id), ...change }
      clients = clients.map((one) => (one.id === id ? changed : one))
      return changed
    },
    admin_channel_secret: async ({ id }) => ({
      client: find(id),
      secret: '591785b794601e212b260e25925636fd',
    }),
    admin_deliveries: async () => ({
      waiting: items.filter((one) => one.state === 'waiting').length,
      dead: items.filter((one) => one.state === 'dead').length,
      items,
    }),
    admin_delivery_resend: async ({ id }) => {
      items = items.map((one) =>
        one.id === id ? { ...one, state: 'waiting', tries: 0, result: undefined } : one,
      )
      const found = items.find((one) => one.id === id)
      if (!found) throw new Error(id)
      return found
    },
  }
}
