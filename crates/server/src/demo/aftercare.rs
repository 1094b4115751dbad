//! A month with life: visits made, missed and replaced, ledger items on time
//! and late, a substantiated complaint, a bad rating.

mod ledger;

use chrono::{Datelike as _, Months};
use lantian_domain::{
    command::{AttachFile, Command},
    complaint::{
        AnswerComplaint, AssignComplaint, ComplaintChannel, ComplaintKind, DecideComplaint,
        FileComplaint, Finding, HandleComplaint,
    },
    file::FileKind,
    ids::{CommandId, DeviceId, FileId, RecordId},
    rating::{RatingChannel, ReceiveRating},
    record::{Record, RecordKind},
    role::OrgUnit,
    time::{DAY_MS, Date, HOUR_MS, Instant},
    visit::{
        Account, AssignVisit, AttemptResult, Basis, CompleteVisit, FreezeVisitMonth, SegmentGroup,
        SortVisit, VisitAttempt, VisitMode, VisitMonth,
        questionnaire::{Answers, Mark, YesNo},
    },
};
use lantian_protocol::fresh;
use uuid::Uuid;

use super::{paper::Paper, people::Staff};
use crate::{
    error::{Error, Result},
    files,
    pipeline::{Act, Desk, find},
    rounds::visits::{account, commit, secret},
    store::{Ledger as _, Unit},
};

/// The days before today on which the draw is played.
const PLAYED_DAYS: i64 = 9;

/// Plays the month; how many commands that took.
///
/// # Errors
/// The store's; [`Error::Damaged`] when the rulebook refuses one.
pub(super) fn play(unit: &Unit<'_>, staff: &Staff, now: Instant) -> Result<u64> {
    let accounts = accounts(unit, now.plus_ms(-PLAYED_DAYS * DAY_MS))?;
    let mut desk = Desk::open(unit)?;
    let mut stage = Stage { desk: &mut desk, staff, given: 0 };
    for group in SegmentGroup::ALL.iter().copied() {
        month(&mut stage, &accounts, group, now)?;
    }
    ledger::play(&mut stage, now)?;
    let case = accounts.first().map(|account| account.case);
    complaint(&mut stage, case, now)?;
    rating(&mut stage, case, now)?;
    let given = stage.given;
    desk.save()?;
    Ok(given)
}

/// Who gives what, and how much was given.
struct Stage<'s, 'u, 'c> {
    desk: &'s mut Desk<'u, 'c>,
    staff: &'s Staff,
    given: u64,
}

impl Stage<'_, '_, '_> {
    fn give(&mut self, login: &str, record: RecordId, at: Instant, command: Command) -> Result<()> {
        let name = command.name();
        let act = Act {
            id: CommandId(fresh::uuid()),
            person: self.staff.person(login)?.clone(),
            device: DeviceId(Uuid::nil()),
            record,
            at,
            received: at,
            command,
        };
        if let Err(refusal) = self.desk.perform(&act)? {
            return Err(Error::damaged(format!(
                "the demo's aftercare is refused: {} by {login}: {} {:?} in {:?}",
                name.as_str(),
                refusal.code.as_str(),
                refusal.params,
                refusal.state,
            )));
        }
        self.given += 1;
        Ok(())
    }

    fn attach(&mut self, login: &str, record: RecordId, at: Instant) -> Result<FileId> {
        let file = Paper::Site.attachment(FileKind::PhotoOther, at);
        let id = file.id;
        files::note(self.desk.unit(), &file, record, self.staff.user(login)?, at)?;
        self.give(login, record, at, Command::AttachFile(AttachFile { file }))?;
        Ok(id)
    }
}

/// The accounts of the demo whose installation is complete and on whose case
/// nobody worked since, so that what is played comes last on it.
fn accounts(unit: &Unit<'_>, since: Instant) -> Result<Vec<Account>> {
    let mut accounts = Vec::new();
    for id in unit.records_of(RecordKind::Case)? {
        if let Some(Record::Case(case)) = find(unit, id)?
            && case.trail.last().is_some_and(|entry| entry.at < since)
        {
            accounts.extend(account(&case));
        }
    }
    Ok(accounts)
}

