//! Every state × command × role has an answer; every record is the sum of its
//! events.
#![expect(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test fails where it stands and names what it is about"
)]

mod office;

use std::collections::{BTreeMap, BTreeSet};

use lantian_domain::{
    apply,
    approval::approver,
    audience::audience,
    card::card,
    case::CaseState,
    command::{Command, CommandName},
    event::Event,
    ids::RecordId,
    lead::{
        CloseLead, CloseReason, ContactChannel, ContactResult, HandOverLead, LeadState, Source,
    },
    offer::offers,
    record::Record,
    refusal::Code,
    role::{Role, may},
    watch::{OpenFeedDay, Watch},
};
use office::{Office, aftercare, every, samples, user};
use proptest::prelude::*;

fn lead_in(office: &mut Office, state: LeadState) -> RecordId {
    let id = RecordId(office.id());
    let now = office.now;
    office.must(Role::HallClerk, id, &samples::push(now));
    let manager = Role::CustomerManager;
    let close = |reason| {
        let note = "说明".to_owned();
        Command::CloseLead(CloseLead { reason, merge_into: None, note, revisit_on: None })
    };
    if matches!(state, LeadState::NoDemand | LeadState::Invalid) {
        let reason =
            if state == LeadState::Invalid { CloseReason::Invalid } else { CloseReason::NoDemand };
        office.must(Role::CmLead, id, &close(reason));
    }
    if state == LeadState::Merged {
        let other = lead_in(office, LeadState::Received);
        let merge = Command::CloseLead(CloseLead {
            reason: CloseReason::Duplicate,
            merge_into: Some(other),
            note: "重复".to_owned(),
            revisit_on: None,
        });
        office.must(Role::CmLead, id, &merge);
    }
    let handed = HandOverLead { manager: user(manager), note: None };
    if matches!(
        state,
        LeadState::HandedOver
            | LeadState::Contacted
            | LeadState::Converted
            | LeadState::Unreachable
    ) {
        office.must(Role::HallClerk, id, &Command::HandOverLead(handed));
    }
    if state == LeadState::Unreachable {
        for channel in [ContactChannel::Phone, ContactChannel::Sms, ContactChannel::Visit] {
            office.minutes(300);
            office.must(manager, id, &samples::attempt(ContactResult::NoAnswer, channel));
        }
        let evidence = "三次未接通".to_owned();
        let given_up = lantian_domain::lead::MarkUnreachable { evidence };
        office.approved(manager, Role::CmLead, id, &Command::MarkUnreachable(given_up));
    }
    if matches!(state, LeadState::Contacted | LeadState::Converted) {
        let call = samples::attempt(ContactResult::Reached, ContactChannel::Phone);
        office.must(manager, id, &call);
    }
    if state == LeadState::Converted {
        let convert = lantian_domain::lead::ConvertLead {
            case: RecordId(office.id()),
            segment: lantian_domain::case::Segment::Scattered,
            basic: samples::basic(office.now),
        };
        office.must(manager, id, &Command::ConvertLead(convert));
    }
    assert_eq!(office.lead(id).state, state);
    id
}

/// Gives every command by every role on `id`; the answers by name and role.
fn ask(office: &mut Office, id: RecordId) -> BTreeMap<(CommandName, Role), Result<usize, Code>> {
    let commands = every::every(office, id);
    let mut answers = BTreeMap::new();
    for command in &commands {
        for role in Role::ALL {
            let answer = office.judge(role, id, command);
            let again = office.judge(role, id, command);
            assert_eq!(answer, again, "the same question has the same answer");
            if let Err(no) = &answer {
                let named = no.state.as_deref();
                assert_eq!(named, office.records[&id].state(), "the refusal names the state");
            }
            let short = answer.map(|changes| changes.len()).map_err(|no| no.code);
            answers.insert((command.name(), role), short);
        }
    }
    answers
}

