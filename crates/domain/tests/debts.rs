//! Debts of materials and their end: F-8, F-10…F-12, R-31, R-39.
#![expect(clippy::wildcard_enum_match_arm, reason = "a test names what it is about")]

mod office;

use lantian_domain::{
    applicant::{self, Applicant},
    case::{
        AcceptanceMode, CaseState, Segment, gate,
        intake::AcceptCase,
        material::{
            MaterialSource, MaterialState, Message, OwedBy, OwedItem, ReceiveMaterial,
            RejectMaterial, false_paper::ReportFalsePaper, ledger::ledger, statistics::Statistics,
        },
        pressure::PushToTech,
    },
    command::Command,
    file::FileKind,
    record::Record,
    refusal::Code,
    role::Role,
};
use office::{
    Office,
    debts::{all_owed, at, basic_with, debt, item, scattered, submitted, told, tolerant, verify},
    samples, user,
};

const MANAGER: Role = Role::CustomerManager;

#[test]
fn f_08_a_gate_closes_by_the_item_and_not_by_its_date() {
    let mut office = Office::open();
    let basic = basic_with(
        office.now,
        &serde_json::json!({
            "party_type": "organization", "name": "示例餐饮店", "use_kind": "catering",
        }),
    );
    let id = submitted(&mut office, Segment::Micro, basic);
    let owed = all_owed(&office, id);
    office.must(MANAGER, id, &tolerant(owed));
    let due = item(&office, id, "MT18").due_on.unwrap();
    assert!(due > office.now.date(), "its date is later");
    let shut = gate::missing(office.case(id), gate::Gate::LegalGas, office.now, &office.rules);
    assert_eq!(shut, ["MT18"], "and still gas cannot be turned on");
    office.must(MANAGER, id, &samples::receive("MT18"));
    assert!(
        gate::missing(office.case(id), gate::Gate::LegalGas, office.now, &office.rules).is_empty()
    );
}

#[test]
fn f_10_a_false_paper_ends_tolerance_for_a_year_and_not_the_supply() {
    let mut office = Office::open();
    let id = scattered(&mut office);
    let owed = all_owed(&office, id);
    office.must(MANAGER, id, &tolerant(owed));
    office.must(MANAGER, id, &samples::receive("MT02"));
    let proof = office.attach(MANAGER, id, FileKind::Other);
    let report = Command::ReportFalsePaper(ReportFalsePaper {
        code: "MT02".to_owned(),
        finding: "不动产登记查无此证".to_owned(),
        files: vec![proof],
    });
    office.must(MANAGER, id, &report);
    let noted = applicant::id_of(&office.case(id).basic);
    assert!(!office.records.contains_key(&noted), "the lead decides");
    office.must(Role::CmLead, id, &samples::yes(1));
    let until = |office: &Office| match &office.records[&noted] {
        Record::Applicant(one) => Applicant::blocked_until(one),
        _ => None,
    };
    assert_eq!(until(&office), Some("2027-03-05".parse().unwrap()));
    assert_eq!(item(&office, id, "MT02").state, MaterialState::Collecting);

    let next = scattered(&mut office);
    let owed = all_owed(&office, next);
    let no = office.give(MANAGER, next, &tolerant(owed.clone())).unwrap_err();
    assert_eq!((no.code, no.params["why"].as_str()), (Code::NotTolerable, "blocked"));
    let by_us: Vec<_> =
        owed.into_iter().map(|one| OwedItem { owed_by: OwedBy::Manager, ..one }).collect();
    office.must(MANAGER, next, &tolerant(by_us));
    // A second finding on the same applicant is added to the first.
    office.must(MANAGER, next, &samples::receive("MT01"));
    let proof = office.attach(MANAGER, next, FileKind::Other);
    let again = Command::ReportFalsePaper(ReportFalsePaper {
        code: "MT01".to_owned(),
        finding: "证件系伪造".to_owned(),
        files: vec![proof],
    });
    office.approved(MANAGER, Role::CmLead, next, &again);
    // Twelve months later he may owe again; with every paper he always could apply.
    office.now = at("2027-03-06T09:00:00+08:00");
    let later = scattered(&mut office);
    let owed = all_owed(&office, later);
    office.must(MANAGER, later, &tolerant(owed));
    let full = scattered(&mut office);
    for code in ["MT01", "MT02", "MT14", "MT23"] {
        office.must(MANAGER, full, &samples::receive(code));
    }
    office.must(MANAGER, full, &Command::AcceptCase(AcceptCase {}));
}

