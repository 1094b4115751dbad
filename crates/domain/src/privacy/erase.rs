//! Erasure at the end of the retention period, or at a person's request: what
//! the law wants kept stays, without the person (P-04, P-05).

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    coded::coded,
    context::Context,
    event::Event,
    record::Record,
    refusal::{Code, Refusal, require},
    work::Work,
};

use super::{
    field::{self, Datum, Field},
    retention,
};

coded! {
    /// Why personal information goes.
    Because {
        /// 保存期限届满
        Retention = "retention",
        /// 个人请求
        Request = "request",
    }
}

/// Takes the person out of a record; given by the server itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EraseData {
    /// Why.
    pub because: Because,
}

/// What stands in the place of a datum that was erased.
pub fn pseudonym(datum: Datum) -> &'static str {
    match datum {
        Datum::Name => "已去标识",
        Datum::Phone => "已去标识电话",
        Datum::IdNo => "已去标识证件",
        Datum::Address => "已去标识地址",
        Datum::Words => "",
    }
}

/// Judges an erasure.
///
/// # Errors
/// `E_STATE` while the record is in work or was erased before, `E_GATE` before
/// its retention period is over.
pub(crate) fn erase(
    record: &Record,
    asked: EraseData,
    cx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    require(can_go(record), || Refusal::new(Code::State))?;
    let due = retention::due_on(record);
    let over = asked.because == Because::Request || due.is_some_and(|due| cx.now >= due);
    require(over, || {
        let until = due.map(|due| due.date().to_string()).unwrap_or_default();
        Refusal::new(Code::Gate).with("gate", "retention").with("until", until)
    })?;
    Ok(vec![Event::PersonErased(asked)])
}

/// Whether the person can be taken out: work has ended, and it was not done
/// before.
pub fn can_go(record: &Record) -> bool {
    record.work().is_some_and(|work| work.keeps().is_some()) && !is_erased(record)
}

/// Whether the person was taken out.
pub fn is_erased(record: &Record) -> bool {
    record.trail().iter().any(|entry| entry.did == "person_erased")
}

/// The record without the person.
pub(crate) fn apply(work: &mut dyn Work) {
    field::visit_work(work, &mut |field, text| {
        if !text.is_empty() {
            pseudonym(field.datum()).clone_into(text);
        }
    });
    work.forget();
    for entry in work.shared().trail {
        entry.note = None;
    }
}

/// Every text by which the person is known in the record as it stands, with
/// what replaces it; longest first, so that none is left inside another.
pub fn replacements(
    states: impl IntoIterator<Item = Vec<(Field, String)>>,
) -> Vec<(String, &'static str)> {
    let all: BTreeSet<(usize, String, &'static str)> = states
        .into_iter()
        .flatten()
        .filter(|(field, text)| tells(*field, text))
        .map(|(field, text)| (text.len(), text, pseudonym(field.datum())))
        .collect();
    all.into_iter().rev().map(|(_, text, by)| (text, by)).collect()
}

/// Whether a text is long enough, or foreign enough to codes, to be looked
/// for inside other texts.
pub fn tells(field: Field, text: &str) -> bool {
    let long = text.chars().count();
    (long >= 2 && !text.is_ascii()) || (long >= 7 && field.datum() != Datum::Words)
}
