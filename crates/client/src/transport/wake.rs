//! Server-sent events: the server says that something has changed, and what
//! it was, where it is little.
//!
//! A page that comes along is taken like one that was asked for: only from
//! exactly where the mirror stands. Anything else starts a pull.

use std::pin::Pin;

use futures_util::{Stream, StreamExt as _};
use lantian_protocol::{
    Cursor,
    wake::{MAX_TEXT, PLACE_HEADER, WakeUp, place_text},
};

use super::{Transport, answer, failure::Failure, login::Login, route};

/// The longest line kept of the stream.
const MAX_LINE: usize = MAX_TEXT + 64;

type Bytes = Pin<Box<dyn Stream<Item = Result<Vec<u8>, Failure>> + Send>>;

/// An open wake channel.
pub struct Wake {
    stream: Bytes,
    line: Vec<u8>,
    rest: Vec<u8>,
    told: Option<WakeUp>,
}

impl Transport {
    /// Opens the wake channel, for a mirror that stands there.
    ///
    /// # Errors
    /// [`Failure`]; without the channel, polling goes on.
    pub async fn wake(&self, login: &Login, stands: Option<&Cursor>) -> Result<Wake, Failure> {
        let response = self
            .with_login(login, || {
                let request = self.waking_request(route::WAKE)?;
                let request = request.header(reqwest::header::ACCEPT, "text/event-stream");
                Ok(match stands {
                    Some(stands) => request.header(PLACE_HEADER, place_text(stands)),
                    None => request,
                })
            })
            .await?;
        if !answer::media_type(&response).starts_with("text/event-stream") {
            return Err(Failure::NotOurServer);
        }
        let stream = response
            .bytes_stream()
            .map(|part| part.map(|part| part.to_vec()).map_err(|error| Failure::of(&error)));
        Ok(Wake::over(Box::pin(stream)))
    }
}

impl Wake {
    fn over(stream: Bytes) -> Self {
        Self { stream, line: Vec::new(), rest: Vec::new(), told: None }
    }

    /// Waits for the next wake-up.
    ///
    /// # Errors
    /// [`Failure::Offline`] when the channel ends.
    pub async fn next(&mut self) -> Result<WakeUp, Failure> {
        loop {
            while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let head: Vec<u8> = self.rest.drain(..=end).collect();
                self.line.extend_from_slice(&head[..end]);
                if let Some(told) = self.take_line() {
                    return Ok(told);
                }
            }
            let left = MAX_LINE.saturating_sub(self.line.len());
            let kept = self.rest.len().min(left);
            self.line.extend_from_slice(&self.rest[..kept]);
            self.rest.clear();
            match self.stream.next().await {
                Some(part) => self.rest = part?,
                None => return Err(Failure::Offline),
            }
        }
    }

    /// What the event tells that ends with the line that just ended.
    fn take_line(&mut self) -> Option<WakeUp> {
        let line = std::mem::take(&mut self.line);
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        if line.is_empty() {
            return self.told.take();
        }
        if let Some(data) = line.strip_prefix(b"data:") {
            let text = std::str::from_utf8(data).unwrap_or_default();
            self.told = WakeUp::read(text).or(self.told.take());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn wakes(parts: &[&str]) -> Vec<u64> {
        let parts: Vec<_> = parts.iter().map(|part| Ok(part.as_bytes().to_vec())).collect();
        let mut wake = Wake::over(Box::pin(futures_util::stream::iter(parts)));
        let mut told = Vec::new();
        while let Ok(one) = wake.next().await {
            told.push(one.head);
        }
        told
    }

    #[tokio::test]
    async fn heartbeats_wake_nobody_and_events_wake_once() {
        assert!(wakes(&[": beat\n\n", ":\n\n"]).await.is_empty());
        assert_eq!(wakes(&["data: 7\n\n"]).await, [7]);
        assert_eq!(wakes(&["event: change\r\nda", "ta: 8\r\n\r", "\ndata: 9\n\n"]).await, [8, 9]);
    }

    #[tokio::test]
    async fn an_endless_line_is_not_kept() {
        let long = "x".repeat(3 * MAX_LINE);
        assert_eq!(wakes(&[&long, &long, "\n\ndata: 1\n\n"]).await, [1]);
    }
}
