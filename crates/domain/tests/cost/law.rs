//! L-06, L-07, L-16: meter, alarm, warranty.

use lantian_domain::{
    case::{
        CaseState, Segment,
        basic::UseKind,
        budget::{Boundary, Payer},
        fee::FeeType,
        gas_on::GasOnTicket,
    },
    command::Command,
    ids::RecordId,
    refusal::Code,
    role::Role,
};

use crate::{
    office::{Office, samples},
    stage::{drawn, fen, household, issue, pay_all, settle},
};

fn passed(office: &mut Office, id: RecordId) -> GasOnTicket {
    let Command::RecordAcceptance(mut result) = samples::acceptance(office.now, true) else {
        unreachable!()
    };
    // As long as the system of a business has to hold.
    for test in &mut result.tests {
        test.hold_minutes = 30;
    }
    office.must(Role::AcceptanceInspector, id, &Command::RecordAcceptance(result));
    let Command::TurnGasOn(ticket) = samples::ticket(office, id) else { unreachable!() };
    *ticket
}

fn home(office: &mut Office) -> RecordId {
    let id = household(office);
    issue(office, id, vec![samples::line(Payer::Customer, Boundary::Inside, "100.00")]);
    settle(office, id, FeeType::LumpSum);
    pay_all(office, id, CaseState::AcceptanceTesting);
    id
}

fn diner(office: &mut Office) -> RecordId {
    let id = drawn(office, Segment::Micro, |basic| basic.use_kind = UseKind::Catering);
    let line = samples::line(Payer::Customer, Boundary::Inside, "100.00");
    let budget = lantian_domain::case::budget::IssueBudget {
        cost_fen: Some(fen("100.00")),
        ..crate::stage::estimate(office, id, vec![line])
    };
    office.approved(Role::Estimator, Role::TechLead, id, &Command::IssueBudget(budget));
    settle(office, id, FeeType::LumpSum);
    pay_all(office, id, CaseState::AcceptanceTesting);
    id
}

#[test]
fn l_06_a_meter_is_verified_before_use_and_a_large_one_again_after_three_years() {
    let mut office = Office::open();
    for (size, again) in
        [("G2.5", None), ("G6", None), ("G10", Some("2029-01-10")), ("g16", Some("2029-01-10"))]
    {
        let id = home(&mut office);
        let ticket = passed(&mut office, id);
        let unverified = GasOnTicket { meter_verification_no: " ".to_owned(), ..ticket.clone() };
        let no = office
            .give(Role::IgnitionOperator, id, &Command::TurnGasOn(Box::new(unverified)))
            .unwrap_err();
        assert_eq!(no.params["gate"], "G-METER");
        let ticket = GasOnTicket { meter_size: Some(size.to_owned()), ..ticket };
        office.must(Role::IgnitionOperator, id, &Command::TurnGasOn(Box::new(ticket)));
        let next = office.case(id).gas.clone().unwrap().ticket.unwrap().next_verification;
        assert_eq!(next, again.map(|day| day.parse().unwrap()), "{size}");
    }
}

#[test]
fn l_07_a_kitchen_gets_no_gas_without_an_alarm_that_works() {
    let mut office = Office::open();
    let id = diner(&mut office);
    let ticket = passed(&mut office, id);
    for (alarm_no, alarm_tested) in [(None, true), (Some("BJ-1"), false), (None, false)] {
        let silent =
            GasOnTicket { alarm_no: alarm_no.map(str::to_owned), alarm_tested, ..ticket.clone() };
        let command = Command::TurnGasOn(Box::new(silent));
        let no = office.give(Role::IgnitionOperator, id, &command).unwrap_err();
        assert_eq!((no.code, no.params["gate"].as_str()), (Code::Gate, "G-ALARM"));
    }
    let alarm_no = Some("BJ-1".to_owned());
    let good = GasOnTicket { alarm_no, alarm_tested: true, ..ticket };
    office.must(Role::IgnitionOperator, id, &Command::TurnGasOn(Box::new(good)));
}

#[test]
fn l_16_installation_works_are_warranted_for_two_years() {
    let mut office = Office::open();
    let id = home(&mut office);
    samples::step(&mut office, id);
    let accepted = office.case(id).acceptances.last().unwrap();
    let day = accepted.at.unwrap().date();
    assert_eq!(day, "2026-03-05".parse().unwrap());
    assert_eq!(accepted.warranty_until, Some("2028-03-05".parse().unwrap()));
}
