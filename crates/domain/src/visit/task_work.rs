//! What happens to a visit, and what follows by rule: attempts, replacement,
//! answers, ledger items, counting (domain i.2, i.3, SOD-4).

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a visit answers for its own events and commands; the rest is not its affair"
)]

use std::collections::BTreeSet;

use crate::{
    audience::Audience,
    card::{Card, blank, flags, haystack, urgent},
    case::assignment::active,
    command::{Command, CommandName as C},
    context::{Context, View},
    event::{Event, Stop},
    flow::{Flow, clock, stop},
    ids::{FileId, RecordId, UserId, derived},
    ledger::{Draft, ItemSource},
    policy::RuleId,
    privacy::{Field, field::some, retention::Class},
    record::{Record, RecordKind},
    refusal::{Code, Refusal, require},
    role::{OrgUnit, Role},
    service,
    stamp::Stamp,
    visit::{
        AssignVisit, CompleteVisit, Replaced, SegmentGroup, SortVisit, Sorted, TaskReplaced,
        TaskState, TaskUnreached, Unreached, Visit, VisitAttempt, VisitCounted, VisitMode,
        VisitMonth, VisitResult, VisitState, Why, month_work::task,
    },
    work::{Work, attach_or_note, kept},
};

/// Attempts before a user counts as not to be reached (domain i.2.4).
const ATTEMPTS: usize = 3;

/// The states from which a command on a visit may be given.
pub(crate) fn from(command: C) -> &'static [VisitState] {
    use VisitState::{Attempting, Done, Escalated, Planned, Unreached};
    match command {
        C::AssignVisit | C::AllowSelfVisit | C::RecordVisitAttempt | C::CancelVisit => {
            &[Planned, Attempting, Unreached, Escalated]
        }
        C::CompleteVisit => &[Planned, Attempting, Unreached, Escalated, Done],
        C::SortVisit => &[Done],
        C::AttachFile | C::AddNote => VisitState::ALL,
        _ => &[],
    }
}

impl Work for Visit {
    kept!();

