//! Commands as people would fill them in.

use lantian_domain::{
    approval::Decide,
    case::{
        CaseKind, CaseState, Channel, Segment, acceptance::*, assignment::AssignManager, basic::*,
        budget::*, closing::*, construction::*, contract::*, design::*, engineering::*, fee::*,
        gas_on::*, intake::*, material::*, permit::*, pressure::*, proxy::*, survey::*,
        suspension::*,
    },
    command::{AddNote, AttachFile, Command, CommandName},
    file::FileKind,
    ids::{FileId, FilingId, PowerId, RecordId},
    lead::*,
    money::Fen,
    policy::PauseReason,
    price::{NewPrice, PublishPrices},
    record::Record,
    role::Role,
    technique::DesignSheet,
    time::Instant,
    validate::coordinates::{CrsSource, GeoPoint},
};
use uuid::Uuid;

use super::{Office, user};
use lantian_domain::case::fee::basis as basis_of;

const MANAGER: Role = Role::CustomerManager;

pub(crate) fn yes(no: u32) -> Command {
    Command::Decide(Decide { no, approve: true, note: None })
}

pub(crate) fn basic(at: Instant) -> Basic {
    serde_json::from_value(serde_json::json!({
        "party_type": "person", "name": "王小明", "phone": "13800138000",
        "address": "新郑市新华路66号院3号楼2单元501", "use_kind": "dwelling", "want": "new",
        "consent": { "text_version": "PI-2026-1", "at": at },
    }))
    .unwrap()
}

pub(crate) fn push(at: Instant) -> Command {
    let push = serde_json::json!({
        "source": "gonggai", "source_key": "GG-1", "pushed_at": at, "region_code": "410184",
        "project_name": "新华路小区零星户", "contact_name": "王小明", "contact_phone": "13800138000",
        "site_address": "新郑市新华路66号院",
    });
    Command::ReceivePush(serde_json::from_value(push).unwrap())
}

pub(crate) fn attempt(result: ContactResult, channel: ContactChannel) -> Command {
    Command::RecordContactAttempt(ContactAttempt {
        channel,
        result,
        counterpart_role: None,
        summary: None,
        evidence: None,
        geo: None,
        at: None,
    })
}

pub(crate) fn signature(file: FileId, basis: &str) -> Signature {
    let (signer, relation) = ("王小明".to_owned(), Relation::Applicant);
    Signature { signer, relation, file, basis: basis.to_owned() }
}

pub(crate) fn line(payer: Payer, boundary: Boundary, price: &str) -> CostLine {
    CostLine {
        code: None,
        name: "户内燃气管道安装".to_owned(),
        category: CostCategory::Civil,
        group: FeeGroup::Installation,
        boundary,
        unit: "户".to_owned(),
        qty: "1".parse().unwrap(),
        unit_price: price.parse().unwrap(),
        rate: "0.09".parse().unwrap(),
        price_excludes_tax: false,
        payer,
        source: PriceSource::Quota,
        price_item: None,
        legal_basis: None,
        optional: false,
        discount: None,
        visible_to_customer: true,
        tax_fen: Fen::ZERO,
        amount_fen: Fen::ZERO,
        zero_rule: None,
    }
}

/// The Technical Dept is asked for a household.
pub(crate) fn push_to_tech() -> Command {
    Command::PushToTech(PushToTech { demand_m3h: "2.5".parse().unwrap(), note: None })
}

/// A demand that a manager brings in.
pub(crate) fn submit(office: &Office) -> Command {
    Command::SubmitDemand(SubmitDemand {
        channel: Channel::OnSite,
        kind: CaseKind::Demand,
        external_serial: None,
        segment: Segment::Scattered,
        basic: basic(office.now),
        manager: None,
        recording_id: None,
        appliances: Vec::new(),
        outside: None,
    })
}

/// A case in `state`, brought there by commands alone.
pub(crate) fn case_in(office: &mut Office, state: CaseState) -> RecordId {
    let id = RecordId(office.id());
    let submit = submit(office);
    office.must(MANAGER, id, &submit);
    advance(office, id, state);
    assert_eq!(office.state(id), state);
    id
}

