//! Personal information: masks, need to know, requests of persons, retention,
//! what contractors get (domain m).
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test names what it is about")]

mod office;

use std::collections::BTreeSet;

use lantian_domain::{
    audience::{Audience, audience},
    card::card,
    case::{CaseState, closing::Withdraw, contract::ContractKind, material::VerifyMaterial},
    command::{Command, CommandName, schema},
    file::FileKind,
    ids::RecordId,
    lead::{CloseLead, CloseReason, ContactChannel, ContactResult},
    ledger::ItemState,
    policy::RuleId,
    privacy::{
        Clearance, Datum, Field, Unmask, clearance,
        erase::{self, Because, EraseData},
        field::held_in,
        notice, outside, purpose,
        register::PiRegister,
        request::{AnswerPiRequest, PiKind, PiState},
        retention::{self, Class, TERMS},
        sight::SIGHT_MS,
        veil,
    },
    record::Record,
    refusal::Code,
    role::Role,
    time::{DAY_MS, Date, Instant},
    visit::SegmentGroup,
};
use office::{Office, aftercare, personal, samples, user};
use proptest::prelude::*;
use serde_json::Value;

const MANAGER: Role = Role::CustomerManager;
const PHONE: &str = "13800138000";
const NAME: &str = "王小明";
const ID_NO: &str = "410184199001011234";

/// A paper that comes in, with or without its number.
fn paper(code: &str, doc_no: Option<&str>) -> Command {
    let mut paper = samples::receive(code);
    if let Command::ReceiveMaterial(paper) = &mut paper {
        paper.doc_no = doc_no.map(str::to_owned);
    }
    paper
}

/// A case with an identity paper in it.
fn with_id_paper(office: &mut Office, state: CaseState) -> RecordId {
    let id = samples::case_in(office, state);
    office.attach(MANAGER, id, FileKind::Material);
    let paper = paper("MT14", Some(ID_NO));
    office.must(MANAGER, id, &paper);
    id
}

fn text_of(record: &Record) -> String {
    serde_json::to_string(record).unwrap()
}

fn unmask(field: Field) -> Command {
    Command::Unmask(Unmask { field, reason: "核对签约主体".to_owned() })
}

fn seen(office: &Office, role: Role, id: RecordId) -> (Record, BTreeSet<Field>) {
    veil(&office.records[&id], &office.actor(role), office.now)
}

// Masks and sight (P-18)

#[test]
fn p_18_a_list_line_never_shows_a_person_in_clear() {
    let mut office = Office::open();
    let id = with_id_paper(&mut office, CaseState::FeeConfirmed);
    let line = card(&office.records[&id]);
    assert_eq!(line.title, "王*");
    assert_eq!(line.subtitle, "新郑市新华路66号院3号楼");
    assert!(line.search.contains(PHONE), "search goes on finding by the whole number");
    assert!(line.search.contains(NAME) && line.search.contains("501"));
    let shown = serde_json::to_value(&line).unwrap();
    let shown: Vec<_> = shown
        .as_object()
        .unwrap()
        .iter()
        .filter(|(key, _)| *key != "search")
        .map(|(_, value)| value.to_string())
        .collect();
    for secret in [NAME, PHONE, ID_NO, "501"] {
        assert!(shown.iter().all(|text| !text.contains(secret)), "{secret}");
    }
}

#[test]
fn p_18_the_responsible_calls_the_customer_and_everybody_else_sees_masks() {
    let mut office = Office::open();
    let id = with_id_paper(&mut office, CaseState::FeeConfirmed);
    let (own, hidden) = seen(&office, MANAGER, id);
    let own = text_of(&own);
    assert!(own.contains(PHONE) && own.contains(NAME) && !own.contains(ID_NO));
    assert_eq!(hidden, BTreeSet::from([Field::DocNo]), "numbers of papers are masked for all");
    let (at_the_door, _) = seen(&office, Role::EngDispatcher, id);
    let at_the_door = text_of(&at_the_door);
    assert!(at_the_door.contains(NAME) && at_the_door.contains("2单元501"));
    assert!(!at_the_door.contains(PHONE) && at_the_door.contains("138****8000"));
    for role in [Role::CmLead, Role::TechLead, Role::Leader, Role::Assessor, Role::Inspector] {
        let (masked, hidden) = seen(&office, role, id);
        let masked = text_of(&masked);
        for secret in [NAME, PHONE, ID_NO, "2单元501"] {
            assert!(!masked.contains(secret), "{} sees {secret}", role.as_str());
        }
        assert!(masked.contains("王*") && masked.contains("410*************34"));
        assert!(hidden.contains(&Field::Phone), "{}", role.as_str());
    }
}

