//! Leads, demands, acceptance, materials.

use lantian_domain::{
    case::{
        Case, Channel, Segment,
        basic::{Basic, Consent, EnterpriseSize, Ownership, PartyType, Want},
        intake::{AcceptCase, AcceptTolerant, NotAccept, NotAcceptReason, SubmitDemand},
        material::{
            MaterialGate, MaterialSource, MaterialState, MaterialType, OwedBy, OwedItem,
            ReceiveMaterial, VerifyMaterial, material, missing,
        },
    },
    command::Command,
    file::FileKind,
    lead::{
        CloseLead, CloseReason, ContactAttempt, ContactChannel, ContactResult, ConvertLead,
        HandOverLead, MarkUnreachable, ReassignLead, ReceivePush, Source,
    },
    time::DAY_MS,
    validate::coordinates::{CrsSource, GeoPoint},
};

use super::{paper::Paper, scene::Turn, story::Kind};
use crate::error::Result;

/// The hall hands the lead over.
pub(super) fn hand_over(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let manager = turn.staff.user(turn.story.manager)?;
    let note = Some("请于24小时内联系用户".to_owned());
    turn.on_lead("hall1", Command::HandOverLead(HandOverLead { manager, note }))
}

/// The manager calls; nobody answers.
pub(super) fn call(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let said = "电话无人接听,稍后再拨";
    attempt(turn, ContactChannel::Phone, ContactResult::NoAnswer, said)
}

/// The manager goes there; nobody is there.
pub(super) fn visit(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let said = "到场未见负责人,已留名片";
    attempt(turn, ContactChannel::Visit, ContactResult::NoAnswer, said)
}

/// The manager asks to have the user counted as unreachable.
pub(super) fn give_up(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let evidence = "两天内电话两次、上门一次均未联系到建设单位".to_owned();
    turn.on_lead(turn.story.manager, Command::MarkUnreachable(MarkUnreachable { evidence }))
}

/// The manager reaches the user.
pub(super) fn reach(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let said = "已联系上,介绍报装流程和所需基本信息,约定上门时间";
    attempt(turn, ContactChannel::Phone, ContactResult::Reached, said)
}

/// The user has no demand.
pub(super) fn no_demand(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let close = CloseLead {
        reason: CloseReason::NoDemand,
        merge_into: None,
        note: "项目暂按集中供热和电炊具设计,半年后再访".to_owned(),
        revisit_on: Some(turn.at.plus_ms(180 * DAY_MS).date()),
    };
    turn.on_lead("cm_lead1", Command::CloseLead(close))
}

/// The other manager takes the lead over.
pub(super) fn reassign(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let other = if turn.story.manager == "manager1" { "manager2" } else { "manager1" };
    let manager = turn.staff.user(other)?;
    let reason = "片区调整,由该片区客户经理负责".to_owned();
    turn.on_lead("cm_lead1", Command::ReassignLead(ReassignLead { manager, reason }))
}

/// The lead becomes a case.
pub(super) fn convert(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let convert = ConvertLead {
        case: turn.story.case,
        segment: turn.story.kind.segment(),
        basic: basic(turn),
    };
    turn.on_lead(turn.story.manager, Command::ConvertLead(convert))
}

/// The manager proposes not to accept.
pub(super) fn refuse(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let refusal = NotAccept {
        reason: NotAcceptReason::IllegalBuilding,
        text: "用气房间为违章搭建,待整改取得合法手续后可再次申请".to_owned(),
    };
    turn.on_case(turn.story.manager, Command::NotAccept(refusal))
}

/// Accepted, in full or as pre-service.
pub(super) fn accept(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    turn.on_case(turn.story.manager, Command::AcceptCase(AcceptCase {}))
}

/// A demand comes through a channel.
pub(super) fn submit(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let story = turn.story;
    let login = match story.origin {
        Channel::BusinessHall | Channel::OnSite => story.manager,
        Channel::Hotline => "hotline1",
        Channel::GovHall => "hall1",
        Channel::WechatOa => "wechat1",
        Channel::GovPortal => "portal1",
        Channel::Zaidexinzheng => "zaixinzheng1",
        Channel::LantianApp => "lantianapp1",
        Channel::Lead => "gonggai1",
    };
    let external = story.origin.is_online();
    let demand = SubmitDemand {
        channel: story.origin,
        kind: lantian_domain::case::CaseKind::Application,
        external_serial: external
            .then(|| format!("JB-{}-{:06}", turn.at.china().format("%Y%m%d"), 120 + story.serial)),
        segment: story.kind.segment(),
        basic: basic(turn),
        manager: Some(turn.staff.user(story.manager)?),
        recording_id: None,
        appliances: Vec::new(),
        outside: None,
    };
    turn.on_case(login, Command::SubmitDemand(demand))
}

