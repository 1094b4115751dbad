//! Pressure, survey, drawing, budget.

use lantian_domain::{
    case::{
        design::{CheckAnswer, CheckItem, IssueDesign},
        pressure::{Basis, PressureCheck, PressureClass, PushToTech, Verdict},
        survey::{ApplianceDemand, Feasible, RouteSegment, Surface, Survey, Zone},
    },
    command::Command,
    file::FileKind,
    ids::FileId,
    technique::{
        DesignClearance, DesignPipe, DesignSheet, Ground, Laying, Neighbour, PipeMaterial,
    },
    time::DAY_MS,
};

use super::{
    opening::point,
    paper::Paper,
    scene::{Turn, decimal},
    story::Kind,
};
use crate::error::{Error, Result};

/// The Technical Dept is asked.
pub(super) fn ask(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let asked = PushToTech {
        demand_m3h: decimal(turn.story.kind.demand())?,
        note: Some("用户希望尽快用气,请优先安排".to_owned()),
    };
    turn.on_case(turn.story.manager, Command::PushToTech(asked))
}

/// The verdict on the area's pressure.
pub(super) fn pressure(turn: &mut Turn<'_, '_, '_>, verdict: Verdict) -> Result<()> {
    let enough = verdict == Verdict::Satisfied;
    let check = PressureCheck {
        verdict,
        connection_point: "市政中压干管预留三通".to_owned(),
        geo: Some(point(turn.story.serial + 1)),
        design_pressure_kpa: decimal("400")?,
        lowest_operating_kpa: decimal(if enough { "186.5" } else { "72" })?,
        required_inlet_kpa: Some(decimal("100")?),
        available_m3h: decimal(if enough { "1850" } else { "60" })?,
        required_m3h: decimal(turn.story.kind.demand())?,
        basis: if enough { Basis::Scada } else { Basis::HydraulicModel },
        remedy_plan: (!enough).then(|| "延伸中压干管 380 m 并与东侧管网成环".to_owned()),
        remedy_owner: (!enough).then(|| "工程部 赵海涛".to_owned()),
        remedy_due: (!enough).then(|| turn.at.plus_ms(25 * DAY_MS).date()),
        valid_days: 60,
    };
    turn.on_case("tech_lead1", Command::RecordPressureCheck(check))
}

/// What is found on site.
pub(super) fn survey(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let who = "surveyor1";
    let mut photos: Vec<FileId> = vec![
        turn.attach(who, FileKind::PhotoSite, Paper::Site)?,
        turn.attach(who, FileKind::PhotoTieIn, Paper::TieIn)?,
        turn.attach(who, FileKind::PhotoMeter, Paper::Meter)?,
    ];
    if matches!(turn.story.kind, Kind::Home | Kind::Diner | Kind::School | Kind::Hotel) {
        photos.push(turn.attach(who, FileKind::PhotoAppliance, Paper::Kitchen)?);
    }
    let signature = turn.attach(who, FileKind::Signature, Paper::Signature)?;
    let survey = Survey {
        survey_at: turn.at.plus_ms(-25 * 60_000),
        geo: point(turn.story.serial),
        inaccurate_because: None,
        site_rep: Some(turn.story.contact.to_owned()),
        use_kind: turn.story.kind.use_kind(),
        households: turn.case()?.basic.households.unwrap_or(0),
        appliances: appliances(turn)?,
        simultaneity: None,
        peak_demand_m3h: decimal(turn.story.kind.demand())?,
        connection_point: "院外中压管预留阀门".to_owned(),
        distance_to_main_m: decimal(if turn.story.kind.is_small() { "14.5" } else { "86.5" })?,
        route: route(turn)?,
        trees: if turn.story.kind == Kind::Estate { 4 } else { 0 },
        approach_ready: true,
        risks: Vec::new(),
        result: "现场具备安装条件,管位与给水、电力管线净距满足规范,表位通风良好。".to_owned(),
        feasible: Feasible::Yes,
        photos,
        signature: Some(signature),
        unsigned_because: None,
    };
    turn.on_case(who, Command::CompleteSurvey(Box::new(survey)))
}

