//! Reading and verifying what a tablet signed; no store is needed for it, so
//! it runs on all cores before the writer is bothered.

use ed25519_dalek::{Signature, VerifyingKey, verify_batch};
use lantian_domain::ids::{CommandId, RecordId};
use lantian_protocol::{Envelope, SignedCommand};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::crew::share;
use crate::{error::Error, store::packed};

/// The envelope form understood.
const FORM: u32 = 1;
/// Commands for which a thread of its own is worth while.
const CHUNK: usize = 64;

/// A signed command, read and verified.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// SHA-256 of the envelope's bytes.
    pub hash: Vec<u8>,
    /// The bytes as signed.
    pub signed: SignedCommand,
    /// The same as they are kept.
    pub(super) packed: Option<Vec<u8>>,
    /// Whether the device signed them.
    pub authentic: bool,
    /// What they say.
    pub content: Result<Box<Envelope>, Unreadable>,
}

/// An envelope of a form not known here; what could be read of it.
#[derive(Clone, Debug)]
pub struct Unreadable {
    /// The command's identity, or one made from the envelope's hash.
    pub id: CommandId,
    /// The record, if it could be read.
    pub record: Option<RecordId>,
    /// What was wrong, without the content.
    pub message: String,
}

impl Parsed {
    /// The bytes as they are kept.
    pub(super) fn kept(&self) -> Result<Vec<u8>, Error> {
        match &self.packed {
            Some(packed) => Ok(packed.clone()),
            None => packed(self.signed.envelope.as_bytes()),
        }
    }

    /// The command's identity.
    pub fn id(&self) -> CommandId {
        match &self.content {
            Ok(envelope) => envelope.id,
            Err(unreadable) => unreadable.id,
        }
    }

    /// The record that the command is given on.
    pub fn record(&self) -> Option<RecordId> {
        match &self.content {
            Ok(envelope) => Some(envelope.record),
            Err(unreadable) => unreadable.record,
        }
    }
}

/// The longest envelope: a record has room for many of them.
const LONGEST: usize = 1 << 20;
/// The largest number that a chain or a version has.
const MOST: u64 = 1 << 53;

/// Reads commands and verifies their signatures by the device's key, in order.
pub fn authenticate(commands: &[SignedCommand], key: &[u8]) -> Vec<Parsed> {
    let key = <[u8; 32]>::try_from(key).ok().and_then(|key| VerifyingKey::from_bytes(&key).ok());
    share(commands, CHUNK, |part| chunk(part, key.as_ref()))
}

fn chunk(commands: &[SignedCommand], key: Option<&VerifyingKey>) -> Vec<Parsed> {
    let signatures: Vec<Option<Signature>> =
        commands.iter().map(|c| Signature::from_slice(&c.signature).ok()).collect();
    let authentic = match key {
        None => vec![false; commands.len()],
        Some(key) if all_authentic(commands, &signatures, key) => vec![true; commands.len()],
        Some(key) => commands
            .iter()
            .zip(&signatures)
            .map(|(command, signature)| {
                let message = command.envelope.as_bytes();
                signature.as_ref().is_some_and(|s| key.verify_strict(message, s).is_ok())
            })
            .collect(),
    };
    commands.iter().zip(authentic).map(|(command, authentic)| parse(command, authentic)).collect()
}

fn all_authentic(
    commands: &[SignedCommand],
    signatures: &[Option<Signature>],
    key: &VerifyingKey,
) -> bool {
    let Some(signatures) = signatures.iter().copied().collect::<Option<Vec<_>>>() else {
        return false;
    };
    if signatures.len() < 2 || key.is_weak() {
        return false;
    }
    let messages: Vec<&[u8]> = commands.iter().map(|c| c.envelope.as_bytes()).collect();
    verify_batch(&messages, &signatures, &vec![*key; signatures.len()]).is_ok()
}

fn parse(command: &SignedCommand, authentic: bool) -> Parsed {
    let hash = Sha256::digest(command.envelope.as_bytes()).to_vec();
    let content = match serde_json::from_str::<Envelope>(&command.envelope) {
        _ if command.envelope.len() > LONGEST => {
            Err(unreadable(command, &hash, format!("longer than {LONGEST} bytes")))
        }
        Ok(envelope) => check_form(envelope),
        Err(error) => Err(unreadable(
            command,
            &hash,
            format!("unreadable at line {} column {}", error.line(), error.column()),
        )),
    };
    let packed = packed(command.envelope.as_bytes()).ok();
    Parsed { hash, signed: command.clone(), packed, authentic, content }
}

