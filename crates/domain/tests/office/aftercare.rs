//! Visits, ledger items, complaints and ratings of a small company.

use std::collections::BTreeSet;

use lantian_domain::{
    case::Segment,
    command::Command,
    complaint::*,
    file::FileKind,
    ids::{FileId, RecordId, UserId},
    ledger::*,
    rating::*,
    record::Record,
    role::{OrgUnit, Role},
    time::{Date, Instant},
    visit::{
        questionnaire::{Answers, Mark, YesNo},
        sample::commitment,
        *,
    },
};
use uuid::Uuid;

use super::{Office, user};

pub(crate) const SECRET: &str = "a secret of thirty-two characters";

/// The March of the bench: it begins on a rest day and has 31 days.
pub(crate) fn march() -> Date {
    Date::from_ymd_opt(2026, 3, 1).unwrap()
}

pub(crate) fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

/// The n-th account of a group.
pub(crate) fn account(group: SegmentGroup, n: u32) -> Account {
    let segment = match group {
        SegmentGroup::Household => Segment::Scattered,
        SegmentGroup::NonResidential => Segment::NonResidential,
    };
    Account {
        case: RecordId(Uuid::from_u128(0xacc0_0000 + u128::from(n))),
        no: format!("XZLT-BZ-20260210-{n:04}"),
        name: format!("用户{n}"),
        natural: group == SegmentGroup::Household,
        address: format!("文昌路{n}号"),
        phone: "13800001234".to_owned(),
        segment,
        manager: user(Role::CustomerManager),
        contractor: format!("施工{}队", n % 3),
        completed_at: at("2026-02-10T10:00:00+08:00"),
    }
}

pub(crate) fn accounts(group: SegmentGroup, n: u32) -> Vec<Account> {
    (0..n).map(|place| account(group, place)).collect()
}

/// Commits before the month and freezes at its first instant.
pub(crate) fn month(
    office: &mut Office,
    group: SegmentGroup,
    accounts: Vec<Account>,
    forced: Vec<Forced>,
) -> RecordId {
    let id = VisitMonth::id_of(march(), group);
    office.now = at("2026-02-20T09:00:00+08:00");
    let commit = CommitVisitMonth { month: march(), group, commitment: commitment(SECRET) };
    office.must(Role::Integration, id, &Command::CommitVisitMonth(commit));
    office.now = Instant::start_of(march());
    office.must(Role::Integration, id, &freeze(accounts, forced));
    office.now = at("2026-03-05T09:00:00+08:00");
    id
}

pub(crate) fn freeze(accounts: Vec<Account>, forced: Vec<Forced>) -> Command {
    Command::FreezeVisitMonth(Box::new(FreezeVisitMonth {
        secret: SECRET.to_owned(),
        basis: Basis::CompletedLastMonth,
        accounts,
        forced,
    }))
}

impl Office {
    pub(crate) fn month(&self, id: RecordId) -> &VisitMonth {
        match &self.records[&id] {
            Record::VisitMonth(month) => month,
            other => panic!("a month, not {other:?}"),
        }
    }

    pub(crate) fn visit(&self, id: RecordId) -> &Visit {
        match &self.records[&id] {
            Record::Visit(visit) => visit,
            other => panic!("a visit, not {other:?}"),
        }
    }

    pub(crate) fn item(&self, id: RecordId) -> &LedgerItem {
        match &self.records[&id] {
            Record::LedgerItem(item) => item,
            other => panic!("an item, not {other:?}"),
        }
    }

    pub(crate) fn complaint(&self, id: RecordId) -> &Complaint {
        match &self.records[&id] {
            Record::Complaint(complaint) => complaint,
            other => panic!("a complaint, not {other:?}"),
        }
    }

    pub(crate) fn items(&self) -> Vec<&LedgerItem> {
        let items = self.records.values().filter_map(|record| match record {
            Record::LedgerItem(item) => Some(&**item),
            _ => None,
        });
        items.collect()
    }
}

