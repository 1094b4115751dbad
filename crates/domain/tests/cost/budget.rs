//! H-2…H-12: what may stand in a budget, and what it comes to.

use lantian_domain::{
    case::{
        Segment,
        basic::{Ownership, PartyType},
        budget::{
            Boundary, BudgetStructure, CostCategory, CostLine, Discount, FeeGroup, IssueBudget,
            Payer, PriceSource, Section, Shares, Totals, ZeroRule, margin, preview,
        },
    },
    command::Command,
    context::Context,
    money::{Fen, allocate},
    refusal::Code,
    role::Role,
};
use proptest::prelude::*;

use crate::{
    office::{Office, samples, user},
    stage::{drawn, estimate, fen, household, issue, refused, tried},
};

fn line(payer: Payer, boundary: Boundary, qty: &str, price: &str) -> CostLine {
    CostLine { qty: qty.parse().unwrap(), ..samples::line(payer, boundary, price) }
}

fn of(category: CostCategory, price: &str) -> CostLine {
    let rate = "0".parse().unwrap();
    CostLine { category, rate, ..samples::line(Payer::Customer, Boundary::Inside, price) }
}

/// The line as the rulebook fills it.
fn filled(line: CostLine) -> CostLine {
    let mut office = Office::open();
    let id = household(&mut office);
    issue(&mut office, id, vec![line]);
    office.case(id).budget().unwrap().lines[0].clone()
}

#[test]
fn h_1_h_2_a_line_is_rounded_half_up_to_the_fen() {
    for (qty, price, amount) in [
        ("37.455", "128.3333", "4806.72"),
        ("1", "0.005", "0.01"),
        ("1", "1.005", "1.01"),
        ("1", "2.675", "2.68"),
        ("1", "0.125", "0.13"),
    ] {
        let line = filled(line(Payer::Customer, Boundary::Inside, qty, price));
        assert_eq!(line.amount_fen, fen(amount), "{qty} × {price}");
    }
    let text = r#"{"design_version":1,"lines":[{"name":"管","category":"civil_cost","group":"construction",
        "boundary":"inside","unit":"m","qty":1.5,"unit_price":"1","payer":"customer"}]}"#;
    let read = serde_json::from_str::<IssueBudget>(text);
    assert!(read.is_err(), "H-1: a binary fraction is no quantity");
}

#[test]
fn h_3_a_total_is_the_sum_of_the_rounded_lines_shown() {
    let mut office = Office::open();
    let id = household(&mut office);
    let third = || line(Payer::Customer, Boundary::Inside, "0.333", "0.0151");
    issue(&mut office, id, vec![third(), third(), third()]);
    let budget = office.case(id).budget().unwrap();
    let shown: Vec<_> = budget.lines.iter().map(|line| line.amount_fen).collect();
    assert_eq!(shown, [fen("0.01"), fen("0.01"), fen("0.01")]);
    assert_eq!(budget.totals.customer_fen, fen("0.03"), "not 0.02, as the unrounded sum would be");
    assert_eq!(budget.totals.incl_fen, fen("0.03"));
}

#[test]
fn h_4_tax_is_in_the_price_unless_it_is_marked() {
    for (category, price, rate, tax) in [
        (CostCategory::Civil, "109.00", "0.09", "9.00"),
        (CostCategory::Civil, "100.00", "0.09", "8.26"),
        (CostCategory::Civil, "2500.00", "0.09", "206.42"),
        (CostCategory::Design, "1234.56", "0.06", "69.88"),
        (CostCategory::Meter, "999999.99", "0.13", "115044.25"),
        (CostCategory::Civil, "300.00", "0.03", "8.74"),
    ] {
        let line = CostLine { rate: rate.parse().unwrap(), ..of(category, price) };
        let line = filled(line);
        assert_eq!((line.tax_fen, line.amount_fen), (fen(tax), fen(price)), "{price} @{rate}");
    }
    let excluded = CostLine {
        price_excludes_tax: true,
        rate: "0.09".parse().unwrap(),
        ..of(CostCategory::Civil, "100.00")
    };
    let line = filled(excluded);
    assert_eq!((line.tax_fen, line.amount_fen), (fen("9.00"), fen("109.00")));
    let mut office = Office::open();
    let id = household(&mut office);
    let wrong = CostLine { rate: "0.17".parse().unwrap(), ..of(CostCategory::Civil, "100.00") };
    let no = refused(&office, id, wrong);
    assert_eq!(
        (no.params["field"].as_str(), no.params["want"].as_str()),
        ("rate", "0.090000,0.030000")
    );
    let design = CostLine { rate: "0.06".parse().unwrap(), ..of(CostCategory::Design, "100.00") };
    issue(&mut office, id, vec![design]);
    let totals = &office.case(id).budget().unwrap().totals;
    assert_eq!(
        (totals.incl_fen, totals.tax_fen, totals.excl_fen),
        (fen("100.00"), fen("5.66"), fen("94.34"))
    );
}

