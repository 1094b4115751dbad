//! Saving a command: numbered, chained, signed, durable in one transaction.

use lantian_domain::{
    command::Command,
    ids::{CommandId, RecordId},
    time::Instant,
};
use lantian_protocol::{
    Envelope, SignedCommand, fresh,
    planted::{Bug, planted},
};
use rusqlite::params;

use super::{
    Outbox,
    entry::{Fate, Open},
    fault, hash,
};
use crate::error::{Error, Result};

const FORM: u32 = 1;

/// A command about to be saved.
pub(crate) struct NewCommand {
    pub(crate) id: CommandId,
    pub(crate) record: RecordId,
    pub(crate) base: u64,
    pub(crate) after: Option<CommandId>,
    pub(crate) at: Instant,
    pub(crate) policy: String,
    pub(crate) command: Command,
    pub(crate) replaces: Option<CommandId>,
}

impl Outbox {
    /// The number that the next command gets.
    pub(crate) fn next_n(&self) -> u64 {
        self.last_n + 1
    }

    /// Saves a command. When this returns, a cut of the power loses nothing.
    pub(crate) fn save(&mut self, new: &NewCommand) -> Result<&Open> {
        let saved_n = self.last_saved + 1;
        let replaced = new.replaces.and_then(|id| self.get(id));
        let place = (replaced.map_or(saved_n, |one| one.place.0), saved_n);
        let envelope = self.envelope(new);
        let text = serde_json::to_string(&envelope)
            .map_err(|e| Error::Form(lantian_protocol::Error::Encode(e.into())))?;
        let signature = self.identity.sign(text.as_bytes());
        if !planted(Bug::SavedInMemory) {
            self.insert(&envelope, place, new, &text, &signature)?;
        }

        self.last_saved = saved_n;
        self.departures.note(new.record, saved_n);
        self.last_n = envelope.n;
        self.head = hash(&text);
        for file in new.command.files() {
            if let Some(staged) = self.uploads.get_mut(&file.id) {
                staged.command = Some(new.id);
            }
        }
        if let Some(old) = new.replaces.and_then(|id| self.get_mut(id)) {
            old.replaced_by = Some(new.id);
            if old.fate == Fate::Pending {
                old.fate = Fate::Discarded;
            }
        }
        self.places.insert(new.id, place);
        Ok(self.open.entry(place).or_insert(Open {
            place,
            envelope,
            saved_at: new.at,
            fate: Fate::Pending,
            reoffered: false,
            seq: None,
            epoch: None,
            verdict: None,
            answered_at: None,
            replaces: new.replaces,
            replaced_by: None,
        }))
    }

    /// The signed form of commands, byte for byte as saved, in this order.
    pub(crate) fn signed(&self, ids: &[CommandId]) -> Result<Vec<SignedCommand>> {
        let sql = "SELECT envelope, signature FROM commands WHERE saved_n = ?1";
        let mut statement = self.db.prepare_cached(sql).map_err(fault)?;
        let mut signed = Vec::with_capacity(ids.len());
        for place in ids.iter().filter_map(|id| self.places.get(id)) {
            let one = statement
                .query_row([place.1], |row| {
                    Ok(SignedCommand { envelope: row.get(0)?, signature: row.get(1)? })
                })
                .map_err(fault)?;
            let again = self.open.get(place).is_some_and(|open| open.reoffered);
            if planted(Bug::RetryRenamed) || (again && planted(Bug::RefillRenamed)) {
                signed.push(self.renamed(&one));
            } else {
                signed.push(one);
            }
        }
        Ok(signed)
    }

    /// What [`Bug::RetryRenamed`] and [`Bug::RefillRenamed`] do.
    fn renamed(&self, one: &SignedCommand) -> SignedCommand {
        let Ok(mut envelope) = serde_json::from_str::<Envelope>(&one.envelope) else {
            return one.clone();
        };
        envelope.id = CommandId(fresh::uuid());
        envelope.n += 1_000_000;
        let text = serde_json::to_string(&envelope).unwrap_or_default();
        SignedCommand { signature: self.identity.sign(text.as_bytes()), envelope: text }
    }

    fn envelope(&self, new: &NewCommand) -> Envelope {
        Envelope {
            v: FORM,
            id: new.id,
            incarnation: self.identity.device.incarnation,
            n: self.next_n(),
            prev: self.head.clone(),
            record: new.record,
            base: new.base,
            after: new.after,
            user: self.identity.device.person.user(),
            device: self.identity.device.device,
            at: new.at,
            offset_ms: self.identity.offset_ms,
            policy: new.policy.clone(),
            command: new.command.clone(),
        }
    }

    fn insert(
        &self,
        envelope: &Envelope,
        place: super::Place,
        new: &NewCommand,
        text: &str,
        signature: &[u8],
    ) -> Result<()> {
        let act = self.begin()?;
        act.prepare_cached(
            "INSERT INTO commands (saved_n, place, id, incarnation, n, record, saved_at, \
             replaces, signature, envelope) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )
        .and_then(|mut statement| {
            statement.execute(params![
                place.1,
                place.0,
                new.id.0.as_bytes(),
                envelope.incarnation.as_bytes(),
                envelope.n.cast_signed(),
                new.record.0.as_bytes(),
                new.at.0,
                new.replaces.as_ref().map(|id| id.0.as_bytes()),
                signature,
                text,
            ])
        })
        .map_err(fault)?;
        for file in new.command.files() {
            act.prepare_cached("UPDATE uploads SET command = ?2 WHERE file = ?1")
                .and_then(|mut statement| {
                    statement.execute(params![file.id.0.as_bytes(), new.id.0.as_bytes()])
                })
                .map_err(fault)?;
        }
        if let Some(old) = new.replaces.and_then(|id| self.places.get(&id)) {
            act.execute(
                "UPDATE commands SET replaced_by = ?2, fate = CASE fate WHEN 'pending' THEN \
                 'discarded' ELSE fate END WHERE saved_n = ?1",
                params![old.1, new.id.0.as_bytes()],
            )
            .map_err(fault)?;
        }
        act.commit().map_err(fault)
    }
}
