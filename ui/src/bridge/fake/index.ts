//! The in-memory company behind the pages, for development and for the tests in a browser.
//! Invariant: it is never part of the product; the build leaves it out.
//! The address chooses what is played: `?as=manager1&door=open&net=offline&many=400`.
import { fakeChannels } from './channels'
import { ApiError } from '../error'
import type { Bridge } from '../contract'
import commands from '../schema.json'
import type {
  AdminUser,
  AttentionItem,
  Changed,
  Data,
  FileView,
  ListPage,
  ListQuery,
  PermitPage,
  RecordView,
  Schema,
  SessionView,
} from '../types'
import { at, did, newId, record, seen, stepsOf } from './build'
import { LEFT_NOTHING, leftAfter, signedFor } from './departure'
import { readinessFake } from './readiness'
import { networkFake } from './network'
import { adviceOf, attentionItems, costOf, devices, estimateOf, statusOf } from './desk'
import { guardFake } from './guard'
import { judgeFake } from './judge'
import { offersOf } from './offers'
import { nameOf, PEOPLE, sessionOf } from './people'
import { drawPlace } from './pictures'
import { reportsFake } from './reports'
import { company } from './records'

const DRAFTS = 'fake-drafts'
const AFTER: Record<string, string> = {
  settle_fee: 'fee_confirmed',
  accept_case: 'accepted',
  accept_tolerant: 'accepted',
  convert_lead: 'converted',
  complete_survey: 'survey_design',
  turn_gas_on: 'gas_on',
}

/** What is played. */
interface Play {
  as: string
  door: string
  net: 'online' | 'offline'
  many: number
  reason: string
}

function readPlay(): Play {
  const asked = new URLSearchParams(window.location.search)
  return {
    as: asked.get('as') ?? 'manager1',
    door: asked.get('door') ?? 'open',
    net: asked.get('net') === 'online' ? 'online' : 'offline',
    many: Number(asked.get('many') ?? 400),
    reason: asked.get('reason') ?? '',
  }
}

function doorOf(play: Play): SessionView {
  const open = sessionOf(play.as)
  if (play.door === 'open') return open
  if (play.door === 'fresh') return { state: 'fresh' }
  const state = play.door as SessionView['state']
  return { ...open, state, holder: '蓝天报装（另一个窗口）', wrong_pins: 0 }
}

/** Makes the company. */
/** What the server tells an administrator's authenticator at the first sign-in. */
const AUTHENTICATOR = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  uri: 'otpauth://totp/%E8%93%9D%E5%A4%A9%E6%8A%A5%E8%A3%85:sys_admin1?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
}

