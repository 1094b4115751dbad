//! What may be done with a complaint, and what follows.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a complaint answers for its own events and commands; the rest is not its affair"
)]

use std::collections::BTreeSet;

use crate::{
    assessment::{self, Assessment, Cause, DraftAssessment},
    audience::Audience,
    card::{Card, blank, flags, haystack, urgent},
    case::{Case, assignment::active},
    clock::Clock,
    command::{Command, CommandName as C},
    complaint::{
        AssignComplaint, Complaint, ComplaintState, DecideComplaint, Decision, FileComplaint,
        ReExamineComplaint,
    },
    context::{Context, View},
    event::{Event, Stop},
    flow::{Flow, clock, stop},
    ids::{RecordId, UserId},
    policy::RuleId,
    privacy::{Field, field::some, mask, retention::Class},
    record::{Record, RecordKind},
    refusal::{Code, Refusal, require},
    role::{OrgUnit, Role},
    service,
    stamp::Stamp,
    time::Instant,
    validate,
    work::{Work, attach_or_note, kept},
};

/// Who may find out what a complaint is about.
const INVESTIGATORS: &[Role] = &[Role::Inspector, Role::ServiceLead, Role::CmLead];

/// The states from which a command on a complaint may be given.
pub(crate) fn from(command: C) -> &'static [ComplaintState] {
    use ComplaintState::{
        Appealed, Assigned, Handled, ReExamined, Received, Substantiated, Unsubstantiated,
    };
    match command {
        C::AssignComplaint => &[Received, Assigned],
        C::AnswerComplaint => &[Received, Assigned, Handled, Substantiated, Unsubstantiated],
        C::HandleComplaint => &[Assigned],
        C::DecideComplaint => &[Assigned, Handled],
        C::AppealComplaint => &[Substantiated, Unsubstantiated],
        C::ReExamineComplaint => &[Appealed],
        C::CloseComplaint => &[Substantiated, Unsubstantiated, ReExamined],
        C::AttachFile | C::AddNote => ComplaintState::ALL,
        _ => &[],
    }
}

/// A complaint is taken down; both clocks run from its receipt.
pub(crate) fn begin(
    id: RecordId,
    given: &FileComplaint,
    view: &View<'_>,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    let cx = flow.cx;
    require_text("text", &given.text)?;
    if let Some(person) = given.person {
        active(view, person, &Role::ALL, "person")?;
    }
    if let Some(phone) = &given.phone {
        validate::phone(phone).map_err(Refusal::from)?;
    }
    if let Some(case) = given.case {
        require(matches!(view.get(case), Some(Record::Case(_))), || {
            Refusal::new(Code::Unknown).with("field", "case")
        })?;
    }
    let ordered = given.fact_from.zip(given.fact_to).is_none_or(|(from, to)| from <= to);
    require(ordered, || Refusal::field("fact_to", "before the first day"))?;
    let at = given.received_at.unwrap_or(cx.now);
    require(at <= cx.now, || Refusal::field("received_at", "in the future"))?;
    flow.emit(Event::ComplaintReceived(Box::new(Complaint {
        id,
        version: 0,
        no: cx.new_no.to_owned(),
        state: ComplaintState::Received,
        filed: given.clone(),
        at,
        filed_by: cx.actor.user,
        investigator: None,
        answer: None,
        answered_at: None,
        handled: None,
        decisions: Vec::new(),
        appeal: None,
        closed: None,
        clocks: Vec::new(),
        files: Vec::new(),
        approvals: Vec::new(),
        trail: Vec::new(),
    })));
    let mut answer = clock(cx, RuleId::D18, None, at, given.person);
    answer.hold(given.org.as_str(), given.person);
    flow.emit(Event::ClockStarted(answer));
    flow.emit(Event::ClockStarted(clock(cx, RuleId::D19, None, at, None)));
    if let Some(case) = given.case {
        service::mark(flow, view, case, |mark| {
            mark.of(id, RecordKind::Complaint, cx.new_no, "received").waiting(true)
        });
    }
    Ok(())
}