#[test]
fn p_18_full_on_need_with_reason_for_half_an_hour_and_on_the_trail() {
    let mut office = Office::open();
    let id = with_id_paper(&mut office, CaseState::FeeConfirmed);
    let silent = Command::Unmask(Unmask { field: Field::Phone, reason: " ".to_owned() });
    assert_eq!(office.give(Role::CmLead, id, &silent).unwrap_err().code, Code::Format);
    office.must(Role::CmLead, id, &unmask(Field::Phone));
    let (one, hidden) = seen(&office, Role::CmLead, id);
    assert!(text_of(&one).contains(PHONE) && !text_of(&one).contains(NAME), "one field alone");
    assert!(!hidden.contains(&Field::Phone) && hidden.contains(&Field::Name));
    assert!(!text_of(&seen(&office, Role::Leader, id).0).contains(PHONE), "for nobody else");
    let line = office.case(id).trail.last().unwrap();
    assert_eq!((line.by, line.did.as_str()), (user(Role::CmLead), "field_unmasked"));
    assert_eq!(line.note.as_deref(), Some("phone：核对签约主体"));
    let again = office.give(Role::CmLead, id, &unmask(Field::Phone)).unwrap_err();
    assert_eq!(again.code, Code::Duplicate);
    office.now = office.now.plus_ms(SIGHT_MS);
    assert!(!text_of(&seen(&office, Role::CmLead, id).0).contains(PHONE), "it ends by itself");
}

#[test]
fn p_18_unmasking_follows_the_permission_matrix() {
    let mut office = Office::open();
    let id = with_id_paper(&mut office, CaseState::FeeConfirmed);
    for role in Role::ALL {
        let answer = office.judge(role, id, &unmask(Field::DocNo)).map_err(|no| no.code);
        let expected = match role {
            Role::CustomerManager
            | Role::PermitAgent
            | Role::VisitAgent
            | Role::ServiceLead
            | Role::CmLead
            | Role::Inspector
            | Role::Assessor
            | Role::Leader => None,
            // Their own alone, and this case is not theirs.
            Role::CounterClerk | Role::HotlineAgent => Some(Code::Assigned),
            _ => Some(Code::Role),
        };
        assert_eq!(answer.err(), expected, "{}", role.as_str());
    }
    let empty = office.judge(MANAGER, id, &unmask(Field::Witness)).unwrap_err();
    assert_eq!((empty.code, empty.params["field"].as_str()), (Code::Format, "field"));
}

// Purpose, notice, sensitive data (P-01, P-02, P-03)

/// The fields of a schema with their widgets, by path.
fn fields(root: &Value, node: &Value, path: &str, found: &mut Vec<(String, bool)>) {
    if path.matches('.').count() > 3 {
        return;
    }
    let node = match node.get("$ref").and_then(Value::as_str) {
        Some(link) => root.pointer(link.trim_start_matches('#')).unwrap(),
        None => node,
    };
    for list in ["anyOf", "allOf", "oneOf"] {
        for one in node.get(list).and_then(Value::as_array).into_iter().flatten() {
            fields(root, one, path, found);
        }
    }
    let Some(all) = node.get("properties").and_then(Value::as_object) else { return };
    let beside_phone = all.contains_key("phone");
    for (name, value) in all {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let widget = value.get("x-widget").and_then(Value::as_str);
        let asks = purpose::asks(name, widget, beside_phone);
        found.push((path.clone(), asks));
        if !asks || value.get("$ref").is_some() && widget.is_none() {
            fields(root, value, &path, found);
        }
    }
}

