//! T-01 to T-07 where people meet them: the question to the Technical
//! Department, the survey, the drawing, the ticket (domain e.8).
#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

mod office;

use lantian_domain::{
    case::{CaseState, Segment, design::IssueDesign, outside::Appliance, survey::Survey},
    command::{Command, CommandName},
    ids::RecordId,
    record::Record,
    refusal::Code,
    role::Role,
    technique::{Advice, AdviceCode, Draft, Rule, advise, of_case},
};
use office::{Office, samples};
use serde_json::{Value, json};

/// What the computations say to a form that is being written.
fn said(office: &Office, id: RecordId, command: CommandName, form: Value) -> Vec<Advice> {
    let draft: Draft = serde_json::from_value(form).unwrap();
    advise(office.case(id), command, &draft, &office.rules.technique)
}

fn codes(said: &[Advice]) -> Vec<AdviceCode> {
    said.iter().map(|one| one.code).collect()
}

fn survey_with(office: &mut Office, id: RecordId, change: impl FnOnce(&mut Value)) -> Command {
    let Command::CompleteSurvey(sheet) = samples::survey(office, id) else { unreachable!() };
    let mut sheet = serde_json::to_value(sheet).unwrap();
    change(&mut sheet);
    Command::CompleteSurvey(Box::new(serde_json::from_value::<Survey>(sheet).unwrap()))
}

fn drawing_with(office: &mut Office, id: RecordId, sheet: Value) -> IssueDesign {
    let Command::IssueDesign(issue) = samples::design(office, id) else { unreachable!() };
    IssueDesign { sheet: serde_json::from_value(sheet).unwrap(), ..issue }
}

/// The same with a word to one item of the checklist.
fn explained(mut issue: IssueDesign, item: &str) -> Command {
    for answer in &mut issue.checklist {
        if answer.item.as_str() == item {
            answer.note = Some("已采取套管保护措施".to_owned());
        }
    }
    Command::IssueDesign(issue)
}

#[test]
fn t_01_the_demand_is_proposed_from_what_the_applicant_wants_to_burn() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::Accepted);
    assert!(said(&office, id, CommandName::PushToTech, json!({})).is_empty(), "nothing is known");
    let appliance = |rate: Option<&str>, heat: Option<&str>, quantity| Appliance {
        name: "灶具".to_owned(),
        model: None,
        size: None,
        rate_m3h: rate.map(|text| text.parse().unwrap()),
        pipe: None,
        quantity,
        heat_kw: heat.map(|text| text.parse().unwrap()),
    };
    let Some(Record::Case(case)) = office.records.get_mut(&id) else { panic!("a case") };
    case.intake.appliances = vec![appliance(Some("0.9"), None, 1), appliance(None, Some("24"), 1)];
    let proposed = said(&office, id, CommandName::PushToTech, json!({}));
    assert_eq!(codes(&proposed), [AdviceCode::DemandProposed]);
    assert_eq!((proposed[0].rule, proposed[0].field.as_str()), (Rule::T01, "demand_m3h"));
    assert_eq!(proposed[0].want.as_deref(), Some("3.369"), "0.9 and 24 kW at once");
    assert!(proposed[0].proposal && proposed[0].clause.contains("附录F"));
    let low = said(&office, id, CommandName::PushToTech, json!({ "demand_m3h": "3" }));
    assert_eq!(codes(&low), [AdviceCode::DemandBelow]);
    assert!(
        said(&office, id, CommandName::PushToTech, json!({ "demand_m3h": "3.369" })).is_empty()
    );
    // A proposal is no order: what the manager writes is taken.
    let push =
        serde_json::from_value(json!({ "type": "push_to_tech", "demand_m3h": "3" })).unwrap();
    office.must(Role::CustomerManager, id, &push);
}