#[test]
fn h_5_households_share_an_amount_to_the_last_fen() {
    let shares: Vec<_> = allocate(fen("1000.00"), 3).unwrap();
    assert_eq!(shares, [fen("333.33"), fen("333.33"), fen("333.34")]);
    let mut office = Office::open();
    let id = household(&mut office);
    let lines = vec![line(Payer::Customer, Boundary::Inside, "1", "1000.00")];
    let spread = IssueBudget { households: Some(3), ..estimate(&office, id, lines.clone()) };
    office.approved(Role::Estimator, Role::TechLead, id, &Command::IssueBudget(spread));
    let (each_fen, last_fen) = (fen("333.33"), fen("333.34"));
    let shares = office.case(id).budget().unwrap().totals.per_household;
    assert_eq!(shares, Some(Shares { households: 3, each_fen, last_fen }));
    let nobody = IssueBudget { households: Some(0), ..estimate(&office, id, lines) };
    let no = office.give(Role::Estimator, id, &Command::IssueBudget(nobody)).unwrap_err();
    assert_eq!(no.params["field"], "households");
}

#[test]
fn h_5_a_discount_is_a_negative_line_with_reason_and_approver() {
    let mut office = Office::open();
    let id = household(&mut office);
    let full = || line(Payer::Customer, Boundary::Inside, "1", "100.00");
    let less = |price: &str, approver: Role, reason: &str| CostLine {
        discount: Some(Discount { reason: reason.to_owned(), approver: user(approver) }),
        ..line(Payer::Customer, Boundary::Inside, "1", price)
    };
    let bare = line(Payer::Customer, Boundary::Inside, "1", "-10.00");
    assert_eq!(tried(&office, id, vec![full(), bare]).unwrap_err().params["field"], "discount");
    let unsaid = less("-10.00", Role::CmLead, " ");
    assert_eq!(tried(&office, id, vec![full(), unsaid]).unwrap_err().code, Code::Format);
    let own = less("-10.00", Role::Estimator, "老用户");
    assert_eq!(tried(&office, id, vec![full(), own]).unwrap_err().params["field"], "discount");
    let deep = less("-100.01", Role::CmLead, "老用户");
    let no = tried(&office, id, vec![full(), deep]).unwrap_err();
    assert_eq!(no.params["why"], "the total is below 0.00");
    issue(&mut office, id, vec![full(), less("-10.00", Role::CmLead, "老用户")]);
    assert_eq!(office.case(id).budget().unwrap().totals.customer_fen, fen("90.00"));
}

#[test]
fn h_6_nothing_outside_is_charged_and_the_boundary_itself_is_outside() {
    let mut office = Office::open();
    let id = household(&mut office);
    for boundary in [Boundary::Outside, Boundary::At] {
        let no = refused(&office, id, line(Payer::Customer, boundary, "1", "100.00"));
        assert_eq!((no.code, no.params["rule"].as_str()), (Code::ZeroCost, "H-6"), "{boundary:?}");
        assert_eq!(no.params["override"], "allow_outside_cost");
        let free = line(Payer::Company, boundary, "1", "100.00");
        assert_eq!(filled(free).zero_rule, Some(ZeroRule::OutsideBoundary));
    }
    let village = drawn(&mut office, Segment::Scattered, |basic| basic.in_planned_area = false);
    let outside = line(Payer::Customer, Boundary::Outside, "1", "100.00");
    assert!(tried(&office, village, vec![outside]).is_ok(), "no rule covers it there");
}

