//! What people fill in: the data of the story's commands.

use chrono::{Days, NaiveDate};
use lantian_tests::clocks;
use serde_json::{Value, json};

/// The project as the platform names it.
pub const PROJECT: &str = "溱水路农贸市场改造";
/// The project's applicant.
pub const APPLICANT: &str = "新郑市溱水餐饮服务中心";
/// The person to ask.
pub const CONTACT: &str = "贾文静";
/// The telephone.
pub const PHONE: &str = "13700137001";
/// The address.
pub const ADDRESS: &str = "新郑市溱水路与玉前路交叉口66号";

/// Today in China, moved by some days.
pub fn day(from_today: i64) -> NaiveDate {
    let today = clocks::now().date_naive();
    if from_today < 0 {
        today - Days::new(from_today.unsigned_abs())
    } else {
        today + Days::new(from_today.unsigned_abs())
    }
}

/// A push of one project at `pushed_at`.
pub fn push(number: u32, name: &str, pushed_at: clocks::Instant) -> Value {
    let pushed = clocks::text(pushed_at);
    let code = format!("2611-410184-04-01-9{number:05}");
    json!({
        "source": "gonggai", "batch_id": format!("story-{number}"), "pushed_at": pushed,
        "records": [{
            "dfsjzj": format!("story-{number}"), "xzqhdm": "410184", "xmdm": code,
            "gcdm": format!("{code}-001"), "xmmc": name, "stage": "1",
            "jsddxzqh": "410184", "jsdd": ADDRESS, "xmjwdzb": "113.7400000,34.3950000",
            "crs": "cgcs2000", "jsdw": APPLICANT, "jsdwdm": "91410184MA00000TAA",
            "sjyxbs": 1, "gxsj": pushed,
            "units": [{ "dwmc": APPLICANT, "dwtyshxydm": "91410184MA00000TAA", "dwlx": 1,
                        "contact": CONTACT, "phone": PHONE }],
        }],
    })
}

fn consent() -> Value {
    json!({ "text_version": "PI-2026-1", "at": clocks::text(clocks::now()) })
}

/// The project's applicant and premises.
pub fn basic_project() -> Value {
    json!({
        "party_type": "organization", "name": APPLICANT, "phone": PHONE, "address": ADDRESS,
        "use_kind": "catering", "want": "new", "consent": consent(), "contact_name": CONTACT,
        "uscc": "91410184MA00000TAA", "enterprise_size": "large", "ownership": "state",
        "demand_m3h": "18.500", "need_date": day(40),
        "geo": { "lon": "113.7400000", "lat": "34.3950000", "accuracy_dm": 80 },
    })
}

/// A household or shop that asks by itself.
pub fn basic_small(number: usize, segment: &str) -> Value {
    let shop = segment == "non_residential_micro";
    let surname = ["赵", "钱", "孙", "李", "周", "吴", "郑"][number % 7];
    json!({
        "party_type": "person", "name": format!("{surname}小芳"), "phone": format!("1380013800{number}"),
        "address": format!("新郑市文昌路{}号", 10 + number), "use_kind": if shop { "other" } else { "dwelling" },
        "want": "new", "consent": consent(), "households": u32::from(!shop), "demand_m3h": "2.500",
    })
}

/// What the Technical Dept finds: the pressure suffices.
pub fn pressure() -> Value {
    json!({
        "verdict": "satisfied", "connection_point": "溱水路中压管 DN200 预留口",
        "design_pressure_kpa": "200.000", "lowest_operating_kpa": "120.000",
        "required_inlet_kpa": "20.000", "available_m3h": "350.000", "required_m3h": "18.500",
        "basis": "scada",
    })
}

/// A survey with these photos; the project's route needs two permits.
pub fn survey(case: &super::cast::Case, photos: &[String]) -> Value {
    let use_kind = match case.segment {
        "non_residential" => "catering",
        "non_residential_micro" => "other",
        _ => "dwelling",
    };
    let outside = if case.is_small() { "aerial" } else { "asphalt" };
    json!({
        "survey_at": clocks::text(clocks::now()), "site_rep": CONTACT, "use_kind": use_kind,
        "geo": { "lon": "113.7401000", "lat": "34.3951000", "accuracy_dm": 60 },
        "households": u32::from(case.segment == "residential_scattered"),
        "appliances": [{ "kind": "双头炒灶", "rated_m3h": "2.250", "count": 1, "flame_failure_device": true }],
        "peak_demand_m3h": "2.250", "connection_point": "东侧围墙外中压管",
        "distance_to_main_m": "12.000", "trees": if case.is_small() { 0 } else { 2 },
        "route": [
            { "zone": "outside_boundary", "surface": outside, "length_m": "12.000", "dn": 63 },
            { "zone": "inside_boundary", "surface": "indoor", "length_m": "8.400", "dn": 40 },
        ],
        "approach_ready": true, "result": "现场具备条件，管线路由清晰", "feasible": "yes",
        "photos": photos, "unsigned_because": "现场代表已离开，电话确认",
    })
}

/// A drawing with every item of the checklist answered.
pub fn design(drawing: &str) -> Value {
    let items = [
        "tie_in",
        "clearance",
        "cover_depth",
        "pipe_material",
        "ventilation",
        "metering",
        "alarm",
        "crossing",
    ];
    let checklist: Vec<_> =
        items.iter().map(|item| json!({ "item": item, "complies": true })).collect();
    json!({ "drawing": drawing, "pressure_class": "low", "checklist": checklist, "norms": ["GB 50028", "GB 55009"] })
}

