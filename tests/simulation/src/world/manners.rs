//! What a tablet owes the network (I13): patience when the company asks for it,
//! and a pause after a failure.

use anyhow::{Result, ensure};
use lantian_sync::{Failure, Ticket};

use super::World;
use super::way::Request;

/// The shortest pause after a failure.
const PAUSE_MS: i64 = 490;

impl World {
    /// A line (pull 0, push 1, repair 2, account 3) has its answer.
    pub(super) fn learn_manners(
        &mut self,
        tablet: usize,
        (line, ticket): (usize, Ticket),
        failure: Option<&Failure>,
    ) {
        let now = self.now;
        let manners = &mut self.tablets[tablet].manners;
        if manners.asked[line] != ticket {
            return;
        }
        manners.backoff[line] = match failure {
            None | Some(Failure::Unauthenticated) => None,
            Some(_) => Some(now.plus_ms(PAUSE_MS)),
        };
        if let Some(Failure::Busy { retry_after_ms: Some(ms) }) = failure {
            manners.patience = Some(now.plus_ms(ms.cast_signed()));
        }
    }

    /// A tablet asks.
    pub(super) fn keeps_manners(
        &mut self,
        tablet: usize,
        ticket: Ticket,
        request: &Request,
    ) -> Result<()> {
        let line = match request {
            Request::Pull(_) => 0,
            Request::Push { .. } => 1,
            Request::Records(_) => 2,
            Request::Held(_) | Request::Account(_) => 3,
            Request::File(..) | Request::Refresh | Request::Wake(_) => return Ok(()),
        };
        let manners = &mut self.tablets[tablet].manners;
        manners.asked[line] = ticket;
        let patient = manners.patience.is_none_or(|until| self.now >= until);
        ensure!(patient, "I13: tablet {tablet} asks although the company wants patience");
        let paused = manners.backoff[line].is_none_or(|until| self.now >= until);
        ensure!(paused, "I13: tablet {tablet} asks again without a pause after a failure");
        Ok(())
    }
}