    fn apply(&mut self, event: &Event, stamp: &Stamp) {
        match event {
            Event::VisitAssigned(given) => self.visitor = Some(given.visitor),
            Event::SelfVisitAllowed(_) => self.self_visit_allowed_by = Some(stamp.actor),
            Event::VisitAttempted(attempt) => {
                self.attempts.push(attempt.clone());
                if self.state == VisitState::Planned {
                    self.state = VisitState::Attempting;
                }
            }
            Event::VisitUnreached(why) => {
                self.state = VisitState::Unreached;
                self.reason = Some(why.reason.clone());
            }
            Event::VisitEscalated(_) => self.state = VisitState::Escalated,
            Event::VisitReplaced(replaced) => {
                self.state = VisitState::Replaced;
                self.replaced_by = Some(replaced.by);
            }
            Event::VisitDone(result) => {
                self.state = VisitState::Done;
                self.reason = None;
                self.results.push((**result).clone());
            }
            Event::VisitSorted(sorted) => self.sorted.push(sorted.clone()),
            Event::VisitCancelled(why) => {
                self.state = VisitState::Cancelled;
                self.reason = Some(why.reason.clone());
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
            Command::AssignVisit(given) => flow.emit_all(assign(self, given, view)?),
            Command::AllowSelfVisit(given) => {
                require(!given.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
                flow.emit(Event::SelfVisitAllowed(given.clone()));
            }
            Command::RecordVisitAttempt(attempt) => try_to_reach(self, attempt, view, &mut flow)?,
            Command::CompleteVisit(given) => complete(self, given, view, &mut flow)?,
            Command::SortVisit(given) => sort(self, given, view, &mut flow)?,
            Command::CancelVisit(given) => {
                require(!given.reason.trim().is_empty(), || Refusal::field("reason", "missing"))?;
                flow.emit(Event::VisitCancelled(given.clone()));
                step_in(self, view, &given.reason, TaskState::Cancelled, &mut flow);
            }
            _ => flow.emit_all(
                attach_or_note(&self.files, command)?.ok_or_else(|| Refusal::new(Code::State))?,
            ),
        }
        Ok(flow)
    }

    fn concerns(&self, command: C) -> bool {
        !from(command).is_empty()
    }

    fn possible(&self, command: C, cx: &Context<'_>) -> Result<(), Refusal> {
        require(from(command).contains(&self.state), || Refusal::new(Code::State))?;
        match command {
            C::RecordVisitAttempt | C::CompleteVisit => self.require_visitor(cx),
            C::AllowSelfVisit => require(self.group == SegmentGroup::NonResidential, || {
                Refusal::new(Code::Sod).with("rule", "visitor≠manager")
            }),
            C::SortVisit => {
                let waits = self.clocks.iter().any(|clock| clock.state.is_open());
                require(waits, || Refusal::new(Code::Duplicate).with("sorted", true))
            }
            _ => Ok(()),
        }
    }

    fn next_steps(&self) -> &'static [C] {
        match self.state {
            VisitState::Planned
            | VisitState::Attempting
            | VisitState::Unreached
            | VisitState::Escalated => &[C::CompleteVisit],
            VisitState::Done => &[C::SortVisit],
            VisitState::Replaced | VisitState::Cancelled => &[],
        }
    }

    fn audience(&self) -> BTreeSet<Audience> {
        let lead = match self.group {
            SegmentGroup::Household => Role::ServiceLead,
            SegmentGroup::NonResidential => Role::CmLead,
        };
        [lead, Role::VisitAgent, Role::Inspector]
            .into_iter()
            .map(Audience::Role)
            .chain(self.visitor.map(Audience::User))
            .chain(self.self_visit_allowed_by.map(|_| Audience::User(self.account.manager)))
            .collect()
    }

    fn is_personal(&self) -> bool {
        true
    }

    fn personal(&mut self, see: &mut dyn FnMut(Field, &mut String)) {
        self.account.personal(see);
        for result in &mut self.results {
            some(Field::Text, &mut result.given.needs, see);
        }
        for attempt in &mut self.attempts {
            some(Field::Text, &mut attempt.note, see);
        }
    }

    fn keeps(&self) -> Option<Class> {
        let sorted = self.clocks.iter().all(|clock| !clock.state.is_open());
        let over = match self.state {
            VisitState::Done => sorted,
            VisitState::Replaced | VisitState::Cancelled => true,
            VisitState::Planned
            | VisitState::Attempting
            | VisitState::Unreached
            | VisitState::Escalated => false,
        };
        over.then_some(Class::Visit)
    }

    fn card(&self) -> Card {
        let account = &self.account;
        let (title, subtitle) = account.in_a_list();
        let urgent = urgent(&self.clocks);
        let last = self.results.last();
        Card {
            no: account.no.clone(),
            title,
            subtitle,
            state: self.state.as_str().to_owned(),
            segment: Some(account.segment),
            due_at: urgent.map(|clock| clock.due_at),
            clock: urgent.map(|clock| clock.rule),
            manager: self.visitor,
            flags: flags(&[
                ("forced", !self.forced.is_empty()),
                ("unsatisfied", last.is_some_and(|result| !result.satisfied)),
                ("self_visit", self.results.iter().any(|result| result.self_visit)),
            ]),
            search: haystack(&[
                &account.no,
                &account.name,
                &account.address,
                &account.phone,
                &account.contractor,
            ]),
            ..blank(self.id, RecordKind::Visit)
        }
    }

    fn related(&self) -> Vec<RecordId> {
        vec![self.plan, self.account.case]
    }
}

impl Visit {
    /// Whether this person may visit: of the department, named if somebody is,
    /// and not the manager of the case (SOD-4).
    fn require_visitor(&self, cx: &Context<'_>) -> Result<(), Refusal> {
        let actor = cx.actor;
        let named = self.visitor == Some(actor.user);
        let own = self.account.manager == actor.user;
        let allowed = self.self_visit_allowed_by.is_some();
        require(!own || allowed, || Refusal::new(Code::Sod).with("rule", "visitor≠manager"))?;
        require(self.visitor.is_none() || named || (own && allowed), || {
            Refusal::new(Code::Assigned)
        })?;
        require(named || own || actor.org == self.group.org(), || {
            Refusal::new(Code::Assigned).with("needs", self.group.org().as_str())
        })?;
        let agent = actor.is(Role::VisitAgent);
        require(agent || self.group == SegmentGroup::NonResidential, || {
            Refusal::new(Code::Assigned).with("needs", Role::VisitAgent.as_str())
        })
    }