/// Carries a case on until it is in `state`.
pub(crate) fn advance(office: &mut Office, id: RecordId, state: CaseState) {
    use CaseState as S;
    let ends = matches!(state, S::NotAccepted | S::Withdrawn | S::Terminated | S::Merged);
    if ends {
        return end(office, id, state);
    }
    while office.state(id) != state {
        if office.state(id) == S::PressureChecking && state == S::PressureBlocked {
            office.must(Role::TechLead, id, &verdict(Verdict::NotSatisfied));
            continue;
        }
        if office.state(id) == S::AcceptanceTesting && state == S::Rectifying {
            office.must(Role::AcceptanceInspector, id, &acceptance(office.now, false));
            continue;
        }
        step(office, id);
    }
}

fn end(office: &mut Office, id: RecordId, state: CaseState) {
    let reason = "用户不再需要".to_owned();
    match state {
        CaseState::NotAccepted => {
            let text = "供气区域以外".to_owned();
            let refused = NotAccept { reason: NotAcceptReason::OutsideArea, text };
            office.approved(MANAGER, Role::CmLead, id, &Command::NotAccept(refused));
        }
        CaseState::Withdrawn => {
            let wish = Withdraw { reason, costs_settled: true, incurred: Vec::new() };
            office.must(MANAGER, id, &Command::Withdraw(wish));
        }
        CaseState::Terminated => {
            office.must(Role::CmLead, id, &Command::Terminate(Terminate { reason }));
        }
        _ => {
            let into = case_in(office, CaseState::Submitted);
            office.must(Role::CmLead, id, &Command::MergeCases(MergeCases { into }));
        }
    }
}

/// The next step of the procedure, by whoever takes it.
pub(crate) fn step(office: &mut Office, id: RecordId) {
    use CaseState as S;
    match office.state(id) {
        S::Submitted => office.must(MANAGER, id, &tolerant(&["MT01", "MT02", "MT14", "MT23"])),
        S::Accepted => office.must(MANAGER, id, &push_to_tech()),
        S::PressureChecking | S::PressureBlocked => {
            office.must(Role::TechLead, id, &verdict(Verdict::Satisfied))
        }
        S::SurveyDesign if office.case(id).survey.is_none() => {
            let survey = survey(office, id);
            office.must(Role::Surveyor, id, &survey)
        }
        S::SurveyDesign if office.case(id).design().is_none() => {
            let design = design(office, id);
            office.approved(Role::Designer, Role::TechLead, id, &design);
            Vec::new()
        }
        S::SurveyDesign => {
            let budget = budget(office, id, "2500.00");
            office.approved(Role::Estimator, Role::TechLead, id, &budget);
            Vec::new()
        }
        S::Designed => {
            let talk = StartFeeNegotiation {
                place: TalkPlace::OnSite,
                participants: "王小明".to_owned(),
            };
            office.must(MANAGER, id, &Command::StartFeeNegotiation(talk))
        }
        S::FeeNegotiating => {
            let settled = settle(office, id);
            office.must(MANAGER, id, &settled)
        }
        S::FeeConfirmed => hand(office, id),
        S::EngineeringReceived => {
            let order = order(office);
            office.must(Role::EngDispatcher, id, &order)
        }
        S::ConstructionPreparing => prepare(office, id),
        S::Constructing => {
            let done = complete(office, id);
            office.approved(Role::ContractorLead, Role::EngDispatcher, id, &done);
            Vec::new()
        }
        S::Installed => office.must(MANAGER, id, &gas_on(Channel::WechatOa)),
        S::GasOnApplied | S::Rectifying => {
            let start = Command::StartAcceptance(StartAcceptance {});
            office.must(Role::AcceptanceInspector, id, &start)
        }
        S::AcceptanceTesting if office.case(id).acceptances.last().is_none_or(|a| !a.passed) => {
            office.must(Role::AcceptanceInspector, id, &acceptance(office.now, true))
        }
        S::AcceptanceTesting => {
            let ticket = ticket(office, id);
            office.must(Role::IgnitionOperator, id, &ticket)
        }
        S::GasOn => {
            for code in ["MT14", "MT23"] {
                office.must(MANAGER, id, &receive(code));
            }
            let shelf_no = "2026-001".to_owned();
            office.must(Role::Archivist, id, &Command::Archive(Archive { shelf_no }))
        }
        state => panic!("nothing follows {state:?}"),
    };
}

