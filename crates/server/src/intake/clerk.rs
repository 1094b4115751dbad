//! Taking one row: normalise it, see what is known, give the command.

use std::collections::BTreeMap;

use lantian_domain::{
    command::Command,
    ids::{DeviceId, RecordId},
    lead::{HandOverLead, LeadState, ReceivePush, Source},
    record::{Person, Record},
    refusal::{Code, Refusal},
    time::Instant,
};
use uuid::Uuid;

use super::{
    fault::RowFault,
    hand_over::Managers,
    known::{self, Known},
    push::{self, Meaning, Push},
    read::UNREADABLE,
    result::{Effect, RowResult, Status, Warning},
    run::fresh,
    table::RawRow,
};
use crate::{
    error::Result,
    pipeline::{Act, Desk},
};

/// Who takes the rows of one push, and what was seen of it so far.
#[derive(Clone)]
pub(super) struct Clerk {
    pub(super) person: Person,
    pub(super) device: DeviceId,
    pub(super) received: Instant,
    /// When the whole was pushed.
    pub(super) pushed_at: Option<Instant>,
    /// To whom leads are handed over at once, if they are.
    pub(super) managers: Managers,
    /// The first row of each key.
    pub(super) first_rows: BTreeMap<(Source, String), u32>,
    /// The push itself, as filed.
    pub(super) push: RecordId,
}

impl Clerk {
    /// Takes a row.
    ///
    /// # Errors
    /// The store's; whatever is wrong with the row is in its result.
    pub(super) fn take(&mut self, desk: &mut Desk<'_, '_>, raw: &RawRow) -> Result<RowResult> {
        if raw.fields.contains_key(UNREADABLE) {
            let fault = RowFault::quarantined("row", "这一条不是字段与值的对象,已随原文件留存");
            return Ok(RowResult::faulty(raw, fault));
        }
        match push::normalise(raw, self.pushed_at) {
            Err(fault) => Ok(RowResult::faulty(raw, fault)),
            Ok(Meaning::Reference) => {
                let kept = RowResult::plain(raw, Status::Accepted).about(self.push);
                Ok(RowResult { effect: Some(Effect::Kept), ..kept })
            }
            Ok(Meaning::Push(push)) => self.judge(desk, raw, *push),
        }
    }

    fn judge(&mut self, desk: &mut Desk<'_, '_>, raw: &RawRow, push: Push) -> Result<RowResult> {
        let Push { data, warnings } = push;
        let of_row = self.first_row(&data, raw.row);
        let mark = known::mark(&data)?;
        let (record, effect) = match known::look_up(desk.unit(), &data, &mark)? {
            Known::Same(id) => return Ok(duplicate(raw, Some(id), of_row)),
            Known::Nothing => (RecordId(Uuid::now_v7()), Effect::LeadCreated),
            Known::Key(id) if !data.valid => (id, Effect::Retracted),
            Known::Key(id) => (id, Effect::Updated),
            Known::Project(id) => (id, Effect::Joined),
        };
        let act = self.act(record, Command::ReceivePush(Box::new(data.clone())));
        match desk.perform(&act)? {
            Err(refusal) if refusal.code == Code::Duplicate => {
                Ok(duplicate(raw, Some(record), of_row))
            }
            Err(refusal) => Ok(refused(raw, &refusal)),
            Ok(_) => {
                known::note(desk.unit(), &data, &mark, record)?;
                let mut result = RowResult {
                    effect: Some(effect),
                    warnings,
                    ..RowResult::plain(raw, Status::Accepted).about(record)
                };
                self.hand_over(desk, record, &mut result)?;
                ended(desk, record, &mut result);
                Ok(result)
            }
        }
    }

    /// The row of this push that had the key first, if it was another one.
    fn first_row(&mut self, data: &ReceivePush, row: u32) -> Option<u32> {
        let first = *self.first_rows.entry((data.source, data.source_key.clone())).or_insert(row);
        (first != row).then_some(first)
    }

    fn hand_over(
        &mut self,
        desk: &mut Desk<'_, '_>,
        record: RecordId,
        result: &mut RowResult,
    ) -> Result<()> {
        let waiting = matches!(
            desk.record(record),
            Some(Record::Lead(lead)) if lead.state == LeadState::Received
        );
        let Some(manager) = self.managers.next().filter(|_| waiting) else { return Ok(()) };
        let command = Command::HandOverLead(HandOverLead { manager, note: None });
        match desk.perform(&self.act(record, command))? {
            Ok(_) => {
                self.managers.taken();
                result.manager = Some(manager);
            }
            Err(refusal) => result.warnings.push(Warning::new(
                "E_HAND_OVER",
                "contact",
                format!("线索已接收,但未能传递({});请人工传递", refusal.code.zh()),
            )),
        }
        Ok(())
    }

    fn act(&self, record: RecordId, command: Command) -> Act {
        Act {
            id: fresh(),
            person: self.person.clone(),
            device: self.device,
            record,
            at: self.received,
            received: self.received,
            command,
        }
    }
}

fn duplicate(raw: &RawRow, id: Option<RecordId>, of_row: Option<u32>) -> RowResult {
    let message = match of_row {
        Some(row) => format!("与第 {row} 条重复,未再导入"),
        None => "该项目已接收过且内容没有更新,未再导入".to_owned(),
    };
    RowResult {
        code: Some(Code::Duplicate.as_str().to_owned()),
        message: Some(message),
        of_row,
        id,
        ..RowResult::plain(raw, Status::Duplicate)
    }
}

fn refused(raw: &RawRow, refusal: &Refusal) -> RowResult {
    RowResult {
        code: Some(refusal.code.as_str().to_owned()),
        field: refusal.params.get("field").cloned(),
        message: Some(refusal.message_zh()),
        ..RowResult::plain(raw, Status::Rejected)
    }
}

/// Says when the lead is one that nobody works on, and why.
fn ended(desk: &Desk<'_, '_>, record: RecordId, result: &mut RowResult) {
    if let Some(Record::Lead(lead)) = desk.record(record)
        && lead.state == LeadState::Invalid
    {
        result.lead = Some(lead.state.as_str());
        result.reason.clone_from(&lead.outcome);
    }
}