#[test]
fn h_6_an_exception_takes_a_legal_basis_a_department_lead_and_the_leader() {
    use lantian_domain::case::budget::AllowOutsideCost;
    let mut office = Office::open();
    let id = household(&mut office);
    let allow = |basis: &str| {
        Command::AllowOutsideCost(AllowOutsideCost {
            legal_basis: basis.to_owned(),
            reason: "用户要求移位改线".to_owned(),
        })
    };
    let charged = || CostLine {
        legal_basis: Some("豫价〔2021〕8号".to_owned()),
        ..line(Payer::Customer, Boundary::Outside, "1", "100.00")
    };
    assert_eq!(refused(&office, id, charged()).code, Code::ZeroCost, "a text alone is nothing");
    assert_eq!(
        office.give(Role::CmLead, id, &allow(" ")).unwrap_err().params["field"],
        "legal_basis"
    );
    let no = office.give(Role::CustomerManager, id, &allow("豫价〔2021〕8号")).unwrap_err();
    assert_eq!(no.code, Code::Role);
    office.must(Role::CmLead, id, &allow("豫价〔2021〕8号"));
    assert_eq!(refused(&office, id, charged()).code, Code::ZeroCost, "proposed is not granted");
    let no_of = u32::try_from(office.case(id).approvals.len()).unwrap();
    office.must(Role::Leader, id, &samples::yes(no_of));
    let granted = &office.case(id).cost_exceptions[0];
    assert_eq!((granted.proposed_by, granted.granted_by), (user(Role::CmLead), user(Role::Leader)));
    issue(&mut office, id, vec![charged()]);
    assert_eq!(office.case(id).budget().unwrap().totals.customer_fen, fen("100.00"));
}

#[test]
fn h_7_forbidden_fees_are_refused_and_every_attempt_is_counted() {
    use lantian_domain::case::fee::NoteBlockedFee;
    let mut office = Office::open();
    let id = household(&mut office);
    let all = office.rules.cost.forbidden.clone();
    assert!(all.len() >= 15);
    for term in &all {
        for name in [term.clone(), format!("（{term}）"), format!("户内 {term} 一次性")] {
            let named = CostLine { name, ..line(Payer::Customer, Boundary::Inside, "1", "1.00") };
            let no = refused(&office, id, named);
            assert_eq!((no.code, &no.params["term"]), (Code::ForbiddenFee, term));
        }
    }
    let ours = CostLine {
        name: "碰口费".to_owned(),
        ..line(Payer::Company, Boundary::Inside, "1", "1.00")
    };
    assert!(tried(&office, id, vec![ours]).is_ok(), "the company may bear what it likes");
    for _ in 0..2 {
        let tried = NoteBlockedFee { name: "燃气初装费".to_owned() };
        office.must(Role::Estimator, id, &Command::NoteBlockedFee(tried));
    }
    let counted: Vec<_> = office.case(id).blocked_fees.iter().map(|b| b.term.as_str()).collect();
    assert_eq!(counted, ["初装费", "初装费"]);
    let fine = Command::NoteBlockedFee(NoteBlockedFee { name: "户内安装".to_owned() });
    assert_eq!(office.give(Role::Estimator, id, &fine).unwrap_err().code, Code::Format);
    office.rules.cost.forbidden.push("挂表费".to_owned());
    let new = CostLine {
        name: "挂表费".to_owned(),
        ..line(Payer::Customer, Boundary::Inside, "1", "1.00")
    };
    assert_eq!(refused(&office, id, new).code, Code::ForbiddenFee, "the list is data");
}

#[test]
fn h_8_new_commercial_housing_is_the_developers() {
    let mut office = Office::open();
    let id = drawn(&mut office, Segment::Scattered, |basic| basic.new_housing = true);
    let no = refused(&office, id, line(Payer::Customer, Boundary::Inside, "1", "100.00"));
    assert_eq!((no.code, no.params["rule"].as_str()), (Code::ZeroCost, "H-8"));
    issue(&mut office, id, vec![line(Payer::Developer, Boundary::Inside, "1", "100.00")]);
    let totals = &office.case(id).budget().unwrap().totals;
    assert_eq!((totals.developer_fen, totals.customer_fen), (fen("100.00"), Fen::ZERO));
}

