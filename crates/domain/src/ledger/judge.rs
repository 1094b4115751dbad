//! What may be done with a ledger item, and what follows.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "an item answers for its own events and commands; the rest is not its affair"
)]

use std::collections::BTreeSet;

use chrono::Days;

use crate::{
    approval::{Approval, Decided, approver},
    audience::{Audience, waiting},
    card::{Card, blank, flags, haystack, urgent},
    case::assignment::active,
    command::{Command, CommandName as C},
    context::{Context, View},
    event::{Event, Stop},
    flow::{Flow, stop},
    ids::{RecordId, derived},
    ledger::{
        AssignLedgerItem, CloseLedgerItem, Confirm, Draft, ItemState, LedgerItem, Outcome, Plan,
        PlanLedgerItem, RegisterLedgerItem, SolveLedgerItem, SplitLedgerItem, clock_of,
    },
    policy::RuleId,
    privacy::{Field, field::some, mask, retention::Class},
    record::{Record, RecordKind},
    refusal::{Code, Refusal, require},
    role::{OrgUnit, Role},
    service,
    stamp::Stamp,
    time::Date,
    work::{Work, attach_or_note, kept},
};

/// How long a closed item may be reopened, in days (LG-6).
const REOPEN_DAYS: u64 = 30;

/// The states from which a command on an item may be given.
pub(crate) fn from(command: C) -> &'static [ItemState] {
    use ItemState::{Closed, InProgress, Open, Reopened, Solved};
    match command {
        C::StartLedgerItem => &[Open, Reopened],
        C::AssignLedgerItem | C::SplitLedgerItem | C::SolveLedgerItem => {
            &[Open, InProgress, Reopened]
        }
        C::CloseLedgerItem => &[Open, InProgress, Solved, Reopened],
        C::ReopenLedgerItem => &[Closed],
        C::PlanLedgerItem | C::AttachFile | C::AddNote | C::Decide => ItemState::ALL,
        _ => &[],
    }
}

/// A matter that somebody registers.
pub(crate) fn begin(
    id: RecordId,
    given: &RegisterLedgerItem,
    view: &View<'_>,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    let cx = flow.cx;
    require_text("text", &given.text)?;
    require(!given.customer.trim().is_empty(), || Refusal::field("customer", "missing"))?;
    active(view, given.person, Role::ALL.as_slice(), "person")?;
    if let Some(case) = given.case {
        require(matches!(view.get(case), Some(Record::Case(_))), || {
            Refusal::new(Code::Unknown).with("field", "case")
        })?;
    }
    let heard = given.heard_at.unwrap_or(cx.now);
    require(heard <= cx.now, || Refusal::field("heard_at", "in the future"))?;
    let draft = Draft {
        source: given.source,
        visit: None,
        case: given.case,
        customer: given.customer.trim().to_owned(),
        kind: given.kind,
        severity: given.severity,
        text: given.text.trim().to_owned(),
        org: given.org,
        person: given.person,
        safety_order: false,
    };
    draft.register(id, 0, view, flow);
    // LG-2: the same or the next working day.
    let last =
        crate::period::Term::new(1, crate::period::Unit::WorkingDay).due(heard, &cx.rules.calendar);
    if !crate::period::on_time(cx.now, &last) {
        flow.emit(Event::LedgerItemLate(crate::event::Empty {}));
    }
    Ok(())
}

impl Work for LedgerItem {
    kept!();