    fn require_files(&self, files: &[FileId], field: &str) -> Result<(), Refusal> {
        let known = |id: &FileId| self.files.iter().any(|file| file.id == *id);
        require(files.iter().all(known), || {
            Refusal::field(field, "attach the file to the visit first")
        })
    }
}

fn assign(visit: &Visit, given: &AssignVisit, view: &View<'_>) -> Result<Vec<Event>, Refusal> {
    let roles: &[Role] = match visit.group {
        SegmentGroup::Household => &[Role::VisitAgent],
        SegmentGroup::NonResidential => {
            &[Role::VisitAgent, Role::CustomerManager, Role::CounterClerk]
        }
    };
    active(view, given.visitor, roles, "visitor")?;
    require(given.visitor != visit.account.manager, || {
        Refusal::new(Code::Sod).with("rule", "visitor≠manager")
    })?;
    Ok(vec![Event::VisitAssigned(*given)])
}

/// An attempt; after enough of them the next account steps in by rule, so that
/// nobody chooses who is left out (domain i.2.4).
fn try_to_reach(
    visit: &Visit,
    attempt: &VisitAttempt,
    view: &View<'_>,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    let long = attempt.note.as_ref().is_some_and(|note| note.chars().count() > 500);
    require(!long, || Refusal::field("note", "at most 500 characters"))?;
    let (now, user) = (flow.cx.now, flow.cx.actor.user);
    let made = VisitAttempt { at: Some(now), by: Some(user), ..attempt.clone() };
    flow.emit(Event::VisitAttempted(made.clone()));
    let attempts: Vec<VisitAttempt> = visit.attempts.iter().cloned().chain([made]).collect();
    let waiting = matches!(visit.state, VisitState::Planned | VisitState::Attempting);
    if waiting && tried_enough(&attempts) {
        let reason = format!("{}次未联系上：{}", attempts.len(), attempt.result.as_str());
        flow.emit(Event::VisitUnreached(Unreached { reason: reason.clone() }));
        step_in(visit, view, &reason, TaskState::Unreached, flow);
    }
    Ok(())
}

/// Three attempts, in a morning and in an afternoon, on two days.
pub(crate) fn tried_enough(attempts: &[VisitAttempt]) -> bool {
    let times: Vec<_> = attempts.iter().filter_map(|attempt| attempt.at).collect();
    let days: BTreeSet<_> = times.iter().map(|at| at.date()).collect();
    let halves: BTreeSet<_> = times.iter().map(|at| at.is_morning()).collect();
    attempts.len() >= ATTEMPTS && days.len() >= 2 && halves.len() >= 2
}

/// The next account of the reserve in place of this one; where there is none,
/// the user is visited on site before the month ends.
fn step_in(visit: &Visit, view: &View<'_>, reason: &str, state: TaskState, flow: &mut Flow<'_>) {
    let Some(Record::VisitMonth(month)) = view.get(visit.plan) else { return };
    let counts = visit.why != Why::Forced && visit.group == SegmentGroup::Household;
    let next = month.reserve.first().filter(|_| counts);
    if let Some(account) = next {
        let by = task(month.id, account, Why::Reserve, BTreeSet::new());
        let planned = Visit::planned(month, account, &by);
        let visit_of = by.visit;
        let reason = reason.to_owned();
        flow.emit_on(
            month.id,
            Event::VisitTaskReplaced(Box::new(TaskReplaced { visit: visit.id, by, reason })),
        );
        flow.emit_on(visit_of, Event::VisitPlanned(Box::new(planned)));
        if state != TaskState::Cancelled {
            flow.emit(Event::VisitReplaced(Replaced { by: visit_of }));
        }
        return;
    }
    let reason = reason.to_owned();
    let missed = TaskUnreached { visit: visit.id, state, reason: reason.clone() };
    flow.emit_on(month.id, Event::VisitTaskUnreached(missed));
    if state != TaskState::Cancelled {
        flow.emit(Event::VisitEscalated(Unreached { reason }));
    }
}

fn complete(
    visit: &Visit,
    given: &CompleteVisit,
    view: &View<'_>,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    let cx = flow.cx;
    given.answers.require_whole()?;
    require(visit.result(given.mode).is_none(), || {
        Refusal::new(Code::Duplicate).with("mode", given.mode.as_str())
    })?;
    let own = visit.account.manager == cx.actor.user;
    let on_site = given.mode == VisitMode::OnSite;
    require(!own || on_site, || Refusal::new(Code::Sod).with("rule", "visitor≠manager"))?;
    require(!on_site || !given.photos.is_empty() || given.signature.is_some(), || {
        Refusal::new(Code::Evidence).with("field", "photos").with("want", "photo or signature")
    })?;
    require(given.recording.is_none() || given.recording_consent, || {
        Refusal::field("recording_consent", "a recording needs the user's consent")
    })?;
    visit.require_files(&given.photos, "photos")?;
    visit.require_files(given.recording.as_slice(), "recording")?;
    visit.require_files(given.signature.as_slice(), "signature")?;
    let findings = given.answers.findings(given.needs.as_deref());
    let prefix = if on_site { "ledger/on_site" } else { "ledger" };
    let id_of = |question: &str| derived(visit.id, &format!("{prefix}/{question}"));
    let items: Vec<RecordId> = findings.iter().map(|f| id_of(f.question)).collect();
    flow.emit(Event::VisitDone(Box::new(VisitResult {
        given: given.clone(),
        visitor: cx.actor.user,
        at: cx.now,
        score: given.answers.score(),
        satisfied: given.answers.is_satisfied(),
        self_visit: own,
        items: items.clone(),
    })));
    let key = Some(given.mode.as_str().to_owned());
    let mut sorting = clock(cx, RuleId::D11, key, cx.now, Some(cx.actor.user));
    sorting.hold(visit.group.org().as_str(), Some(cx.actor.user));
    flow.emit(Event::ClockStarted(sorting));
    for (place, (finding, id)) in findings.iter().zip(&items).enumerate() {
        let (org, person) = in_charge(visit, cx.actor.user, finding.kind.org());
        Draft {
            source: ItemSource::Visit,
            visit: Some(visit.id),
            case: Some(visit.account.case),
            customer: visit.account.name.clone(),
            kind: finding.kind,
            severity: finding.severity,
            text: finding.text.clone(),
            org,
            person,
            safety_order: finding.question == "q9",
        }
        .register(*id, place, view, flow);
    }
    count(visit, given.mode, view, flow);
    service::mark(flow, view, visit.account.case, |mark| {
        mark.of(visit.id, RecordKind::Visit, &visit.account.no, "done")
    });
    Ok(())
}

/// Who answers for a matter until a lead gives it to somebody else: the
/// customer manager for the market department, else the visitor.
fn in_charge(visit: &Visit, visitor: UserId, org: OrgUnit) -> (OrgUnit, UserId) {
    match org {
        OrgUnit::MarketDept => (org, visit.account.manager),
        _ => (org, visitor),
    }
}

/// Counts for the month; the quota's clock stops with the account that fills it.
fn count(visit: &Visit, mode: VisitMode, view: &View<'_>, flow: &mut Flow<'_>) {
    let Some(Record::VisitMonth(month)) = view.get(visit.plan) else { return };
    flow.emit_on(month.id, Event::VisitCounted(VisitCounted { visit: visit.id, mode }));
    let mut after: VisitMonth = (**month).clone();
    after.count(visit.id, mode);
    if after.is_met() {
        for event in stop(&month.clocks, month.group.rule(), flow.cx.now, Stop::Done) {
            flow.emit_on(month.id, event);
        }
    }
}

/// Sorts what was heard: further matters, each its own item, or none.
fn sort(
    visit: &Visit,
    given: &SortVisit,
    view: &View<'_>,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    require(given.nothing_more == given.items.is_empty(), || {
        Refusal::field("nothing_more", "name the matters, or say that there are none")
    })?;
    for (place, item) in given.items.iter().enumerate() {
        let length = item.text.trim().chars().count();
        require((1..=500).contains(&length), || {
            Refusal::field(&format!("items[{place}].text"), "1 to 500 characters")
        })?;
        let person = view.person(item.person).filter(|person| person.active);
        require(person.is_some(), || {
            Refusal::field(&format!("items[{place}].person"), "nobody with this id")
        })?;
    }
    let round = visit.sorted.len();
    let id_of = |place: usize| derived(visit.id, &format!("ledger/sorted/{round}/{place}"));
    let cx = flow.cx;
    let items = (0..given.items.len()).map(id_of).collect();
    flow.emit(Event::VisitSorted(Sorted { at: cx.now, by: cx.actor.user, items }));
    flow.emit_all(stop(&visit.clocks, RuleId::D11, cx.now, Stop::Done));
    for (place, item) in given.items.iter().enumerate() {
        Draft {
            source: ItemSource::Visit,
            visit: Some(visit.id),
            case: Some(visit.account.case),
            customer: visit.account.name.clone(),
            kind: item.kind,
            severity: item.severity,
            text: item.text.trim().to_owned(),
            org: item.org,
            person: item.person,
            safety_order: false,
        }
        .register(id_of(place), place, view, flow);
    }
    Ok(())
}
