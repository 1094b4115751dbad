//! The desk of what needs a person.

use lantian_domain::ids::CommandId;
use lantian_replica::{Resolution as Way, Resolved};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{App, act};
use crate::{
    error::{Error, Result},
    present,
    view::{AttentionItem, Resolution},
};

impl App {
    /// Refused, parked, quarantined and conflicting work, with all its data.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn attention(&self) -> Result<Vec<AttentionItem>> {
        self.0.desk.ask(|replica| present::attention(replica)).await
    }

    /// Decides on an item; what is left needs a person still.
    ///
    /// # Errors
    /// [`Error::Refused`] when the corrected command would be refused too:
    /// the item stays as it was.
    pub async fn resolve(
        &self,
        item: CommandId,
        action: Resolution,
        data: Option<Value>,
    ) -> Result<Vec<AttentionItem>> {
        let now = self.0.clock.now();
        self.act(move |replica| {
            let way = match (action, data) {
                (Resolution::Resend, _) => Way::Resend,
                (Resolution::HandOver, data) => Way::HandOver { to: part(data, "to")? },
                (Resolution::Discard, data) => Way::Discard { reason: part(data, "reason")? },
                (Resolution::Edit, Some(Value::Object(fields))) => {
                    let held = replica.attention()?;
                    let held = held.into_iter().find(|held| held.id == item);
                    let name = held.ok_or(Error::NotFound { what: "item" })?.command.name();
                    Way::Edit(act::read(name, fields)?)
                }
                (Resolution::Edit, _) => {
                    return Err(Error::bad_input("data", "缺少更正后的内容"));
                }
            };
            match replica.resolve(item, way, now)? {
                Resolved::Refused(refusal) => Err(refusal.into()),
                Resolved::Submitted(_) | Resolved::Closed => present::attention(replica),
            }
        })
        .await
    }
}

/// A part of what was said to a decision, if it was said.
fn part<T: DeserializeOwned>(data: Option<Value>, name: &'static str) -> Result<Option<T>> {
    let Some(value) = data.and_then(|mut data| data.get_mut(name).map(Value::take)) else {
        return Ok(None);
    };
    serde_json::from_value(value).map_err(|_| Error::bad_input(name, "填写内容不符合要求"))
}
