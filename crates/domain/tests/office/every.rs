//! One command of every name.

use lantian_domain::{
    approval::Decide,
    assessment::{
        AppealAssessment, Cause, DecideAppeal, DecideAssessment, DraftAssessment, Penalty,
        ProposePenalty,
    },
    calendar::DayRange,
    case::{
        CaseKind, CaseState, Channel, Segment,
        acceptance::*,
        assignment::AssignManager,
        basic::*,
        budget::*,
        closing::*,
        construction::*,
        contract::*,
        design::*,
        engineering::*,
        fee::*,
        gas_on::*,
        intake::*,
        material::{false_paper::ReportFalsePaper, *},
        permit::*,
        pre_service::*,
        pressure::*,
        proxy::*,
        schedule::*,
        settlement::*,
        survey::*,
        suspension::*,
        user_side::*,
    },
    command::{AddNote, AttachFile, Command, CommandName},
    file::FileKind,
    ids::{CommandId, FileId, RecordId, UserId},
    inspection::{
        Answer, CloseInspection, DrawSample, ExecuteInspection, IssueFindings, PlanInspection,
        RectifyFinding, Theme, VerifyFinding,
    },
    lead::*,
    money::Fen,
    notice::{About, Level, RaiseNotice, ReadNotice, Recipient},
    policy::PauseReason,
    privacy::{
        Field, Unmask,
        breach::CloseBreach,
        erase::{Because, EraseData},
        request::{AnswerPiRequest, PiKind},
    },
    proposal::{OfferWork, SettleProposal, Settled},
    record::{Record, RecordKind},
    reference::{ConfirmPolicy, NameDepartment, PublishCalendar, PublishPolicy, TermChange},
    role::{OrgUnit, Role},
    tend::{NoteBreaches, RecountClocks},
    time::Instant,
    validate::coordinates::{CrsSource, GeoPoint},
    watch::{CheckFeed, OpenFeedDay},
};
use uuid::Uuid;

use super::{Office, personal::*, samples::*, user};

const MANAGER: Role = Role::CustomerManager;

/// D-02 in 12 hours.
pub(crate) fn next_policy() -> PublishPolicy {
    let changes = vec![TermChange { rule: lantian_domain::policy::RuleId::D02, count: 12 }];
    PublishPolicy { changes, reason: "公司决议".to_owned() }
}

/// A notice on the first days of 2027, made up.
pub(crate) fn year_2027() -> PublishCalendar {
    let day = |text: &str| text.parse().unwrap();
    PublishCalendar {
        year: 2027,
        notice: "国办发明电〔2026〕0号".to_owned(),
        holidays: vec![DayRange { from: day("2027-01-01"), to: day("2027-01-03") }],
        makeup_workdays: Vec::new(),
    }
}

/// 容缺办理, this month.
pub(crate) fn plan_inspection(now: Instant) -> PlanInspection {
    let to = now.date();
    let from = to - chrono::Days::new(30);
    PlanInspection { theme: Theme::Tolerance, from, to, size: 5, note: None }
}

/// A checklist answered with yes, but for the questions in `failed`.
pub(crate) fn executed(theme: Theme, failed: &[&str]) -> ExecuteInspection {
    let answers = theme
        .checklist()
        .iter()
        .map(|question| {
            let passed = !failed.contains(&question.as_str());
            let note = (!passed).then(|| "不符合".to_owned());
            Answer { question: *question, passed, note }
        })
        .collect();
    ExecuteInspection { answers, summary: "已检查".to_owned() }
}

/// D-02 was missed.
pub(crate) fn missed_standard(source: RecordId, now: Instant) -> DraftAssessment {
    DraftAssessment {
        cause: Cause::Standard,
        source,
        source_no: "XZLT-BZ-20260305-0001".to_owned(),
        org: OrgUnit::MarketDept,
        person: Some(user(MANAGER)),
        fact_at: now,
        clause: "R-12".to_owned(),
        text: "超过24小时未联系用户".to_owned(),
    }
}