/// One group's month: committed to in the month before, drawn some days ago.
fn month(
    stage: &mut Stage<'_, '_, '_>,
    accounts: &[Account],
    group: SegmentGroup,
    now: Instant,
) -> Result<()> {
    let first = now.date().with_day(1).unwrap_or_else(|| now.date());
    let before = first.checked_sub_months(Months::new(1)).unwrap_or(Date::MIN);
    let id = VisitMonth::id_of(first, group);
    let unit = stage.desk.unit();
    stage.give("gonggai1", id, Instant::start_of(before), commit(unit, first, group)?.command)?;
    let drawn_at = now.plus_ms(-PLAYED_DAYS * DAY_MS).max(Instant::start_of(first));
    let ours = accounts.iter().filter(|account| SegmentGroup::of(account.segment) == group);
    let freeze = FreezeVisitMonth {
        secret: secret(unit, first, group)?,
        basis: Basis::AllActive,
        accounts: ours.cloned().collect(),
        forced: Vec::new(),
    };
    stage.give("gonggai1", id, drawn_at, Command::FreezeVisitMonth(Box::new(freeze)))?;
    let visits: Vec<(RecordId, Account)> = match stage.desk.record(id) {
        Some(Record::VisitMonth(month)) => month
            .tasks
            .iter()
            .filter_map(|task| {
                let account = accounts.iter().find(|account| account.case == task.case)?;
                Some((task.visit, account.clone()))
            })
            .collect(),
        _ => Vec::new(),
    };
    for (place, (visit, account)) in visits.iter().enumerate() {
        let hours = i64::try_from(place).unwrap_or(0) + 1;
        let visitor = visitor(stage, *visit, account, group, drawn_at)?;
        play_visit(stage, *visit, visitor, place, (drawn_at.plus_ms(hours * HOUR_MS), now))?;
    }
    Ok(())
}

/// Who makes the visit: never the manager of the case.
fn visitor(
    stage: &mut Stage<'_, '_, '_>,
    visit: RecordId,
    account: &Account,
    group: SegmentGroup,
    at: Instant,
) -> Result<&'static str> {
    if group == SegmentGroup::Household {
        return Ok("visit_agent1");
    }
    let own = stage.staff.user("manager1")? == account.manager;
    let visitor = if own { "manager2" } else { "manager1" };
    let given = AssignVisit { visitor: stage.staff.user(visitor)? };
    stage.give("cm_lead1", visit, at, Command::AssignVisit(given))?;
    Ok(visitor)
}

