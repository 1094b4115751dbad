//! Who this tablet is: the person, the device key, and the incarnation that
//! numbers its commands.

use ed25519_dalek::{Signer as _, SigningKey};
use lantian_domain::{
    ids::{DeviceId, OrgId},
    record::Person,
};
use lantian_protocol::fresh;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    connection::OUTBOX,
    error::{Error, Result},
};

/// What a sign-in gives to a new store.
#[derive(Clone)]
pub struct Enrolment {
    /// The person.
    pub person: Person,
    /// The company.
    pub org: OrgId,
    /// The device's identity.
    pub device: DeviceId,
    /// What the device calls itself.
    pub device_name: String,
    /// The address of the company's server.
    pub server: String,
    /// The seed of the device's Ed25519 key.
    pub device_seed: [u8; 32],
    /// The company's recovery key, as `age1…`.
    pub recovery_recipient: String,
}

/// Who this tablet is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The person, as the directory said at the last sign-in.
    pub person: Person,
    /// The company.
    pub org: OrgId,
    /// The device's identity.
    pub device: DeviceId,
    /// What the device calls itself.
    pub device_name: String,
    /// The address of the company's server.
    pub server: String,
    /// Numbers the commands of this copy of the store.
    pub incarnation: Uuid,
}

/// The row with its key.
pub(crate) struct Identity {
    pub(crate) device: Device,
    pub(crate) key: SigningKey,
    /// Server minus device clock, as it is known.
    pub(crate) offset_ms: i64,
    /// The same as it is stored.
    stored_offset_ms: i64,
}

/// Below this change a measured offset is not worth a write to the disk.
const OFFSET_NOISE_MS: i64 = 1_000;

fn fault(source: rusqlite::Error) -> Error {
    Error::store(OUTBOX.what, source)
}

impl Identity {
    pub(crate) fn create(db: &Connection, enrolment: &Enrolment) -> Result<()> {
        db.execute(
            "INSERT INTO device (one, device, name, org, person, server, seed, incarnation) \
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                enrolment.device.0.as_bytes(),
                enrolment.device_name,
                enrolment.org.0.as_bytes(),
                person_text(&enrolment.person)?,
                enrolment.server,
                enrolment.device_seed,
                fresh::uuid().as_bytes(),
            ],
        )
        .map_err(fault)?;
        Ok(())
    }

    pub(crate) fn load(db: &Connection) -> Result<Self> {
        type Row = ([u8; 16], String, [u8; 16], String, String, Zeroizing<[u8; 32]>, [u8; 16], i64);
        let sql = "SELECT device, name, org, person, server, seed, incarnation, offset_ms \
                   FROM device WHERE one = 1";
        let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<Row> {
            let seed = Zeroizing::new(row.get::<_, [u8; 32]>(5)?);
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                seed,
                row.get(6)?,
                row.get(7)?,
            ))
        };
        let row = db.query_row(sql, [], read).optional().map_err(fault)?;
        let (device, device_name, org, person, server, seed, incarnation, offset_ms) =
            row.ok_or_else(|| Error::corrupt(OUTBOX.what, "it does not say whose it is"))?;
        let person = serde_json::from_str(&person)
            .map_err(|_| Error::corrupt(OUTBOX.what, "the person cannot be read"))?;
        Ok(Self {
            device: Device {
                person,
                org: OrgId(Uuid::from_bytes(org)),
                device: DeviceId(Uuid::from_bytes(device)),
                device_name,
                server,
                incarnation: Uuid::from_bytes(incarnation),
            },
            key: SigningKey::from_bytes(&seed),
            offset_ms,
            stored_offset_ms: offset_ms,
        })
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).to_bytes().to_vec()
    }

    pub(crate) fn set_person(&mut self, db: &Connection, person: &Person) -> Result<()> {
        db.execute("UPDATE device SET person = ?1", [person_text(person)?]).map_err(fault)?;
        self.device.person = person.clone();
        Ok(())
    }

    /// Notes a measured offset; a change within the noise is kept in memory
    /// alone, because each answer of the server measures one.
    pub(crate) fn set_offset(&mut self, db: &Connection, offset_ms: i64) -> Result<()> {
        let change = offset_ms.saturating_sub(self.stored_offset_ms).saturating_abs();
        if change >= OFFSET_NOISE_MS {
            db.execute("UPDATE device SET offset_ms = ?1", [offset_ms]).map_err(fault)?;
            self.stored_offset_ms = offset_ms;
        }
        self.offset_ms = offset_ms;
        Ok(())
    }

    /// Starts numbering anew: the server has seen this chain from another copy
    /// of the store.
    pub(crate) fn renew_incarnation(&mut self, db: &Connection) -> Result<()> {
        let new = fresh::uuid();
        db.execute("UPDATE device SET incarnation = ?1", [new.as_bytes()]).map_err(fault)?;
        self.device.incarnation = new;
        Ok(())
    }
}

fn person_text(person: &Person) -> Result<String> {
    serde_json::to_string(person).map_err(|e| Error::corrupt(OUTBOX.what, e))
}