    fn apply(&mut self, event: &Event, stamp: &Stamp) {
        match event {
            Event::LedgerItemLate(_) => self.registered_late = true,
            Event::LedgerItemAssigned(given) => {
                self.responsible_org = given.org;
                self.responsible_person = given.person;
                for clock in self.clocks.iter_mut().filter(|clock| clock.state.is_open()) {
                    clock.assign(stamp.at, given.org.as_str(), Some(given.person));
                }
            }
            Event::LedgerItemSplit(split) => self.text.clone_from(&split.text),
            Event::LedgerItemStarted(begun) => {
                self.state = ItemState::InProgress;
                self.measures = Some(begun.measures.clone());
            }
            Event::LedgerItemSolved(solved) => {
                self.state = ItemState::Solved;
                self.measures = solved.measures.clone().or(self.measures.take());
                self.result = Some(solved.result.clone());
                self.evidence.clone_from(&solved.evidence);
                self.solved_at = Some(stamp.at);
                self.solver = Some(stamp.actor);
            }
            Event::LedgerItemClosed(closed) => {
                self.close(Outcome::Solved, stamp);
                self.customer_confirm = Some(closed.customer_confirm);
                if let Some(explanation) = &closed.explanation {
                    self.outcome = Some(Outcome::Explained);
                    self.explanation = Some(explanation.clone());
                }
            }
            Event::LedgerItemPlanned(planned) => {
                let extensions = self.plan.as_ref().map_or(0, |plan| plan.extensions + 1);
                let (until, reason) = (planned.until, planned.reason.clone());
                self.plan = Some(Plan { until, reason, extensions });
                self.close(Outcome::Planned, stamp);
            }
            Event::LedgerItemReopened(_) => {
                self.state = ItemState::Reopened;
                self.reopened_count += 1;
                self.outcome = None;
                self.customer_confirm = None;
                self.closed_at = None;
                self.closed_by = None;
                self.solved_at = None;
                self.solver = None;
                self.result = None;
                self.evidence.clear();
            }
            _ => {}
        }
    }

    fn judge<'a>(
        &self,
        record: &Record,
        view: &View<'_>,
        command: &Command,
        cx: &'a Context<'a>,
    ) -> Result<Flow<'a>, Refusal> {
        self.possible(command.name(), cx)?;
        let mut flow = Flow::on(self.id, Some(record), cx);
        match command {
            Command::Decide(decide) => {
                let approval = decide.open(&self.approvals, cx.actor)?.clone();
                flow.emit(Event::ApprovalDecided(Decided {
                    no: decide.no,
                    approve: decide.approve,
                    by: cx.actor.user,
                    at: cx.now,
                    note: decide.note.clone(),
                }));
                if decide.approve {
                    effect(self, &approval.command, view, &mut flow)?;
                }
            }
            Command::PlanLedgerItem(_) => {
                let needs = approver(command.name(), false).unwrap_or(Role::ServiceLead);
                effect(self, command, view, &mut Flow::on(self.id, Some(record), cx))?;
                flow.emit(Event::ApprovalRequested(Box::new(Approval {
                    no: u32::try_from(self.approvals.len()).unwrap_or(u32::MAX).saturating_add(1),
                    command: command.clone(),
                    by: cx.actor.user,
                    at: cx.now,
                    needs,
                    decided: None,
                })));
            }
            _ => effect(self, command, view, &mut flow)?,
        }
        Ok(flow)
    }

    fn concerns(&self, command: C) -> bool {
        !from(command).is_empty()
    }

    fn possible(&self, command: C, cx: &Context<'_>) -> Result<(), Refusal> {
        let waits = self.approvals.iter().any(|approval| approval.decided.is_none());
        let fits = from(command).contains(&self.state) && (command != C::Decide || waits);
        require(fits, || Refusal::new(Code::State))?;
        match command {
            C::CloseLedgerItem => require(self.solver != Some(cx.actor.user), || {
                Refusal::new(Code::Sod).with("rule", "solver≠closer")
            }),
            C::PlanLedgerItem => self.may_plan(waits),
            C::ReopenLedgerItem => self.may_reopen(cx.now.date()),
            _ => Ok(()),
        }
    }

    fn next_steps(&self) -> &'static [C] {
        match self.state {
            ItemState::Open | ItemState::Reopened => &[C::StartLedgerItem],
            ItemState::InProgress => &[C::SolveLedgerItem],
            ItemState::Solved => &[C::CloseLedgerItem],
            ItemState::Closed => &[],
        }
    }

    fn audience(&self) -> BTreeSet<Audience> {
        let mut roles = vec![Role::ServiceLead, Role::CmLead, Role::VisitAgent, Role::Inspector];
        roles.extend(match self.responsible_org {
            OrgUnit::TechDept => Some(Role::TechLead),
            OrgUnit::EngDept | OrgUnit::Contractor => Some(Role::EngLead),
            _ => None,
        });
        if self.safety_order.is_some() {
            roles.extend([Role::IgnitionOperator, Role::EngDispatcher]);
        }
        let people = [self.responsible_person, self.registered_by].map(Audience::User);
        let roles = roles.into_iter().map(Audience::Role);
        roles.chain(people).chain(waiting(&self.approvals)).collect()
    }

    fn card(&self) -> Card {
        let urgent = urgent(&self.clocks);
        Card {
            no: self.no.clone(),
            title: self.text.chars().take(60).collect(),
            subtitle: mask::name(&self.customer),
            state: self.state.as_str().to_owned(),
            due_at: urgent.map(|clock| clock.due_at),
            clock: urgent.map(|clock| clock.rule),
            manager: Some(self.responsible_person),
            flags: flags(&[
                ("urgent", self.severity == super::Severity::Urgent),
                ("safety_order", self.safety_order.is_some()),
                ("reopened", self.reopened_count > 0),
                ("planned", self.outcome == Some(Outcome::Planned)),
                ("approval", self.approvals.iter().any(|a| a.decided.is_none())),
            ]),
            search: haystack(&[&self.no, &self.text, &self.customer]),
            ..blank(self.id, RecordKind::LedgerItem)
        }
    }

    fn related(&self) -> Vec<RecordId> {
        self.case.into_iter().collect()
    }

    /// The user's name may be a person's; what was heard and done is in free
    /// words.
    fn personal(&mut self, see: &mut dyn FnMut(Field, &mut String)) {
        see(Field::Name, &mut self.customer);
        see(Field::Text, &mut self.text);
        some(Field::Text, &mut self.measures, see);
        some(Field::Text, &mut self.result, see);
        some(Field::Text, &mut self.explanation, see);
        if let Some(plan) = &mut self.plan {
            see(Field::Text, &mut plan.reason);
        }
    }

    fn is_personal(&self) -> bool {
        true
    }

    fn keeps(&self) -> Option<Class> {
        (self.state == ItemState::Closed).then_some(Class::Visit)
    }

    fn forget(&mut self) {
        self.approvals.clear();
    }
}