fn check(office: &mut Office, id: RecordId) {
    let state = office.records[&id].state().unwrap().to_owned();
    let answers = ask(office, id);
    assert_eq!(answers.len(), CommandName::ALL.len() * Role::ALL.len());
    for ((command, role), answer) in &answers {
        let place = format!("{state} × {} × {}", command.as_str(), role.as_str());
        if may(*role, *command) {
            assert_ne!(*answer, Err(Code::Role), "{place}");
        } else {
            assert_eq!(*answer, Err(Code::Role), "{place}");
        }
        if let Ok(changes) = answer {
            assert!(*changes > 0, "{place}: an accepted command leaves a trace");
        }
    }
    agree_with_offers(office, id, &answers);
}

/// What is offered as impossible is refused; what is accepted was offered.
fn agree_with_offers(
    office: &Office,
    id: RecordId,
    answers: &BTreeMap<(CommandName, Role), Result<usize, Code>>,
) {
    for role in Role::ALL {
        let actor = office.actor(role);
        let view = lantian_domain::context::View::new().with(&office.records[&id]);
        let cx = lantian_domain::context::Context {
            now: office.now,
            actor: &actor,
            rules: &office.rules,
            new_no: "T-1",
        };
        let offered: BTreeMap<_, _> =
            offers(&office.records[&id], &view, &cx).into_iter().map(|o| (o.command, o)).collect();
        for ((command, _), answer) in answers.iter().filter(|((_, r), _)| *r == role) {
            let possible = offered.get(command).is_some_and(|offer| offer.possible);
            assert!(
                answer.is_err() || possible,
                "{} is accepted from {} but not offered",
                command.as_str(),
                role.as_str()
            );
        }
        for offer in offered.values() {
            assert_eq!(offer.possible, offer.refusal.is_none());
            assert!(!offer.primary || offer.possible);
            let needs = approver(offer.command, false);
            assert!(
                offer.approval.is_none() || needs.is_some() || offer.approval == Some(Role::Leader)
            );
        }
    }
}

#[test]
fn every_state_of_a_case_answers_every_command_of_every_role() {
    for state in CaseState::ALL {
        let mut office = Office::open();
        let id = samples::case_in(&mut office, *state);
        check(&mut office, id);
    }
}

#[test]
fn every_state_of_a_lead_answers_every_command_of_every_role() {
    for state in LeadState::ALL {
        let mut office = Office::open();
        let id = lead_in(&mut office, state);
        check(&mut office, id);
    }
}

#[test]
fn a_record_that_does_not_exist_is_unknown_or_created() {
    let mut office = Office::open();
    let known = samples::case_in(&mut office, CaseState::Submitted);
    let nobody = RecordId(office.id());
    for command in every::every(&mut office, known) {
        for role in Role::ALL {
            let answer = office.judge(role, nobody, &command);
            if !may(role, command.name()) {
                assert_eq!(answer.unwrap_err().code, Code::Role);
            } else if matches!(
                command.name(),
                CommandName::OpenFeedDay | CommandName::CommitVisitMonth | CommandName::OfferWork
            ) {
                assert_eq!(answer.unwrap_err().code, Code::Format, "it has its own identity");
            } else if command.name().creates().is_some() {
                assert!(answer.is_ok(), "{}", command.name().as_str());
            } else {
                assert_eq!(answer.unwrap_err().code, Code::Unknown);
            }
        }
    }
}