/// One visit, each in its own way, between two instants.
fn play_visit(
    stage: &mut Stage<'_, '_, '_>,
    visit: RecordId,
    visitor: &str,
    place: usize,
    (from, now): (Instant, Instant),
) -> Result<()> {
    let at = from.min(now);
    match place % 4 {
        0 => {
            complete(stage, visitor, visit, at, answers(Mark::VeryGood), None)?;
            let none = SortVisit { items: Vec::new(), nothing_more: true };
            stage.give(visitor, visit, at.plus_ms(HOUR_MS).min(now), Command::SortVisit(none))
        }
        1 => {
            let mut bad = answers(Mark::Good);
            bad.q1 = Some(Mark::Bad);
            bad.words = Some("比承诺晚了三天".to_owned());
            complete(stage, visitor, visit, at, bad, Some("希望阳台增加一个用气点"))?;
            on_site(stage, visitor, visit, at.plus_ms(DAY_MS).min(now))
        }
        2 => {
            let halves = [0, 6 * HOUR_MS, DAY_MS];
            for later in halves {
                stage.give(visitor, visit, at.plus_ms(later).min(now), attempt())?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn complete(
    stage: &mut Stage<'_, '_, '_>,
    visitor: &str,
    visit: RecordId,
    at: Instant,
    answers: Answers,
    needs: Option<&str>,
) -> Result<()> {
    let needs = needs.map(str::to_owned);
    let given = CompleteVisit { needs, ..made(VisitMode::Phone, answers) };
    stage.give(visitor, visit, at, Command::CompleteVisit(Box::new(given)))
}

/// Who was not content on the telephone is visited the day after.
fn on_site(
    stage: &mut Stage<'_, '_, '_>,
    visitor: &str,
    visit: RecordId,
    at: Instant,
) -> Result<()> {
    let photos = vec![stage.attach(visitor, visit, at)?];
    let given = CompleteVisit { photos, ..made(VisitMode::OnSite, answers(Mark::Good)) };
    stage.give(visitor, visit, at, Command::CompleteVisit(Box::new(given)))
}

fn made(mode: VisitMode, answers: Answers) -> CompleteVisit {
    CompleteVisit {
        mode,
        recording_consent: true,
        answers,
        needs: None,
        minutes: Some(4),
        photos: Vec::new(),
        recording: None,
        signature: None,
    }
}

fn answers(mark: Mark) -> Answers {
    let mark = Some(mark);
    Answers {
        q1: mark,
        q2: mark,
        q3: mark,
        q4: Some(YesNo::No),
        q5: mark,
        q6: mark,
        q7: Some(YesNo::Yes),
        q8: mark,
        q9: Some(YesNo::No),
        words: None,
    }
}

fn attempt() -> Command {
    Command::RecordVisitAttempt(VisitAttempt {
        mode: VisitMode::Phone,
        result: AttemptResult::NoAnswer,
        note: None,
        at: None,
        by: None,
    })
}

/// A complaint that was found to be so.
fn complaint(stage: &mut Stage<'_, '_, '_>, case: Option<RecordId>, now: Instant) -> Result<()> {
    let id = RecordId(fresh::uuid());
    let at = now.plus_ms(-6 * DAY_MS);
    let after = |hours: i64| at.plus_ms(hours * HOUR_MS);
    let filed = FileComplaint {
        channel: ComplaintChannel::Mayor12345,
        kind: ComplaintKind::Attitude,
        text: "约好上门时间后两次失约，电话中语气不耐烦".to_owned(),
        org: OrgUnit::MarketDept,
        person: None,
        complainant: Some("钱先生".to_owned()),
        phone: None,
        case,
        fact_from: Some(at.plus_ms(-2 * DAY_MS).date()),
        fact_to: None,
        received_at: None,
    };
    stage.give("cm_lead1", id, at, Command::FileComplaint(filed))?;
    let investigator = stage.staff.user("inspector1")?;
    let assign = Command::AssignComplaint(AssignComplaint { investigator });
    stage.give("inspector1", id, after(2), assign)?;
    let text = "已向用户致歉，重新约定上门时间".to_owned();
    let answer = AnswerComplaint { channel: ComplaintChannel::Hotline, text };
    stage.give("cm_lead1", id, after(20), Command::AnswerComplaint(answer))?;
    let measures = "部门内部批评，改由他人跟进".to_owned();
    let handled = Command::HandleComplaint(HandleComplaint { measures });
    stage.give("cm_lead1", id, after(26), handled)?;
    let proof = stage.attach("inspector1", id, after(50))?;
    let decided = DecideComplaint {
        finding: Finding::Substantiated,
        reason: "通话录音与派工记录证实两次未按约上门".to_owned(),
        fact_at: Some(at.plus_ms(-2 * DAY_MS)),
        person: Some(stage.staff.user("manager1")?),
        evidence: vec![proof],
    };
    stage.give("inspector1", id, after(52), Command::DecideComplaint(decided))
}

/// A bad rating that nobody has followed up.
fn rating(stage: &mut Stage<'_, '_, '_>, case: Option<RecordId>, now: Instant) -> Result<()> {
    for (place, stars) in [(0_i64, 2_u8), (1, 5)] {
        let id = RecordId(fresh::uuid());
        let at = now.plus_ms(-(3 + place) * DAY_MS);
        let rated = ReceiveRating {
            proj_no: format!("410184-RQ-{:04}", 2_026 + place),
            service_code: None,
            service_name: Some("用气报装".to_owned()),
            dept_code: None,
            region_code: Some("410184".to_owned()),
            applicant: Some("孙*".to_owned()),
            handle_state: None,
            channel: RatingChannel::App,
            stars,
            tags: if stars < 3 { vec!["办理慢".to_owned()] } else { Vec::new() },
            text: (stars < 3).then(|| "等了很久才通气".to_owned()),
            rated_at: at,
            case: case.filter(|_| place == 0),
        };
        stage.give("gonggai1", id, at, Command::ReceiveRating(rated))?;
    }
    Ok(())
}
