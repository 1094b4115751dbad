//! The audit log, retention and archive packages of the in-memory company.
import type { Bridge } from '../contract'
import { ApiError } from '../error'
import type { ArchiveProgress, ArchiveView, AuditLine } from '../guard'
import { at } from './build'
import { byLogin } from './people'

const hash = (n: number): string =>
  Array.from({ length: 64 }, (_, k) => ((n * 31 + k * 7) % 16).toString(16)).join('')

const ACTS: [string, string, string, string?, string?][] = [
  ['sign_in', 'manager1', 'ok'],
  ['settle_fee', 'manager1', 'E_STALE_DESIGN', 'XZLT-BZ-20261123-0001'],
  ['unmask', 'manager1', 'accepted', 'XZLT-BZ-20261123-0001', '{"field":"phone"}'],
  ['record_contact_attempt', 'manager2', 'accepted', 'GG-2026-0417'],
  ['user_changed', 'sys_admin1', 'ok', '赵敏'],
  ['device_revoked', 'sec_admin1', 'ok', '平板 11'],
  ['read_file', 'hall1', 'ok', 'XZLT-BZ-20261120-0007'],
  ['report_exported', 'cm_lead1', 'ok', undefined, '{"from":"2026-11-01","to":"2026-11-30"}'],
  ['archive_exported', 'archivist1', 'ok', 'XZLT-BZ-20260305-0001', `{"manifest":"${hash(3)}"}`],
  ['sign_in', 'manager2', 'bad_credentials'],
  ['log_erased', '', 'ok', 'XZLT-BZ-20240110-0003', '{"events":4}'],
  ['backup', '', 'ok'],
]

function lines(): AuditLine[] {
  return Array.from({ length: 160 }, (_, k) => {
    const n = 4_160 - k
    const [act, login, result, subject, detail] = ACTS[k % ACTS.length] ?? ACTS[0]!
    const who = login ? byLogin(login) : undefined
    return {
      n,
      at: at(-k * 0.7),
      act,
      result,
      actor: who?.id,
      actor_name: who?.name,
      device: who && '00000000-0000-7000-8000-00000000de01',
      device_name: who && '平板 07',
      subject: subject && `33333333-0000-7000-8000-00000000000${k % 9}`,
      subject_name: subject,
      claimed: who && at(-k * 0.7 - 0.01),
      detail,
      hash: hash(n),
    }
  })
}

/** The calls of the guardians. */
export function guardFake(
  online: () => boolean,
): Pick<
  Bridge,
  | 'audit_rows'
  | 'audit_check'
  | 'audit_export'
  | 'retention'
  | 'archive_export'
  | 'archive_progress'
  | 'archive_verify'
> {
  let progress: ArchiveProgress | undefined
  const saved: ArchiveView[] = []
  const need = (): void => {
    if (!online()) throw new ApiError('offline', {}, '当前离线')
  }
  return {
    audit_rows: async (asked) => {
      need()
      const fits = lines().filter(
        (one) =>
          (!asked.actor || one.actor === asked.actor) &&
          (!asked.subject || [one.subject, one.subject_name].includes(asked.subject)) &&
          (!asked.act || one.act === asked.act) &&
          (!asked.from || one.at.slice(0, 10) >= asked.from) &&
          (!asked.to || one.at.slice(0, 10) <= asked.to) &&
          (!asked.before || one.n < asked.before),
      )
      const page = fits.slice(0, asked.limit ?? 50)
      return { lines: page, next: fits.length > page.length ? page.at(-1)?.n : undefined }
    },
    audit_check: async () => {
      need()
      return { holds: true, audit_rows: 4_160, audit_head: hash(4_160), faults: 0, found: [] }
    },
    audit_export: async () => {
      need()
      return { path: '/home/audit/Downloads/audit-2026-11-24.xlsx' }
    },
    retention: async () => {
      need()
      const day = (days: number): string => at(days * 24).slice(0, 10)
      const line = (k: number): Awaited<ReturnType<Bridge['retention']>>['lines'][0] => ({
        record: `44444444-0000-7000-8000-00000000000${k}`,
        kind: k % 3 ? 'lead' : 'case',
        no: k % 3 ? `GG-2024-0${k}17` : `XZLT-BZ-20241${k}02-0003`,
        class: 'ended',
        ended_on: day(k * 9 - 740),
        due_on: day(k * 9 - 9),
        due: k < 2,
      })
      return {
        as_of: at(0),
        terms: [
          { class: 'permanent', basis: '档案管理惯例' },
          { class: 'case_file', months: 360, basis: '档案管理惯例' },
          { class: 'visit', months: 120, basis: '档案管理惯例' },
          { class: 'voice', months: 24, basis: '录音 6 至 24 个月' },
          { class: 'security_log', months: 36, basis: '网络安全法：不少于六个月' },
          { class: 'assessment', months: 36, basis: '个人信息保护法 56 条：不少于三年' },
          { class: 'request', months: 36, basis: '公司规定' },
          { class: 'ended', months: 24, basis: '公司规定' },
        ],
        due: 2,
        soon: 4,
        lines: [0, 1, 2, 3, 4, 5].map(line),
        erased: 3,
        gone: [1, 2, 3].map((k) => ({
          at: at(-k * 24 - 3),
          record: `55555555-0000-7000-8000-00000000000${k}`,
          no: `GG-2024-00${k}9`,
          events: 3 + k,
          audit: 4_100 - k * 12,
        })),
      }
    },
    archive_export: async ({ id }) => {
      need()
      for (let done = 0; done <= 6; done += 1) {
        progress = { case: id, done, total: 6 }
        await new Promise((then) => setTimeout(then, 120))
      }
      progress = undefined
      const made = {
        path: `/home/archive/Downloads/XZLT-BZ-20261123-0001${saved.length ? `-${saved.length + 1}` : ''}`,
        made_at: at(0),
        manifest: hash(7 + saved.length),
        entries: 8,
        absent: 0,
        holds: true,
        faults: [],
        registered: true,
      }
      saved.unshift(made)
      return made
    },
    archive_progress: async ({ id }) => (progress?.case === id ? progress : null),
    archive_verify: async () =>
      saved.map((one) => ({ ...one, registered: online() ? one.registered : undefined })),
  }
}
