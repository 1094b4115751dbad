//! H-14 and H-15: final quantities, refunds, payments.

use lantian_domain::{
    case::{
        CaseState,
        budget::{Boundary, CostLine, Payer},
        closing::{Archive, Withdraw},
        contract::{PaymentKind, RecordPayment},
        fee::FeeType,
        settlement::{FinalQuantity, IncurredCost, SettleQuantities},
    },
    command::Command,
    file::FileKind,
    ids::RecordId,
    record::Record,
    refusal::Code,
    role::Role,
};

use crate::{
    office::{Office, samples},
    stage::{MANAGER, fen, household, issue, measured, settle},
};

fn metres(qty: &str, price: &str) -> CostLine {
    CostLine {
        qty: qty.parse().unwrap(),
        ..samples::line(Payer::Customer, Boundary::Inside, price)
    }
}

fn as_built(office: &mut Office, id: RecordId, qty: &str) -> Command {
    let evidence = office.attach(Role::Estimator, id, FileKind::TestRecord);
    let quantities = vec![FinalQuantity { line: 1, qty: qty.parse().unwrap() }];
    Command::SettleQuantities(SettleQuantities { quantities, evidence, note: None })
}

#[test]
fn h_14_more_than_ten_per_cent_over_needs_a_new_confirmation() {
    let mut office = Office::open();
    let id = measured(&mut office, metres("10", "100.00"), CaseState::Installed);
    let over = as_built(&mut office, id, "11.001");
    let no = office.give(Role::Estimator, id, &over).unwrap_err();
    assert_eq!((no.params["gate"].as_str(), no.params["rule"].as_str()), ("G-FEE", "H-14"));
    issue(&mut office, id, vec![metres("11.001", "100.00")]);
    settle(&mut office, id, FeeType::ByQuantity);
    office.approved(Role::Estimator, Role::TechLead, id, &over);
    let settled = office.case(id).contracts.settlement.clone().unwrap();
    assert_eq!((settled.customer_fen, settled.difference_fen), (fen("1100.10"), fen("0.00")));
    let again = as_built(&mut office, id, "1");
    assert_eq!(office.give(Role::Estimator, id, &again).unwrap_err().code, Code::State);
}

#[test]
fn h_14_ten_per_cent_over_is_settled_by_the_as_built_and_owed() {
    let mut office = Office::open();
    let id = measured(&mut office, metres("10", "100.00"), CaseState::Installed);
    let exact = as_built(&mut office, id, "11");
    let fee = serde_json::json!({ "name": "占道费", "amount_fen": 50_000, "payer": "company" });
    let Some(Record::Case(case)) = office.records.get_mut(&id) else { panic!("a case") };
    let plan = serde_json::json!({
        "filing": "00000000-0000-7000-8000-000000000f11", "kind": "road_occupy", "applicant": "company",
        "commitment_mode": false, "blocking": false, "location": "新华路", "reason": "接入", "fees": [fee],
    });
    case.permits.push(
        serde_json::from_value(serde_json::json!({
            "id": "00000000-0000-7000-8000-000000000f11", "no": 1, "kind": "road_occupy",
            "state": "drafting", "since": case.intake.submitted_at, "plan": plan,
        }))
        .unwrap(),
    );
    office.approved(Role::Estimator, Role::TechLead, id, &exact);
    let settled = office.case(id).contracts.settlement.clone().unwrap();
    assert_eq!((settled.customer_fen, settled.difference_fen), (fen("1100.00"), fen("100.00")));
    let passed: Vec<_> = settled.pass_through.iter().map(|one| one.fee.amount_fen).collect();
    assert_eq!(passed, [fen("500.00")], "what went to the authorities stands beside, in no sum");
    assert_eq!(settled.totals.company_fen, fen("0.00"));
    let too_much = samples::pay(&office, 10_001, "SJ-2");
    let no = office.give(Role::FinanceClerk, id, &too_much).unwrap_err();
    assert_eq!(no.params["want"], "1100.00");
    office.must(MANAGER, id, &samples::gas_on(lantian_domain::case::Channel::Hotline));
    let missing = |office: &Office| {
        use lantian_domain::case::gate::{Gate, missing};
        missing(office.case(id), Gate::Pay, office.now, &office.rules)
    };
    assert_eq!(missing(&office), ["payment"], "gas waits for the difference");
    let rest = samples::pay(&office, 10_000, "SJ-2");
    office.must(Role::FinanceClerk, id, &rest);
    assert!(missing(&office).is_empty());
    let lump = {
        let id = household(&mut office);
        issue(&mut office, id, vec![metres("10", "100.00")]);
        settle(&mut office, id, FeeType::LumpSum);
        crate::stage::pay_all(&mut office, id, CaseState::Installed);
        id
    };
    let never = as_built(&mut office, lump, "12");
    let no = office.give(Role::Estimator, lump, &never).unwrap_err();
    assert_eq!(no.code, Code::State, "a lump sum is a lump sum");
}

