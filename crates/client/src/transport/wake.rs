//! Server-sent events: the server says that something has changed.
//!
//! A wake-up carries no data that is believed; it only starts a pull.

use std::pin::Pin;

use futures_util::{Stream, StreamExt as _};

use super::{Transport, answer, failure::Failure, login::Login, route};

/// The longest line kept of the stream.
const MAX_LINE: usize = 4_096;

type Bytes = Pin<Box<dyn Stream<Item = Result<Vec<u8>, Failure>> + Send>>;

/// An open wake channel.
pub struct Wake {
    stream: Bytes,
    line: Vec<u8>,
    rest: Vec<u8>,
    seq: Option<u64>,
}

impl Transport {
    /// Opens the wake channel.
    ///
    /// # Errors
    /// [`Failure`]; without the channel, polling goes on.
    pub async fn wake(&self, login: &Login) -> Result<Wake, Failure> {
        let response = self
            .with_login(login, || {
                let request = self.waking_request(route::WAKE)?;
                Ok(request.header(reqwest::header::ACCEPT, "text/event-stream"))
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
        Self { stream, line: Vec::new(), rest: Vec::new(), seq: None }
    }

    /// Waits for the next wake-up: the head of the feed that it tells of.
    ///
    /// # Errors
    /// [`Failure::Offline`] when the channel ends.
    pub async fn next(&mut self) -> Result<u64, Failure> {
        loop {
            while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let head: Vec<u8> = self.rest.drain(..=end).collect();
                self.line.extend_from_slice(&head[..end]);
                if let Some(seq) = self.take_line() {
                    return Ok(seq);
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
    fn take_line(&mut self) -> Option<u64> {
        let line = std::mem::take(&mut self.line);
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        if line.is_empty() {
            return self.seq.take();
        }
        if let Some(data) = line.strip_prefix(b"data:") {
            let text = std::str::from_utf8(data).unwrap_or_default().trim();
            self.seq = text.parse().ok().or(self.seq);
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
        while let Ok(seq) = wake.next().await {
            told.push(seq);
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