fn check_form(envelope: Envelope) -> Result<Box<Envelope>, Unreadable> {
    let refuse = |message: &str| {
        Err(Unreadable {
            id: envelope.id,
            record: Some(envelope.record),
            message: message.to_owned(),
        })
    };
    if envelope.v != FORM {
        return refuse("the envelope has a form that this server does not know; update the server");
    }
    // No chain gets there, and no store could tell such numbers apart.
    if envelope.n > MOST || envelope.base > MOST {
        return refuse("a number is larger than any chain");
    }
    if envelope.n == 0 || (envelope.n == 1) != envelope.prev.is_empty() {
        return refuse("the number and the hash before it do not fit");
    }
    if !envelope.prev.is_empty() && hex::decode(&envelope.prev).map_or(0, |h| h.len()) != 32 {
        return refuse("the hash before is no SHA-256");
    }
    Ok(Box::new(envelope))
}

fn unreadable(command: &SignedCommand, hash: &[u8], message: String) -> Unreadable {
    #[derive(Deserialize)]
    struct Head {
        id: CommandId,
        record: Option<RecordId>,
    }
    let head: Option<Head> = serde_json::from_str(&command.envelope).ok();
    let mut made = [0; 16];
    made.copy_from_slice(&hash[..16]);
    Unreadable {
        id: head.as_ref().map_or(CommandId(uuid::Uuid::from_bytes(made)), |head| head.id),
        record: head.and_then(|head| head.record),
        message,
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::{Signer as _, SigningKey};

    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn signed(text: &str) -> SignedCommand {
        let signature = key().sign(text.as_bytes()).to_bytes().to_vec();
        SignedCommand { envelope: text.to_owned(), signature }
    }

    fn authentic(commands: &[SignedCommand]) -> Vec<bool> {
        let key = key().verifying_key().to_bytes();
        authenticate(commands, &key).iter().map(|parsed| parsed.authentic).collect()
    }

    #[test]
    fn t06_every_flipped_bit_is_noticed() {
        let good = signed(r#"{"id":"019c0000-0000-7000-8000-000000000000","n":1}"#);
        assert_eq!(authentic(std::slice::from_ref(&good)), [true]);
        for at in 0..good.envelope.len() {
            for bit in 0..7 {
                let mut bytes = good.envelope.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let envelope = String::from_utf8(bytes).unwrap();
                let forged = SignedCommand { envelope, ..good.clone() };
                assert_eq!(authentic(&[forged]), [false], "byte {at} bit {bit}");
            }
        }
        for at in 0..64 {
            for bit in 0..8 {
                let mut forged = good.clone();
                forged.signature[at] ^= 1 << bit;
                assert_eq!(authentic(&[forged]), [false], "signature byte {at} bit {bit}");
            }
        }
    }

    #[test]
    fn a_batch_is_verified_as_each_of_it_would_be() {
        let mut batch: Vec<_> = (0..300).map(|n| signed(&format!("{{\"n\":{n}}}"))).collect();
        assert!(authentic(&batch).iter().all(|one| *one));
        for bad in [0, 77, 299] {
            batch[bad].signature[5] ^= 1;
        }
        let expected: Vec<bool> = (0..300).map(|n| ![0, 77, 299].contains(&n)).collect();
        assert_eq!(authentic(&batch), expected);
        let wrong = authenticate(&batch, &[1; 31]);
        assert!(wrong.iter().all(|parsed| !parsed.authentic));
    }

    #[test]
    fn what_cannot_be_read_keeps_its_identity() {
        let known = signed(r#"{"id":"019c0000-0000-7000-8000-000000000001","x":1}"#);
        let parsed = authenticate(&[known, signed("no JSON")], &key().verifying_key().to_bytes());
        assert_eq!(parsed[0].id().to_string(), "019c0000-0000-7000-8000-000000000001");
        assert!(parsed[0].content.is_err() && parsed[1].content.is_err());
        assert_ne!(parsed[1].id(), parsed[0].id());
    }
}