/// Created from nothing, done in the stories, or needing a second record.
const ELSEWHERE: [CommandName; 63] = [
    CommandName::OfferWork,
    CommandName::SettleProposal,
    CommandName::SubmitDemand,
    CommandName::AcceptCase,
    CommandName::MergeCases,
    CommandName::Decide,
    CommandName::Resume,
    CommandName::ReceivePush,
    CommandName::VerifyMaterial,
    CommandName::RejectMaterial,
    CommandName::RecordNotIgnited,
    CommandName::SignContract,
    CommandName::StartConstruction,
    CommandName::TurnGasOn,
    CommandName::OpenFeedDay,
    CommandName::CheckFeed,
    CommandName::PlanInspection,
    CommandName::DrawSample,
    CommandName::ExecuteInspection,
    CommandName::IssueFindings,
    CommandName::RectifyFinding,
    CommandName::VerifyFinding,
    CommandName::CloseInspection,
    CommandName::DraftAssessment,
    CommandName::ProposePenalty,
    CommandName::DecideAssessment,
    CommandName::AppealAssessment,
    CommandName::DecideAppeal,
    CommandName::ReportAcceptance,
    CommandName::ConfirmPolicy,
    CommandName::PublishPolicy,
    CommandName::PublishCalendar,
    CommandName::NameDepartment,
    CommandName::PublishPrices,
    CommandName::SettleQuantities,
    CommandName::RaiseNotice,
    CommandName::ReadNotice,
    CommandName::NoteBreaches,
    CommandName::RecountClocks,
    CommandName::DismissPermit,
    CommandName::FilePermit,
    CommandName::RecordPermitAnswer,
    CommandName::RecordPermitStep,
    CommandName::GroupPermits,
    CommandName::MeetPermitCondition,
    CommandName::EndProxy,
    CommandName::RevokePower,
    CommandName::CommitVisitMonth,
    CommandName::FreezeVisitMonth,
    CommandName::WarnVisitMonth,
    CommandName::EndVisitMonth,
    CommandName::RegisterLedgerItem,
    CommandName::FileComplaint,
    CommandName::ReceiveRating,
    CommandName::ReceivePiRequest,
    CommandName::AnswerPiRequest,
    CommandName::FileAssessment,
    CommandName::RecordBreach,
    CommandName::CloseBreach,
    CommandName::AddOwed,
    CommandName::RemindMaterial,
    CommandName::DecideOverdue,
    CommandName::ReportFalsePaper,
];

#[test]
fn every_command_is_accepted_somewhere() {
    let mut accepted = BTreeSet::new();
    for state in CaseState::ALL {
        let mut office = Office::open();
        let id = samples::case_in(&mut office, *state);
        accepted.extend(yes(ask(&mut office, id)));
        accepted.extend(office.log.iter().filter_map(|(_, event, _)| proposed(event)));
    }
    for state in LeadState::ALL {
        let mut office = Office::open();
        let id = lead_in(&mut office, state);
        accepted.extend(yes(ask(&mut office, id)));
        accepted.extend(office.log.iter().filter_map(|(_, event, _)| proposed(event)));
    }
    let mut office = Office::open();
    for id in aftercare::everywhere(&mut office) {
        accepted.extend(yes(ask(&mut office, id)));
        accepted.extend(office.log.iter().filter_map(|(_, event, _)| proposed(event)));
    }
    for name in CommandName::ALL {
        assert!(accepted.contains(name) || ELSEWHERE.contains(name), "{}", name.as_str());
    }
    let stale: Vec<_> = ELSEWHERE.iter().filter(|name| accepted.contains(name)).collect();
    assert!(stale.is_empty(), "no exception is needed: {stale:?}");
}

fn yes(
    answers: BTreeMap<(CommandName, Role), Result<usize, Code>>,
) -> impl Iterator<Item = CommandName> {
    answers.into_iter().filter(|(_, answer)| answer.is_ok()).map(|((name, _), _)| name)
}

fn proposed(event: &Event) -> Option<CommandName> {
    match event {
        Event::ApprovalRequested(approval) => Some(approval.command.name()),
        _ => None,
    }
}

fn watched(office: &mut Office) -> RecordId {
    let id = Watch::id_of(Source::Duogui);
    let open = OpenFeedDay { source: Source::Duogui, day: office.now.date() };
    office.must(Role::Integration, id, &Command::OpenFeedDay(open));
    id
}

#[test]
fn a_watch_answers_every_command_of_every_role() {
    let mut office = Office::open();
    let id = watched(&mut office);
    check(&mut office, id);
}

#[test]
fn a_notice_answers_every_command_of_every_role() {
    let mut office = Office::open();
    let about = samples::case_in(&mut office, CaseState::Submitted);
    let id = RecordId(office.id());
    let raise = Command::RaiseNotice(Box::new(every::notice(about)));
    office.must(Role::Integration, id, &raise);
    check(&mut office, id);
}

#[test]
fn visits_items_complaints_and_ratings_answer_every_command_of_every_role() {
    let mut office = Office::open();
    for id in aftercare::everywhere(&mut office) {
        check(&mut office, id);
    }
    assert_eq!(replayed(&office), office.records);
}

