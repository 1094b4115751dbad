//! Supervision in the demonstration: departments with their first responsible
//! persons, the notices of what is late, three special inspections, and
//! assessments with an award lost and one restored.

use lantian_domain::{
    approval::Decide,
    assessment::{
        AppealAssessment, Cause, DecideAppeal, DecideAssessment, DraftAssessment, Penalty,
        ProposePenalty,
    },
    command::Command,
    ids::{CommandId, DeviceId, RecordId},
    inspection::{
        Answer, ExecuteInspection, IssueFindings, NewFinding, PlanInspection, RectifyFinding,
        Theme, VerifyFinding,
    },
    notice::{ReadNotice, Recipient},
    record::{Record, RecordKind, Rules},
    reference::NameDepartment,
    role::OrgUnit,
    time::{DAY_MS, HOUR_MS, Instant},
};
use uuid::Uuid;

use super::people::Staff;
use crate::{
    error::{Error, Result},
    pipeline::{Act, find, perform},
    rounds,
    store::{Ledger as _, Store, Unit},
};

/// Department, its first responsible person.
const FIRST: [(OrgUnit, &str); 4] = [
    (OrgUnit::MarketDept, "cm_lead1"),
    (OrgUnit::TechDept, "tech_lead1"),
    (OrgUnit::EngDept, "eng_lead1"),
    (OrgUnit::ServiceDept, "service_lead1"),
];

/// How long a notice may lie unread, in days.
const FRESH_DAYS: i64 = 3;

/// Who gives the demonstration's commands, and how many there were.
struct Stage<'a, 'u, 'c> {
    unit: &'a Unit<'u>,
    staff: &'c Staff,
    given: u64,
}

/// Plays it; how many commands that took.
///
/// # Errors
/// The store's; [`Error::Damaged`] when the rulebook refuses one.
pub(super) fn play(store: &Store, staff: &std::sync::Arc<Staff>, now: Instant) -> Result<u64> {
    let staff = std::sync::Arc::clone(staff);
    let cast = std::sync::Arc::clone(&staff);
    let mut given = store.write_now(move |unit| {
        let mut stage = Stage { unit, staff: &cast, given: 0 };
        stage.departments(now.plus_ms(-30 * DAY_MS))?;
        stage.inspections(now)?;
        stage.assessments(now)?;
        Ok(stage.given)
    })?;
    for made in rounds::make(store, now, None)? {
        given += made.done;
    }
    given += store.write_now(move |unit| {
        let mut stage = Stage { unit, staff: &staff, given: 0 };
        stage.receipts(now)?;
        Ok(stage.given)
    })?;
    Ok(given)
}

