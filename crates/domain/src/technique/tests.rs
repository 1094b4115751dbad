//! The vectors of domain e.8.

use super::*;
use crate::{
    case::{basic::UseKind, pressure::PressureClass},
    money::{Quantity, Rate},
};

fn q(text: &str) -> Quantity {
    text.parse().unwrap()
}

fn rules() -> TechniqueRules {
    TechniqueRules::default()
}

#[test]
fn t_01_the_peak_of_households_is_k_times_the_sum_of_their_appliances() {
    let rules = rules();
    let k = |n| rules.simultaneity_of(n).to_string();
    for (n, expected) in [
        (1, "1.000000"),
        (2, "0.560000"),
        (3, "0.440000"),
        (4, "0.380000"),
        (5, "0.350000"),
        (10, "0.250000"),
        (20, "0.210000"),
        (50, "0.178000"),
        (100, "0.170000"),
        (200, "0.160000"),
        (500, "0.138000"),
        (1_000, "0.130000"),
    ] {
        assert_eq!(k(n), expected, "{n}");
    }
    // Between rows never less than the row after, beyond the last the last.
    assert_eq!((k(6), k(75), k(5_000)), ("0.330000".into(), "0.174000".into(), "0.130000".into()));
    assert_eq!(k(0), "1.000000");
    for n in 1..1_200 {
        assert!(rules.simultaneity_of(n) >= rules.simultaneity_of(n + 1), "{n}");
    }
    // One household: stove 0.9 and heater 1.6 at once; ten: a quarter of them.
    let of = |n| TechniqueRules::peak([(q("0.9"), n), (q("1.6"), n)], rules.simultaneity_of(n));
    assert_eq!(of(1), Some(q("2.5")));
    assert_eq!(of(10), Some(q("6.25")));
    assert_eq!(of(200), Some(q("80")));
    let designer: Rate = "0.8".parse().unwrap();
    let kitchen = [(q("4.5"), 1), (q("3.2"), 1), (q("1.9"), 1)];
    assert_eq!(TechniqueRules::peak(kitchen, designer), Some(q("7.68")));
    let most = Quantity::from_units(Quantity::MAX_UNITS).unwrap();
    assert_eq!(TechniqueRules::peak([(most, u32::MAX)], designer), None, "no wrong number");
}

#[test]
fn t_02_a_heat_load_becomes_a_flow() {
    for (kw, expected) in [("24", "2.469"), ("20", "2.057"), ("8.4", "0.864"), ("0", "0")] {
        assert_eq!(rules().flow_of_heat(q(kw)), Some(q(expected)), "{kw} kW");
    }
    let other = TechniqueRules { heat_mj_m3: q("36"), ..rules() };
    assert_eq!(other.flow_of_heat(q("24")), Some(q("2.4")), "the heat value is data");
    let none = TechniqueRules { heat_mj_m3: q("0"), ..rules() };
    assert_eq!(none.flow_of_heat(q("24")), None);
}

#[test]
fn t_03_the_smallest_meter_that_passes_the_peak() {
    let rules = rules();
    let size = |peak: &str| rules.meter_for(q(peak), None).map(|meter| meter.size.as_str());
    for (peak, expected) in [
        ("2.5", "G1.6"),
        ("2.501", "G2.5"),
        ("25.0", "G16"),
        ("25.001", "G25"),
        ("250", "G160"),
        ("250.001", "G250"),
        ("1600", "G1000"),
    ] {
        assert_eq!(size(peak), Some(expected), "{peak}");
    }
    assert_eq!(size("1600.001"), None);
    // A larger meter is no better for a small flame; of those that pass, none
    // feels 0.05 but the first two.
    let fit =
        |peak: &str, least: &str| rules.meter_for(q(peak), Some(q(least))).unwrap().size.clone();
    assert_eq!(fit("2.0", "0.016"), "G1.6");
    assert_eq!(fit("5.0", "0.039"), "G4", "where none fits both, the one that passes");
    assert_eq!(rules.meter(" g2.5 ").map(|meter| meter.q_max), Some(q("4")));
}

fn near(to: Neighbour, beside: Option<&str>, crossing: Option<&str>) -> DesignClearance {
    DesignClearance { to, beside_m: beside.map(q), crossing_m: crossing.map(q) }
}

