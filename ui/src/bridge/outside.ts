//! Outside systems and what they are told, as their administrator sees them.

/** An outside system through which users apply. */
export interface ChannelClient {
  id: string
  channel: string
  name: string
  algorithm: string
  basis: string
  addresses: string[]
  per_minute: number
  webhook?: string
  rating_url?: string
  active: boolean
  created: string
}

export interface NewChannel {
  id: string
  channel: string
  name: string
  algorithm?: string
  basis?: string
  addresses?: string[]
  webhook?: string
}

export interface ChannelChange {
  name?: string
  basis?: string
  addresses?: string[]
  webhook?: string
  active?: boolean
}

export interface ChannelSecret {
  client: ChannelClient
  secret: string
}

export type DeliveryState = 'waiting' | 'delivered' | 'dead'

/** Something that an outside system is to be told. */
export interface Delivery {
  id: string
  client: string
  record: string
  event: string
  state: DeliveryState
  tries: number
  made: string
  next?: string
  last?: string
  result?: string
}

export interface Deliveries {
  waiting: number
  dead: number
  items: Delivery[]
}