impl LedgerItem {
    fn close(&mut self, outcome: Outcome, stamp: &Stamp) {
        self.state = ItemState::Closed;
        self.outcome = Some(outcome);
        self.closed_at = Some(stamp.at);
        self.closed_by = Some(stamp.actor);
    }

    /// A plan may be extended once, and nothing else that is closed is planned.
    fn may_plan(&self, waits: bool) -> Result<(), Refusal> {
        require(!waits, || Refusal::new(Code::Duplicate).with("waiting", "plan_ledger_item"))?;
        if self.state != ItemState::Closed {
            return Ok(());
        }
        require(self.outcome == Some(Outcome::Planned), || Refusal::new(Code::State))?;
        let extensions = self.plan.as_ref().map_or(0, |plan| plan.extensions);
        require(extensions == 0, || Refusal::new(Code::Duplicate).with("extensions", extensions))
    }

    fn may_reopen(&self, today: Date) -> Result<(), Refusal> {
        let closed = self.closed_at.map_or(today, super::super::time::Instant::date);
        let last = closed.checked_add_days(Days::new(REOPEN_DAYS)).unwrap_or(Date::MAX);
        require(today <= last, || Refusal::new(Code::State).with("until", last))
    }
}

fn effect(
    item: &LedgerItem,
    command: &Command,
    view: &View<'_>,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    let cx = flow.cx;
    match command {
        Command::AssignLedgerItem(given) => {
            assign(given, view)?;
            flow.emit(Event::LedgerItemAssigned(given.clone()));
        }
        Command::SplitLedgerItem(given) => return split(item, given, view, flow),
        Command::StartLedgerItem(given) => {
            require_text("measures", &given.measures)?;
            flow.emit(Event::LedgerItemStarted(given.clone()));
        }
        Command::SolveLedgerItem(given) => {
            solve(item, given)?;
            flow.emit(Event::LedgerItemSolved(given.clone()));
        }
        Command::CloseLedgerItem(given) => {
            close(item, given, cx)?;
            flow.emit(Event::LedgerItemClosed(given.clone()));
            flow.emit_all(stop(&item.clocks, RuleId::D10, cx.now, Stop::Done));
        }
        Command::PlanLedgerItem(given) => {
            plan(item, given, cx)?;
            flow.emit(Event::LedgerItemPlanned(given.clone()));
            flow.emit_all(stop(&item.clocks, RuleId::D10, cx.now, Stop::Done));
        }
        Command::ReopenLedgerItem(given) => {
            require_text("reason", &given.reason)?;
            flow.emit(Event::LedgerItemReopened(given.clone()));
            let key = Some(format!("reopened/{}", item.reopened_count + 1));
            flow.emit(Event::ClockStarted(clock_of(item, key, cx)));
        }
        _ => {
            flow.emit_all(
                attach_or_note(&item.files, command)?.ok_or_else(|| Refusal::new(Code::State))?,
            );
            return Ok(());
        }
    }
    show_on_case(item, view, flow);
    Ok(())
}