#[test]
fn p_01_each_forms_personal_fields_are_a_subset_of_the_purpose_table() {
    let mut undeclared = Vec::new();
    let mut met = BTreeSet::new();
    for command in CommandName::ALL {
        let root = schema(*command).to_value();
        let mut found = Vec::new();
        fields(&root, &root, "", &mut found);
        for (path, _) in found.iter().filter(|(_, asks)| *asks) {
            match purpose::purpose(*command, path) {
                Some(_) => met.extend([(*command, path.clone())]),
                None => undeclared.push(format!("{}.{path}", command.as_str())),
            }
        }
    }
    assert!(undeclared.is_empty(), "no purpose is declared for {undeclared:#?}");
    let stale: Vec<_> = purpose::DECLARED
        .iter()
        .filter(|one| !met.contains(&(one.command, one.path.to_owned())))
        .map(|one| format!("{}.{}", one.command.as_str(), one.path))
        .collect();
    assert!(stale.is_empty(), "declared, but no form asks for {stale:#?}");
}

#[test]
fn p_02_the_notice_says_who_what_for_which_how_long_and_the_rights_by_version() {
    for one in &notice::NOTICES {
        for said in [one.version, one.who, one.purpose, one.kinds, one.retention, one.rights] {
            assert!(!said.is_empty(), "{}", one.version);
        }
        let same = notice::NOTICES.iter().filter(|other| other.version == one.version);
        assert_eq!(same.count(), 1, "a version names one text");
    }
    // What the notice promises is what the company does.
    assert_eq!(Class::CaseFile.months(), Some(30 * 12));
    assert_eq!(Class::Ended.months(), Some(2 * 12));
    assert!(notice::in_force().retention.contains("三十年"));
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Submitted);
    assert_eq!(office.case(id).basic.consent.text_version, "PI-2026-1", "stored with the case");
    let mut without = samples::basic(office.now);
    without.consent.text_version.clear();
    let demand: Command = serde_json::from_value(serde_json::json!({
        "type": "submit_demand", "channel": "on_site", "kind": "demand", "segment": "residential_scattered",
        "basic": without,
    }))
    .unwrap();
    let new = RecordId(office.id());
    let no = office.give(MANAGER, new, &demand).unwrap_err();
    assert_eq!(no.code, Code::BasicMissing);
    assert!(no.params.values().any(|text| text.contains("consent")), "{no:?}");
}

#[test]
fn p_03_without_an_id_number_the_case_runs_to_contract() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::FeeConfirmed);
    for code in ["MT01", "MT02"] {
        let photo = office.attach(MANAGER, id, FileKind::Material);
        let mut came = paper(code, None);
        if let Command::ReceiveMaterial(came) = &mut came {
            came.files.push(photo);
        }
        office.must(MANAGER, id, &came);
        let code = code.to_owned();
        office.must(MANAGER, id, &Command::VerifyMaterial(VerifyMaterial { code }));
    }
    let contract = samples::contract(&mut office, id, ContractKind::Supply);
    office.must(MANAGER, id, &contract);
    let case = office.case(id);
    assert!(case.contracts.supply.is_some());
    let identity = case.materials.iter().find(|item| item.code == "MT01").unwrap();
    assert!(identity.doc_no.is_none(), "the number of the identity paper was never asked for");
    assert!(!text_of(&office.records[&id]).contains(ID_NO));
}

#[test]
fn p_03_a_place_is_recorded_by_a_command_and_never_by_itself() {
    // A location enters the company as a field of a command that a person
    // gives; no command consists of a location alone, as a track would.
    for command in CommandName::ALL {
        let root = schema(*command).to_value();
        let mut found = Vec::new();
        fields(&root, &root, "", &mut found);
        let places = found.iter().filter(|(path, _)| path.ends_with("geo")).count();
        assert!(places == 0 || found.len() > places, "{}", command.as_str());
        if let Some(purpose) = purpose::purpose(*command, "geo") {
            use purpose::Purpose::{Proof, Site};
            assert!(matches!(purpose, Proof | Site), "{}", command.as_str());
        }
    }
}