pub(crate) fn receive(code: &str) -> Command {
    Command::ReceiveMaterial(ReceiveMaterial {
        code: code.to_owned(),
        source: MaterialSource::OnSitePhoto,
        files: Vec::new(),
        doc_no: Some("410184-1".to_owned()),
        valid_to: None,
        query_receipt: None,
    })
}

pub(crate) fn tolerant(codes: &[&str]) -> Command {
    let owed = codes.iter().map(|code| OwedItem {
        code: (*code).to_owned(),
        owed_by: if material(code).unwrap().is_critical() {
            OwedBy::Manager
        } else {
            OwedBy::Customer
        },
        days: None,
        due_on: None,
        why: None,
    });
    let contact = "客户经理 13900139000".to_owned();
    Command::AcceptTolerant(AcceptTolerant { owed: owed.collect(), contact, notice: None })
}

pub(crate) fn verdict(verdict: Verdict) -> Command {
    let fails = verdict != Verdict::Satisfied;
    let check = serde_json::json!({
        "verdict": verdict, "connection_point": "新华路中压干管", "design_pressure_kpa": "200",
        "lowest_operating_kpa": "120", "available_m3h": "80", "required_m3h": "2.5",
        "basis": "measured", "remedy_plan": fails.then_some("增设调压箱"),
        "remedy_owner": fails.then_some("技术部"), "remedy_due": fails.then_some("2026-04-01"),
    });
    Command::RecordPressureCheck(serde_json::from_value(check).unwrap())
}

pub(crate) fn survey(office: &mut Office, id: RecordId) -> Command {
    let photos = REQUIRED_PHOTOS.map(|kind| office.attach(Role::Surveyor, id, kind));
    let signature = office.attach(Role::Surveyor, id, FileKind::Signature);
    let geo = GeoPoint::new(1_137_000_000, 343_900_000, CrsSource::default());
    let sheet = serde_json::json!({
        "survey_at": office.now, "geo": geo, "use_kind": "dwelling", "households": 1,
        "peak_demand_m3h": "2.5", "connection_point": "楼栋调压箱", "distance_to_main_m": "12",
        "route": [{ "zone": "inside_boundary", "surface": "indoor", "length_m": "12" }],
        "approach_ready": true, "result": "具备安装条件", "feasible": "yes",
        "photos": photos, "signature": signature,
    });
    Command::CompleteSurvey(serde_json::from_value(sheet).unwrap())
}

pub(crate) fn design(office: &mut Office, id: RecordId) -> Command {
    let drawing = office.attach(Role::Designer, id, FileKind::Drawing);
    let checklist = CheckItem::ALL
        .iter()
        .map(|item| CheckAnswer { item: *item, complies: true, note: None })
        .collect();
    let pressure_class = PressureClass::Low;
    Command::IssueDesign(IssueDesign {
        drawing,
        pressure_class,
        checklist,
        sheet: DesignSheet::default(),
        norms: Vec::new(),
        note: None,
    })
}

pub(crate) fn budget(office: &Office, id: RecordId, price: &str) -> Command {
    let version = office.case(id).design().map_or(1, |design| design.version);
    let lines = vec![line(Payer::Customer, Boundary::Inside, price)];
    Command::IssueBudget(IssueBudget {
        note: Some("变更后重新核算".to_owned()),
        ..estimate(version, lines)
    })
}

/// A budget of these lines for a version of the drawing.
pub(crate) fn estimate(design_version: u32, lines: Vec<CostLine>) -> IssueBudget {
    IssueBudget {
        design_version,
        structure: BudgetStructure::PriceBook,
        lines,
        cost_fen: None,
        households: None,
        live_gas_times: None,
        file: None,
        note: None,
    }
}

pub(crate) fn settle(office: &mut Office, id: RecordId) -> Command {
    let file = office.attach(MANAGER, id, FileKind::Signature);
    let case = office.case(id);
    Command::SettleFee(SettleFee {
        chosen: Vec::new(),
        customer_decision: CustomerDecision::Agree,
        wanted_changes: None,
        talk_at: None,
        participants: None,
        valid_until: None,
        design_version: case.design().map_or(1, |design| design.version),
        budget_version: case.budget().map_or(1, |budget| budget.version),
        fee_type: FeeType::LumpSum,
        customer_total_fen: case.budget().map_or(Fen::ZERO, |b| b.totals.customer_fen),
        place: TalkPlace::OnSite,
        contract_draft_delivered: true,
        signature: signature(file, &basis_of(case).unwrap_or_default()),
    })
}