/// The item's mark on its case, as it stands after what has just happened.
fn show_on_case(item: &LedgerItem, view: &View<'_>, flow: &mut Flow<'_>) {
    let (Some(case), Some(Record::LedgerItem(after))) = (item.case, flow.record()) else { return };
    let (state, no) = (after.state, after.no.clone());
    service::mark(flow, view, case, |mark| {
        mark.of(item.id, RecordKind::LedgerItem, &no, state.as_str())
            .waiting(state != ItemState::Closed)
    });
}

fn assign(given: &AssignLedgerItem, view: &View<'_>) -> Result<(), Refusal> {
    require_text("reason", &given.reason)?;
    active(view, given.person, Role::ALL.as_slice(), "person")
}

/// LG-1: the other matters become items of their own, with a clock of theirs.
fn split(
    item: &LedgerItem,
    given: &SplitLedgerItem,
    view: &View<'_>,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    require_text("text", &given.text)?;
    require(!given.others.is_empty(), || Refusal::field("others", "the other matters"))?;
    for text in &given.others {
        require_text("others", text)?;
    }
    flow.emit(Event::LedgerItemSplit(given.clone()));
    for (place, text) in given.others.iter().enumerate() {
        let draft = Draft {
            source: item.source,
            visit: item.from,
            case: item.case,
            customer: item.customer.clone(),
            kind: item.kind,
            severity: item.severity,
            text: text.trim().to_owned(),
            org: item.responsible_org,
            person: item.responsible_person,
            safety_order: false,
        };
        let label = format!("split/{}/{place}", item.version);
        draft.register(derived(item.id, &label), place, view, flow);
    }
    Ok(())
}

fn solve(item: &LedgerItem, given: &SolveLedgerItem) -> Result<(), Refusal> {
    require_text("result", &given.result)?;
    require(!given.evidence.is_empty(), || {
        Refusal::new(Code::Evidence).with("field", "evidence").with("want", "photo or paper")
    })?;
    let known = |id| item.files.iter().any(|file| file.id == id);
    require(given.evidence.iter().all(|id| known(*id)), || {
        Refusal::field("evidence", "attach the file to the item first")
    })
}

/// LG-4: result, evidence, and the customer's word or two attempts to hear it.
fn close(item: &LedgerItem, given: &CloseLedgerItem, cx: &Context<'_>) -> Result<(), Refusal> {
    let others = given.items.iter().filter(|no| **no != item.no).count();
    require(others == 0 && given.items.len() <= 1, || {
        Refusal::new(Code::BulkClose).with("items", given.items.len())
    })?;
    let missing = |field: &str| Refusal::new(Code::Evidence).with("field", field);
    if let Some(explanation) = &given.explanation {
        require_text("explanation", explanation)?;
        // LG-5: an explanation closes with the customer's consent alone.
        return require(given.customer_confirm == Confirm::Yes, || missing("customer_confirm"));
    }
    require(item.result.is_some(), || missing("result"))?;
    require(!item.evidence.is_empty(), || missing("evidence"))?;
    match given.customer_confirm {
        Confirm::Yes => Ok(()),
        Confirm::No => Err(missing("customer_confirm").with("have", Confirm::No.as_str())),
        Confirm::Unreachable => {
            let told = |note: &str| !note.trim().is_empty();
            let made = given.attempts.iter().filter(|a| a.at <= cx.now && told(&a.note)).count();
            require(made >= 2, || missing("attempts").with("have", made).with("want", 2))
        }
    }
}

fn plan(item: &LedgerItem, given: &PlanLedgerItem, cx: &Context<'_>) -> Result<(), Refusal> {
    require_text("reason", &given.reason)?;
    let after = item.plan.as_ref().map_or(cx.now.date(), |plan| plan.until);
    require(given.until > after, || Refusal::field("until", "a later day"))
}

fn require_text(field: &str, text: &str) -> Result<(), Refusal> {
    let length = text.trim().chars().count();
    require((1..=500).contains(&length), || Refusal::field(field, "1 to 500 characters"))
}