export function createFakeBridge(): Bridge {
  const play = readPlay()
  const records = new Map(company(play.many).map((one) => [one.card.id, one]))
  const pictures = new Map<string, string>()
  const listeners = new Set<(changed: Changed) => void>()
  const lockers = new Set<() => void>()
  let session = doorOf(play)
  let items: AttentionItem[] = attentionItems(records)
  let paused = false
  let users: AdminUser[] = PEOPLE.map((one, n) => ({
    ...one,
    devices: n % 3,
    last_seen: n % 4 ? at(-n) : undefined,
  }))
  let enrolled = devices()

  const changed = (ids: string[]): void =>
    listeners.forEach((then) => then({ records: ids, sync: true }))
  const find = (id: string): RecordView => {
    const found = records.get(id)
    if (!found) throw new ApiError('not_found', { what: 'record' }, '本机没有找到该内容')
    return { ...found, offers: offersOf(found) }
  }
  const drafts = (): Record<string, Data> =>
    JSON.parse(sessionStorage.getItem(DRAFTS) ?? '{}') as Record<string, Data>
  const keep = (all: Record<string, Data>): void =>
    sessionStorage.setItem(DRAFTS, JSON.stringify(all))

  function list(query: ListQuery): ListPage {
    const text = query.search?.toLowerCase()
    const all = [...records.values()]
      .map((one) => ({
        card: one.card,
        hay: `${one.card.title} ${one.card.subtitle} ${one.card.no} ${JSON.stringify(one.body.basic ?? '')}`.toLowerCase(),
      }))
      .filter(({ card }) => card.kind === query.kind)
      .filter(({ card }) => !query.state || query.state.includes(card.state))
      .filter(({ card }) => !query.manager || card.manager?.id === query.manager)
      .filter(({ card }) => !query.late || card.warn === 'late')
      .filter(({ card }) => !query.flag || card.flags.includes(query.flag))
      .filter(({ hay }) => !text || hay.includes(text))
      .map(({ card }) => card)
      .sort((a, b) => (a.due_at ?? '9').localeCompare(b.due_at ?? '9'))
    const from = Number(query.after ?? 0)
    const to = from + query.limit
    return {
      items: all.slice(from, to),
      next: to < all.length ? String(to) : undefined,
      total: all.length,
    }
  }
  function permits(): PermitPage {
    const items = [...records.values()].flatMap((one) =>
      one.permits.map((permit) => ({
        ...permit,
        id: one.card.id,
        no: `${one.card.no}-${permit.no}`,
        title: one.card.title,
        subtitle: one.card.subtitle,
        due_at: permit.clock?.due_at,
        clock: permit.part,
        sync_state: one.card.sync_state,
      })),
    )
    return { items, total: items.length }
  }
  function give(
    id: string | undefined,
    command: string,
    data: Data,
  ): { record_id: string; command_id: string; saved_at: string } {
    const answer = judgeFake(id ? records.get(id) : undefined, command, data)
    if (!answer.ok)
      throw new ApiError('refused', answer.refusal.params, answer.refusal.message, answer.refusal)
    const target = id ? find(id) : created(data)
    const state = AFTER[command] ?? target.card.state
    const next: RecordView = {
      ...target,
      card: { ...target.card, state, sync_state: 'pending' },
      ...(command === 'unmask' ? seen(target, String(data.field)) : {}),
      steps: stepsOf(target.card.kind, state),
      trail: [
        ...target.trail,
        did(answer.events[0] ?? command, 0, play.as, { pending: true, device: '平板 07' }),
      ],
      pending: [
        ...target.pending,
        { command_id: newId(), command, at: at(0), sync_state: 'pending' },
      ],
      departure: leftAfter(target),
    }
    records.set(next.card.id, next)
    changed([next.card.id])
    return { record_id: next.card.id, command_id: newId(), saved_at: at(0) }
  }
  function created(data: Data): RecordView {
    const basic = (data.basic ?? {}) as Data
    return record({
      card: {
        kind: 'case',
        no: 'T-DE01-0001',
        title: String(basic.name ?? '—'),
        subtitle: String(basic.address ?? ''),
        state: 'submitted',
      },
      body: { basic, materials: [], approvals: [] },
    })
  }

  const { view: networkView, ...network } = networkFake(
    records,
    () => bridge.sync_status(),
    () => changed([]),
  )
  const bridge: Bridge = {
    session: async () => session,
    sign_in: async ({ login, password, code }) => {
      play.reason = ''
      if (login === 'sys_admin1' && !code)
        throw new ApiError('second_factor_setup', AUTHENTICATOR, '需要身份验证器')
      if (password === 'wrong') throw new ApiError('bad_credentials', {}, '用户名或密码不正确')
      return (session = sessionOf(login))
    },
    unlock: async ({ pin }) => {
      if (pin !== '135790') {
        session = { ...session, wrong_pins: (session.wrong_pins ?? 0) + 1 }
        throw new ApiError('wrong_pin', {}, 'PIN 不正确')
      }
      return (session = sessionOf(play.as))
    },
    lock: async () => {
      session = { ...session, state: 'locked', wrong_pins: 0 }
      lockers.forEach((then) => then())
    },
    change_pin: async () => undefined,
    recover: async () => (session = sessionOf(play.as)),
    today: async () => {
      const due = [...records.values()].map((one) => one.card).filter((card) => card.due_at)
      const mine = due
        .filter((card) => card.manager?.id === session.user?.id)
        .sort((a, b) => (a.due_at ?? '').localeCompare(b.due_at ?? ''))
      const now = mine.filter((card) => Date.parse(card.due_at ?? '') < Date.now() + 22 * 3_600_000)
      const later = mine.filter((card) => !now.includes(card)).slice(0, 4)
      const count = (warn: string): number => mine.filter((card) => card.warn === warn).length
      return {
        attention: items,
        due: now,
        later,
        counts: { late: count('late'), soon: count('soon'), calm: count('calm') },
      }
    },
    debts: async () => {
      const lines = [...records.values()].flatMap(({ card, body }) => {
        const items = (Array.isArray(body.materials) ? body.materials : []) as Data[]
        return items
          .filter((one) => ['owed', 'collecting'].includes(String(one.state)))
          .map((one) => ({
            case: card.id,
            no: card.no,
            applicant: card.title,
            code: String(one.code),
            state: String(one.state),
            owed_by: String(one.owed_by),
            promised_by: one.owed_by === 'customer' ? card.title : undefined,
            manager_name: card.manager ?? { id: '', name: '—' },
            due_on: one.due_on ? String(one.due_on) : undefined,
            extended: false,
            late: false,
          }))
      })
      return { lines, figures: { all: { items: lines.length, made_up: 0, days: 0 } } }
    },
    list: async (query) => list(query),
    permits: async () => permits(),
    record: async ({ id }) => find(id),
    schema: async ({ command }) => {
      const found = (commands as unknown as Record<string, Schema>)[command]
      if (!found) throw new ApiError('not_found', { what: 'command' }, command)
      return found
    },
    judge: async ({ id, command, data }) =>
      judgeFake(id ? records.get(id) : undefined, command, data),
    do: async ({ id, command, data }) => give(id, command, data),
    draft_save: async ({ key, data }) => keep({ ...drafts(), [key]: data }),
    draft_load: async ({ key }) => drafts()[key] ?? null,
    draft_drop: async ({ key }) => {
      const { [key]: _, ...rest } = drafts()
      keep(rest)
    },
    attach: async (asked) => {
      const view: FileView = {
        id: newId(),
        kind: asked.kind,
        name: asked.name,
        mime: asked.mime,
        size: Math.round(asked.bytes.length * 0.75),
        taken_at: asked.taken_at,
        state: 'local',
        done_bytes: 0,
        preview: asked.mime.startsWith('image/'),
      }
      pictures.set(view.id, asked.bytes)
      const target = records.get(asked.id)
      if (target) records.set(asked.id, { ...target, files: [...target.files, view] })
      return view
    },
    file: async ({ file }) => {
      const mime = [...records.values()]
        .flatMap((one) => one.files)
        .find((one) => one.id === file)?.mime
      return {
        bytes: pictures.get(file) ?? drawPlace(Number(file.slice(-3))),
        mime: mime ?? 'image/svg+xml',
      }
    },
    sync_status: async () => ({
      ...statusOf(records, play.net, paused, items.length),
      network: networkView(),
      reason: play.reason || undefined,
    }),
    sync_now: async () => {
      if (play.net === 'offline') throw new ApiError('offline', {}, '当前离线')
    },
    sync_bundle: async () => ({ path: 'Downloads/lantian-diagnose-2026-11-23.json' }),
    sync_pause: async (asked) => {
      paused = asked.paused
      changed([])
    },
    attention: async () => items,
    resolve: async ({ item }) => {
      items = items.filter((one) => one.id !== item)
      changed([])
      return items
    },
    preview: async () =>
      [...records.values()].flatMap((one) =>
        one.pending.map((pending, n) => ({
          command_id: pending.command_id,
          record_id: one.card.id,
          title: one.card.title,
          command: pending.command,
          verdict: n % 2 ? ('deferred' as const) : ('accepted' as const),
        })),
      ),
    people: async ({ role }) => PEOPLE.filter((one) => !role || one.roles.includes(role)),
    due: async ({ start }) => ({
      due_at: start,
      exclusive: false,
      unit: 'hour',
      provisional: false,
    }),
    cost: async ({ chosen }) => costOf(chosen ?? []),
    estimate: async ({ data }) => estimateOf(data),
    advise: async ({ command }) => adviceOf(command),
    admin_users: async () => users,
    admin_user_create: async ({ login, name, roles, org }) => {
      const user = { id: newId(), login, name, roles, org, active: true }
      users = [...users, { ...user, devices: 0 }]
      return { user, one_time_password: 'Lantian-4821-月季' }
    },
    admin_user_update: async ({ id, roles, active, reset_password }) => {
      users = users.map((one) =>
        one.id === id ? { ...one, roles: roles ?? one.roles, active: active ?? one.active } : one,
      )
      const user = users.find((one) => one.id === id)
      if (!user) throw new ApiError('not_found', { what: 'user' }, nameOf(id))
      return { user, one_time_password: reset_password ? 'Lantian-7350-荷花' : undefined }
    },
    admin_devices: async () => enrolled,
    admin_device_revoke: async ({ id }) => {
      enrolled = enrolled.map((one) => (one.id === id ? { ...one, state: 'revoked' } : one))
    },
    ...network,
    ...readinessFake(
      records,
      () => play.net === 'online',
      () => changed([]),
    ),
    depart: async ({ id }) => {
      if (play.net === 'offline') throw new ApiError('offline', {}, '当前离线')
      const signed = signedFor(find(id))
      records.set(id, signed)
      changed([id])
      return signed.departure ?? LEFT_NOTHING
    },
    ...fakeChannels(),
    ...reportsFake(),
    ...guardFake(() => play.net === 'online'),
    on_changed: (then) => {
      listeners.add(then)
      return () => listeners.delete(then)
    },
    on_locked: (then) => {
      lockers.add(then)
      return () => lockers.delete(then)
    },
  }
  return bridge
}