/// Whatever is missing is owed: what is critical by the manager, the rest by
/// the user, unless it is a four-zero user.
pub(super) fn tolerate(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let case = turn.case()?;
    let owed = missing(&case).into_iter().map(|kind| debt(&case, kind)).collect();
    let contact = format!("{} 0371-6269{:04}", turn.staff.person(turn.story.manager)?.name, 1201);
    let tolerant = AcceptTolerant { owed, contact, notice: None };
    turn.on_case(turn.story.manager, Command::AcceptTolerant(tolerant))
}

fn debt(case: &Case, kind: &MaterialType) -> OwedItem {
    let by_manager = kind.is_critical() || case.four_zero();
    let days = match (kind.gate == MaterialGate::GasOn, kind.is_critical()) {
        (true, _) => 20,
        (false, true) => 10,
        (false, false) => 5,
    };
    let why = if by_manager {
        "客户经理上门收集或政务共享"
    } else {
        "用户稍后拍照补交"
    };
    OwedItem {
        code: kind.code.to_owned(),
        owed_by: if by_manager { OwedBy::Manager } else { OwedBy::Customer },
        days: Some(days),
        due_on: None,
        why: Some(why.to_owned()),
    }
}

/// Which materials come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wave {
    /// Those without which nothing is drawn.
    Design,
    /// Those without which no contract is signed.
    Contract,
    /// All that are left.
    Rest,
}

/// Materials that come in and are found right. Of large cases the papers that
/// hold nothing shut come with the rest.
pub(super) fn collect(turn: &mut Turn<'_, '_, '_>, wave: Wave) -> Result<()> {
    let case = turn.case()?;
    let early = |kind: &MaterialType| turn.story.kind.is_small() || kind.is_critical();
    let mut kinds: Vec<&'static MaterialType> = missing(&case);
    for item in &case.materials {
        let waits = matches!(item.state, MaterialState::Owed | MaterialState::Collecting);
        if waits && kinds.iter().all(|kind| kind.code != item.code) {
            kinds.extend(material(&item.code));
        }
    }
    kinds.retain(|kind| match wave {
        Wave::Design => kind.gate == MaterialGate::Design && early(kind),
        Wave::Contract => kind.gate == MaterialGate::Contract && early(kind),
        Wave::Rest => true,
    });
    kinds.into_iter().try_for_each(|kind| bring(turn, kind.code))
}

fn bring(turn: &mut Turn<'_, '_, '_>, code: &str) -> Result<()> {
    let manager = turn.story.manager;
    let shared = matches!(code, "MT03" | "MT07" | "MT15" | "MT21");
    let came = if shared {
        ReceiveMaterial {
            code: code.to_owned(),
            source: MaterialSource::GovShare,
            files: Vec::new(),
            doc_no: Some(format!("410184-{code}-{:05}", 20_000 + turn.story.serial)),
            valid_to: None,
            query_receipt: Some(format!("CX-{code}-{:05}", 20_000 + turn.story.serial)),
        }
    } else {
        let file = turn.attach(manager, FileKind::Material, Paper::Document)?;
        ReceiveMaterial {
            code: code.to_owned(),
            source: MaterialSource::OnSitePhoto,
            files: vec![file],
            doc_no: None,
            valid_to: None,
            query_receipt: None,
        }
    };
    turn.on_case(manager, Command::ReceiveMaterial(came))?;
    turn.on_case(manager, Command::VerifyMaterial(VerifyMaterial { code: code.to_owned() }))
}

fn attempt(
    turn: &mut Turn<'_, '_, '_>,
    channel: ContactChannel,
    result: ContactResult,
    said: &str,
) -> Result<()> {
    let attempt = ContactAttempt {
        channel,
        result,
        counterpart_role: (result == ContactResult::Reached).then(|| "项目负责人".to_owned()),
        summary: Some(said.to_owned()),
        evidence: None,
        geo: (channel == ContactChannel::Visit).then(|| point(turn.story.serial)),
        at: None,
    };
    turn.on_lead(turn.story.manager, Command::RecordContactAttempt(attempt))
}