#[test]
fn t_01_t_02_the_survey_checks_peak_and_flow() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::SurveyDesign);
    let form = json!({
        "households": 10, "peak_demand_m3h": "5",
        "appliances": [
            { "kind": "双眼灶", "rated_m3h": "0.9", "count": 10 },
            { "kind": "壁挂炉", "rated_heat_kw": "24", "count": 10 },
        ],
    });
    let all = said(&office, id, CommandName::CompleteSurvey, form);
    assert_eq!(codes(&all), [AdviceCode::FlowProposed, AdviceCode::DemandBelow]);
    assert_eq!(all[0].field, "appliances.1.rated_m3h");
    assert_eq!(all[0].want.as_deref(), Some("2.469"));
    // (9 + 24.69) × 0.25
    assert_eq!(
        (all[1].want.as_deref(), all[1].about.as_deref()),
        (Some("8.423"), Some("0.250000"))
    );
    let other = json!({ "appliances": [{ "rated_heat_kw": "20", "rated_m3h": "3", "count": 1 }] });
    let all = said(&office, id, CommandName::CompleteSurvey, other);
    assert_eq!(all[0].code, AdviceCode::FlowDiffers);
    // A business burns what its designer says, all at once without a word.
    office.set_segment(id, Segment::Micro);
    let kitchen =
        |k: Value| json!({ "simultaneity": k, "appliances": [{ "rated_m3h": "4.5", "count": 2 }] });
    let want =
        |k| said(&office, id, CommandName::CompleteSurvey, kitchen(k))[0].want.clone().unwrap();
    assert_eq!((want(Value::Null), want(json!("0.8"))), ("9.000".to_owned(), "7.200".to_owned()));
}

#[test]
fn t_01_a_survey_below_its_appliances_is_taken_and_warned_of_on_the_case() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::SurveyDesign);
    let nothing = survey_with(&mut office, id, |sheet| sheet["simultaneity"] = json!("0"));
    let no = office.give(Role::Surveyor, id, &nothing).unwrap_err();
    assert_eq!((no.code, no.params["field"].as_str()), (Code::Format, "simultaneity"));
    let low = survey_with(&mut office, id, |sheet| {
        sheet["appliances"] = json!([{ "kind": "壁挂炉", "rated_m3h": "2.6", "count": 1 }]);
    });
    office.must(Role::Surveyor, id, &low);
    let warned = of_case(office.case(id), &office.rules.technique);
    assert_eq!(codes(&warned), [AdviceCode::DemandBelow], "never silent");
}

#[test]
fn t_03_the_meter_is_proposed_and_checked_at_the_drawing_and_at_the_door() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::AcceptanceTesting);
    // The survey of the bench says 2.5 m³/h.
    let proposed = said(&office, id, CommandName::TurnGasOn, json!({}));
    assert_eq!(codes(&proposed), [AdviceCode::MeterProposed]);
    assert_eq!(proposed[0].want.as_deref(), Some("G1.6"));
    let of = |size: &str| said(&office, id, CommandName::TurnGasOn, json!({ "meter_size": size }));
    assert!(of("G1.6").is_empty() && of("G2.5").is_empty(), "a larger one passes it, too");
    assert_eq!(codes(&of("G0.6")), [AdviceCode::MeterUnknown]);
    let sheet = json!({ "sheet": { "meters": [{ "meter_size": "G1.6", "count": 1 }] } });
    assert!(said(&office, id, CommandName::IssueDesign, sheet).is_empty());
    let Some(Record::Case(case)) = office.records.get_mut(&id) else { panic!("a case") };
    case.survey.as_mut().unwrap().peak_demand_m3h = "2.501".parse().unwrap();
    let small = said(&office, id, CommandName::TurnGasOn, json!({ "meter_size": "G1.6" }));
    assert_eq!(codes(&small), [AdviceCode::MeterSmall]);
    assert_eq!(small[0].want.as_deref(), Some("G2.5"));
}