#[test]
fn f_11_the_figures_count_cases_items_days_and_what_is_late() {
    let mut office = Office::open();
    let id = scattered(&mut office);
    let owed = all_owed(&office, id);
    office.must(MANAGER, id, &tolerant(owed));
    // MT14 on time after 2 working days, MT23 late after 6, two still open and late.
    office.now = at("2026-03-09T10:00:00+08:00");
    office.must(MANAGER, id, &samples::receive("MT14"));
    office.must(MANAGER, id, &verify("MT14"));
    office.now = at("2026-03-13T10:00:00+08:00");
    office.must(MANAGER, id, &samples::receive("MT23"));
    office.must(MANAGER, id, &verify("MT23"));
    let figures = Statistics::of([office.case(id)], &office.rules.calendar, office.now);
    assert_eq!(figures.cases, 1);
    let all = figures.all;
    assert_eq!((all.items, all.made_up, all.made_up_late, all.days), (4, 2, 1, 8));
    assert_eq!((all.open, all.open_overdue), (2, 2));
    assert_eq!(figures.by_manager[&user(MANAGER)], all);
    assert_eq!(figures.by_type["MT23"].made_up_late, 1);
}

#[test]
fn f_12_the_applicant_gets_a_confirmation_and_the_last_paper_makes_it_full() {
    let mut office = Office::open();
    let id = scattered(&mut office);
    let owed = all_owed(&office, id);
    office.must(MANAGER, id, &tolerant(owed));
    for code in ["MT01", "MT02", "MT14", "MT23"] {
        office.must(MANAGER, id, &samples::receive(code));
        office.must(MANAGER, id, &verify(code));
    }
    assert_eq!(told(&office, id, Message::Received), 2, "for the two that he had promised");
    assert_eq!(told(&office, id, Message::Complete), 1);
    let case = office.case(id);
    assert_eq!(case.intake.mode, Some(AcceptanceMode::Full));
    assert!(case.intake.was_tolerant, "history keeps tolerant");
    assert!(ledger(case, office.now).is_empty());
}

#[test]
fn r_31_what_was_shared_has_its_receipt_and_verifier_and_is_not_asked_for_again() {
    let mut office = Office::open();
    let id = scattered(&mut office);
    let shared = |query_receipt: Option<&str>| {
        Command::ReceiveMaterial(ReceiveMaterial {
            code: "MT02".to_owned(),
            source: MaterialSource::GovShare,
            files: Vec::new(),
            doc_no: Some("豫(2026)新郑不动产权第0001号".to_owned()),
            valid_to: None,
            query_receipt: query_receipt.map(str::to_owned),
        })
    };
    let no = office.give(MANAGER, id, &shared(None)).unwrap_err();
    assert_eq!(no.params["field"], "query_receipt");
    office.must(MANAGER, id, &shared(Some("CX-20260305-1")));
    office.must(MANAGER, id, &verify("MT02"));
    let certificate = item(&office, id, "MT02");
    assert_eq!(certificate.source, Some(MaterialSource::GovShare));
    assert_eq!(certificate.query_receipt.as_deref(), Some("CX-20260305-1"));
    assert_eq!(certificate.verified_by, Some(user(MANAGER)));
    let mut owed = all_owed(&office, id);
    assert!(owed.iter().all(|one| one.code != "MT02"), "not asked for again");
    owed.push(debt("MT02", OwedBy::Manager, None));
    let no = office.give(MANAGER, id, &tolerant(owed)).unwrap_err();
    assert_eq!(no.params["why"], "not missing");
}

#[test]
fn r_39_a_case_goes_to_tech_while_two_items_are_owed() {
    let mut office = Office::open();
    let id = scattered(&mut office);
    let owed = all_owed(&office, id);
    office.must(MANAGER, id, &tolerant(owed));
    let customers = office.case(id).materials.iter().filter(|i| i.state == MaterialState::Owed);
    assert_eq!(customers.count(), 2);
    let push = PushToTech { demand_m3h: "2.5".parse().unwrap(), note: None };
    office.must(MANAGER, id, &Command::PushToTech(push));
    assert_eq!(office.state(id), CaseState::PressureChecking);
}

#[test]
fn a_rejected_paper_is_owed_again_with_the_same_last_day() {
    let mut office = Office::open();
    let id = scattered(&mut office);
    let owed = all_owed(&office, id);
    office.must(MANAGER, id, &tolerant(owed));
    let due = item(&office, id, "MT14").due_on;
    office.must(MANAGER, id, &samples::receive("MT14"));
    let (code, reason) = ("MT14".to_owned(), "看不清".to_owned());
    office.must(MANAGER, id, &Command::RejectMaterial(RejectMaterial { code, reason }));
    let again = item(&office, id, "MT14");
    assert_eq!((again.state, again.due_on), (MaterialState::Owed, due));
}