impl Work for Complaint {
    kept!();

    fn apply(&mut self, event: &Event, stamp: &Stamp) {
        match event {
            Event::ComplaintAssigned(given) => {
                if self.state == ComplaintState::Received {
                    self.state = ComplaintState::Assigned;
                }
                self.investigator = Some(given.investigator);
                let finding =
                    |clock: &&mut Clock| clock.rule == RuleId::D19 && clock.state.is_open();
                for clock in self.clocks.iter_mut().filter(finding) {
                    let org = clock.org.clone();
                    clock.assign(stamp.at, org, Some(given.investigator));
                }
            }
            Event::ComplainantContacted(answer) => {
                self.answer = Some(answer.clone());
                self.answered_at = Some(stamp.at);
            }
            Event::ComplaintHandled(handled) => {
                self.state = ComplaintState::Handled;
                self.handled = Some(handled.clone());
            }
            Event::ComplaintDecided(decision) => {
                self.state = if decision.finding.has_consequence() {
                    ComplaintState::Substantiated
                } else {
                    ComplaintState::Unsubstantiated
                };
                self.decisions.push((**decision).clone());
            }
            Event::ComplaintAppealed(appeal) => {
                self.state = ComplaintState::Appealed;
                self.appeal = Some(appeal.clone());
            }
            Event::ComplaintReExamined(decision) => {
                self.state = ComplaintState::ReExamined;
                self.decisions.push((**decision).clone());
            }
            Event::ComplaintClosed(closed) => {
                self.state = ComplaintState::Closed;
                self.closed = Some(*closed);
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
            Command::AssignComplaint(given) => {
                assign(self, given, view)?;
                flow.emit(Event::ComplaintAssigned(*given));
            }
            Command::AnswerComplaint(given) => {
                require_text("text", &given.text)?;
                flow.emit(Event::ComplainantContacted(given.clone()));
                flow.emit_all(stop(&self.clocks, RuleId::D18, cx.now, Stop::Done));
            }
            Command::HandleComplaint(given) => {
                require_text("measures", &given.measures)?;
                flow.emit(Event::ComplaintHandled(given.clone()));
            }
            Command::DecideComplaint(given) => {
                let decision = decide(self, given, view, cx)?;
                let drafted = consequence(self, &decision, cx);
                flow.emit(Event::ComplaintDecided(Box::new(decision)));
                if let Some(event) = drafted {
                    flow.emit_on(Assessment::id_of(self.id), event);
                }
                flow.emit_all(stop(&self.clocks, RuleId::D19, cx.now, Stop::Done));
            }
            Command::AppealComplaint(given) => {
                require_text("reason", &given.reason)?;
                flow.emit(Event::ComplaintAppealed(given.clone()));
            }
            Command::ReExamineComplaint(given) => {
                let decision = look_again(self, given, cx)?;
                // What follows from the first finding is there already.
                let first = self.decision().is_some_and(|one| one.finding.has_consequence());
                let drafted = consequence(self, &decision, cx).filter(|_| !first);
                flow.emit(Event::ComplaintReExamined(Box::new(decision)));
                if let Some(event) = drafted {
                    flow.emit_on(Assessment::id_of(self.id), event);
                }
            }
            Command::CloseComplaint(given) => flow.emit(Event::ComplaintClosed(*given)),
            _ => flow.emit_all(
                attach_or_note(&self.files, command)?.ok_or_else(|| Refusal::new(Code::State))?,
            ),
        }
        self.show_on_case(view, &mut flow);
        Ok(flow)
    }

    fn concerns(&self, command: C) -> bool {
        !from(command).is_empty()
    }

    fn possible(&self, command: C, cx: &Context<'_>) -> Result<(), Refusal> {
        require(from(command).contains(&self.state), || Refusal::new(Code::State))?;
        let outside = cx.actor.org != self.filed.org && self.filed.person != Some(cx.actor.user);
        match command {
            C::AnswerComplaint => require(self.answered_at.is_none(), || {
                Refusal::new(Code::Duplicate).with("answered", true)
            }),
            C::AppealComplaint => require(self.appeal.is_none(), || {
                Refusal::new(Code::Duplicate).with("appealed", true)
            }),
            C::DecideComplaint => {
                require(outside, || Refusal::new(Code::Sod).with("rule", "investigator≠dept"))?;
                let named = self.investigator == Some(cx.actor.user);
                require(named, || Refusal::new(Code::Assigned))
            }
            C::ReExamineComplaint => {
                let first = self.decisions.iter().any(|decision| decision.by == cx.actor.user);
                require(outside && !first, || {
                    Refusal::new(Code::Sod).with("rule", "examiner≠investigator")
                })
            }
            _ => Ok(()),
        }
    }

    fn next_steps(&self) -> &'static [C] {
        match self.state {
            ComplaintState::Received => &[C::AssignComplaint, C::AnswerComplaint],
            ComplaintState::Assigned | ComplaintState::Handled => &[C::DecideComplaint],
            ComplaintState::Appealed => &[C::ReExamineComplaint],
            ComplaintState::Substantiated
            | ComplaintState::Unsubstantiated
            | ComplaintState::ReExamined => &[C::CloseComplaint],
            ComplaintState::Closed => &[],
        }
    }

