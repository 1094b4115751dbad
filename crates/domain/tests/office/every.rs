//! One command of every name.

use lantian_domain::{
    approval::Decide,
    case::{
        CaseKind, CaseState, Channel, Segment, acceptance::*, assignment::AssignManager, basic::*,
        budget::*, closing::*, construction::*, contract::*, design::*, engineering::*, fee::*,
        gas_on::*, intake::*, material::*, permit::*, pressure::*, survey::*, suspension::*,
    },
    command::{AddNote, AttachFile, Command, CommandName},
    file::FileKind,
    ids::{FileId, RecordId},
    lead::*,
    money::Fen,
    policy::PauseReason,
    record::Record,
    role::Role,
    time::Instant,
    validate::coordinates::{CrsSource, GeoPoint},
    watch::{CheckFeed, OpenFeedDay},
};
use uuid::Uuid;

use super::{Office, samples::*, user};

const MANAGER: Role = Role::CustomerManager;

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
            external_serial: None,
            segment: Segment::Scattered,
            basic: basic(now),
            manager: Some(person),
        }),
        Command::UpdateBasic(UpdateBasic { remark: Some(text()), ..UpdateBasic::default() }),
        Command::AcceptCase(AcceptCase {}),
        tolerant(&["MT01", "MT02", "MT14", "MT23"]),
        Command::NotAccept(NotAccept { reason: NotAcceptReason::NoDemand, text: text() }),
        Command::AssignManager(AssignManager { manager: user(Role::CounterClerk), reason: text() }),
        receive("MT14"),
        Command::VerifyMaterial(VerifyMaterial { code: "MT14".to_owned() }),
        Command::RejectMaterial(RejectMaterial { code: "MT14".to_owned(), reason: text() }),
        Command::PushToTech(PushToTech { demand_m3h: "2".parse().unwrap(), note: None }),
        verdict(Verdict::Satisfied),
        Command::StartFeeNegotiation(StartFeeNegotiation {
            place: TalkPlace::OnSite,
            participants: text(),
        }),
        Command::FeeDispute(FeeDispute { reason: text() }),
        pay(office, 100, "SJ-9"),
        Command::RecordPermit(Permit {
            kind: PermitKind::RoadDig,
            state: PermitState::Drafting,
            blocking: true,
            authority: text(),
            external_no: None,
            permitted_from: None,
            permitted_to: None,
            file: None,
            note: None,
        }),
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
            hidden_work_signed_by: None,
            note: None,
            at: None,
        }),
        gas_on(Channel::Hotline),
        Command::StartAcceptance(StartAcceptance {}),
        acceptance(now, true),
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
        Command::Withdraw(Withdraw { reason: text(), costs_settled: true }),
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
        yes(1),
        Command::AttachFile(AttachFile { file: picture(file) }),
        Command::AddNote(AddNote { text: text() }),
    ];
    let on = if is_case { id } else { case_in(office, CaseState::Submitted) };
    all.extend([
        survey(office, on),
        design(office, on),
        budget(office, on, "2500.00"),
        settle(office, on),
        contract(office, on, ContractKind::Supply),
        begin(office, on),
        complete(office, on),
        ticket(office, on),
    ]);
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
