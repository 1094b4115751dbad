//! The dig ban, young roads and protected trees (g.1).

use lantian_domain::{case::permit::*, refusal::Code};

use crate::{bench::*, office::Office};

#[test]
fn n_14_the_days_of_the_dig_ban() {
    let rules = lantian_domain::record::Rules::seed();
    let ban = |text: &str| rules.permits.ban.on(day(text), &rules.calendar).window;
    for (text, banned) in
        [("2026-11-10", false), ("2026-11-11", true), ("2027-03-20", true), ("2027-03-21", false)]
    {
        assert_eq!(ban(text).is_some(), banned, "{text}");
    }
    let around = rules.permits.ban.holidays(&rules.calendar);
    for (from, to) in [("2026-09-16", "2026-10-12"), ("2026-04-16", "2026-05-10")] {
        let window = BanWindow { cause: BanCause::Holiday, from: day(from), to: day(to) };
        assert!(around.contains(&window), "{from}…{to}");
        let closed = day(from).iter_days().take_while(|one| *one <= day(to));
        assert!(closed.into_iter().all(|one| ban(&one.to_string()).is_some()));
    }
    // The day before and the day after Labour Day's window are open.
    assert!(ban("2026-04-15").is_none() && ban("2026-05-11").is_none());
    // The holidays of 2027 are not published: said, never taken for none.
    let spring = rules.permits.ban.on(day("2027-04-05"), &rules.calendar);
    assert!(spring.window.is_none() && spring.provisional);
}

#[test]
fn a_dig_planned_in_the_ban_needs_an_approved_exception() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let mut plan = of(&office, id, PermitKind::RoadDig).plan;
    plan = filled(&mut office, id, plan);
    plan.planned_from = Some(day("2026-11-10"));
    plan.planned_to = Some(day("2026-11-11"));
    let no = refused(draft(&mut office, id, plan.clone()));
    assert_eq!(no.code, Code::PermitWindow);
    assert_eq!(
        (no.params["reason"].as_str(), no.params["from"].as_str()),
        ("winter_ban", "2026-11-11")
    );
    let number = "新政函〔2026〕7号".to_owned();
    plan.ban_exception =
        Some(BanException { approved_by: "新郑市人民政府".to_owned(), number });
    draft(&mut office, id, plan.clone()).unwrap();
    // A tree is moved in winter: no ground of a road is opened.
    let mut tree = of(&office, id, PermitKind::TreeMove).plan;
    tree.planned_from = plan.planned_from;
    tree.planned_to = Some(day("2026-12-11"));
    draft(&mut office, id, tree).unwrap();
}

#[test]
fn a_granted_permit_opens_the_gate_only_in_its_period_and_outside_the_ban() {
    let mut office = Office::open();
    let id = designed(&mut office);
    granted(&mut office, id, PermitKind::TreeMove);
    granted(&mut office, id, PermitKind::RoadDig);
    assert_eq!(shut(&office, id), ["road_dig:outside_period", "tree_move:outside_period"]);
    office.now = at("2026-05-11T08:00");
    assert!(shut(&office, id).is_empty());
    office.now = at("2026-06-03T23:59");
    assert!(shut(&office, id).is_empty());
    office.rules.permits.ban.events.push(BanEvent {
        name: "黄帝故里拜祖大典".to_owned(),
        from: day("2026-06-05"),
        to: day("2026-06-05"),
    });
    assert_eq!(shut(&office, id), ["road_dig:event_ban"]);
    office.rules.permits.ban.events.clear();
    office.now = at("2026-06-04T00:00");
    assert_eq!(shut(&office, id).len(), 2, "the period is over");
}

#[test]
fn young_roads_and_protected_trees_are_warned_of_and_need_the_government() {
    let mut office = Office::open();
    let id = designed(&mut office);
    let mut plan = of(&office, id, PermitKind::RoadDig).plan;
    plan = filled(&mut office, id, plan);
    let mut try_road = |built: Option<&str>, overhauled: Option<&str>| {
        let road = plan.road.as_mut().unwrap();
        (road.built_on, road.overhauled_on) = (built.map(day), overhauled.map(day));
        draft(&mut office, id, plan.clone()).unwrap();
        let filing = office.case(id).filing(plan.filing).unwrap();
        let (_, papers) = missing(office.case(id), filing, &office.rules);
        (warnings(filing, &office.rules, office.now), papers)
    };
    // Planned from 2026-05-11: five years from building, three from an overhaul.
    let young = try_road(Some("2021-05-12"), None);
    assert_eq!(young.0, [PermitWarning::NewRoad]);
    assert_eq!(young.1, ["government_approval"]);
    assert!(try_road(Some("2021-05-11"), None).0.is_empty());
    assert_eq!(try_road(None, Some("2023-05-12")).0, [PermitWarning::OverhauledRoad]);
    assert!(try_road(None, Some("2023-05-11")).1.is_empty());

    let rules = &office.rules.permits;
    for (species, evergreen, size) in [
        ("法桐", false, 40),
        ("泡桐", false, 60),
        ("毛白杨", false, 60),
        ("雪松", true, 30),
        ("国槐", false, 50),
    ] {
        let tree = |dbh_cm| TreeDetail {
            species: species.to_owned(),
            evergreen,
            count: 1,
            dbh_cm,
            transplant_to: None,
            replant_plan: None,
        };
        assert!(tree(size).is_protected(rules), "{species}");
        assert!(!tree(size - 1).is_protected(rules), "{species}");
    }
}
