//! The outside systems of the demonstration company: four that apply, a rule
//! of sharing out, an application that waits for the lead, one thing that is
//! being told again, and one that was given up.

use lantian_domain::{
    case::{
        Segment,
        sharing::{Otherwise, Sharing, SharingLine},
    },
    event::{Change, Event},
    record::{Record, Rules},
    time::Instant,
};
use lantian_protocol::channel::NewChannel;
use serde_json::{Value, json};

use crate::{
    channel::{
        self, NewClient,
        webhook::{Attempt, due, settle},
    },
    error::{Error, Result},
    identity::accounts::{By, administrative},
    pipeline::{Desk, find},
    store::{Store, Unit},
};

/// Client, channel, name; the portal is told of changes.
const CLIENTS: [(&str, &str, &str); 4] = [
    ("wechat1", "wechat_oa", "蓝天燃气微信公众号"),
    ("portal1", "gov_portal", "新郑市一窗受理平台"),
    ("zaixinzheng1", "zaidexinzheng_app", "咱的新郑APP"),
    ("lantianapp1", "lantian_app", "新郑蓝天APP"),
];
/// The portal's address: nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9/lantian";
const BASIS: &str = "《新郑市政务数据共享协议》第六条";
const DAY_MS: i64 = 24 * 3_600_000;

/// Agrees on everything with the outside systems.
///
/// # Errors
/// The store's.
pub(super) fn agree(store: &Store, at: Instant) -> Result<()> {
    let since = at.plus_ms(-300 * DAY_MS);
    for (id, code, name) in CLIENTS {
        let new = NewChannel {
            id: id.to_owned(),
            channel: code.to_owned(),
            name: name.to_owned(),
            basis: Some(BASIS.to_owned()),
            webhook: (id == "portal1").then(|| NOWHERE.to_owned()),
            ..NewChannel::default()
        };
        channel::create(store, NewClient::of(&new, since)?, By::default())?;
    }
    store.write_now(move |unit| share(unit, since))
}

fn share(unit: &Unit<'_>, at: Instant) -> Result<()> {
    let line = |segments: &[Segment], word: &str, manager: &str| SharingLine {
        segments: segments.to_vec(),
        words: vec![word.to_owned()],
        manager: manager.to_owned(),
    };
    let lines = vec![line(&[], "龙湖镇", "manager1"), line(&[], "薛店镇", "manager2")];
    let Some(Record::Rules(before)) = find(unit, Rules::ID)? else {
        return Err(Error::damaged("the demo has no rules"));
    };
    let rules = Rules { sharing: Sharing { lines, otherwise: Otherwise::Lead }, ..*before };
    let mut desk = Desk::open(unit)?;
    let change = Change { record: Rules::ID, event: Event::RulesSaved(Box::new(rules)) };
    desk.append(change, &administrative(By::default(), at))?;
    desk.save()
}

/// Two applications of this hour, and what became of what was to be told.
///
/// # Errors
/// The store's.
pub(super) fn tell(store: &Store, at: Instant) -> Result<()> {
    store.write_now(move |unit| {
        // 龙湖镇 has its manager by rule; 新村镇 waits for the lead.
        apply(unit, "ZX-20260001", "新郑市龙湖镇祥和路12号", at.plus_ms(-50 * 60_000))?;
        apply(unit, "ZX-20260002", "新郑市新村镇中兴街7号", at.plus_ms(-20 * 60_000))?;
        settle_all(unit, at)
    })
}

fn apply(unit: &Unit<'_>, serial: &str, address: &str, at: Instant) -> Result<()> {
    let asked = json!({
        "channel": "zaidexinzheng_app", "serial_id": serial, "submitted_at": at,
        "install_type": "residential_scattered", "link_man": "段文博", "phone": "13603710000",
        "address": address, "consent": { "text_version": "PI-2026-1", "at": at },
        "devices": [{ "device_name": "双眼灶", "normal_gas_rate": "0.8", "quantity": 1 }],
    });
    let Value::Object(object) = asked else { return Ok(()) };
    match channel::take(unit, "zaixinzheng1", &object, at)? {
        Ok(()) => Ok(()),
        Err(no) => Err(Error::damaged(format!("the demo's application: {no:?}"))),
    }
}

/// All has arrived in time, but the newest, which is tried again, and one that
/// was given up after five days.
fn settle_all(unit: &Unit<'_>, at: Instant) -> Result<()> {
    const BUSY: &str = "http_503";
    let mut given_up = false;
    loop {
        let waiting = due(unit, at, usize::MAX)?;
        let Some(newest) = waiting.iter().map(|due| due.n).max() else { return Ok(()) };
        if waiting.len() == 1 && given_up {
            let busy = Attempt::Failed(BUSY.to_owned(), Some(600_000));
            return settle(unit, &waiting[0], &busy, at.plus_ms(-60_000));
        }
        for mut one in waiting {
            let old = at.since(one.made) > 6 * DAY_MS;
            if old && !given_up {
                given_up = true;
                let mut now = one.made;
                for tries in 0..12 {
                    one.tries = tries;
                    settle(unit, &one, &Attempt::Failed(BUSY.to_owned(), None), now)?;
                    now = now.plus_ms(DAY_MS);
                }
            } else if one.n != newest || !given_up {
                settle(unit, &one, &Attempt::Arrived, one.made)?;
            }
        }
    }
}