#[test]
fn h_15_a_user_who_withdraws_gets_back_what_was_not_spent_inside() {
    let mut office = Office::open();
    let id = measured(&mut office, metres("10", "100.00"), CaseState::Constructing);
    let evidence = office.attach(MANAGER, id, FileKind::Other);
    let spent = |boundary, amount: &str| IncurredCost {
        what: "已安装立管".to_owned(),
        boundary,
        amount_fen: fen(amount),
        evidence,
    };
    let wish = |incurred| {
        let reason = "用户改用电".to_owned();
        Command::Withdraw(Withdraw { reason, costs_settled: true, incurred })
    };
    let outside = wish(vec![spent(Boundary::Outside, "200.00")]);
    let no = office.give(MANAGER, id, &outside).unwrap_err();
    assert_eq!((no.code, no.params["rule"].as_str()), (Code::ZeroCost, "H-15"));
    let nobody = lantian_domain::ids::FileId(office.id());
    let unproved = IncurredCost { evidence: nobody, ..spent(Boundary::Inside, "200.00") };
    assert!(office.give(MANAGER, id, &wish(vec![unproved])).is_err(), "no evidence, no cost");
    office.must(MANAGER, id, &wish(vec![spent(Boundary::Inside, "320.50")]));
    assert_eq!(office.case(id).contracts.refund_due_fen, Some(fen("679.50")));
    let shelf = Command::Archive(Archive { shelf_no: "2026-9".to_owned() });
    assert_eq!(office.give(Role::Archivist, id, &shelf).unwrap_err().params["missing"], "refund");
    let back = |office: &Office, amount: i64| {
        let Command::RecordPayment(pay) = samples::pay(office, amount, "SJ-1") else {
            unreachable!()
        };
        let kind = Some(PaymentKind::Refund);
        Command::RecordPayment(RecordPayment { kind, ..pay })
    };
    let too_much = back(&office, -67_951);
    let no = office.give(Role::FinanceClerk, id, &too_much).unwrap_err();
    assert_eq!(no.params["want"], "679.50");
    let right = back(&office, -67_950);
    office.must(Role::FinanceClerk, id, &right);
    assert_eq!(office.case(id).contracts.paid(), Some(fen("320.50")));
    office.must(Role::Archivist, id, &shelf);
}

#[test]
fn a_refund_is_negative_and_names_its_receipt() {
    let mut office = Office::open();
    let id = measured(&mut office, metres("10", "100.00"), CaseState::Constructing);
    let Command::RecordPayment(pay) = samples::pay(&office, -100, "SJ-1") else { unreachable!() };
    let wrong = RecordPayment { kind: Some(PaymentKind::Instalment), ..pay.clone() };
    let no = office.give(Role::FinanceClerk, id, &Command::RecordPayment(wrong)).unwrap_err();
    assert_eq!(no.params["field"], "kind");
    let unknown = RecordPayment { receipt_no: "SJ-7".to_owned(), ..pay.clone() };
    let no = office.give(Role::FinanceClerk, id, &Command::RecordPayment(unknown)).unwrap_err();
    assert_eq!(no.params["field"], "receipt_no");
    office.must(Role::FinanceClerk, id, &Command::RecordPayment(pay));
    let kept = office.case(id).contracts.payments.last().and_then(|payment| payment.kind);
    assert_eq!(kept, Some(PaymentKind::Refund));
}