#[test]
fn h_9_a_margin_above_ten_per_cent_is_the_leaders_matter() {
    let mut office = Office::open();
    let id = drawn(&mut office, Segment::Micro, |basic| {
        basic.use_kind = lantian_domain::case::basic::UseKind::Other;
    });
    let priced = |office: &Office, price: &str, cost: Option<&str>| IssueBudget {
        cost_fen: cost.map(fen),
        ..estimate(office, id, vec![line(Payer::Customer, Boundary::Inside, "1", price)])
    };
    let unsaid = Command::IssueBudget(priced(&office, "11000.00", None));
    let no = office.give(Role::Estimator, id, &unsaid).unwrap_err();
    assert_eq!((no.params["field"].as_str(), no.params["rule"].as_str()), ("cost_fen", "H-9"));

    let passes = Command::IssueBudget(priced(&office, "11000.00", Some("10000.00")));
    office.approved(Role::Estimator, Role::TechLead, id, &passes);
    let rate = office.case(id).budget().unwrap().margin_rate;
    assert_eq!(rate.map(|rate| rate.to_string()).as_deref(), Some("0.100000"), "10.00 % passes");

    let above = Command::IssueBudget(priced(&office, "11001.00", Some("10000.00")));
    office.must(Role::Estimator, id, &above);
    let no = u32::try_from(office.case(id).approvals.len()).unwrap();
    let answer = office.give(Role::TechLead, id, &samples::yes(no)).unwrap_err();
    assert_eq!((answer.code, answer.params["needs"].as_str()), (Code::Role, "leader"), "10.01 %");
    office.must(Role::Leader, id, &samples::yes(no));
    assert_eq!(office.case(id).budget().unwrap().version, 2);
    assert_eq!(margin(fen("11001.00"), fen("10000.00")).unwrap().to_string(), "0.100100");
    assert!(margin(fen("1.00"), Fen::ZERO).is_err());
}

#[test]
fn h_11_options_are_never_built_in_and_what_the_law_demands_is_none() {
    let mut office = Office::open();
    let id = household(&mut office);
    let stove = CostLine {
        name: "双眼灶具".to_owned(),
        ..line(Payer::Customer, Boundary::Inside, "1", "699.00")
    };
    let no = refused(&office, id, stove.clone());
    assert_eq!((no.params["field"].as_str(), no.params["term"].as_str()), ("optional", "灶具"));
    let works = line(Payer::Customer, Boundary::Inside, "1", "100.00");
    issue(&mut office, id, vec![works, CostLine { optional: true, ..stove }]);
    let totals = &office.case(id).budget().unwrap().totals;
    assert_eq!(totals.customer_fen, fen("100.00"), "an option is not in the price");
    let diner = drawn(&mut office, Segment::Micro, |basic| {
        basic.use_kind = lantian_domain::case::basic::UseKind::Catering;
    });
    let alarm = CostLine { optional: true, ..of(CostCategory::Alarm, "1580.00") };
    let no = refused(&office, diner, alarm.clone());
    assert_eq!(no.params["rule"], "L-07");
    assert!(tried(&office, id, vec![alarm]).is_ok(), "a household chooses");
}

#[test]
fn h_12_what_is_free_cannot_be_hidden() {
    let mut office = Office::open();
    let id = household(&mut office);
    let hidden = |payer, boundary| CostLine {
        visible_to_customer: false,
        ..line(payer, boundary, "1", "10.00")
    };
    for line in
        [hidden(Payer::Customer, Boundary::Inside), hidden(Payer::Company, Boundary::Outside)]
    {
        assert_eq!(refused(&office, id, line).params["field"], "visible_to_customer");
    }
    assert!(tried(&office, id, vec![hidden(Payer::Company, Boundary::Inside)]).is_ok());
    issue(&mut office, id, vec![line(Payer::Company, Boundary::Outside, "2", "10.00")]);
}