    fn audience(&self) -> BTreeSet<Audience> {
        let dept = match self.filed.org {
            OrgUnit::MarketDept => Role::CmLead,
            OrgUnit::TechDept => Role::TechLead,
            OrgUnit::EngDept | OrgUnit::Contractor => Role::EngLead,
            _ => Role::ServiceLead,
        };
        // The person concerned learns of the complaint with the finding.
        let concerned = self.decision().and_then(|decision| decision.person);
        [Role::Inspector, Role::ServiceLead, Role::Assessor, dept]
            .into_iter()
            .map(Audience::Role)
            .chain([self.filed_by].map(Audience::User))
            .chain(self.investigator.map(Audience::User))
            .chain(concerned.map(Audience::User))
            .collect()
    }

    fn is_personal(&self) -> bool {
        true
    }

    fn personal(&mut self, see: &mut dyn FnMut(Field, &mut String)) {
        some(Field::Complainant, &mut self.filed.complainant, see);
        some(Field::Phone, &mut self.filed.phone, see);
        see(Field::Text, &mut self.filed.text);
    }

    fn keeps(&self) -> Option<Class> {
        (self.state == ComplaintState::Closed).then_some(Class::Visit)
    }

    fn card(&self) -> Card {
        let urgent = urgent(&self.clocks);
        let complainant = self.filed.complainant.clone().unwrap_or_default();
        Card {
            no: self.no.clone(),
            title: self.filed.text.chars().take(60).collect(),
            subtitle: mask::name(&complainant),
            state: self.state.as_str().to_owned(),
            due_at: urgent.map(|clock| clock.due_at),
            clock: urgent.map(|clock| clock.rule),
            manager: self.investigator,
            flags: flags(&[("appealed", self.appeal.is_some())]),
            search: haystack(&[
                &self.no,
                &self.filed.text,
                &complainant,
                self.filed.phone.as_deref().unwrap_or_default(),
            ]),
            ..blank(self.id, RecordKind::Complaint)
        }
    }

    fn related(&self) -> Vec<RecordId> {
        self.filed.case.into_iter().collect()
    }
}

impl Complaint {
    fn show_on_case(&self, view: &View<'_>, flow: &mut Flow<'_>) {
        let (Some(case), Some(Record::Complaint(after))) = (self.filed.case, flow.record()) else {
            return;
        };
        let state = after.state;
        service::mark(flow, view, case, |mark| {
            mark.of(self.id, RecordKind::Complaint, &self.no, state.as_str())
                .waiting(state != ComplaintState::Closed)
        });
    }
}