impl Stage<'_, '_, '_> {
    fn give(&mut self, login: &str, record: RecordId, at: Instant, command: Command) -> Result<()> {
        let act = Act {
            id: CommandId(Uuid::now_v7()),
            person: self.staff.person(login)?.clone(),
            device: DeviceId(Uuid::nil()),
            record,
            at,
            received: at,
            command,
        };
        self.given += 1;
        perform(self.unit, &act)?.map(|_| ()).map_err(|no| {
            let name = act.command.name().as_str();
            let code = no.code.as_str();
            Error::damaged(format!("the demo's {name} is refused: {code} {:?}", no.params))
        })
    }

    fn departments(&mut self, at: Instant) -> Result<()> {
        for (no, (org, login)) in (1..).zip(FIRST) {
            let first_responsible = self.staff.user(login)?;
            let named = NameDepartment { org, lead: None, first_responsible };
            self.give("sys_admin1", Rules::ID, at, Command::NameDepartment(named))?;
            let yes = Decide { no, approve: true, note: None };
            self.give("sec_admin1", Rules::ID, at.plus_ms(HOUR_MS), Command::Decide(yes))?;
        }
        Ok(())
    }

    /// One just planned and drawn, one with findings of which one is put
    /// right, one verified.
    fn inspections(&mut self, now: Instant) -> Result<()> {
        self.planned(Theme::Attitude, now.plus_ms(-2 * HOUR_MS), now)?;
        let at = now.plus_ms(-4 * DAY_MS);
        let id = self.planned(Theme::Tolerance, at, now)?;
        self.executed(id, Theme::Tolerance, "in_time", at.plus_ms(5 * HOUR_MS))?;
        let found = |text: &str, org, clause: &str| NewFinding {
            text: text.to_owned(),
            clause: clause.to_owned(),
            org,
            person: None,
            days: None,
            record_no: None,
        };
        let findings = vec![
            found("容缺材料逾期未补齐,未按期提醒", OrgUnit::MarketDept, "R-40"),
            found("容缺台账登记不完整", OrgUnit::MarketDept, "R-38"),
        ];
        let issue = Command::IssueFindings(IssueFindings { findings });
        self.give("inspector1", id, at.plus_ms(6 * HOUR_MS), issue)?;
        self.rectified(id, 1, "cm_lead1", now.plus_ms(-DAY_MS))?;
        let at = now.plus_ms(-9 * DAY_MS);
        let id = self.planned(Theme::Connection, at, now)?;
        self.executed(id, Theme::Connection, "survey_design", at.plus_ms(5 * HOUR_MS))?;
        let findings = vec![found("勘察设计超过1日", OrgUnit::TechDept, "R-17")];
        let issue = Command::IssueFindings(IssueFindings { findings });
        self.give("inspector1", id, at.plus_ms(6 * HOUR_MS), issue)?;
        self.rectified(id, 1, "tech_lead1", at.plus_ms(3 * DAY_MS))?;
        let verify = VerifyFinding { no: 1, passed: true, note: None };
        self.give("inspector1", id, at.plus_ms(4 * DAY_MS), Command::VerifyFinding(verify))
    }

    fn planned(&mut self, theme: Theme, at: Instant, now: Instant) -> Result<RecordId> {
        let id = RecordId(Uuid::now_v7());
        let from = at.plus_ms(-60 * DAY_MS).date();
        let plan = PlanInspection { theme, from, to: at.date(), size: 8, note: None };
        self.give("inspector1", id, at, Command::PlanInspection(plan))?;
        if let Some(Record::Inspection(inspection)) = find(self.unit, id)? {
            let deed = rounds::inspection::draw(self.unit, id, &inspection, now)?;
            self.give("gonggai1", id, at.plus_ms(60_000), deed.command)?;
        }
        Ok(id)
    }

    fn executed(&mut self, id: RecordId, theme: Theme, failed: &str, at: Instant) -> Result<()> {
        let answers = theme
            .checklist()
            .iter()
            .map(|question| {
                let passed = question.as_str() != failed;
                let note = (!passed).then(|| "抽查发现不符合,详见整改项".to_owned());
                Answer { question: *question, passed, note }
            })
            .collect();
        let summary = "已按清单逐项检查".to_owned();
        let done = Box::new(ExecuteInspection { answers, summary });
        self.give("inspector1", id, at, Command::ExecuteInspection(done))
    }

    fn rectified(&mut self, id: RecordId, no: u32, login: &str, at: Instant) -> Result<()> {
        let measures = "已逐项整改,并对经办人进行培训".to_owned();
        let done = RectifyFinding { no, measures, files: Vec::new() };
        self.give(login, id, at, Command::RectifyFinding(done))
    }

    /// A draft, one that costs the award, one that an appeal undid.
    fn assessments(&mut self, now: Instant) -> Result<()> {
        let at = now.plus_ms(-8 * DAY_MS);
        let draft = |cause, org, person, text: &str, clause: &str| DraftAssessment {
            cause,
            source: RecordId(Uuid::now_v7()),
            source_no: format!("TS-{}-{}", at.china().format("%Y%m"), clause),
            org,
            person,
            fact_at: at.plus_ms(-DAY_MS),
            clause: clause.to_owned(),
            text: text.to_owned(),
        };
        let market = Some(self.staff.user("manager2")?);
        let tech = Some(self.staff.user("surveyor1")?);
        let (m, t) = (OrgUnit::MarketDept, OrgUnit::TechDept);
        let late = draft(Cause::Standard, m, market, "线索接收后超过24小时未联系用户", "R-12");
        self.drafted(late, at)?;
        let rude = draft(Cause::Complaint, m, market, "用户投诉上门服务态度生硬,经查属实", "R-54");
        let id = self.drafted(rude, at)?;
        self.decided(id, Penalty::Deduction, at)?;
        let tidy = draft(Cause::Complaint, t, tech, "用户投诉勘察未按约定时间到场", "R-17");
        let id = self.drafted(tidy, at)?;
        self.decided(id, Penalty::Reproof, at)?;
        let appeal = AppealAssessment {
            reason: "当日道路封闭,已提前电话改约,有通话记录".to_owned(),
        };
        let at = at.plus_ms(3 * DAY_MS);
        self.give("surveyor1", id, at, Command::AppealAssessment(appeal))?;
        let word =
            DecideAppeal { accept: true, note: "经核实改约属实,予以撤销".to_owned() };
        self.give("leader1", id, at.plus_ms(DAY_MS), Command::DecideAppeal(word))
    }

    fn drafted(&mut self, draft: DraftAssessment, at: Instant) -> Result<RecordId> {
        let id = RecordId(Uuid::now_v7());
        self.give("inspector1", id, at, Command::DraftAssessment(Box::new(draft)))?;
        Ok(id)
    }

    fn decided(&mut self, id: RecordId, penalty: Penalty, at: Instant) -> Result<()> {
        let propose =
            ProposePenalty { penalty, reason: "依据方案第四部分第3条".to_owned() };
        let at = at.plus_ms(DAY_MS);
        self.give("inspector1", id, at, Command::ProposePenalty(propose))?;
        let yes = DecideAssessment { approve: true, note: None };
        self.give("assessor1", id, at.plus_ms(HOUR_MS), Command::DecideAssessment(yes))
    }

    /// Everybody has read what is old, and the lead of the market department
    /// every other notice of late.
    fn receipts(&mut self, now: Instant) -> Result<()> {
        self.old_receipts(now.plus_ms(-FRESH_DAYS * DAY_MS))?;
        let lead = self.staff.user("cm_lead1")?;
        let mut own = Vec::new();
        for id in self.unit.records_of(RecordKind::Notice)? {
            if let Some(Record::Notice(notice)) = find(self.unit, id)?
                && notice.raised.to == Recipient::User(lead)
                && notice.receipts.is_empty()
            {
                own.push(id);
            }
        }
        for id in own.into_iter().step_by(2) {
            self.give("cm_lead1", id, now, Command::ReadNotice(ReadNotice {}))?;
        }
        Ok(())
    }

    fn old_receipts(&mut self, before: Instant) -> Result<()> {
        let readers = self.staff.readers();
        let mut old = Vec::new();
        for id in self.unit.records_of(RecordKind::Notice)? {
            if let Some(Record::Notice(notice)) = find(self.unit, id)?
                && notice.raised_at < before
                && let Recipient::User(user) = notice.raised.to
                && let Some(login) = readers.get(&user)
            {
                old.push((*login, id, notice.raised_at.plus_ms(2 * HOUR_MS)));
            }
        }
        for (login, id, at) in old {
            self.give(login, id, at, Command::ReadNotice(ReadNotice {}))?;
        }
        Ok(())
    }
}
