//! A device without a store: enrolled like any other, with commands that were
//! signed beforehand, so that a measurement of the server holds nothing of
//! the tablets' own work.

use std::sync::Arc;

use anyhow::Result;
use ed25519_dalek::{Signer as _, SigningKey};
use lantian_client::clock::{Clock as _, SystemClock};
use lantian_client::transport::{Failure, Later, Login, Proof, TokenStore, Transport, Wake};
use lantian_domain::command::Command;
use lantian_domain::ids::{CommandId, RecordId, UserId};
use lantian_domain::record::Rules;
use lantian_protocol::identity::{SignIn, SignedIn, Tokens};
use lantian_protocol::{Envelope, PushRequest, SignedCommand, Verdict};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::PASSWORD;
use crate::documents;

/// An enrolled device.
pub(crate) struct Device {
    login: Login,
    enrolled: SignedIn,
    key: SigningKey,
    incarnation: Uuid,
    signed: u64,
    head: String,
}

impl Device {
    /// Enrols the device with this number for `account`.
    pub(crate) async fn enrol(way: &Transport, account: &str, number: usize) -> Result<Self> {
        let seed: [u8; 32] = Sha256::digest(number.to_le_bytes()).into();
        let key = SigningKey::from_bytes(&seed);
        let enrolled = way
            .sign_in(&SignIn {
                login: account.to_owned(),
                password: PASSWORD.to_owned(),
                code: None,
                device_name: format!("device {number}"),
                public_key: key.verifying_key().to_bytes().to_vec(),
                device: None,
            })
            .await?;
        let kept = Arc::new(Kept(key.clone()));
        let clock = Arc::new(SystemClock::default());
        let tokens = Some(enrolled.tokens.clone());
        let login = Login::new(enrolled.device, tokens, kept.clone(), kept, clock);
        let incarnation = Uuid::now_v7();
        Ok(Self { login, enrolled, key, incarnation, signed: 0, head: String::new() })
    }

    /// An attempt noted on a lead, signed and chained.
    pub(crate) fn attempt(&mut self, lead: RecordId) -> Result<SignedCommand> {
        self.signed += 1;
        let envelope = Envelope {
            v: 1,
            id: CommandId(Uuid::now_v7()),
            incarnation: self.incarnation,
            n: self.signed,
            prev: self.head.clone(),
            record: lead,
            base: 0,
            after: None,
            user: UserId(self.enrolled.person.id.0),
            device: self.enrolled.device,
            at: SystemClock::default().now(),
            offset_ms: 0,
            policy: Rules::seed().policy.label(),
            command: Command::RecordContactAttempt(documents::attempt()),
        };
        let envelope = serde_json::to_string(&envelope)?;
        self.head = hex(&Sha256::digest(envelope.as_bytes()));
        let signature = self.key.sign(envelope.as_bytes()).to_bytes().to_vec();
        Ok(SignedCommand { envelope, signature })
    }

    /// Offers a batch; how many of it were accepted.
    pub(crate) async fn push(
        &self,
        way: &Transport,
        commands: Vec<SignedCommand>,
    ) -> Result<usize> {
        let request =
            PushRequest { witness: None, since: None, offset_ms: 0, commands, preview: false };
        let answer = way.push(&self.login, &request).await?.value;
        let accepted = |outcome: &&lantian_protocol::Outcome| {
            matches!(outcome.verdict, Verdict::Accepted { .. })
        };
        Ok(answer.outcomes.iter().filter(accepted).count())
    }

    /// Opens the wake channel.
    pub(crate) async fn wake(&self, way: &Transport) -> Result<Wake> {
        Ok(way.wake(&self.login, None).await?)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The key, and tokens in memory: no measurement outlives them.
struct Kept(SigningKey);

impl Proof for Kept {
    fn sign(&self, text: Vec<u8>) -> Later<'_, Result<Vec<u8>, Failure>> {
        Box::pin(async move { Ok(self.0.sign(&text).to_bytes().to_vec()) })
    }
}

impl TokenStore for Kept {
    fn keep(&self, _: Tokens) -> Later<'_, Result<(), Failure>> {
        Box::pin(async { Ok(()) })
    }
}