fn assign(complaint: &Complaint, given: &AssignComplaint, view: &View<'_>) -> Result<(), Refusal> {
    active(view, given.investigator, INVESTIGATORS, "investigator")?;
    let org = view.person(given.investigator).map(|person| person.org);
    require(org != Some(complaint.filed.org), || {
        Refusal::new(Code::Sod).with("rule", "investigator≠dept")
    })?;
    require(complaint.filed.person != Some(given.investigator), || {
        Refusal::new(Code::Sod).with("rule", "investigator≠dept")
    })
}

/// A finding against somebody says when it happened, and is proved.
fn decide(
    complaint: &Complaint,
    given: &DecideComplaint,
    view: &View<'_>,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    require_text("reason", &given.reason)?;
    let known = |id| complaint.files.iter().any(|file| file.id == id);
    require(given.evidence.iter().all(|id| known(*id)), || {
        Refusal::field("evidence", "attach the file to the complaint first")
    })?;
    let mut person = given.person.or(complaint.filed.person);
    if given.finding.has_consequence() {
        let at = given.fact_at.filter(|at| *at <= cx.now);
        let at = at.ok_or_else(|| Refusal::field("fact_at", "when it happened"))?;
        require(!given.evidence.is_empty(), || {
            Refusal::new(Code::Evidence).with("field", "evidence")
        })?;
        if let Some(Record::Case(case)) = complaint.filed.case.and_then(|case| view.get(case)) {
            person = in_charge(case, complaint.filed.org, at).or(person);
        }
        require(person.is_some(), || Refusal::field("person", "who was in charge"))?;
    }
    Ok(Decision {
        finding: given.finding,
        reason: given.reason.trim().to_owned(),
        fact_at: given.fact_at,
        org: complaint.filed.org,
        person,
        evidence: given.evidence.clone(),
        by: cx.actor.user,
        at: cx.now,
    })
}

/// What a finding against somebody entails: an assessment of the person in
/// charge at the time of the fact.
fn consequence(complaint: &Complaint, decision: &Decision, cx: &Context<'_>) -> Option<Event> {
    let fact_at = decision.fact_at.filter(|_| decision.finding.has_consequence())?;
    let draft = DraftAssessment {
        cause: Cause::Complaint,
        source: complaint.id,
        source_no: complaint.no.clone(),
        org: decision.org,
        person: decision.person,
        fact_at,
        clause: "R-54".to_owned(),
        text: decision.reason.clone(),
    };
    Some(assessment::drafted(Assessment::id_of(complaint.id), draft, cx.now))
}

/// The person of the department who was in charge of the case at that instant.
fn in_charge(case: &Case, org: OrgUnit, at: Instant) -> Option<UserId> {
    let ran = |clock: &&Clock| {
        clock.started_at <= at && clock.stopped_at.is_none_or(|stopped| at <= stopped)
    };
    let holder = case.clocks.iter().filter(ran).filter_map(|clock| clock.in_charge_at(at));
    let of_clock = holder.filter(|holder| holder.org == org.as_str()).find_map(|h| h.person);
    if org != OrgUnit::MarketDept {
        return of_clock;
    }
    let held = case.assignments.iter().rev().find(|one| one.from <= at);
    held.map(|one| one.manager).or(of_clock)
}

fn look_again(
    complaint: &Complaint,
    given: &ReExamineComplaint,
    cx: &Context<'_>,
) -> Result<Decision, Refusal> {
    require_text("reason", &given.reason)?;
    let first = complaint.decision().ok_or_else(|| Refusal::new(Code::State))?;
    let known = first.person.is_some() && first.fact_at.is_some();
    require(!given.finding.has_consequence() || known, || {
        Refusal::field("finding", "nobody is named: decide it as a complaint of its own")
    })?;
    Ok(Decision {
        finding: given.finding,
        reason: given.reason.trim().to_owned(),
        by: cx.actor.user,
        at: cx.now,
        ..first.clone()
    })
}

fn require_text(field: &str, text: &str) -> Result<(), Refusal> {
    let length = text.trim().chars().count();
    require((1..=1_000).contains(&length), || Refusal::field(field, "1 to 1000 characters"))
}
