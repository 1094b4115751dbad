//! Laws that hold for every validator.

use proptest::prelude::*;

use super::*;
use crate::time::Date;

fn today() -> Date {
    "2026-11-23".parse().unwrap()
}

/// Every text validator by its name, with its result as text.
fn all(text: &str) -> Vec<(&'static str, Result<String, Fault>)> {
    let parts = Address { town: text.into(), road: text.into(), ..Address::default() };
    vec![
        ("resident_id", resident_id(text, today()).map(|c| c.value)),
        ("uscc", uscc(text, LicencePhoto::Attached).map(|c| c.value)),
        ("region", region(text).map(|c| c.value)),
        ("project_code", project_code(text).map(|c| c.value)),
        ("phone", phone(text).map(|c| c.value.number)),
        ("amount", amount(text, LineKind::Credit).map(|c| c.value.to_string())),
        ("person_name", person_name(text).map(|c| c.value)),
        ("address", address(&parts).map(|c| c.value.town)),
        ("degrees", text.parse::<Degrees>().map(|degrees| degrees.to_string())),
    ]
}

/// What people and platforms put into a field.
const SAMPLES: &str = "\\PC{0,24}|[0-9xX]{17,19}|[0-9A-Y]{18}|[0-9－—-]{1,26}|\
    [+0-9 ()（）-]{5,20}|-?[0-9]{1,12}([.][0-9]{0,9})?|[一二三四五六七八九十百千零〇室号楼 ]{1,12}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_input_breaks_a_validator_and_the_normal_form_is_stable(text in SAMPLES) {
        for (index, (name, result)) in all(&text).into_iter().enumerate() {
            if let Ok(normal) = result {
                prop_assert_eq!(&all(&normal)[index].1, &Ok(normal.clone()), "{}", name);
            }
        }
    }

    #[test]
    fn the_key_of_an_address_is_the_key_of_its_normal_form(
        building in "[一二三十0-9０-９A-C 号楼栋幢]{1,6}",
        room in "[一二〇十0-9０-９ 室号]{1,6}",
    ) {
        let from = Address {
            town: "城关乡".into(),
            road: "示例路".into(),
            building,
            room,
            ..Address::default()
        };
        prop_assert_eq!(address(&from).unwrap().value.key(), from.key());
    }
}

#[test]
fn faults_and_cautions_have_stable_codes() {
    let fault = Fault::new(FaultCode::CheckDigit, "uscc").at("party.uscc");
    assert_eq!(
        serde_json::to_string(&fault).unwrap(),
        r#"{"code":"check_digit","field":"party.uscc"}"#
    );
    assert_eq!(fault.to_string(), "party.uscc: check_digit");
    assert_eq!(serde_json::to_string(&Caution::AgeOver120).unwrap(), "\"age_over_120\"");
    assert_eq!(Caution::OutOfArea.to_string(), "out_of_area");
}

#[test]
fn a_random_valid_code_is_made_by_its_own_check_digit() {
    // One of the thirty-one last characters fits, for any body.
    let alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    for body in ["91410184MA0000000", "92410184MA9K3L5T7", "12410184416047821"] {
        let fits = alphabet
            .chars()
            .filter(|last| uscc(&format!("{body}{last}"), LicencePhoto::Absent).is_ok())
            .count();
        assert_eq!(fits, 1, "{body}");
    }
}
