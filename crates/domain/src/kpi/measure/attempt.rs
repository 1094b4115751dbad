//! What a command counts for that left no event: K-31, K-34.

use crate::{
    ids::{RecordId, UserId},
    kpi::{
        figure::Figure,
        sample::{Amount, Dims, Sample, Sink},
    },
    refusal::Code,
    time::Instant,
};

/// Gives the samples of a command as it was answered: with the code of its
/// refusal, or accepted.
pub fn attempt(
    record: RecordId,
    at: Instant,
    actor: Option<UserId>,
    refused: Option<&str>,
    sink: &mut impl Sink,
) {
    let dims = Dims { person: actor, ..Dims::default() };
    let mut take = |figure, amount| sink.take(&Sample { figure, record, at, dims, amount });
    take(Figure::RejectedSyncs, Amount::Part(refused.is_some()));
    if refused == Some(Code::ForbiddenFee.as_str()) {
        take(Figure::ForbiddenFees, Amount::Count(1));
    }
}
