//! A lead among the other records of work.

use std::collections::BTreeSet;

use crate::{
    audience::{self, Audience},
    card::{self, Card},
    command::{Command, CommandName as C},
    context::{Context, View},
    event::Event,
    flow::Flow,
    ids::{RecordId, UserId},
    lead::{Lead, LeadState, apply, from, judge, possible},
    privacy::{Field, field::some, retention::Class},
    record::Record,
    refusal::Refusal,
    stamp::Stamp,
    work::{Work, kept},
};

impl Work for Lead {
    kept!();

    fn apply(&mut self, event: &Event, stamp: &Stamp) {
        apply(self, event, stamp);
    }

    fn judge<'a>(
        &self,
        record: &Record,
        view: &View<'_>,
        command: &Command,
        cx: &'a Context<'a>,
    ) -> Result<Flow<'a>, Refusal> {
        judge(self, record, view, command, cx)
    }

    fn concerns(&self, command: C) -> bool {
        !from(command).is_empty()
    }

    fn possible(&self, command: C, cx: &Context<'_>) -> Result<(), Refusal> {
        possible(self, command, cx)
    }

    fn next_steps(&self) -> &'static [C] {
        match self.state {
            LeadState::Received => &[C::HandOverLead],
            LeadState::HandedOver => &[C::RecordContactAttempt],
            LeadState::Contacted => &[C::ConvertLead],
            LeadState::Converted
            | LeadState::NoDemand
            | LeadState::Unreachable
            | LeadState::Merged
            | LeadState::Invalid => &[],
        }
    }

    fn audience(&self) -> BTreeSet<Audience> {
        audience::of_lead(self)
    }

    fn card(&self) -> Card {
        card::of_lead(self)
    }

    fn responsible(&self) -> Option<UserId> {
        self.manager
    }

    fn became(&self) -> Option<RecordId> {
        self.became
    }

    fn personal(&mut self, see: &mut dyn FnMut(Field, &mut String)) {
        let push = &mut self.push;
        some(Field::ContactName, &mut push.contact_name, see);
        some(Field::ContactPhone, &mut push.contact_phone, see);
        push.raw.values_mut().for_each(|value| see(Field::Raw, value));
        for attempt in &mut self.attempts {
            some(Field::Summary, &mut attempt.summary, see);
        }
    }

    fn is_personal(&self) -> bool {
        true
    }

    fn keeps(&self) -> Option<Class> {
        // A lead that became a case is a copy of what the case keeps.
        self.state.is_ended().then_some(Class::Ended)
    }

    fn forget(&mut self) {
        self.approvals.clear();
        self.push.raw.clear();
        self.attempts.iter_mut().for_each(|attempt| attempt.geo = None);
    }
}
