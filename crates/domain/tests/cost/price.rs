//! H-10: the price book.

use lantian_domain::{
    case::{
        CaseState, Segment,
        budget::{Boundary, CostCategory, CostLine, Payer, PriceSource},
        fee::FeeType,
    },
    command::Command,
    record::Rules,
    refusal::Code,
    role::Role,
};

use crate::{
    office::{Office, samples},
    stage::{MANAGER, fen, household, issue, refused, settle, signs},
};

fn home(price: &str) -> CostLine {
    CostLine {
        category: CostCategory::InstallPerHousehold,
        source: PriceSource::PriceBook,
        price_item: Some("P-HOME".to_owned()),
        ..samples::line(Payer::Customer, Boundary::Inside, price)
    }
}

fn publish(office: &mut Office, from: &str, document: &str, price: &str) -> Result<(), Code> {
    let command = samples::publish(from.parse().unwrap(), document, &[("P-HOME", None, price)]);
    office.give(Role::SysAdmin, Rules::ID, &command).map(|_| ()).map_err(|no| no.code)
}

#[test]
fn h_10_a_household_pays_the_published_price_and_none_without_one() {
    let mut office = Office::open();
    let id = household(&mut office);
    assert_eq!(refused(&office, id, home("1180.00")).code, Code::PriceMissing);
    let free_hand = CostLine { price_item: None, source: PriceSource::Manual, ..home("1180.00") };
    assert_eq!(refused(&office, id, free_hand).code, Code::PriceMissing, "no price is made up");
    publish(&mut office, "2026-03-05", "蓝天价〔2026〕1号", "1180.0000").unwrap();
    let no = refused(&office, id, home("1180.01"));
    assert_eq!((no.params["item"].as_str(), no.params["want"].as_str()), ("P-HOME", "1180.0000"));
    issue(&mut office, id, vec![home("1180.00")]);
    settle(&mut office, id, FeeType::PerHousehold);
    let fee = office.case(id).confirmation().unwrap();
    assert_eq!(fee.customer_total_fen, fen("1180.00"));
}

#[test]
fn h_10_a_price_that_ended_before_the_talk_stops_the_confirmation() {
    let mut office = Office::open();
    let id = household(&mut office);
    let Command::PublishPrices(mut short) =
        samples::publish(office.now.date(), "蓝天价〔2026〕1号", &[("P-HOME", None, "1180.0000")])
    else {
        unreachable!()
    };
    short.valid_to = Some(office.now.date());
    office.must(Role::SysAdmin, Rules::ID, &Command::PublishPrices(short));
    issue(&mut office, id, vec![home("1180.00")]);
    office.minutes(24 * 60);
    let late = signs(&mut office, id, FeeType::PerHousehold);
    let no = office.give(MANAGER, id, &Command::SettleFee(late)).unwrap_err();
    assert_eq!((no.code, no.params["item"].as_str()), (Code::PriceMissing, "P-HOME"));
    assert_ne!(office.state(id), CaseState::FeeConfirmed);
    let other = household(&mut office);
    issue(&mut office, other, vec![samples::line(Payer::Customer, Boundary::Inside, "9.00")]);
    let fixed = signs(&mut office, other, FeeType::PerHousehold);
    let no = office.give(MANAGER, other, &Command::SettleFee(fixed)).unwrap_err();
    assert_eq!((no.code, no.params["rule"].as_str()), (Code::PriceMissing, "H-10"));
}

#[test]
fn h_10_a_publication_ends_what_it_replaces_and_never_changes_the_past() {
    let mut office = Office::open();
    publish(&mut office, "2026-01-01", "蓝天价〔2026〕1号", "1180.0000").unwrap();
    publish(&mut office, "2026-04-01", "蓝天价〔2026〕2号", "1200.0000").unwrap();
    let on = |office: &Office, day: &str| {
        let day = day.parse().unwrap();
        let price = office.rules.prices.price("P-HOME", Segment::Scattered, day);
        price.map(|price| price.unit_price.to_string())
    };
    assert_eq!(on(&office, "2025-12-31"), None);
    assert_eq!(on(&office, "2026-03-31").as_deref(), Some("1180.0000"));
    assert_eq!(on(&office, "2026-04-01").as_deref(), Some("1200.0000"));
    assert_eq!(
        publish(&mut office, "2026-05-01", "蓝天价〔2026〕2号", "1.0000"),
        Err(Code::Duplicate)
    );
    assert_eq!(
        publish(&mut office, "2026-03-01", "蓝天价〔2026〕3号", "1.0000"),
        Err(Code::Format)
    );
    assert_eq!(publish(&mut office, "2026-05-01", " ", "1.0000"), Err(Code::Format));
    assert_eq!(publish(&mut office, "2026-05-01", "蓝天价〔2026〕4号", "0"), Err(Code::Format));
    assert_eq!(on(&office, "2026-05-01").as_deref(), Some("1200.0000"), "nothing was changed");
    let own = samples::publish(
        "2026-05-01".parse().unwrap(),
        "蓝天价〔2026〕5号",
        &[("P-HOME", Some(Segment::Residential), "1000.0000")],
    );
    office.must(Role::Leader, Rules::ID, &own);
    let day = "2026-05-01".parse().unwrap();
    let estate = office.rules.prices.price("P-HOME", Segment::Residential, day).unwrap();
    assert_eq!(estate.unit_price.to_string(), "1000.0000", "the own price of a kind of user");
    assert_eq!(on(&office, "2026-05-01").as_deref(), Some("1200.0000"));
    assert_eq!(office.rules.prices.on(Segment::Residential, day).len(), 1);
    let no = office.give(Role::Estimator, Rules::ID, &own).unwrap_err();
    assert_eq!(no.code, Code::Role);
}
