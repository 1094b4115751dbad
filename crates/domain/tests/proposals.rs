//! Work that comes in after its record went to somebody else.

mod office;

use lantian_domain::{
    audience::{Audience, audience},
    case::CaseState,
    command::{Command, CommandName},
    context::Actor,
    event::Event,
    evidence::Grade,
    ids::{CommandId, DeviceId, RecordId},
    privacy::{Field, veil},
    proposal::{Proposal, ProposalState, SettleProposal, Settled, identity, late},
    record::Record,
    refusal::{Code, Refusal},
    role::Role,
    stamp::Stamp,
};
use office::{Office, every, samples, user};
use uuid::Uuid;

const MANAGER: Role = Role::CustomerManager;
const LEAD: Role = Role::CmLead;

fn settle(how: Settled, reason: Option<&str>) -> Command {
    let reason = reason.map(str::to_owned);
    Command::SettleProposal(SettleProposal { how, given: None, reason })
}

/// A remark on a case of the manager's, which the surveyor hands over.
fn offered(office: &mut Office) -> (RecordId, RecordId) {
    let case = samples::case_in(office, CaseState::SurveyDesign);
    let work = every::offered(case, office.now, None);
    let id = identity(work.source);
    office.must(Role::Surveyor, id, &Command::OfferWork(Box::new(work)));
    (case, id)
}

fn proposal(office: &Office, id: RecordId) -> &Proposal {
    let Record::Proposal(proposal) = &office.records[&id] else { unreachable!("{id}") };
    proposal
}

#[test]
fn work_goes_to_who_answers_for_its_record_and_to_nobody_else() {
    let mut office = Office::open();
    let (case, id) = offered(&mut office);
    let open = proposal(&office, id);
    assert_eq!((open.state, open.owner), (ProposalState::Offered, user(MANAGER)));
    assert_eq!((open.by, open.work.target), (user(Role::Surveyor), case));
    assert_eq!(open.work.given(), Some(samples_note()));
    let seen = audience(&office.records[&id]);
    let people = [user(MANAGER), user(Role::Surveyor)].map(Audience::User);
    assert!(people.iter().all(|person| seen.contains(person)));
    assert!(!seen.contains(&Audience::Everyone));
    let other = office.give(Role::Surveyor, id, &settle(Settled::TakenOver, None));
    assert_eq!(other.unwrap_err().code, Code::Assigned, "whose work it was does not decide");
}

fn samples_note() -> Command {
    let office = Office::open();
    every::offered(RecordId(Uuid::nil()), office.now, None).given().expect("it is a command")
}

#[test]
fn it_is_decided_once_and_declined_with_a_reason_alone() {
    let mut office = Office::open();
    let (_, id) = offered(&mut office);
    let mute = office.give(MANAGER, id, &settle(Settled::Declined, None));
    assert_eq!(mute.unwrap_err().code, Code::Format);
    office.must(MANAGER, id, &settle(Settled::Declined, Some("重复")));
    assert_eq!(proposal(&office, id).state, ProposalState::Declined);
    let again = office.give(LEAD, id, &settle(Settled::TakenOver, None));
    assert_eq!(again.unwrap_err().code, Code::State);
}

#[test]
fn the_lead_decides_where_the_owner_cannot() {
    let mut office = Office::open();
    let (_, id) = offered(&mut office);
    office.must(LEAD, id, &settle(Settled::Corrected, None));
    assert_eq!(proposal(&office, id).state, ProposalState::Corrected);
}

#[test]
fn one_command_is_one_proposal_however_often_it_is_handed_over() {
    let mut office = Office::open();
    let (case, id) = offered(&mut office);
    let work = every::offered(case, office.now, Some(user(LEAD)));
    let again = office.give(Role::Surveyor, id, &Command::OfferWork(Box::new(work.clone())));
    assert_eq!(again.unwrap_err().code, Code::Duplicate);
    let other = RecordId(office.id());
    let elsewhere = office.give(Role::Surveyor, other, &Command::OfferWork(Box::new(work)));
    assert_eq!(elsewhere.unwrap_err().params["field"], "source");
}

#[test]
fn what_is_no_command_or_goes_to_nobody_is_refused() {
    let mut office = Office::open();
    let case = samples::case_in(&mut office, CaseState::SurveyDesign);
    let good = every::offered(case, office.now, None);
    let id = identity(good.source);
    let mut field = |change: &dyn Fn(&mut lantian_domain::proposal::OfferWork)| {
        let mut work = good.clone();
        change(&mut work);
        let given = Command::OfferWork(Box::new(work));
        office.give(Role::Surveyor, id, &given).unwrap_err().params["field"].clone()
    };
    assert_eq!(field(&|work| work.data.clear()), "data");
    assert_eq!(field(&|work| work.command = CommandName::SettleProposal), "data");
    let long = serde_json::json!("x".repeat(70_000));
    assert_eq!(field(&|work| drop(work.data.insert("text".to_owned(), long.clone()))), "data");
    assert_eq!(field(&|work| work.to = Some(user(Role::Surveyor))), "to");
    assert_eq!(field(&|work| work.target = RecordId(Uuid::nil())), "to");
}

#[test]
fn late_work_is_offered_by_itself_and_nothing_else_is() {
    let mut office = Office::open();
    let case = samples::case_in(&mut office, CaseState::SurveyDesign);
    let stamp = Stamp {
        at: office.now,
        claimed: office.now,
        received: None,
        grade: Grade::Online,
        actor: user(LEAD),
        role: None,
        device: DeviceId(Uuid::nil()),
        command: CommandId(Uuid::from_u128(5)),
    };
    let source = stamp.command;
    let record = &office.records[&case];
    let note = samples_note();
    let offered = |code, stamp: &Stamp| late(&Refusal::new(code), source, record, &note, stamp);
    let change = offered(Code::Assigned, &stamp).unwrap();
    let Event::ProposalOffered(made) = &change.event else { unreachable!() };
    assert_eq!((change.record, made.owner, made.by), (identity(source), user(MANAGER), user(LEAD)));
    assert_eq!(offered(Code::State, &stamp), None);
    let own = Stamp { actor: user(MANAGER), ..stamp };
    assert_eq!(offered(Code::Assigned, &own), None);
}

#[test]
fn p_18_what_it_holds_of_a_person_is_masked_for_whom_it_does_not_concern() {
    let mut office = Office::open();
    let case = samples::case_in(&mut office, CaseState::SurveyDesign);
    let mut work = every::offered(case, office.now, None);
    let nested = serde_json::json!([{ "contact_phone": "13812345678" }]);
    work.data.insert("people".to_owned(), nested);
    let id = identity(work.source);
    office.must(Role::Surveyor, id, &Command::OfferWork(Box::new(work)));
    let record = &office.records[&id];
    let phone = |actor: &Actor| {
        let (seen, hidden) = veil(record, actor, office.now);
        let Record::Proposal(seen) = seen else { unreachable!() };
        let text = seen.work.data["people"][0]["contact_phone"].as_str().map(str::to_owned);
        (text, hidden.contains(&Field::ContactPhone))
    };
    assert_eq!(phone(&office.actor(MANAGER)), (Some("13812345678".to_owned()), false));
    assert_eq!(phone(&office.actor(LEAD)), (Some("138****5678".to_owned()), true));
}