fn hand(office: &mut Office, id: RecordId) -> Vec<lantian_domain::event::Event> {
    let drawing = office.case(id).design().map(|design| design.drawing);
    let engineer = Some(user(Role::EngDispatcher));
    let hand = Command::HandToEngineering(HandToEngineering { engineer, drawing });
    office.must(MANAGER, id, &hand)
}

pub(crate) fn order(office: &Office) -> Command {
    Command::ArrangeContractor(ArrangeContractor {
        contractor: "河南安装公司".to_owned(),
        qualification_no: "D341000000".to_owned(),
        qualification_valid_to: "2028-12-31".parse().unwrap(),
        lead: user(Role::ContractorLead),
        supervisor: Some(user(Role::SiteSupervisor)),
        planned_start: office.now.date(),
        planned_finish: office.now.date(),
    })
}

pub(crate) fn contract(office: &mut Office, id: RecordId, kind: ContractKind) -> Command {
    let file = office.attach(MANAGER, id, FileKind::Signature);
    let number = format!("HT-{}", kind.as_str());
    Command::SignContract(SignContract {
        kind,
        signature: signature(file, &number),
        number,
        completion_due: None,
        due_before_start_fen: Fen(100_000),
        install: None,
        supply: None,
        file: None,
    })
}

pub(crate) fn pay(office: &Office, fen: i64, receipt: &str) -> Command {
    Command::RecordPayment(RecordPayment {
        kind: None,
        invoice_no: None,
        amount_fen: Fen(fen),
        method: "转账".to_owned(),
        receipt_no: receipt.to_owned(),
        paid_on: office.now.date(),
    })
}

fn prepare(office: &mut Office, id: RecordId) -> Vec<lantian_domain::event::Event> {
    for code in ["MT01", "MT02"] {
        office.must(MANAGER, id, &receive(code));
    }
    for kind in [ContractKind::Install, ContractKind::Supply] {
        let contract = contract(office, id, kind);
        office.must(MANAGER, id, &contract);
    }
    let paid = pay(office, 250_000, "SJ-1");
    office.must(Role::FinanceClerk, id, &paid);
    let site = site(office);
    office.must(Role::EngDispatcher, id, &site);
    assert!(office.case(id).construction.as_ref().unwrap().ready_at.is_some(), "C19");
    let begun = begin(office, id);
    office.must(Role::ContractorLead, id, &begun)
}

pub(crate) fn site(office: &Office) -> Command {
    let agreed_date = office.now.date();
    Command::ConfirmSite(ConfirmSite {
        site_ready: true,
        agreed_date,
        material_ready: true,
        note: None,
    })
}

pub(crate) fn begin(office: &mut Office, id: RecordId) -> Command {
    let photo = office.attach(Role::ContractorLead, id, FileKind::PhotoConstruction);
    Command::StartConstruction(StartConstruction { crew: vec!["李焊工".to_owned()], photo })
}

pub(crate) fn complete(office: &mut Office, id: RecordId) -> Command {
    let test = office.attach(Role::ContractorLead, id, FileKind::TestRecord);
    Command::CompleteInstallation(CompleteInstallation {
        bill_cleared: true,
        meters: vec!["M20260001".to_owned()],
        as_built_m: "12".parse().unwrap(),
        tests: vec![test],
        note: None,
    })
}

pub(crate) fn gas_on(channel: Channel) -> Command {
    Command::SubmitGasOn(SubmitGasOn {
        channel,
        applicant: "王小明".to_owned(),
        external_serial: None,
        wished_at: None,
        assisted_by: None,
    })
}

pub(crate) fn acceptance(now: Instant, passed: bool) -> Command {
    let test = |kind: TestKind, kpa: &str| PressureTest {
        kind,
        medium: TestMedium::Air,
        pressure_kpa: kpa.parse().unwrap(),
        hold_minutes: 15,
        start_kpa: kpa.parse().unwrap(),
        end_kpa: kpa.parse().unwrap(),
        gauge_valid_to: "2027-01-01".parse().unwrap(),
    };
    let defect = Defect { what: "法兰渗漏".to_owned(), due_on: now.date() };
    Command::RecordAcceptance(RecordAcceptance {
        passed,
        tests: vec![test(TestKind::Strength, "100"), test(TestKind::Tightness, "5")],
        defects: if passed { Vec::new() } else { vec![defect] },
        signers: ["甲", "乙", "丙"].map(str::to_owned).to_vec(),
        files: Vec::new(),
        note: None,
        warranty_until: None,
        at: None,
    })
}

