//! Taking an application: once for each serial, through the pipeline.

use lantian_domain::{
    case::{Case, gas_on::SubmitGasOn},
    clock::RuleId,
    command::Command,
    ids::{CommandId, DeviceId, RecordId},
    record::{Person, Record},
    refusal::Refusal,
    time::Instant,
};
use lantian_protocol::fresh;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    application::{self, Application, Matter},
    clients::{self, Client},
    file,
    reply::{FieldFault, Rejected, Reply},
    serial::{self, Sender},
    share_out::share_out,
};
use crate::{
    error::{Error, Result},
    pipeline::{Act, Desk, find},
    store::Unit,
};

/// What an applicant is told at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Taken {
    /// The number of the case.
    pub case_no: String,
    /// Where it stands.
    pub state: String,
    /// Until when the company answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
}

impl Taken {
    fn of(case: &Case) -> Self {
        let open = case.clocks.iter().filter(|clock| clock.state.is_open());
        Self {
            case_no: case.no.clone(),
            state: case.state.as_str().to_owned(),
            due_at: open
                .filter(|clock| matches!(clock.rule, RuleId::D07 | RuleId::D08))
                .map(|clock| clock.due_at)
                .min(),
        }
    }
}

/// Takes an application, or says which case its serial has.
///
/// # Errors
/// The store's; what stands against the application is a value.
pub(super) fn take(
    unit: &Unit<'_>,
    client: &Client,
    object: &Map<String, Value>,
    received: Instant,
) -> Result<Result<(Reply<Taken>, RecordId), Rejected>> {
    let asked = match application::read(object, client.channel, received) {
        Ok(asked) => asked,
        Err(faults) => return Ok(Err(Rejected::fields(faults))),
    };
    let channel = client.channel.as_str();
    if let Some(record) = serial::find(unit, channel, &asked.serial)? {
        let Some(Record::Case(case)) = find(unit, record)? else {
            return Ok(Err(Rejected::unknown("该流水号对应的工单已不在")));
        };
        return Ok(Ok((Reply::before(Taken::of(&case)), record)));
    }
    let mut desk = Desk::open(unit)?;
    let person = clients::person(unit, client)?;
    let hand = Hand { client, person: &person, received };
    let record = match hand.give(&mut desk, &asked)? {
        Ok(record) => record,
        Err(no) => {
            desk.save()?;
            return Ok(Err(no));
        }
    };
    share_out(&mut desk, record, received)?;
    let Some(Record::Case(case)) = desk.record(record) else {
        return Err(Error::damaged("an application left no case"));
    };
    let taken = Taken::of(case);
    let account = asked.account.as_deref();
    serial::note(unit, &asked.serial, case, Sender { channel, client: &client.id, account })?;
    desk.save()?;
    Ok(Ok((Reply::done(taken), record)))
}

/// Takes an application in the name of a client (demonstration data).
///
/// # Errors
/// The store's; what stands against the application is a value.
pub(crate) fn take_of(
    unit: &Unit<'_>,
    client: &str,
    object: &Map<String, Value>,
    received: Instant,
) -> Result<Result<(), Rejected>> {
    let client = clients::find(unit, client)?
        .ok_or_else(|| Error::damaged(format!("there is no client {client}")))?;
    Ok(take(unit, &client, object, received)?.map(drop))
}

/// Who gives the commands of an application.
struct Hand<'a> {
    client: &'a Client,
    person: &'a Person,
    received: Instant,
}

impl Hand<'_> {
    fn give(
        &self,
        desk: &mut Desk<'_, '_>,
        asked: &Application,
    ) -> Result<Result<RecordId, Rejected>> {
        let papers = match file::of_client(desk.unit(), &self.client.id, &asked.files)? {
            Ok(papers) => papers,
            Err(unknown) => return Ok(Err(unknown)),
        };
        let (record, command) = match &asked.matter {
            Matter::Connection(demand) => {
                (RecordId(fresh::uuid()), Command::SubmitDemand((**demand).clone()))
            }
            Matter::GasOn { case_no, applicant } => {
                let Some(record) = self.own_case(desk.unit(), case_no)? else {
                    let fault = FieldFault::new("case_no", "unknown", "没有这个工单,请核对编号");
                    return Ok(Err(Rejected::fields(vec![fault])));
                };
                let applied = SubmitGasOn {
                    channel: self.client.channel,
                    applicant: applicant.clone(),
                    external_serial: Some(asked.serial.clone()),
                    wished_at: None,
                    assisted_by: None,
                };
                (record, Command::SubmitGasOn(applied))
            }
        };
        if let Err(no) = self.perform(desk, record, asked.submitted_at, command)? {
            return Ok(Err(Rejected::refused(&no)));
        }
        for paper in papers {
            let command = paper.command();
            if let Err(no) = self.perform(desk, record, self.received, command)? {
                return Ok(Err(Rejected::refused(&no)));
            }
            file::hand_over(desk.unit(), &paper, record, self.person.user(), self.received)?;
        }
        Ok(Ok(record))
    }

    /// A case that this client has something to do with.
    fn own_case(&self, unit: &Unit<'_>, case_no: &str) -> Result<Option<RecordId>> {
        Ok(super::status::own(unit, &self.client.id, case_no)?.map(|case| case.id))
    }

    fn perform(
        &self,
        desk: &mut Desk<'_, '_>,
        record: RecordId,
        at: Instant,
        command: Command,
    ) -> Result<Result<(), Refusal>> {
        let act = Act {
            id: CommandId(fresh::uuid()),
            person: self.person.clone(),
            device: DeviceId(Uuid::nil()),
            record,
            at,
            received: self.received,
            command,
        };
        Ok(desk.perform(&act)?.map(drop))
    }
}