#[test]
fn contingency_is_at_most_five_per_cent() {
    let mut office = Office::open();
    let id = household(&mut office);
    let with = |price: &str| {
        vec![of(CostCategory::Civil, "1000.00"), of(CostCategory::Contingency, price)]
    };
    assert!(tried(&office, id, with("50.00")).is_ok());
    let no = tried(&office, id, with("50.01")).unwrap_err();
    assert_eq!((no.code, no.params["have"].as_str()), (Code::Format, "50.01"));
    issue(&mut office, id, with("50.00"));
}

#[test]
fn h_3_a_budget_by_sections_keeps_their_order_and_sums_each() {
    let mut office = Office::open();
    let id = household(&mut office);
    let parts = || {
        vec![
            of(CostCategory::Civil, "1000.00"),
            of(CostCategory::Measure, "40.00"),
            of(CostCategory::SafetyCivilized, "10.00"),
            of(CostCategory::Contingency, "20.00"),
            of(CostCategory::Statutory, "30.00"),
            of(CostCategory::Tax, "99.00"),
        ]
    };
    let sections = |office: &Office, lines| IssueBudget {
        structure: BudgetStructure::Sections,
        ..estimate(office, id, lines)
    };
    let mut turned = parts();
    turned.swap(1, 4);
    let no = Command::IssueBudget(sections(&office, turned));
    let no = office.give(Role::Estimator, id, &no).unwrap_err();
    assert_eq!((no.params["field"].as_str(), no.params["line"].as_str()), ("category", "3"));
    let mut taxed = parts();
    taxed[0].rate = "0.09".parse().unwrap();
    let twice = Command::IssueBudget(sections(&office, taxed));
    assert_eq!(office.give(Role::Estimator, id, &twice).unwrap_err().params["field"], "rate");
    let good = Command::IssueBudget(sections(&office, parts()));
    office.approved(Role::Estimator, Role::TechLead, id, &good);
    let totals = &office.case(id).budget().unwrap().totals;
    let sums: Vec<_> = totals.sections.iter().map(|part| (part.section, part.amount_fen)).collect();
    let expected = [
        (Section::Divisional, "1000.00"),
        (Section::Measures, "50.00"),
        (Section::Others, "20.00"),
        (Section::Statutory, "30.00"),
        (Section::Tax, "99.00"),
    ]
    .map(|(section, sum)| (section, fen(sum)));
    assert_eq!(sums, expected);
    assert_eq!((totals.tax_fen, totals.excl_fen), (fen("99.00"), fen("1100.00")));
    let book = Command::IssueBudget(estimate(&office, id, vec![of(CostCategory::Tax, "99.00")]));
    assert!(
        office.judge(Role::Estimator, id, &book).is_err(),
        "price-book lines include their tax"
    );
}

#[test]
fn r_37_no_override_exists_for_a_covered_case() {
    use lantian_domain::case::budget::AllowOutsideCost;
    let mut office = Office::open();
    let four_zero = drawn(&mut office, Segment::Scattered, |basic| {
        basic.investment_promotion = true;
        basic.in_planned_area = false;
    });
    let private = drawn(&mut office, Segment::Scattered, |basic| {
        basic.party_type = PartyType::Organization;
        basic.name = "新郑市小微商行".to_owned();
        basic.ownership = Some(Ownership::Private);
        basic.enterprise_size = Some(lantian_domain::case::basic::EnterpriseSize::Small);
        basic.contact_name = Some("王小明".to_owned());
    });
    let covered = drawn(&mut office, Segment::Scattered, |basic| {
        basic.infrastructure_fee = true;
        basic.in_planned_area = false;
    });
    for id in [four_zero, private, covered] {
        for boundary in [Boundary::Outside, Boundary::At] {
            let no = refused(&office, id, line(Payer::Customer, boundary, "1", "0.01"));
            assert_eq!((no.code, no.params["override"].as_str()), (Code::ZeroCost, "none"));
        }
        let allow = Command::AllowOutsideCost(AllowOutsideCost {
            legal_basis: "任何文件".to_owned(),
            reason: "任何原因".to_owned(),
        });
        let no = office.give(Role::CmLead, id, &allow).unwrap_err();
        assert_eq!((no.code, no.params["override"].as_str()), (Code::ZeroCost, "none"));
        let free = line(Payer::Company, Boundary::Outside, "10", "10.00");
        issue(&mut office, id, vec![free, line(Payer::Customer, Boundary::Inside, "1", "5.00")]);
        let payable: i64 = office
            .case(id)
            .budget()
            .unwrap()
            .lines
            .iter()
            .filter(|l| l.boundary == Boundary::Outside && l.payer == Payer::Customer)
            .map(|l| l.amount_fen.0)
            .sum();
        assert_eq!(payable, 0);
    }
}