/// A budget; with `meter_box_yuan` the customer pays something.
pub fn budget(meter_box_yuan: Option<&str>) -> Value {
    let line = |name: &str, group: &str, boundary: &str, qty: &str, price: &str, payer: &str| {
        let design = group == "design";
        let category = if design { "design_cost" } else { "civil_cost" };
        let rate = if design { "0.060000" } else { "0.090000" };
        json!({ "name": name, "category": category, "group": group, "boundary": boundary, "unit": "m", "qty": qty,
                "unit_price": price, "rate": rate, "payer": payer })
    };
    let mut lines = vec![
        line("红线外管道敷设", "construction", "outside", "12.000", "128.3333", "company"),
        line("施工图设计", "design", "inside", "1.000", "800.0000", "company"),
        line("户内安装", "installation", "inside", "8.400", "74.2500", "company"),
    ];
    if let Some(price) = meter_box_yuan {
        lines.push(line("调压箱及安装", "installation", "inside", "1.000", price, "customer"));
    }
    // What is charged is compared with its cost (H-9).
    let cost = meter_box_yuan.map(|_| 640_000);
    json!({ "design_version": 1, "lines": lines, "cost_fen": cost })
}

/// A confirmation of what `cost` showed.
pub fn settle(cost: &Value, fee_type: &str, signature: &str) -> Value {
    json!({
        "design_version": cost["design_version"], "budget_version": cost["budget_version"],
        "fee_type": fee_type, "customer_total_fen": cost["customer_total_fen"], "place": "on_site",
        "contract_draft_delivered": true,
        "signature": { "signer": CONTACT, "relation": "agent", "file": signature, "basis": cost["basis"] },
    })
}

/// A contract of this kind.
pub fn contract(kind: &str, number: &str, signature: &str, due_before_start_fen: i64) -> Value {
    let mut contract = json!({
        "kind": kind, "number": number, "due_before_start_fen": due_before_start_fen,
        "signature": { "signer": CONTACT, "relation": "agent", "file": signature, "basis": number },
    });
    if kind == "install" {
        contract["completion_due"] = json!(day(45));
    }
    contract
}

/// A proposed filing with everything that the survey did not know.
pub fn permit(proposed: &Value, paper: &str) -> Value {
    let mut plan = proposed.clone();
    plan["planned_from"] = json!(day(0));
    plan["planned_to"] = json!(day(30));
    plan["documents"] = json!([{ "paper": "construction_plan", "file": paper }]);
    if plan["kind"] == "road_dig" {
        plan["road"]["planning_permit_no"] = json!("建字第410184202600118号");
        plan["road"]["dig_depth_m"] = json!("1.200");
        plan["road"]["method"] = json!("drilling");
        // The story is told on any day of the year.
        plan["ban_exception"] =
            json!({ "approved_by": "新郑市人民政府", "number": "新政函〔2026〕18号" });
    } else {
        plan["trees"][0]["species"] = json!("国槐");
        plan["trees"][0]["dbh_cm"] = json!(16);
        plan["trees"][0]["transplant_to"] = json!("溱水路苗圃");
    }
    plan
}

/// An answer of the authority to a filing.
pub fn answer(filing: &str, code: &str) -> Value {
    let mut answer = json!({ "filing": filing, "code": code });
    if code == "11" {
        answer["external_no"] = json!("新城管许〔2026〕018号");
        answer["permitted_from"] = json!(day(0));
        answer["permitted_to"] = json!(day(30));
    }
    answer
}

/// An order to the contractor `lead`.
pub fn order(lead: &str) -> Value {
    json!({
        "contractor": "示例管道工程有限公司", "qualification_no": "D241000001",
        "qualification_valid_to": day(400), "lead": lead, "planned_start": day(0), "planned_finish": day(3),
    })
}

/// A pass with both tests.
pub fn acceptance(files: &[String]) -> Value {
    let test = |kind: &str, kpa: &str, minutes: u32| {
        json!({ "kind": kind, "medium": "air", "pressure_kpa": kpa, "hold_minutes": minutes,
                "start_kpa": kpa, "end_kpa": kpa, "gauge_valid_to": day(90) })
    };
    json!({
        "passed": true, "tests": [test("strength", "100.000", 60), test("tightness", "5.000", 30)],
        "signers": ["施工 王工", "监理 李工", "验收 赵工"], "files": files,
    })
}

/// A ticket of a connection that burns.
pub fn ticket(case: &super::cast::Case, meter: &str, photo: &str, signature: &str) -> Value {
    let mut ticket = json!({
        "ignited_at": clocks::text(clocks::now()), "meter_no": meter, "meter_size": "G4",
        "meter_verification_no": "JD-2026-77812", "verified_on": day(-20), "start_reading_m3": "0.000",
        "leak_check_passed": true, "flames_ok": true, "valve_photo": photo, "witness": CONTACT,
        "safety_notice": { "signer": CONTACT, "relation": "agent", "file": signature, "basis": "SAFETY-2026-1" },
    });
    if !case.is_small() {
        ticket["alarm_no"] = json!("BJ-20261124-3");
        ticket["alarm_tested"] = json!(true);
    }
    ticket
}