/// Applicant and premises of the story.
fn basic(turn: &Turn<'_, '_, '_>) -> Basic {
    let story = turn.story;
    let organisation = story.kind.party() == PartyType::Organization;
    let segment = story.kind.segment();
    let sme = story.kind == Kind::Diner || story.serial.is_multiple_of(5);
    Basic {
        party_type: story.kind.party(),
        name: story.name.to_owned(),
        phone: story.phone(),
        address: story.address.to_owned(),
        use_kind: story.kind.use_kind(),
        want: Want::New,
        consent: Consent { text_version: "PI-2026-1".to_owned(), at: turn.at, withdrawn_at: None },
        contact_name: organisation.then(|| story.contact.to_owned()),
        agent: None,
        community: (segment == Segment::Residential).then(|| story.name.to_owned()),
        uscc: organisation.then(|| uscc(story.serial)),
        geo: Some(point(story.serial)),
        households: match segment {
            Segment::Residential => Some(180 + story.serial * 12),
            Segment::Scattered => Some(1),
            Segment::NonResidential | Segment::Micro => None,
        },
        demand_m3h: story.kind.demand().parse().ok(),
        need_date: Some(turn.at.plus_ms(40 * DAY_MS).date()),
        enterprise_size: organisation.then_some(if sme {
            EnterpriseSize::Micro
        } else {
            EnterpriseSize::Large
        }),
        ownership: organisation.then_some(if sme { Ownership::Private } else { Ownership::State }),
        investment_promotion: story.kind == Kind::Factory && story.serial.is_multiple_of(2),
        in_planned_area: true,
        infrastructure_fee: story.kind == Kind::Estate,
        new_building: story.kind == Kind::Estate || story.begins_as_lead(),
        new_housing: story.kind == Kind::Estate,
        four_zero_proof: None,
        crosses_shared_parts: false,
        remark: None,
    }
}

/// A platform pushes the project.
pub(super) fn push(turn: &mut Turn<'_, '_, '_>) -> Result<()> {
    let push = project(turn);
    turn.on_lead("gonggai1", Command::ReceivePush(Box::new(push)))
}

fn project(turn: &Turn<'_, '_, '_>) -> ReceivePush {
    let story = turn.story;
    let code =
        format!("{}-410184-04-01-{:06}", turn.at.china().format("%y%m"), 700_000 + story.serial);
    let estate = story.kind.segment() == Segment::Residential;
    let households = estate.then_some(180 + story.serial * 12);
    let scale = match households {
        Some(count) => format!("住宅楼{}栋,约{count}户", 3 + story.serial % 9),
        None => format!("总建筑面积约{}平方米", 4_000 + story.serial * 310),
    };
    ReceivePush {
        source: Source::Gonggai,
        source_key: format!("{code}/{code}-001"),
        pushed_at: turn.at.plus_ms(-6 * 60_000),
        updated_at: Some(turn.at.plus_ms(-30 * 60_000)),
        valid: true,
        project_code: Some(code.clone()),
        works_code: Some(format!("{code}-001")),
        region_code: Some("410184".to_owned()),
        site_region: Some("410184".to_owned()),
        project_name: story.name.to_owned(),
        builder_name: Some(story.contact.to_owned()),
        builder_uscc: Some(uscc(story.serial)),
        contact_name: Some("项目部".to_owned()),
        contact_phone: Some(story.phone()),
        site_address: Some(story.address.to_owned()),
        geo: Some(point(story.serial)),
        boundary: Vec::new(),
        planned_start: Some(turn.at.plus_ms(60 * DAY_MS).date()),
        planned_finish: Some(turn.at.plus_ms(600 * DAY_MS).date()),
        scale_note: Some(scale),
        est_households: households,
        est_area_m2: Some(format!("{}.00", 4_000 + story.serial * 310)),
        stage_code: Some("1".to_owned()),
        opinion: None,
        raw: std::collections::BTreeMap::new(),
        warnings: Vec::new(),
    }
}

/// A place in the city, another for each story.
pub(super) fn point(serial: u32) -> GeoPoint {
    let at = i64::from(serial);
    let lon = 1_137_000_000 + at * 137_911 % 900_000;
    let lat = 343_600_000 + at * 91_733 % 800_000;
    GeoPoint { accuracy_dm: Some(80), ..GeoPoint::new(lon, lat, CrsSource::Wgs84) }
}

/// A made-up credit code with a right check character (GB 32100-2015).
pub(super) fn uscc(serial: u32) -> String {
    const DIGITS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let body = format!("91410184MA{:07}", 4_000_000 + u64::from(serial) * 7);
    let value = |c: u8| DIGITS.iter().position(|digit| *digit == c).unwrap_or(0);
    let sum: usize = body.bytes().zip(WEIGHTS).map(|(c, weight)| value(c) * weight).sum();
    let check = char::from(DIGITS[(31 - sum % 31) % 31]);
    format!("{body}{check}")
}