#[test]
fn t_04_the_table_of_clearances() {
    use Neighbour as N;
    const CLASSES: [PressureClass; 3] =
        [PressureClass::Low, PressureClass::MediumB, PressureClass::MediumA];
    let rules = rules();
    let said = |near: DesignClearance, class| {
        let mut out = Vec::new();
        rules.check_clearance("c", &near, class, &mut out);
        out
    };
    for (to, least) in [
        (N::Building, ["0.7", "1.0", "1.5"]),
        (N::Water, ["0.5", "0.5", "0.5"]),
        (N::Sewer, ["1.0", "1.2", "1.2"]),
        (N::PowerDirect, ["0.5", "0.5", "0.5"]),
        (N::PowerDuct, ["1.0", "1.0", "1.0"]),
        (N::TelecomDirect, ["0.5", "0.5", "0.5"]),
        (N::TelecomDuct, ["1.0", "1.0", "1.0"]),
        (N::GasSmall, ["0.4", "0.4", "0.4"]),
        (N::GasLarge, ["0.5", "0.5", "0.5"]),
        (N::HeatDirect, ["1.0", "1.0", "1.0"]),
        (N::HeatChannel, ["1.0", "1.5", "1.5"]),
        (N::Pole, ["1.0", "1.0", "1.0"]),
        (N::Tree, ["0.75", "0.75", "0.75"]),
    ] {
        for (class, least) in CLASSES.into_iter().zip(least) {
            assert!(said(near(to, Some(least), None), class).is_empty(), "{to:?} {class:?}");
            let below = Quantity::from_units(q(least).units() - 1).unwrap();
            let below = DesignClearance { to, beside_m: Some(below), crossing_m: None };
            let said = said(below, class);
            assert_eq!(said.len(), 1, "{to:?} {class:?}");
            assert_eq!((said[0].rule, said[0].code), (Rule::T04, AdviceCode::ClearanceBelow));
            assert_eq!(said[0].clause, "GB 50028 表6.3.3");
            assert_eq!(said[0].want.as_deref(), Some(q(least).to_string().as_str()));
            assert_eq!(said[0].field, "c.beside_m");
        }
    }
    for (to, least) in [
        (N::Water, "0.15"),
        (N::Sewer, "0.15"),
        (N::GasSmall, "0.15"),
        (N::HeatChannel, "0.15"),
        (N::PowerDirect, "0.5"),
        (N::PowerDuct, "0.15"),
        (N::Rail, "1.2"),
    ] {
        assert!(said(near(to, None, Some(least)), PressureClass::Low).is_empty());
        let below = Quantity::from_units(q(least).units() - 1).unwrap();
        let below = DesignClearance { to, beside_m: None, crossing_m: Some(below) };
        assert_eq!(said(below, PressureClass::Low)[0].code, AdviceCode::CrossingBelow, "{to:?}");
    }
    // The table ends with medium pressure: nothing is passed over in silence.
    let high = said(near(N::Water, Some("9"), None), PressureClass::SubHighB);
    assert_eq!(high[0].code, AdviceCode::ClearanceUnknown);
}

fn pipe(material: PipeMaterial, sdr: Option<&str>, laying: Laying) -> DesignPipe {
    DesignPipe {
        material,
        sdr: sdr.map(q),
        dn: Some(63),
        length_m: None,
        zone: None,
        laying,
        ground: None,
        cover_m: None,
    }
}

fn of_pipe(pipe: DesignPipe, class: PressureClass) -> Vec<AdviceCode> {
    let mut out = Vec::new();
    rules().check_pipe("p", &pipe, Some(class), &mut out);
    out.into_iter().map(|said| said.code).collect()
}

#[test]
fn t_05_cover_depth() {
    for (ground, least, below) in [
        (Ground::Carriageway, "0.9", "0.899"),
        (Ground::Cycleway, "0.6", "0.599"),
        (Ground::Footway, "0.6", "0.599"),
        (Ground::NoVehicles, "0.3", "0.299"),
        (Ground::Paddy, "0.8", "0.799"),
    ] {
        let of = |cover: &str| {
            let steel = pipe(PipeMaterial::Steel, None, Laying::Buried);
            of_pipe(
                DesignPipe { ground: Some(ground), cover_m: Some(q(cover)), ..steel },
                PressureClass::Low,
            )
        };
        assert!(of(least).is_empty(), "{ground:?}");
        assert_eq!(of(below), [AdviceCode::CoverBelow], "{ground:?}");
    }
}

