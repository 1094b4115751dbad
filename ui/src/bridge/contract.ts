//! The calls that the pages may make. The desktop shell and the in-memory fake both answer them.
import type * as T from './types'

/** One call per use case of the client; a refused call throws an `ApiError`. */
export interface Bridge {
  session(): Promise<T.SessionView>
  sign_in(args: {
    server: string
    login: string
    password: string
    /** One's own password, when the first one works only once. */
    new_password?: string
    /** The code of an authenticator, once the server has asked for it. */
    code?: string
    pin: string
  }): Promise<T.SessionView>
  unlock(args: { pin: string }): Promise<T.SessionView>
  lock(): Promise<void>
  change_pin(args: { old: string; new: string }): Promise<void>
  recover(args: { recovery_key: string; pin: string }): Promise<T.SessionView>
  today(): Promise<T.TodayView>
  debts(): Promise<T.DebtsView>
  list(args: T.ListQuery): Promise<T.ListPage>
  /** The open filings of permits, the most urgent first; the kind says nothing here. */
  permits(args: Omit<T.ListQuery, 'kind'>): Promise<T.PermitPage>
  record(args: { id: string }): Promise<T.RecordView>
  schema(args: { command: T.CommandName }): Promise<T.Schema>
  judge(args: { id?: string; command: T.CommandName; data: T.Data }): Promise<T.Judgement>
  do(args: { id?: string; command: T.CommandName; data: T.Data }): Promise<T.Receipt>
  draft_save(args: { key: string; data: T.Data }): Promise<void>
  draft_load(args: { key: string }): Promise<T.Data | null>
  draft_drop(args: { key: string }): Promise<void>
  attach(args: T.AttachRequest): Promise<T.FileView>
  /** With `preview` a small picture of what is here; nothing is downloaded for it. */
  file(args: { file: string; preview?: boolean }): Promise<{ bytes: string; mime: string }>
  sync_status(): Promise<T.SyncStatus>
  sync_now(): Promise<void>
  sync_pause(args: { paused: boolean }): Promise<void>
  /** Saves a diagnostic bundle among the person's downloads; answers where. */
  sync_bundle(): Promise<{ path: string }>
  attention(): Promise<T.AttentionItem[]>
  resolve(args: {
    item: string
    action: T.AttentionAction
    data?: T.Data
  }): Promise<T.AttentionItem[]>
  preview(): Promise<T.PreviewItem[]>
  /** Sets the rule for large originals, or says that the present network is metered. */
  network(args: { rule?: T.NetworkRule; metered?: boolean }): Promise<T.SyncStatus>
  /** Sends what waits for another network over this one; says how many files. */
  upload_anyway(): Promise<number>
  /** Proves every file on this device; damaged copies are fetched again. */
  verify_files(): Promise<T.FilesCheck>
  /** The coming visits, each with what the tablet lacks for it. */
  readiness(): Promise<T.ReadinessView>
  /** Fetches what lacks, before other transfers. */
  make_ready(): Promise<T.ReadinessView>
  /** Asks the company for its receipt of a record, or says what is missing. */
  depart(args: { id: string }): Promise<T.DepartureView>
  people(args: { role?: T.Role }): Promise<T.PersonView[]>
  due(args: { rule: string; start: string; stop?: string }): Promise<{
    due_at: string
    exclusive: boolean
    unit: string
    provisional: boolean
    on_time?: boolean
  }>
  cost(args: { id: string; chosen?: number[] }): Promise<T.CostSheet>
  /** What a budget that is being written comes to; nothing is stored. */
  estimate(args: { id: string; data: T.Data }): Promise<T.Estimate>
  /** What the technical computations say to a form that is being written. */
  advise(args: { id: string; command: T.CommandName; data: T.Data }): Promise<T.AdviceView>
  admin_users(): Promise<T.AdminUser[]>
  admin_user_create(args: {
    login: string
    name: string
    roles: T.Role[]
    org: string
  }): Promise<{ user: T.PersonView; one_time_password: string }>
  admin_user_update(args: {
    id: string
    roles?: T.Role[]
    active?: boolean
    reset_password?: boolean
  }): Promise<{ user: T.PersonView; one_time_password?: string }>
  admin_devices(): Promise<T.AdminDevice[]>
  admin_device_revoke(args: { id: string }): Promise<void>
  admin_channels(): Promise<T.ChannelClient[]>
  admin_channel_create(args: T.NewChannel): Promise<T.ChannelSecret>
  admin_channel_update(args: T.ChannelChange & { id: string }): Promise<T.ChannelClient>
  admin_channel_secret(args: { id: string }): Promise<T.ChannelSecret>
  admin_deliveries(): Promise<T.Deliveries>
  admin_delivery_resend(args: { id: string }): Promise<T.Delivery>
  report_kpi(args: { from: string; to: string }): Promise<T.KpiView>
  report_cases(args: {
    figure: string
    from: string
    to: string
    by?: T.Dimension
    key?: string
  }): Promise<T.CasesView>
  /** What breaches unless a silent tablet reports. */
  report_forecast(): Promise<T.ForecastView>
  report_month(args: { month: string }): Promise<T.MonthView>
  /** Saves the workbook among the person's downloads; answers where. */
  report_export(args: { from: string; to: string }): Promise<{ path: string }>
  audit_rows(args: T.AuditQuestion): Promise<T.AuditPage>
  audit_check(): Promise<T.AuditCheck>
  /** Saves the rows as a workbook among the person's downloads; answers where. */
  audit_export(args: T.AuditQuestion): Promise<{ path: string }>
  retention(): Promise<T.Retention>
  /** Saves the archive package of a case among the person's downloads, and checks it there. */
  archive_export(args: { id: string }): Promise<T.ArchiveView>
  archive_progress(args: { id: string }): Promise<T.ArchiveProgress | null>
  /** The packages of a case that lie among the downloads, each checked. */
  archive_verify(args: { id: string }): Promise<T.ArchiveView[]>
  /** Calls back after the client changed something; returns the way to stop listening. */
  on_changed(then: (changed: T.Changed) => void): () => void
  on_locked(then: () => void): () => void
}