fn appliances(turn: &Turn<'_, '_, '_>) -> Result<Vec<ApplianceDemand>> {
    let list: &[(&str, &str, u32)] = match turn.story.kind {
        Kind::Home => &[("双眼灶", "0.9", 1), ("热水器", "1.6", 1)],
        Kind::Diner => &[("双头炒灶", "4.5", 1), ("蒸箱", "3.2", 1), ("矮汤炉", "1.9", 1)],
        Kind::Estate => &[("双眼灶", "0.9", 200), ("壁挂炉", "2.6", 200)],
        Kind::Factory => &[("蒸汽锅炉 2t/h", "160", 1), ("烘干炉", "50", 2)],
        Kind::School | Kind::Hospital | Kind::Hotel => &[("大锅灶", "6.5", 4), ("蒸箱", "5.5", 4)],
        Kind::Boiler => &[("热水锅炉 4t/h", "210", 2)],
    };
    list.iter()
        .map(|(kind, rated, count)| {
            Ok(ApplianceDemand {
                kind: (*kind).to_owned(),
                model: None,
                rated_heat_kw: None,
                rated_m3h: decimal(rated)?,
                count: *count,
                flame_failure_device: true,
            })
        })
        .collect()
}

fn route(turn: &Turn<'_, '_, '_>) -> Result<Vec<RouteSegment>> {
    let stretches: &[(Zone, Surface, &str, u32, &str)] = if turn.story.kind.is_small() {
        &[
            (Zone::Inside, Surface::Concrete, "14.5", 63, "PE100 SDR11 直埋"),
            (Zone::Inside, Surface::Indoor, "12", 25, "热镀锌钢管 明设"),
        ]
    } else {
        &[
            (Zone::Outside, Surface::Asphalt, "45", 110, "PE100 SDR11 直埋"),
            (Zone::Inside, Surface::Concrete, "86.5", 110, "PE100 SDR11 直埋"),
            (Zone::Inside, Surface::Indoor, "60", 50, "热镀锌钢管 明设"),
        ]
    };
    stretches
        .iter()
        .map(|(zone, surface, length, dn, laying)| {
            Ok(RouteSegment {
                zone: *zone,
                surface: *surface,
                length_m: decimal(length)?,
                dn: Some(*dn),
                laying: Some((*laying).to_owned()),
            })
        })
        .collect()
}

/// The designer proposes the drawing.
pub(super) fn draw(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let who = "designer1";
    let drawing = turn.attach(who, FileKind::Drawing, Paper::Drawing)?;
    // Beside the sewer of the estate there is no room for the full distance.
    let note = |item: &CheckItem| {
        let tight = *item == CheckItem::Clearance && turn.story.kind == Kind::Estate;
        tight.then(|| "与雨水管并行段受限,加设钢套管,两端伸出各 1 m".to_owned())
    };
    let complies = |item: &CheckItem| CheckAnswer {
        item: *item,
        complies: note(item).is_none(),
        note: note(item),
    };
    let checklist = CheckItem::ALL.iter().map(complies).collect();
    let small = turn.story.kind.is_small();
    let issue = IssueDesign {
        drawing,
        pressure_class: if small { PressureClass::Low } else { PressureClass::MediumB },
        checklist,
        sheet: sheet(turn)?,
        norms: vec!["GB 55009-2021".to_owned(), "GB 50028-2006(2020)".to_owned()],
        note: None,
    };
    turn.on_case(who, Command::IssueDesign(issue))
}

/// The figures of the drawing: buried polyethylene to the wall, steel inside.
fn sheet(turn: &Turn<'_, '_, '_>) -> Result<DesignSheet> {
    let small = turn.story.kind.is_small();
    let estate = turn.story.kind == Kind::Estate;
    let (ground, cover) =
        if small { (Ground::Footway, "0.8") } else { (Ground::Carriageway, "1.1") };
    let pipe = |material, laying, dn, length: &str| {
        Ok::<_, Error>(DesignPipe {
            material,
            sdr: (material == PipeMaterial::Pe100).then(|| decimal("11")).transpose()?,
            dn: Some(dn),
            length_m: Some(decimal(length)?),
            zone: Some(Zone::Inside),
            laying,
            ground: (laying == Laying::Buried).then_some(ground),
            cover_m: (laying == Laying::Buried).then(|| decimal(cover)).transpose()?,
        })
    };
    let near = |to, beside: &str| {
        let beside_m = Some(decimal(beside)?);
        Ok::<_, Error>(DesignClearance { to, beside_m, crossing_m: None })
    };
    Ok(DesignSheet {
        pipes: vec![
            pipe(PipeMaterial::Pe100, Laying::Buried, if small { 63 } else { 110 }, "14.5")?,
            pipe(PipeMaterial::Galvanised, Laying::Exposed, 25, "12")?,
        ],
        clearances: vec![
            near(Neighbour::Building, "1.6")?,
            near(Neighbour::Sewer, if estate { "0.9" } else { "1.3" })?,
        ],
        ..DesignSheet::default()
    })
}