#[test]
fn t_06_polyethylene_is_buried_outdoors_and_holds_what_it_holds() {
    use PressureClass::{MediumA, MediumB, SubHighB};

    use PipeMaterial::{Pe80, Pe100, Steel};
    for laying in Laying::ALL {
        let said = of_pipe(pipe(Pe100, Some("11"), *laying), PressureClass::Low);
        let outside = laying.is_buried();
        assert_eq!(said.is_empty(), outside, "{laying:?}");
        assert!(outside || said == [AdviceCode::PeNotBuried]);
        assert!(of_pipe(pipe(Steel, None, *laying), PressureClass::Low).is_empty());
    }
    let of = |material, sdr, class| of_pipe(pipe(material, Some(sdr), Laying::Buried), class);
    // PE100 SDR17 to 0.4 MPa, SDR11 to 0.7; PE80 SDR11 to 0.5, SDR17.6 to 0.3.
    assert!(of(Pe100, "17", MediumA).is_empty());
    assert_eq!(of(Pe100, "17", SubHighB), [AdviceCode::PePressure]);
    assert_eq!(of(Pe100, "11", SubHighB), [AdviceCode::PePressure], "0.8 is above 0.7");
    assert!(of(Pe80, "11", MediumA).is_empty());
    assert_eq!(of(Pe80, "17.6", MediumA), [AdviceCode::PePressure]);
    assert!(of(Pe80, "17.6", MediumB).is_empty());
    assert_eq!(of(Pe80, "21", MediumB), [AdviceCode::PeUnknown]);
}

#[test]
fn t_07_at_what_pressure_a_user_is_supplied() {
    let said = |kind, apart, kpa: &str| -> Vec<AdviceCode> {
        let mut out = Vec::new();
        rules().check_supply("f", SupplyUse::of(kind, apart), q(kpa), &mut out);
        out.into_iter().map(|said| said.code).collect()
    };
    for kind in [UseKind::Catering, UseKind::School, UseKind::Hospital, UseKind::Hotel] {
        assert!(said(kind, false, "200").is_empty());
        assert_eq!(said(kind, true, "200.001"), [AdviceCode::SupplyAbove]);
    }
    assert!(said(UseKind::Industry, true, "800").is_empty());
    assert_eq!(said(UseKind::Industry, true, "800.001"), [AdviceCode::SupplyAbove]);
    assert!(said(UseKind::Industry, false, "400").is_empty());
    assert_eq!(said(UseKind::Industry, false, "400.001"), [AdviceCode::SupplyAbove]);
    assert!(said(UseKind::Dwelling, false, "2.0").is_empty());
    assert!(said(UseKind::Dwelling, false, "1.5").is_empty());
    assert!(said(UseKind::Dwelling, false, "3.0").is_empty());
    assert_eq!(said(UseKind::Dwelling, false, "1.499"), [AdviceCode::SupplyBelow]);
    assert_eq!(said(UseKind::Dwelling, false, "3.001"), [AdviceCode::SupplyAbove]);
}

#[test]
fn the_tables_are_data_and_say_that_they_wait_for_the_technical_department() {
    let seed = rules();
    assert!(!seed.confirmed);
    let stored = serde_json::to_string(&seed).unwrap();
    assert_eq!(serde_json::from_str::<TechniqueRules>(&stored).unwrap(), seed);
    assert!(Neighbour::ALL.iter().all(|to| seed.clearances.iter().any(|row| row.to == *to)));
    assert!(Ground::ALL.iter().all(|one| seed.cover.iter().any(|row| row.ground == *one)));
    assert!(SupplyUse::ALL.iter().all(|one| seed.supply.iter().any(|row| row.user == *one)));
    assert!(seed.meters.windows(2).all(|pair| pair[0].q_max < pair[1].q_max), "small ones first");
}