#[test]
fn a_budget_in_the_making_is_answered_line_by_line() {
    let mut office = Office::open();
    let id = household(&mut office);
    let actor = office.actor(Role::Estimator);
    let cx = Context { now: office.now, actor: &actor, rules: &office.rules, new_no: "" };
    let good = line(Payer::Customer, Boundary::Inside, "2", "10.00");
    let bad = line(Payer::Customer, Boundary::Outside, "1", "10.00");
    let half = preview(office.case(id), &samples::estimate(1, vec![good.clone(), bad]), &cx);
    assert_eq!(half.lines[0].amount_fen, Some(fen("20.00")));
    assert_eq!(half.lines[1].problem.as_ref().map(|no| no.code), Some(Code::ZeroCost));
    assert!(half.totals.is_none());
    let whole = preview(office.case(id), &samples::estimate(1, vec![good]), &cx);
    assert_eq!(whole.totals.map(|totals| totals.customer_fen), Some(fen("20.00")));
    assert_eq!(whole.reviewer, Role::TechLead);
}

fn any_line() -> impl Strategy<Value = CostLine> {
    (1_i64..10_000, 0_i64..5_000_000, 0_usize..4, 0_usize..3).prop_map(
        |(qty, price, payer, rate)| {
            let rates = ["0.09", "0.03", "0"];
            let line = samples::line(Payer::ALL[payer], Boundary::Inside, "1");
            let qty = lantian_domain::money::Quantity::from_units(qty).unwrap();
            let unit_price = lantian_domain::money::UnitPrice::from_units(price).unwrap();
            let amount_fen = lantian_domain::money::line_amount(qty, unit_price).unwrap();
            let rate = rates[rate].parse().unwrap();
            let (tax_fen, _) = lantian_domain::money::tax_included_split(amount_fen, rate).unwrap();
            let (group, source) = (FeeGroup::Other, PriceSource::Manual);
            CostLine { qty, unit_price, amount_fen, tax_fen, rate, group, source, ..line }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    /// n.7: the total of 10,000 random lines equals the sum of the stored
    /// lines, for every payer and for the tax.
    #[test]
    fn h_3_ten_thousand_lines_sum_exactly(
        lines in prop::collection::vec(any_line(), 10_000),
    ) {
        let sum = |of: &dyn Fn(&CostLine) -> i64| lines.iter().map(of).sum::<i64>();
        let by = |payer: Payer| sum(&|l| if l.payer == payer { l.amount_fen.0 } else { 0 });
        let totals = Totals::of(&lines, &[]).unwrap();
        prop_assert_eq!(totals.incl_fen.0, sum(&|line| line.amount_fen.0));
        prop_assert_eq!(totals.tax_fen.0, sum(&|line| line.tax_fen.0));
        prop_assert_eq!(totals.excl_fen.0 + totals.tax_fen.0, totals.incl_fen.0);
        prop_assert_eq!(totals.customer_fen.0, by(Payer::Customer));
        prop_assert_eq!(totals.company_fen.0, by(Payer::Company));
        prop_assert_eq!(totals.government_fen.0, by(Payer::Government));
        prop_assert_eq!(totals.developer_fen.0, by(Payer::Developer));
        let sections: i64 = totals.sections.iter().map(|part| part.amount_fen.0).sum();
        prop_assert_eq!(sections, totals.incl_fen.0);
    }

    /// H-5: whatever the amount and the number, the shares are the amount.
    #[test]
    fn h_5_shares_are_the_amount(total in 0_i64..99_999_999_999, households in 1_u32..5_000) {
        let shares = Shares::of(Fen(total), households).unwrap();
        let all = shares.each_fen.0 * (i64::from(households) - 1) + shares.last_fen.0;
        prop_assert_eq!(all, total);
    }
}