/// A breach of D-02, for the lead of the department.
pub(crate) fn notice(record: RecordId) -> RaiseNotice {
    RaiseNotice {
        to: Recipient::Role(Role::CmLead),
        level: Level::DeptLead,
        about: About {
            record,
            kind: RecordKind::Case,
            no: "XZLT-BZ-20260305-0001".to_owned(),
            rule: Some(lantian_domain::policy::RuleId::D02),
            key: None,
            clause: Some("R-12".to_owned()),
        },
        text: "clock_breached".to_owned(),
        params: std::collections::BTreeMap::new(),
    }
}

/// A remark that goes to `to`, or to who answers for the record.
pub(crate) fn offered(target: RecordId, at: Instant, to: Option<UserId>) -> OfferWork {
    let note = Command::AddNote(AddNote { text: "已到现场".to_owned() });
    OfferWork::of(&note, CommandId(Uuid::from_u128(77)), target, at, to)
}

/// A command of every name, filled in for `id` as far as its state allows.
// tidy: allow-length — a list: one sample per command
pub(crate) fn every(office: &mut Office, id: RecordId) -> Vec<Command> {
    let is_case = matches!(office.records.get(&id), Some(Record::Case(_)));
    let file = FileId(Uuid::from_u128(7));
    let now = office.now;
    let text = || "说明".to_owned();
    let person = user(MANAGER);
    let mut all = vec![
        push(now),
        Command::HandOverLead(HandOverLead { manager: person, note: None }),
        Command::ReassignLead(ReassignLead { manager: user(Role::CounterClerk), reason: text() }),
        attempt(ContactResult::Reached, ContactChannel::Phone),
        Command::MarkUnreachable(MarkUnreachable { evidence: text() }),
        Command::ConvertLead(ConvertLead {
            case: RecordId(Uuid::from_u128(0xca5e)),
            segment: Segment::Scattered,
            basic: basic(now),
        }),
        Command::CloseLead(CloseLead {
            reason: CloseReason::NoDemand,
            merge_into: None,
            note: text(),
            revisit_on: None,
        }),
        Command::ReopenLead(ReopenLead { reason: text(), manager: Some(person) }),
        Command::SubmitDemand(SubmitDemand {
            channel: Channel::Hotline,
            kind: CaseKind::Demand,
            external_serial: Some("JB-1".to_owned()),
            segment: Segment::Scattered,
            basic: basic(now),
            manager: Some(person),
            recording_id: None,
            appliances: Vec::new(),
            outside: None,
        }),
        Command::UpdateBasic(UpdateBasic { remark: Some(text()), ..UpdateBasic::default() }),
        Command::AcceptCase(AcceptCase {}),
        tolerant(&["MT01", "MT02", "MT14", "MT23"]),
        Command::NotAccept(NotAccept { reason: NotAcceptReason::NoDemand, text: text() }),
        Command::AssignManager(AssignManager { manager: user(Role::CounterClerk), reason: text() }),
        receive("MT14"),
        Command::VerifyMaterial(VerifyMaterial { code: "MT14".to_owned() }),
        Command::RejectMaterial(RejectMaterial { code: "MT14".to_owned(), reason: text() }),
        Command::AddOwed(AddOwed {
            owed: vec![OwedItem {
                code: "MT06".to_owned(),
                owed_by: OwedBy::Manager,
                days: None,
                due_on: None,
                why: None,
            }],
            because: None,
            reason: text(),
            contact: text(),
            notice: None,
        }),
        Command::ExtendMaterial(ExtendMaterial {
            code: "MT14".to_owned(),
            days: 3,
            reason: text(),
        }),
        Command::WaiveMaterial(WaiveMaterial { code: "MT14".to_owned(), reason: text() }),
        Command::RemindMaterial(RemindMaterial { code: "MT14".to_owned(), step: Step::Before }),
        Command::DecideOverdue(DecideOverdue {
            decision: OverdueDecision::TakeOver,
            reason: text(),
            expected_end: None,
        }),
        Command::ReportFalsePaper(ReportFalsePaper {
            code: "MT14".to_owned(),
            finding: text(),
            files: vec![file],
        }),
        Command::RecordPreService(RecordPreService {
            kind: PreServiceKind::Other,
            on: None,
            summary: text(),
            files: Vec::new(),
        }),
        Command::RecordTrip(RecordTrip { to: TripTo::BusinessHall, on: None, purpose: text() }),
        Command::PushToTech(PushToTech { demand_m3h: "2".parse().unwrap(), note: None }),
        verdict(Verdict::Satisfied),
        Command::StartFeeNegotiation(StartFeeNegotiation {
            place: TalkPlace::OnSite,
            participants: text(),
        }),
        Command::FeeDispute(FeeDispute { reason: text() }),
        pay(office, 100, "SJ-9"),
        draft_permit(PermitKind::RoadOccupy),
        Command::DismissPermit(DismissPermit { filing: FILING, reason: text() }),
        file_permit(FILING),
        answer(FILING, AnswerCode::Accepted),
        permit_step(FILING, PermitStep::Restored),
        Command::GroupPermits(GroupPermits { name: text(), filings: vec![FILING] }),
        Command::MeetPermitCondition(MeetPermitCondition { filing: FILING, no: 1, photo: file }),
        Command::AgreeProxy(AgreeProxy {
            reason: ProxyReason::Frail,
            matters: vec![Matter::Permits],
            note: None,
        }),
        Command::EndProxy(EndProxy { done: true, note: text() }),
        Command::RevokePower(RevokePower { power: POWER, reason: text() }),
        Command::HandToEngineering(HandToEngineering {
            engineer: Some(user(Role::EngDispatcher)),
            drawing: None,
        }),
        order(office),
        site(office),
        Command::ReportProgress(ReportProgress {
            stage: Stage::Indoor,
            quantity: None,
            photos: Vec::new(),
            changed_part: false,
            hidden_work_signed_by: None,
            note: None,
            at: None,
        }),
        gas_on(Channel::Hotline),
        Command::StartAcceptance(StartAcceptance {}),
        acceptance(now, true),
        Command::ReportAcceptance(ReportAcceptance { authority: text(), receipt_no: text() }),
        Command::RecordNotIgnited(NotIgnited {
            cause: NotIgnitedCause::UserAbsent,
            reason: text(),
            photo: file,
            appointment: now.plus_ms(3_600_000),
        }),
        Command::Suspend(Suspend {
            reason: PauseReason::CustomerOtherDate,
            evidence: text(),
            file: None,
            expected_end: None,
        }),
        Command::Resume(Resume { note: text() }),
        Command::Withdraw(Withdraw { reason: text(), costs_settled: true, incurred: Vec::new() }),
        Command::Terminate(Terminate { reason: text() }),
        Command::MergeCases(MergeCases { into: id }),
        Command::Archive(Archive { shelf_no: text() }),
        Command::CorrectRecord(CorrectRecord {
            part: Part::Acceptance,
            reason: text(),
            basic: None,
            survey: None,
            text: Some(text()),
        }),
        Command::OpenFeedDay(OpenFeedDay { source: Source::Gonggai, day: now.date() }),
        Command::CheckFeed(CheckFeed { new_count: 0, day: None, note: None }),
        Command::ConfirmPolicy(ConfirmPolicy { policy: office.rules.policy.label() }),
        Command::PublishPolicy(next_policy()),
        Command::PublishCalendar(year_2027()),
        Command::NameDepartment(NameDepartment {
            org: OrgUnit::MarketDept,
            lead: None,
            first_responsible: user(Role::CmLead),
        }),
        Command::PlanInspection(plan_inspection(now)),
        Command::DrawSample(DrawSample { frame: Vec::new() }),
        Command::ExecuteInspection(Box::new(executed(Theme::Tolerance, &[]))),
        Command::IssueFindings(IssueFindings { findings: Vec::new() }),
        Command::RectifyFinding(RectifyFinding { no: 1, measures: text(), files: Vec::new() }),
        Command::VerifyFinding(VerifyFinding { no: 1, passed: true, note: None }),
        Command::CloseInspection(CloseInspection { conclusion: text() }),
        Command::DraftAssessment(Box::new(missed_standard(id, now))),
        Command::ProposePenalty(ProposePenalty { penalty: Penalty::Reproof, reason: text() }),
        Command::DecideAssessment(DecideAssessment { approve: true, note: None }),
        Command::AppealAssessment(AppealAssessment { reason: text() }),
        Command::DecideAppeal(DecideAppeal { accept: true, note: text() }),
        Command::RaiseNotice(Box::new(notice(id))),
        Command::ReadNotice(ReadNotice {}),
        Command::NoteBreaches(NoteBreaches {}),
        Command::RecountClocks(RecountClocks { cause: "calendar 2".to_owned() }),
        publish(now.date(), "蓝天价〔2026〕1号", &[("P-HOME", None, "1180.0000")]),
        Command::AllowOutsideCost(AllowOutsideCost { legal_basis: text(), reason: text() }),
        Command::NoteBlockedFee(NoteBlockedFee { name: "初装费".to_owned() }),
        Command::SettleQuantities(SettleQuantities {
            quantities: vec![FinalQuantity { line: 1, qty: "1".parse().unwrap() }],
            evidence: file,
            note: None,
        }),
        Command::ScheduleProject(ScheduleProject {
            stages: vec![ProjectDate {
                stage: ProjectStage::MainStructure,
                planned_on: now.date(),
            }],
            note: None,
        }),
        Command::ScheduleGas(ScheduleGas {
            stages: vec![GasDate {
                stage: Stage::PipeLaying,
                proposed_on: now.date(),
                follows: None,
            }],
        }),
        yes(1),
        Command::AttachFile(AttachFile { file: picture(file) }),
        Command::AddNote(AddNote { text: text() }),
        Command::Unmask(Unmask { field: Field::Phone, reason: text() }),
        pi_request(PiKind::Access, None),
        Command::AnswerPiRequest(AnswerPiRequest {
            granted: true,
            text: text(),
            about: None,
            phone: None,
            name: None,
        }),
        Command::EraseData(EraseData { because: Because::Request }),
        assessment(now),
        breach(now),
        Command::CloseBreach(CloseBreach {
            no: 1,
            authority_told: true,
            persons_told: true,
            note: text(),
        }),
    ];
    let on = if is_case { id } else { case_in(office, CaseState::Submitted) };
    all.extend([
        survey(office, on),
        design(office, on),
        budget(office, on, "2500.00"),
        settle(office, on),
        contract(office, on, ContractKind::Supply),
        power(office, on),
        begin(office, on),
        complete(office, on),
        ticket(office, on),
    ]);
    all.extend(super::aftercare::every(office, id));
    all.push(Command::OfferWork(Box::new(offered(id, office.now, None))));
    let settled = SettleProposal { how: Settled::TakenOver, given: None, reason: None };
    all.push(Command::SettleProposal(settled));
    let names: std::collections::BTreeSet<_> = all.iter().map(Command::name).collect();
    assert_eq!(names.len(), CommandName::ALL.len(), "a sample of every command");
    all
}

fn picture(id: FileId) -> lantian_domain::file::FileRef {
    lantian_domain::file::FileRef {
        id,
        kind: FileKind::PhotoSite,
        name: "现场.jpg".to_owned(),
        mime: "image/jpeg".to_owned(),
        size: 9,
        sha256: "0".repeat(64),
        taken_at: None,
        geo: None,
    }
}