#[test]
fn inspections_and_assessments_answer_every_command_of_every_role() {
    let mut office = Office::open();
    let id = RecordId(office.id());
    let plan = Command::PlanInspection(every::plan_inspection(office.now));
    office.must(Role::Inspector, id, &plan);
    check(&mut office, id);
    let id = RecordId(office.id());
    let draft = Command::DraftAssessment(Box::new(every::missed_standard(id, office.now)));
    office.must(Role::Inspector, id, &draft);
    check(&mut office, id);
}

#[test]
fn rules_and_people_answer_every_command_of_every_role() {
    let mut office = Office::open();
    office.publish_rules();
    for id in [lantian_domain::record::Rules::ID, RecordId(user(Role::CmLead).0)] {
        let answers = ask(&mut office, id);
        for ((command, role), answer) in &answers {
            assert_eq!(*answer == Err(Code::Role), !may(*role, *command), "{command:?} {role:?}");
        }
        agree_with_offers(&office, id, &answers);
    }
}

fn replayed(office: &Office) -> BTreeMap<RecordId, Record> {
    let mut records = BTreeMap::new();
    for (id, event, stamp) in &office.log {
        let text = serde_json::to_string(event).unwrap();
        let event: Event = serde_json::from_str(&text).unwrap();
        let before = records.remove(id);
        records.insert(*id, apply(before, *id, &event, stamp));
    }
    records
}

#[test]
fn a_replay_of_the_log_is_the_state() {
    let mut office = Office::open();
    for state in CaseState::ALL {
        samples::case_in(&mut office, *state);
    }
    for state in LeadState::ALL {
        lead_in(&mut office, state);
    }
    watched(&mut office);
    let again = replayed(&office);
    assert_eq!(again, office.records);
    for record in again.values() {
        let text = serde_json::to_string(record).unwrap();
        assert_eq!(&serde_json::from_str::<Record>(&text).unwrap(), record);
        assert_eq!(card(record).id, record.id());
        assert!(!audience(record).is_empty());
    }
}

#[test]
fn commands_and_schemas_keep_their_stored_form() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Designed);
    for command in every::every(&mut office, id) {
        let stored = serde_json::to_value(&command).unwrap();
        assert_eq!(stored["type"], command.name().as_str());
        assert_eq!(serde_json::from_value::<Command>(stored).unwrap(), command);
        assert_eq!(CommandName::parse(command.name().as_str()), Some(command.name()));
        let schema = lantian_domain::command::schema(command.name());
        assert_eq!(schema.get("type").unwrap(), "object");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever people try in whatever order, the log replays to the state,
    /// one manager is responsible, and nothing open is left on an ended case.
    #[test]
    fn any_order_of_commands_keeps_the_invariants(
        state in 0..CaseState::ALL.len(),
        tries in prop::collection::vec((0_usize..64, 0_usize..27, 0_i64..3_000), 1..25),
    ) {
        let mut office = Office::open();
        let id = samples::case_in(&mut office, CaseState::ALL[state]);
        for (which, role, pause) in tries {
            let commands = every::every(&mut office, id);
            let command = &commands[which % commands.len()];
            let _answer = office.give(Role::ALL[role], id, command);
            office.minutes(pause);
        }
        prop_assert_eq!(replayed(&office), office.records.clone());
        let case = office.case(id);
        prop_assert_eq!(case.assignments.iter().filter(|a| a.to.is_none()).count(), 1);
        prop_assert_eq!(case.assignments.last().map(|a| a.manager), Some(case.manager));
        for pair in case.assignments.windows(2) {
            prop_assert_eq!(pair[0].to, Some(pair[1].from));
        }
        if case.state.is_ended() && case.state != CaseState::Archived {
            prop_assert!(case.clocks.iter().all(|clock| !clock.state.is_open()));
        }
        let mut open = BTreeSet::new();
        for clock in case.clocks.iter().filter(|clock| clock.state.is_open()) {
            prop_assert!(open.insert((clock.rule, clock.key.clone())), "one clock at a time");
        }
    }
}