#[test]
fn t_04_t_05_a_drawing_below_the_table_needs_a_word_and_names_code_and_clause() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::SurveyDesign);
    let survey = samples::survey(&mut office, id);
    office.must(Role::Surveyor, id, &survey);
    let near = json!({ "clearances": [{ "to": "sewer", "beside_m": "0.9" }] });
    let issue = drawing_with(&mut office, id, near);
    let no = office.give(Role::Designer, id, &Command::IssueDesign(issue.clone())).unwrap_err();
    assert_eq!((no.code, no.params["missing"].as_str()), (Code::Format, "clearance"));
    assert_eq!(
        (no.params["rule"].as_str(), no.params["clause"].as_str()),
        ("T-04", "GB 50028 表6.3.3")
    );
    assert_eq!((no.params["have"].as_str(), no.params["want"].as_str()), ("0.900", "1.000"));
    let shallow = json!({ "pipes": [
        { "material": "pe100", "sdr": "11", "laying": "buried", "ground": "carriageway", "cover_m": "0.8" },
    ] });
    let shallow = drawing_with(&mut office, id, shallow);
    let no = office.give(Role::Designer, id, &Command::IssueDesign(shallow.clone())).unwrap_err();
    assert_eq!(
        (no.params["missing"].as_str(), no.params["rule"].as_str()),
        ("cover_depth", "T-05")
    );
    office.approved(Role::Designer, Role::TechLead, id, &explained(issue, "clearance"));
    let warned = of_case(office.case(id), &office.rules.technique);
    assert_eq!(codes(&warned), [AdviceCode::ClearanceBelow], "it stays on the case");
    assert_eq!(warned[0].field, "sheet.clearances.0.beside_m");
    office.approved(Role::Designer, Role::TechLead, id, &explained(shallow, "cover_depth"));
    assert_eq!(codes(&of_case(office.case(id), &office.rules.technique)), [AdviceCode::CoverBelow]);
}

#[test]
fn t_06_polyethylene_indoors_is_refused_whatever_is_said_for_it() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::SurveyDesign);
    let inside =
        survey_with(&mut office, id, |sheet| sheet["route"][0]["laying"] = json!("PE100 明设"));
    let no = office.give(Role::Surveyor, id, &inside).unwrap_err();
    assert_eq!((no.params["field"].as_str(), no.params["rule"].as_str()), ("route", "T-06"));
    let survey = samples::survey(&mut office, id);
    office.must(Role::Surveyor, id, &survey);
    for laying in ["exposed", "concealed", "aerial"] {
        let sheet = json!({ "pipes": [{ "material": "pe80", "sdr": "11", "laying": laying }] });
        let issue = drawing_with(&mut office, id, sheet);
        let no = office.give(Role::Designer, id, &explained(issue, "pipe_material")).unwrap_err();
        assert_eq!((no.code, no.params["rule"].as_str()), (Code::Format, "T-06"));
        assert_eq!(no.params["field"], "sheet.pipes.0.laying");
    }
}

#[test]
fn t_07_a_pressure_above_the_limit_is_warned_of_until_the_designer_says_why() {
    let mut office = Office::open();
    let id = samples::case_in(&mut office, CaseState::SurveyDesign);
    let survey = samples::survey(&mut office, id);
    office.must(Role::Surveyor, id, &survey);
    let issue = drawing_with(&mut office, id, json!({ "supply_kpa": "5" }));
    let no = office.give(Role::Designer, id, &Command::IssueDesign(issue.clone())).unwrap_err();
    assert_eq!((no.params["missing"].as_str(), no.params["rule"].as_str()), ("metering", "T-07"));
    office.must(Role::Designer, id, &explained(issue, "metering"));
    // The reviewer sees it before deciding.
    assert_eq!(
        codes(&of_case(office.case(id), &office.rules.technique)),
        [AdviceCode::SupplyAbove]
    );
    let good = drawing_with(&mut office, id, json!({ "supply_kpa": "2" }));
    assert_eq!(good.sheet.supply_kpa.unwrap().to_string(), "2.000");
}
