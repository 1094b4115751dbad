//! Who had read the plan, and when (K-36).

use crate::{
    event::Event,
    ids::{RecordId, UserId},
    kpi::{
        figure::Figure,
        measure::Circumstances,
        sample::{Amount, Dims, Sample, Sink},
    },
    reference::PolicyRead,
    role::{OrgUnit, Role},
    time::Instant,
};

/// A colleague's account over time: since when it was in use, of which
/// department, and what its holder confirmed to have read.
#[derive(Debug, Default)]
pub(super) struct Reader {
    accounts: Vec<(Instant, bool, OrgUnit)>,
    read: Vec<PolicyRead>,
}

impl Reader {
    /// Notes what an event says of a colleague.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only two events are about a colleague")]
    pub(super) fn watch(&mut self, event: &Event, at: Instant) {
        match event {
            Event::PersonSaved(person) => {
                // An interface is no reader.
                let reads = person.active && !person.roles.contains(&Role::Integration);
                self.accounts.push((at, reads, person.org));
                self.read.extend(person.policy_read.clone());
            }
            Event::PolicyConfirmed(read) => self.read.push(read.clone()),
            _ => {}
        }
    }

    /// Whether the account was in use just before each end, and whether its
    /// holder had confirmed the policy that was in force then.
    pub(super) fn measure(&self, id: RecordId, cx: &Circumstances<'_>, sink: &mut impl Sink) {
        for end in cx.ends {
            let at = end.plus_ms(-1);
            let known = self.accounts.iter().rfind(|(since, ..)| *since <= at);
            let Some((_, _, org)) = known.filter(|(_, reads, _)| *reads) else { continue };
            let policy = cx.rules.policy_on(at.date()).label();
            let read = self.read.iter().any(|read| read.policy == policy && read.at <= at);
            let dims =
                Dims { org: Some(org.as_str()), person: Some(UserId(id.0)), ..Dims::default() };
            let (figure, amount) = (Figure::PolicyRead, Amount::Part(read));
            sink.take(&Sample { figure, record: id, at, dims, amount });
        }
    }
}