/// The visits of a month, in the order of the plan.
pub(crate) fn visits(office: &Office, month: RecordId) -> Vec<RecordId> {
    office.month(month).tasks.iter().map(|task| task.visit).collect()
}

pub(crate) fn answers(mark: Mark) -> Answers {
    let mark = Some(mark);
    Answers {
        q1: mark,
        q2: mark,
        q3: mark,
        q4: Some(YesNo::No),
        q5: mark,
        q6: mark,
        q7: Some(YesNo::Yes),
        q8: mark,
        q9: Some(YesNo::No),
        words: None,
    }
}

pub(crate) fn by_phone(answers: Answers) -> CompleteVisit {
    CompleteVisit {
        mode: VisitMode::Phone,
        recording_consent: true,
        answers,
        needs: None,
        minutes: Some(4),
        photos: Vec::new(),
        recording: None,
        signature: None,
    }
}

pub(crate) fn on_site(answers: Answers, photo: FileId) -> CompleteVisit {
    CompleteVisit { mode: VisitMode::OnSite, photos: vec![photo], ..by_phone(answers) }
}

pub(crate) fn reach(office: &mut Office, role: Role, visit: RecordId) {
    let done = by_phone(answers(Mark::VeryGood));
    office.must(role, visit, &Command::CompleteVisit(Box::new(done)));
}

pub(crate) fn attempt(mode: VisitMode) -> Command {
    Command::RecordVisitAttempt(VisitAttempt {
        mode,
        result: AttemptResult::NoAnswer,
        note: None,
        at: None,
        by: None,
    })
}

/// Three attempts: a morning, an afternoon, another day.
pub(crate) fn try_three_times(office: &mut Office, role: Role, visit: RecordId) {
    for when in
        ["2026-03-05T09:00:00+08:00", "2026-03-05T15:00:00+08:00", "2026-03-06T09:00:00+08:00"]
    {
        office.now = office.now.max(at(when));
        office.must(role, visit, &attempt(VisitMode::Phone));
    }
}

pub(crate) fn register() -> RegisterLedgerItem {
    RegisterLedgerItem {
        source: ItemSource::Hotline,
        kind: ItemKind::Need,
        severity: Severity::Normal,
        text: "希望增加一个用气点".to_owned(),
        customer: "王*".to_owned(),
        case: None,
        heard_at: None,
        org: OrgUnit::MarketDept,
        person: user(Role::CustomerManager),
    }
}

pub(crate) fn item_in(office: &mut Office, state: ItemState) -> RecordId {
    let id = RecordId(office.id());
    office.must(Role::HotlineAgent, id, &Command::RegisterLedgerItem(register()));
    if state == ItemState::Open {
        return id;
    }
    let begun = StartLedgerItem { measures: "上门查看".to_owned() };
    office.must(Role::CustomerManager, id, &Command::StartLedgerItem(begun));
    if state == ItemState::InProgress {
        return id;
    }
    solve(office, id);
    if state == ItemState::Solved {
        return id;
    }
    office.must(Role::VisitAgent, id, &close(Confirm::Yes));
    if state == ItemState::Reopened {
        let again = ReopenLedgerItem { reason: "又出现".to_owned() };
        office.must(Role::HotlineAgent, id, &Command::ReopenLedgerItem(again));
    }
    assert_eq!(office.item(id).state, state);
    id
}

pub(crate) fn solve(office: &mut Office, id: RecordId) {
    let photo = office.attach(Role::CustomerManager, id, FileKind::PhotoOther);
    office.must(Role::CustomerManager, id, &solved(vec![photo]));
}

pub(crate) fn solved(evidence: Vec<FileId>) -> Command {
    let result = "已增加用气点".to_owned();
    Command::SolveLedgerItem(SolveLedgerItem { measures: None, result, evidence })
}

pub(crate) fn close(customer_confirm: Confirm) -> Command {
    Command::CloseLedgerItem(CloseLedgerItem {
        customer_confirm,
        attempts: Vec::new(),
        explanation: None,
        items: Vec::new(),
    })
}

