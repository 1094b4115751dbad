//! What the pages expect of the client is what the client's types say. The compiler checks it:
//! a view that loses a field, or gives another type, does not build.
import { expect, it } from 'vitest'
import type * as Made from '@/bridge/generated'
import type * as Pages from '@/bridge/types'

/** What really crosses: an absent value is left out, never written as null. */
type Said<T> = T extends (infer One)[]
  ? Said<One>[]
  : T extends object
    ? { [Key in keyof T]: Said<Exclude<T[Key], null>> }
    : T

/** Holds when every `Given` can stand where the pages want a `Wanted`. */
type Fits<Given, Wanted> = Said<Given> extends Wanted ? true : false
const fits = <Given, Wanted>(answer: Fits<Given, Wanted>): boolean => answer

/** Without what is any JSON: its schema is the command's or the record's own. */
type Typed<T> = Omit<T, 'body' | 'data' | 'diff' | 'attention'>

it('every view of the client is what the pages read', () => {
  const answers = [
    fits<Made.SessionView, Pages.SessionView>(true),
    fits<Made.ClockView, Pages.ClockView>(true),
    fits<Made.GateView, Pages.GateView>(true),
    fits<Made.TrailView, Pages.TrailEntry>(true),
    fits<Made.OfferView, Pages.Offer>(true),
    fits<Made.FileView, Pages.FileView>(true),
    fits<Made.PendingView, Pages.PendingView>(true),
    fits<Made.CardView, Pages.Card>(true),
    fits<Made.ListPage, Pages.ListPage>(true),
    fits<Made.PermitPage, Pages.PermitPage>(true),
    fits<Made.PermitView, Pages.PermitView>(true),
    fits<Made.PackageView, Pages.PackageView>(true),
    fits<Made.DebtsView, Pages.DebtsView>(true),
    fits<Made.Progress, Pages.Progress>(true),
    fits<Made.SyncStatus, Pages.SyncStatus>(true),
    fits<Made.FilesCheck, Pages.FilesCheck>(true),
    fits<Made.DepartureView, Pages.DepartureView>(true),
    fits<Made.ReadinessView, Pages.ReadinessView>(true),
    fits<Made.PreviewItem, Pages.PreviewItem>(true),
    fits<Made.PersonView, Pages.PersonView>(true),
    fits<Made.CostView, Pages.CostSheet>(true),
    fits<Made.EstimateView, Pages.Estimate>(true),
    fits<Made.AdminUser, Pages.AdminUser>(true),
    fits<Made.AdminDevice, Pages.AdminDevice>(true),
    fits<Typed<Made.RecordView>, Typed<Pages.RecordView>>(true),
    fits<Typed<Made.TodayView>, Typed<Pages.TodayView>>(true),
    fits<Made.StepView, Pages.StepView>(true),
    fits<Made.MaskedView, Pages.MaskedField>(true),
    fits<Typed<Made.AttentionItemView>, Typed<Pages.AttentionItem>>(true),
    fits<Made.AuditPage, Pages.AuditPage>(true),
    fits<Made.AuditLine, Pages.AuditLine>(true),
    fits<Made.AuditCheck, Pages.AuditCheck>(true),
    fits<Made.Retention, Pages.Retention>(true),
    fits<Made.ArchiveView, Pages.ArchiveView>(true),
    fits<Made.ArchiveProgress, Pages.ArchiveProgress>(true),
    fits<Made.AdviceView, Pages.AdviceView>(true),
    fits<Made.KpiView, Pages.KpiView>(true),
    fits<Made.CasesView, Pages.CasesView>(true),
    fits<Made.MonthView, Pages.MonthView>(true),
  ]
  expect(answers.every(Boolean)).toBe(true)
})