pub(crate) fn ticket(office: &mut Office, id: RecordId) -> Command {
    let valve = office.attach(Role::IgnitionOperator, id, FileKind::PhotoValve);
    let signed = office.attach(Role::IgnitionOperator, id, FileKind::Signature);
    Command::TurnGasOn(Box::new(GasOnTicket {
        ignited_at: office.now,
        meter_no: "M20260001".to_owned(),
        meter_size: Some("G2.5".to_owned()),
        meter_verification_no: "JD-1".to_owned(),
        verified_on: "2026-01-10".parse().unwrap(),
        next_verification: None,
        start_reading_m3: "0".parse().unwrap(),
        leak_check_passed: true,
        flames_ok: true,
        alarm_no: None,
        alarm_tested: false,
        valve_photo: valve,
        safety_notice: signature(signed, SAFETY_NOTICE),
        witness: None,
        account_no: None,
    }))
}

/// A filing that no survey proposes.
pub(crate) const FILING: FilingId = FilingId(Uuid::from_u128(0xf111));
/// A power of attorney.
pub(crate) const POWER: PowerId = PowerId(Uuid::from_u128(0x90e6));

pub(crate) fn draft_permit(kind: PermitKind) -> Command {
    let plan = serde_json::json!({
        "filing": FILING, "kind": kind, "location": "新华路66号院门前", "reason": "天然气管道接入工程",
    });
    Command::DraftPermit(serde_json::from_value(plan).unwrap())
}

pub(crate) fn file_permit(filing: FilingId) -> Command {
    Command::FilePermit(FilePermit {
        filing,
        filed_at: None,
        gov_item_instance: None,
        receipt: None,
    })
}

pub(crate) fn answer(filing: FilingId, code: AnswerCode) -> Command {
    let mut answer = serde_json::json!({ "filing": filing, "code": code, "note": "窗口告知" });
    if code.grants() {
        answer["permitted_from"] = "2026-05-11".into();
        answer["permitted_to"] = "2026-06-03".into();
    }
    if code == AnswerCode::GrantedWithDebts {
        answer["debts"] = serde_json::json!(["补交交通组织方案"]);
    }
    if code == AnswerCode::Certificate {
        answer["external_no"] = "新城管掘〔2026〕18号".into();
    }
    Command::RecordPermitAnswer(serde_json::from_value(answer).unwrap())
}

pub(crate) fn permit_step(filing: FilingId, step: PermitStep) -> Command {
    Command::RecordPermitStep(RecordPermitStep {
        filing,
        step,
        at: None,
        by: Some("市政管理科 王工".to_owned()),
        files: Vec::new(),
        note: Some("说明".to_owned()),
    })
}

pub(crate) fn power(office: &mut Office, id: RecordId) -> Command {
    let file = office.attach(MANAGER, id, FileKind::Signature);
    Command::SignPower(Box::new(SignPower {
        power: POWER,
        principal: "王小明".to_owned(),
        agents: vec!["林悦".to_owned()],
        matters: vec![Matter::Permits, Matter::GasOn],
        powers: "代为申报、领取行政许可".to_owned(),
        valid_from: office.now.date(),
        valid_to: "2026-12-31".parse().unwrap(),
        sealed: None,
        signature: Some(signature(file, POWER_TEXT)),
    }))
}

/// A publication of prices: item, kind of user, yuan.
pub(crate) fn publish(
    from: lantian_domain::time::Date,
    document: &str,
    prices: &[(&str, Option<Segment>, &str)],
) -> Command {
    let new = |(item, segment, price): &(&str, Option<Segment>, &str)| NewPrice {
        item: (*item).to_owned(),
        name: "居民户内安装".to_owned(),
        unit: "户".to_owned(),
        segment: *segment,
        category: Some(CostCategory::InstallPerHousehold),
        group: Some(FeeGroup::Installation),
        unit_price: price.parse().unwrap(),
        tax_excluded: false,
        rate: Some("0.09".parse().unwrap()),
    };
    Command::PublishPrices(PublishPrices {
        document: document.to_owned(),
        valid_from: from,
        valid_to: None,
        prices: prices.iter().map(new).collect(),
    })
}