// Requests of persons (P-04)

fn answer(granted: bool) -> AnswerPiRequest {
    AnswerPiRequest {
        granted,
        text: "已按请求办理".to_owned(),
        about: None,
        phone: None,
        name: None,
    }
}

fn ask(office: &mut Office, kind: PiKind, about: RecordId) -> RecordId {
    let id = RecordId(office.id());
    office.must(Role::HotlineAgent, id, &personal::pi_request(kind, Some(about)));
    id
}

fn request(office: &Office, id: RecordId) -> &lantian_domain::privacy::request::PiRequest {
    match &office.records[&id] {
        Record::PiRequest(request) => request,
        other => panic!("a request, not {other:?}"),
    }
}

#[test]
fn p_04_l_15_a_request_is_answered_within_fifteen_working_days() {
    let mut office = Office::open();
    let case = samples::case_in(&mut office, CaseState::Accepted);
    for kind in PiKind::ALL.iter().filter(|kind| **kind != PiKind::Delete) {
        let id = ask(&mut office, *kind, case);
        let clock = request(&office, id).clocks.first().unwrap();
        assert_eq!(clock.rule, RuleId::D22);
        assert_eq!(clock.due_at, Instant::parse("2026-03-27T00:00:00+08:00").unwrap());
        let mut given = answer(true);
        given.about = Some(case);
        if *kind == PiKind::Correct {
            given.phone = Some("13900139000".to_owned());
        }
        office.must(Role::ServiceLead, id, &Command::AnswerPiRequest(given));
        let request = request(&office, id);
        assert_eq!(request.state, PiState::Granted);
        assert!(!request.clocks[0].state.is_open(), "D-22 has stopped");
    }
    let case = office.case(case);
    assert_eq!(case.basic.phone, "13900139000", "corrected");
    assert!(case.basic.consent.withdrawn_at.is_some(), "withdrawn");
}

