//! What happens, in words.

use super::Due;
use super::way::{Reply, Request};
use crate::company::FileRequest;

/// What happens, in words, for somebody who reads one history.
pub(super) fn what_of(due: &Due) -> String {
    match due {
        Due::Act => "somebody acts".to_owned(),
        Due::Tick { .. } => "a timer".to_owned(),
        Due::Sent { ticket, request, fate } => {
            let what = match request {
                Request::Pull(pull) => {
                    format!("pull from {:?}", pull.cursor.as_ref().map(|c| c.seq))
                }
                Request::Push(push) => format!("push of {}", push.commands.len()),
                Request::Records(ids) => format!("fetch of {} records", ids.len()),
                Request::Account(_) => "account".to_owned(),
                Request::Held(asked) => format!("question about {} files", asked.len()),
                Request::File(_, FileRequest::Offer(offer)) => {
                    format!("offer of a file of {} bytes", offer.size)
                }
                Request::File(_, FileRequest::Chunk(chunk)) => {
                    format!("{} bytes of a file from {}", chunk.bytes.len(), chunk.offset)
                }
                Request::Refresh => "refresh".to_owned(),
                Request::Wake(_) => "wake-up stream".to_owned(),
            };
            format!("request {ticket}: {what}: {fate:?}")
        }
        Due::Came { ticket, reply } => {
            let what = match reply {
                Reply::Page(Ok(page)) => {
                    format!("a page of {}, more: {}", page.items.len(), page.more)
                }
                Reply::Outcomes(Ok(answer)) => format!("{} outcomes", answer.outcomes.len()),
                Reply::Records(Ok(items)) => format!("{} records", items.len()),
                Reply::Noted(_, Ok(_)) => "account noted".to_owned(),
                Reply::Held(_, Ok(answer)) => format!("{} files missing", answer.missing.len()),
                Reply::Page(Err(failure))
                | Reply::Outcomes(Err(failure))
                | Reply::Records(Err(failure))
                | Reply::Held(_, Err(failure))
                | Reply::Noted(_, Err(failure))
                | Reply::Tokens(Err(failure)) => failure.to_string(),
                Reply::File(_, Ok(state)) => format!("file held to {}", state.offset),
                Reply::File(_, Err(failure)) => format!("{failure:?}"),
                Reply::Tokens(Ok(())) => "tokens".to_owned(),
                Reply::Woken(opened) => format!("wake-up stream: {opened}"),
            };
            format!("answer {ticket}: {what}")
        }
        Due::Wake { seq, page } => format!("wake-up at {seq}, page: {}", page.is_some()),
        Due::SwitchOn => "switched on".to_owned(),
        Due::Start => "the company starts".to_owned(),
        Due::Online => "network".to_owned(),
    }
}