pub(crate) fn file(org: OrgUnit, case: Option<RecordId>) -> FileComplaint {
    FileComplaint {
        channel: ComplaintChannel::Hotline,
        kind: ComplaintKind::Attitude,
        text: "客户经理多次失约".to_owned(),
        org,
        person: None,
        complainant: Some("李*".to_owned()),
        phone: Some("13800001234".to_owned()),
        case,
        fact_from: None,
        fact_to: None,
        received_at: None,
    }
}

pub(crate) fn decide(office: &Office, finding: Finding, evidence: Vec<FileId>) -> Command {
    Command::DecideComplaint(DecideComplaint {
        finding,
        reason: "查看通话记录".to_owned(),
        fact_at: Some(office.now.plus_ms(-3_600_000)),
        person: Some(user(Role::CustomerManager)),
        evidence,
    })
}

pub(crate) fn complaint_in(office: &mut Office, state: ComplaintState) -> RecordId {
    use ComplaintState as S;
    let id = RecordId(office.id());
    let inspector = user(Role::Inspector);
    office.must(Role::HotlineAgent, id, &Command::FileComplaint(file(OrgUnit::MarketDept, None)));
    if state == S::Received {
        return id;
    }
    let assign = AssignComplaint { investigator: inspector };
    office.must(Role::Inspector, id, &Command::AssignComplaint(assign));
    if state == S::Assigned {
        return id;
    }
    let handled = HandleComplaint { measures: "致歉并重新预约".to_owned() };
    office.must(Role::CmLead, id, &Command::HandleComplaint(handled));
    if state == S::Handled {
        return id;
    }
    let proof = office.attach(Role::Inspector, id, FileKind::Other);
    let finding = match state {
        S::Unsubstantiated => Finding::Unsubstantiated,
        _ => Finding::Substantiated,
    };
    let decided = decide(office, finding, vec![proof]);
    office.must(Role::Inspector, id, &decided);
    if matches!(state, S::Substantiated | S::Unsubstantiated) {
        return id;
    }
    if state == S::Closed {
        let end = CloseComplaint { satisfaction: Contentment::Satisfied };
        office.must(Role::ServiceLead, id, &Command::CloseComplaint(end));
        return id;
    }
    let appeal = AppealComplaint { reason: "当日系统故障".to_owned() };
    office.must(Role::CustomerManager, id, &Command::AppealComplaint(appeal));
    if state == S::ReExamined {
        office.must(Role::Assessor, id, &look_again(Finding::Unsubstantiated));
    }
    assert_eq!(office.complaint(id).state, state);
    id
}

pub(crate) fn look_again(finding: Finding) -> Command {
    let reason = "复核系统日志".to_owned();
    Command::ReExamineComplaint(ReExamineComplaint { finding, reason })
}

pub(crate) fn rate(now: Instant, stars: u8) -> ReceiveRating {
    ReceiveRating {
        proj_no: "410184-2026-0001".to_owned(),
        service_code: None,
        service_name: Some("燃气报装".to_owned()),
        dept_code: None,
        region_code: Some("410184".to_owned()),
        applicant: Some("王*".to_owned()),
        handle_state: None,
        channel: RatingChannel::App,
        stars,
        tags: vec!["办理慢".to_owned()],
        text: Some("等了很久".to_owned()),
        rated_at: now,
        case: None,
    }
}

pub(crate) fn rating_of(office: &mut Office, stars: u8) -> RecordId {
    let id = RecordId(office.id());
    let rated = rate(office.now, stars);
    office.must(Role::Integration, id, &Command::ReceiveRating(rated));
    id
}