#[test]
fn p_04_deletion_waits_for_the_end_and_keeps_what_the_law_wants_pseudonymised() {
    let mut office = Office::open();
    let case = with_id_paper(&mut office, CaseState::FeeConfirmed);
    let id = ask(&mut office, PiKind::Delete, case);
    let mut yes = answer(true);
    yes.about = Some(case);
    let yes = Command::AnswerPiRequest(yes);
    let no = office.give(Role::ServiceLead, id, &yes).unwrap_err();
    assert_eq!((no.code, no.params["gate"].as_str()), (Code::Gate, "retention"));
    let leave =
        Withdraw { reason: "不再需要".to_owned(), costs_settled: true, incurred: Vec::new() };
    office.must(MANAGER, case, &Command::Withdraw(leave));
    if office.state(case) != CaseState::Withdrawn {
        let no = u32::try_from(office.case(case).approvals.len()).unwrap();
        office.must(Role::CmLead, case, &samples::yes(no));
    }
    office.must(Role::ServiceLead, id, &yes);
    let kept = office.case(case);
    assert!(erase::is_erased(&office.records[&case]));
    assert_eq!(kept.basic.name, "已去标识");
    assert!(kept.confirmations.len() == 1 && !kept.budgets.is_empty(), "the business is kept");
    let text = text_of(&office.records[&case]);
    for secret in [NAME, PHONE, ID_NO, "2单元501"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let again = Command::EraseData(EraseData { because: Because::Request });
    assert_eq!(office.give(Role::Integration, case, &again).unwrap_err().code, Code::State);
}

// Retention (P-05)

#[test]
fn p_05_each_class_has_its_period_as_data() {
    let months = |class: Class| TERMS.iter().find(|term| term.class == class).unwrap().months;
    assert_eq!(TERMS.len(), Class::ALL.len());
    assert_eq!(months(Class::Permanent), None);
    assert_eq!(months(Class::CaseFile), Some(360));
    assert_eq!(months(Class::Visit), Some(120));
    assert!(months(Class::Voice).is_some_and(|months| (6..=24).contains(&months)));
    assert_eq!(months(Class::SecurityLog), Some(36));
    assert_eq!(months(Class::Assessment), Some(36));
    for kind in [FileKind::Contract, FileKind::Drawing, FileKind::TestRecord] {
        assert_eq!(retention::of_file(kind), Class::Permanent);
    }
    assert_eq!(retention::of_file(FileKind::Recording), Class::Voice);
}

#[test]
fn p_05_a_lead_without_business_is_due_two_years_after_its_end_to_the_day() {
    let mut office = Office::open();
    let id = RecordId(office.id());
    office.must(Role::HallClerk, id, &samples::push(office.now));
    assert_eq!(retention::due_on(&office.records[&id]), None, "never while it is in work");
    let close = CloseLead {
        reason: CloseReason::NoDemand,
        merge_into: None,
        note: "暂无需求".to_owned(),
        revisit_on: None,
    };
    office.must(Role::CmLead, id, &Command::CloseLead(close));
    let due = retention::due_on(&office.records[&id]).unwrap();
    assert_eq!(due, Instant::parse("2028-03-06T00:00:00+08:00").unwrap());
    let erase = Command::EraseData(EraseData { because: Because::Retention });
    office.now = due.plus_ms(-1);
    let early = office.give(Role::Integration, id, &erase).unwrap_err();
    assert_eq!((early.code, early.params["until"].as_str()), (Code::Gate, "2028-03-06"));
    office.now = due;
    office.must(Role::Integration, id, &erase);
    assert!(!text_of(&office.records[&id]).contains(PHONE));
    assert_eq!(retention::due_on(&office.records[&id]), None, "once");
}

proptest! {
    /// Whatever a record went through, erasing leaves no datum of the person.
    #[test]
    fn p_05_nothing_of_the_person_is_left_after_erasing(
        contacts in 0_usize..4, papers in prop::bool::ANY, note in "[一-龥]{2,12}",
    ) {
        let mut office = Office::open();
        let id = if papers {
            with_id_paper(&mut office, CaseState::Accepted)
        } else {
            samples::case_in(&mut office, CaseState::Accepted)
        };
        for _ in 0..contacts {
            let mut talk = samples::attempt(ContactResult::Reached, ContactChannel::Phone);
            if let Command::RecordContactAttempt(talk) = &mut talk {
                talk.summary = Some(format!("{note}{NAME}{PHONE}"));
            }
            office.must(MANAGER, id, &talk);
        }
        let before = held_in(&office.records[&id]);
        samples::advance(&mut office, id, CaseState::Withdrawn);
        let erase = Command::EraseData(EraseData { because: Because::Request });
        office.must(Role::Integration, id, &erase);
        let text = text_of(&office.records[&id]);
        for (field, secret) in before.iter().filter(|(field, text)| erase::tells(*field, text)) {
            prop_assert!(!text.contains(secret.as_str()), "{field:?} {secret}");
        }
    }
}

#[test]
fn p_05_what_is_looked_for_in_the_log_is_longest_first() {
    let all = erase::replacements([vec![
        (Field::Name, "王小明".to_owned()),
        (Field::Summary, "与王小明约定".to_owned()),
        (Field::Agent, "Li".to_owned()),
        (Field::Phone, PHONE.to_owned()),
    ]]);
    let texts: Vec<_> = all.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(texts, ["与王小明约定", PHONE, NAME], "short codes are not looked for");
}

// Contractors and administrators (P-06, P-20, SOD-6)

#[test]
fn p_06_what_a_contractor_gets_has_no_id_number_and_only_a_masked_phone() {
    let mut office = Office::open();
    let id = with_id_paper(&mut office, CaseState::Accepted);
    let mut talk = samples::attempt(ContactResult::Reached, ContactChannel::Phone);
    if let Command::RecordContactAttempt(talk) = &mut talk {
        talk.summary = Some(format!("{NAME}的另一个电话 13911112222"));
    }
    office.must(MANAGER, id, &talk);
    samples::advance(&mut office, id, CaseState::Constructing);
    let given = outside::outside(office.records[&id].clone());
    let text = text_of(&given);
    assert!(text.contains(NAME) && text.contains("2单元501"), "whom and where the order is for");
    assert!(text.contains("138****8000"), "the appointment phone is masked");
    for secret in [PHONE, "13911112222", ID_NO, "410*************34"] {
        assert!(!text.contains(secret), "{secret}");
    }
    let Record::Case(case) = &given else { panic!("a case") };
    assert!(case.files.iter().all(|file| file.kind != FileKind::Material), "no scan of a paper");
    let line = card(&given);
    assert!(!serde_json::to_string(&line).unwrap().contains(PHONE), "nor the list line's search");
    for (field, text) in held_in(&given) {
        let masked = outside::may_leave(field) || text.contains('*') || text.len() <= 8;
        assert!(masked || field.datum() != Datum::Phone, "{field:?} {text}");
    }
}

#[test]
fn p_06_the_rulebook_answers_a_contractor_alike_on_what_he_has() {
    let mut office = Office::open();
    let id = with_id_paper(&mut office, CaseState::ConstructionPreparing);
    for until in [CaseState::ConstructionPreparing, CaseState::Constructing] {
        samples::advance(&mut office, id, until);
        let commands = office::every::every(&mut office, id);
        let whole = office.records[&id].clone();
        for command in &commands {
            office.records.insert(id, whole.clone());
            let at_the_company = office.judge(Role::ContractorLead, id, command);
            office.records.insert(id, outside::outside(whole.clone()));
            let on_the_tablet = office.judge(Role::ContractorLead, id, command);
            let code = |answer: Result<Vec<_>, lantian_domain::refusal::Refusal>| {
                answer.map(|changes| changes.len()).map_err(|no| no.code)
            };
            assert_eq!(code(at_the_company), code(on_the_tablet), "{}", command.name().as_str());
        }
        office.records.insert(id, whole);
    }
}

#[test]
fn p_20_pressure_and_pipelines_reach_a_contractor_with_the_own_order_alone() {
    let mut office = Office::open();
    let other = samples::case_in(&mut office, CaseState::EngineeringReceived);
    let own = samples::case_in(&mut office, CaseState::Constructing);
    assert!(office.case(other).pressure.is_some(), "there is pressure data to hide");
    let reaches = |id: RecordId| {
        let seen_by = audience(&office.records[&id]);
        let contractor = user(Role::ContractorLead);
        seen_by.contains(&Audience::User(contractor))
            || seen_by.contains(&Audience::Role(Role::ContractorLead))
            || seen_by.contains(&Audience::Everyone)
    };
    assert!(!reaches(other) && reaches(own));
}

#[test]
fn sod_6_p_13_no_administrator_is_given_a_case_or_a_clear_name() {
    let mut office = Office::open();
    let id = with_id_paper(&mut office, CaseState::FeeConfirmed);
    let lead = RecordId(office.id());
    office.must(Role::HallClerk, lead, &samples::push(office.now));
    let asked = ask(&mut office, PiKind::Access, id);
    for role in [Role::SysAdmin, Role::SecAdmin, Role::AuditAdmin] {
        let Record::Person(person) = &office.records[&RecordId(user(role).0)] else {
            panic!("a person")
        };
        assert_eq!(clearance(person), Clearance::Outside);
        for record in [id, lead] {
            let seen_by = audience(&office.records[&record]);
            assert!(!seen_by.contains(&Audience::Role(role)), "{}", role.as_str());
        }
    }
    let given = text_of(&outside::outside(office.records[&asked].clone()));
    assert!(!given.contains(NAME) && !given.contains(PHONE));
    let Record::Person(manager) = &office.records[&RecordId(user(MANAGER).0)] else {
        panic!("a person")
    };
    assert_eq!(clearance(manager), Clearance::Whole);
}

// The register (P-07, P-08)

fn with_register() -> Office {
    let mut office = Office::open();
    let empty = Record::PiRegister(Box::new(PiRegister::empty()));
    office.records.insert(PiRegister::ID, empty);
    office
}

fn register(office: &Office) -> &PiRegister {
    match &office.records[&PiRegister::ID] {
        Record::PiRegister(register) => register,
        other => panic!("the register, not {other:?}"),
    }
}

#[test]
fn p_07_an_assessment_has_a_date_warns_before_it_ends_and_is_kept_three_years() {
    let mut office = with_register();
    let filed = personal::assessment(office.now);
    office.must(Role::SecAdmin, PiRegister::ID, &filed);
    let one = &register(&office).assessments[0];
    assert_eq!(one.done_on, "2026-03-05".parse::<Date>().unwrap());
    assert_eq!(one.kept_until(), Some("2029-03-05".parse().unwrap()));
    let line = card(&office.records[&PiRegister::ID]);
    let warned = line.due_at.unwrap();
    let ends = Instant::start_of(one.valid_to);
    assert_eq!(ends.0 - warned.0, 60 * DAY_MS, "sixty days before it ends");
    office.now = office.now.plus_ms(300 * DAY_MS);
    let renewed = personal::assessment(office.now);
    office.must(Role::SecAdmin, PiRegister::ID, &renewed);
    assert!(card(&office.records[&PiRegister::ID]).due_at.unwrap() > warned, "renewed");
}

#[test]
fn p_08_an_incident_produces_the_notice_drafts() {
    let mut office = with_register();
    let what = personal::breach(office.now);
    office.must(Role::SecAdmin, PiRegister::ID, &what);
    let breach = &register(&office).breaches[0];
    assert_eq!(breach.drafts.len(), 2, "to the authority and to the persons");
    for draft in &breach.drafts {
        for said in
            ["姓名、手机号码", "一台平板遗失", "骚扰电话", "注销设备", "不透露验证码", "62690000"]
        {
            assert!(draft.text.contains(said), "{} lacks {said}", draft.to);
        }
    }
    assert_eq!(register(&office).state(), "incident_open");
    let close = lantian_domain::privacy::breach::CloseBreach {
        no: 1,
        authority_told: true,
        persons_told: true,
        note: "已通知".to_owned(),
    };
    office.must(Role::SecAdmin, PiRegister::ID, &Command::CloseBreach(close.clone()));
    assert_eq!(register(&office).state(), "calm");
    let again = office.give(Role::SecAdmin, PiRegister::ID, &Command::CloseBreach(close));
    assert_eq!(again.unwrap_err().code, Code::Format);
}

#[test]
fn p_02_every_form_that_asks_for_consent_shows_the_notice_in_force() {
    fn asked(schema: &Value, found: &mut Vec<Value>) {
        match schema {
            Value::Object(all) => {
                if all.get("x-widget").is_some_and(|widget| widget == "consent") {
                    found.push(all["x-notice"].clone());
                }
                all.values().for_each(|one| asked(one, found));
            }
            Value::Array(all) => all.iter().for_each(|one| asked(one, found)),
            _ => {}
        }
    }
    let mut notices = Vec::new();
    for command in CommandName::ALL {
        asked(&serde_json::to_value(schema(*command)).unwrap(), &mut notices);
    }
    assert!(notices.len() >= 2, "a demand and a converted lead ask for it");
    let in_force = serde_json::to_value(notice::in_force()).unwrap();
    assert!(notices.iter().all(|one| *one == in_force), "{notices:?}");
    for said in ["version", "who", "purpose", "kinds", "retention", "rights"] {
        assert!(in_force[said].as_str().is_some_and(|text| !text.is_empty()), "{said}");
    }
}

// Return visits, ledger, complaints (P-06, P-18)

#[test]
fn p_18_p_06_a_months_plan_names_a_household_to_nobody_who_only_reads_lists() {
    let mut office = Office::open();
    let mut all = aftercare::accounts(SegmentGroup::Household, 12);
    for one in &mut all {
        one.address.push_str("3单元");
    }
    let plan = aftercare::month(&mut office, SegmentGroup::Household, all, Vec::new());
    let whole = text_of(&office.records[&plan]);
    assert!(whole.contains("用户") && whole.contains("13800001234"), "there is something to hide");
    for shown in [
        text_of(&outside::outside(office.records[&plan].clone())),
        text_of(&seen(&office, Role::Inspector, plan).0),
        text_of(&seen(&office, Role::VisitAgent, plan).0),
    ] {
        for n in 0..12 {
            assert!(!shown.contains(&format!("\"用户{n}\"")), "{n}");
            assert!(!shown.contains(&format!("文昌路{n}号3单元")), "{n}");
        }
        assert!(
            shown.contains("用*") && shown.contains("138****1234") && shown.contains("XZLT-BZ")
        );
        assert!(!shown.contains("13800001234"));
    }
    // One reason opens one visit, not the telephone numbers of a month.
    let visit = aftercare::visits(&office, plan)[0];
    let no = office.judge(Role::VisitAgent, plan, &unmask(Field::Phone)).unwrap_err();
    assert_eq!(no.code, Code::Assigned);
    office.must(Role::VisitAgent, visit, &unmask(Field::Phone));
    assert!(text_of(&seen(&office, Role::VisitAgent, visit).0).contains("13800001234"));
    let line = card(&office.records[&visit]);
    assert_eq!(line.title, "用*");
    assert!(line.subtitle.starts_with("文昌路") && !line.subtitle.contains("单元"));
}

#[test]
fn p_18_the_name_of_an_organisation_is_public_and_its_telephone_is_not() {
    let mut office = Office::open();
    let all = aftercare::accounts(SegmentGroup::NonResidential, 3);
    let plan = aftercare::month(&mut office, SegmentGroup::NonResidential, all, Vec::new());
    for visit in aftercare::visits(&office, plan) {
        let shown = text_of(&outside::outside(office.records[&visit].clone()));
        assert!(shown.contains("用户"));
        assert!(!shown.contains("13800001234") && shown.contains("138****1234"));
    }
    let shown = text_of(&outside::outside(office.records[&plan].clone()));
    assert!(shown.contains("\"用户2\""), "R-44 names who was missed");
}

#[test]
fn p_06_p_18_a_ledger_item_shows_an_outside_reader_neither_name_nor_words() {
    let mut office = Office::open();
    let id = aftercare::item_in(&mut office, ItemState::Closed);
    let Some(Record::LedgerItem(item)) = office.records.get_mut(&id) else { panic!("an item") };
    NAME.clone_into(&mut item.customer);
    let (customer, text) = (item.customer.clone(), item.text.clone());
    let shown = text_of(&outside::outside(office.records[&id].clone()));
    assert!(!shown.contains(&customer) && !shown.contains(&text), "{shown}");
    let masked = text_of(&seen(&office, Role::Leader, id).0);
    assert!(!masked.contains(&customer) && masked.contains(&text), "the matter, not the person");
    let line = card(&office.records[&id]);
    assert!(!line.subtitle.contains(&customer) && line.search.contains(&customer));
    let words = outside::outside(office.records[&id].clone());
    assert_eq!(card(&words).title, "");
}

#[test]
fn p_05_visits_and_ledger_are_let_go_of_after_ten_years() {
    let mut office = Office::open();
    let id = aftercare::item_in(&mut office, ItemState::Closed);
    let due = retention::due_on(&office.records[&id]).unwrap();
    let closed = office.records[&id].trail().last().unwrap().at.date();
    let ten_years = closed.checked_add_months(chrono::Months::new(120)).unwrap();
    assert_eq!(due, Instant::start_of(ten_years.succ_opt().unwrap()));
    let open = aftercare::item_in(&mut office, ItemState::Open);
    assert_eq!(retention::due_on(&office.records[&open]), None, "never while it is in work");
    let Some(Record::LedgerItem(item)) = office.records.get_mut(&id) else { panic!("an item") };
    NAME.clone_into(&mut item.customer);
    let customer = NAME.to_owned();
    office.now = due;
    let erase = Command::EraseData(EraseData { because: Because::Retention });
    office.must(Role::Integration, id, &erase);
    assert!(!text_of(&office.records[&id]).contains(&customer));
}
