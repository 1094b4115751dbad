//! n.10: no sequence of commands makes a customer pay what lies outside the
//! boundary and is covered.

use lantian_domain::{
    case::{
        Case, Segment,
        basic::UpdateBasic,
        budget::{AllowOutsideCost, Boundary, CostLine, IssueBudget, Payer},
        fee::FeeType,
    },
    command::Command,
    ids::RecordId,
    role::Role,
};
use proptest::prelude::*;

use crate::{
    office::{Office, every, samples},
    stage::{drawn, estimate, signs},
};

/// What a customer owes for lines outside, by the confirmation in force and by
/// the settlement.
fn charged_outside(case: &Case) -> i64 {
    let confirmed = case.confirmation().map(|fee| fee.lines.as_slice());
    let settled = case.contracts.settlement.as_ref().map(|settled| settled.lines.as_slice());
    [confirmed, settled]
        .into_iter()
        .flatten()
        .flatten()
        .filter(|line| line.payer == Payer::Customer && line.boundary != Boundary::Inside)
        .map(|line| line.amount_fen.0.abs())
        .sum()
}

/// One try of somebody who wants the customer to pay outside.
fn attempt(office: &mut Office, id: RecordId, kind: u8, pick: usize) {
    let yes = samples::yes(u32::try_from(office.case(id).approvals.len()).unwrap());
    let basis = || Some("某文件1号".to_owned());
    let outside = |boundary, discount: bool| CostLine {
        legal_basis: basis(),
        discount: None,
        ..samples::line(Payer::Customer, boundary, if discount { "1.00" } else { "100.00" })
    };
    let role = Role::ALL[pick % Role::ALL.len()];
    match kind {
        0 => {
            let lines = vec![
                outside(Boundary::Outside, false),
                samples::line(Payer::Customer, Boundary::Inside, "10.00"),
            ];
            let issue = estimate(office, id, lines);
            let _answer = office.give(Role::Estimator, id, &Command::IssueBudget(issue));
        }
        1 => {
            let issue = estimate(office, id, vec![outside(Boundary::At, pick.is_multiple_of(2))]);
            let _answer = office.give(Role::Estimator, id, &Command::IssueBudget(issue));
        }
        2 => {
            let allow =
                AllowOutsideCost { legal_basis: basis().unwrap(), reason: "理由".to_owned() };
            let _answer = office.give(Role::CmLead, id, &Command::AllowOutsideCost(allow));
        }
        3 => {
            let _answer = office.give(Role::Leader, id, &yes);
        }
        4 => {
            let _answer = office.give(Role::TechLead, id, &yes);
        }
        5 => {
            let settle = signs(office, id, FeeType::LumpSum);
            let _answer = office.give(Role::CustomerManager, id, &Command::SettleFee(settle));
        }
        6 => {
            let update = UpdateBasic {
                infrastructure_fee: Some(pick.is_multiple_of(2)),
                in_planned_area: Some(pick.is_multiple_of(3)),
                ..UpdateBasic::default()
            };
            let _answer = office.give(Role::CustomerManager, id, &Command::UpdateBasic(update));
        }
        7 => {
            let line = samples::line(Payer::Customer, Boundary::Inside, "10.00");
            let issue: IssueBudget = estimate(office, id, vec![line]);
            let _answer = office.give(Role::Estimator, id, &Command::IssueBudget(issue));
        }
        _ => {
            let commands = every::every(office, id);
            let command = commands[pick % commands.len()].clone();
            let _answer = office.give(role, id, &command);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn r_37_no_sequence_makes_a_customer_pay_a_covered_line_outside(
        four_zero in any::<bool>(),
        planned in any::<bool>(),
        tries in prop::collection::vec((0_u8..10, 0_usize..200), 1..40),
    ) {
        let mut office = Office::open();
        let id = drawn(&mut office, Segment::Scattered, |basic| {
            basic.investment_promotion = four_zero;
            basic.in_planned_area = planned;
        });
        for (kind, pick) in tries {
            attempt(&mut office, id, kind, pick);
            let case = office.case(id);
            if case.is_covered() {
                prop_assert_eq!(charged_outside(case), 0, "covered: never");
            } else if case.basic.in_planned_area && case.cost_exceptions.is_empty() {
                prop_assert_eq!(charged_outside(case), 0, "planned area, no exception granted");
            }
        }
    }

    /// The same without a brake: somebody who tries nothing else does get a
    /// charge through where no rule covers the case, so the law above bites.
    #[test]
    fn h_6_where_nothing_covers_the_charge_goes_through(price in 1_u32..1_000) {
        let mut office = Office::open();
        let id = drawn(&mut office, Segment::Scattered, |basic| basic.in_planned_area = false);
        let line = samples::line(Payer::Customer, Boundary::Outside, &format!("{price}.00"));
        crate::stage::issue(&mut office, id, vec![line]);
        crate::stage::settle(&mut office, id, FeeType::LumpSum);
        prop_assert_eq!(charged_outside(office.case(id)), i64::from(price) * 100);
        let covered = UpdateBasic { infrastructure_fee: Some(true), ..UpdateBasic::default() };
        office.must(Role::CustomerManager, id, &Command::UpdateBasic(covered));
        prop_assert_eq!(charged_outside(office.case(id)), 0, "the confirmation is void");
    }
}