/// A record of each kind in each of its states.
pub(crate) fn everywhere(office: &mut Office) -> Vec<RecordId> {
    let household = SegmentGroup::Household;
    let plan = month(office, household, accounts(household, 60), Vec::new());
    let mut all = vec![plan];
    let of_plan = visits(office, plan);
    let agent = Role::VisitAgent;
    office.must(agent, of_plan[1], &attempt(VisitMode::Phone));
    reach(office, agent, of_plan[2]);
    reach(office, agent, of_plan[3]);
    let nothing_more = SortVisit { items: Vec::new(), nothing_more: true };
    office.must(agent, of_plan[3], &Command::SortVisit(nothing_more));
    try_three_times(office, agent, of_plan[4]);
    let gone = CancelVisit { reason: "工单已撤回".to_owned() };
    office.must(Role::ServiceLead, of_plan[5], &Command::CancelVisit(gone));
    all.extend(of_plan);
    let business = SegmentGroup::NonResidential;
    let plan = month(office, business, accounts(business, 2), Vec::new());
    let of_plan = visits(office, plan);
    try_three_times(office, Role::CounterClerk, of_plan[0]);
    all.push(plan);
    all.extend(of_plan);
    all.extend(ItemState::ALL.iter().map(|state| item_in(office, *state)).collect::<Vec<_>>());
    let states = ComplaintState::ALL.iter();
    all.extend(states.map(|state| complaint_in(office, *state)).collect::<Vec<_>>());
    all.extend([5, 1].map(|stars| rating_of(office, stars)));
    let mut met = BTreeSet::new();
    all.retain(|id| {
        let record = &office.records[id];
        met.insert((record.kind(), record.state()))
    });
    all
}

/// A command of every name, filled in for `id` as far as its state allows.
pub(crate) fn every(office: &Office, id: RecordId) -> Vec<Command> {
    let group = SegmentGroup::Household;
    let text = || "说明".to_owned();
    let files: Vec<FileId> = office
        .records
        .get(&id)
        .map(Record::files)
        .unwrap_or_default()
        .iter()
        .map(|f| f.id)
        .collect();
    let agent: UserId = user(Role::VisitAgent);
    vec![
        Command::CommitVisitMonth(CommitVisitMonth {
            month: march(),
            group,
            commitment: commitment(SECRET),
        }),
        freeze(accounts(group, 12), Vec::new()),
        Command::WarnVisitMonth(WarnVisitMonth {}),
        Command::EndVisitMonth(EndVisitMonth { secret: SECRET.to_owned() }),
        Command::AssignVisit(AssignVisit { visitor: agent }),
        Command::AllowSelfVisit(AllowSelfVisit { reason: text() }),
        attempt(VisitMode::Phone),
        Command::CompleteVisit(Box::new(by_phone(answers(Mark::Good)))),
        Command::SortVisit(SortVisit { items: Vec::new(), nothing_more: true }),
        Command::CancelVisit(CancelVisit { reason: text() }),
        Command::RegisterLedgerItem(register()),
        Command::AssignLedgerItem(AssignLedgerItem {
            org: OrgUnit::ServiceDept,
            person: agent,
            reason: text(),
        }),
        Command::SplitLedgerItem(SplitLedgerItem { text: text(), others: vec![text()] }),
        Command::StartLedgerItem(StartLedgerItem { measures: text() }),
        solved(files.clone()),
        close(Confirm::Yes),
        Command::PlanLedgerItem(PlanLedgerItem {
            until: Date::from_ymd_opt(2027, 1, 1).unwrap(),
            reason: text(),
        }),
        Command::ReopenLedgerItem(ReopenLedgerItem { reason: text() }),
        Command::FileComplaint(file(OrgUnit::MarketDept, None)),
        Command::AssignComplaint(AssignComplaint { investigator: user(Role::Inspector) }),
        Command::AnswerComplaint(AnswerComplaint {
            channel: ComplaintChannel::Hotline,
            text: text(),
        }),
        Command::HandleComplaint(HandleComplaint { measures: text() }),
        decide(office, Finding::Unsubstantiated, files),
        Command::AppealComplaint(AppealComplaint { reason: text() }),
        look_again(Finding::Unsubstantiated),
        Command::CloseComplaint(CloseComplaint { satisfaction: Contentment::Fair }),
        Command::ReceiveRating(rate(office.now, 1)),
        Command::ContactRating(ContactRating { confirmed: true, text: text() }),
    ]
}

/// The account of a forced visit.
pub(crate) fn forced(account: Account, why: Force) -> Forced {
    Forced { account, reasons: BTreeSet::from([why]) }
}
