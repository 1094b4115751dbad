//! What a person looks at: today, lists, a record, colleagues, the deadline
//! calculator.

use std::collections::BTreeSet;

use lantian_domain::{
    command::{Command, CommandName},
    ids::{RecordId, UserId},
    period::on_time,
    record::{Person, RecordKind},
    role::Role,
    technique::Draft,
    time::{DAY_MS, Instant},
};
use lantian_replica::{Filter, Replica};
use serde_json::Value;

use super::App;
use crate::{
    error::{Error, Result},
    present,
    view::{
        AdviceView, CardView, CostView, DueQuestion, DueView, EstimateView, ListPage, ListQuestion,
        PermitPage, PersonView, RecordView, TodayCounts, TodayView,
    },
};

/// The most lines of one page of a list.
const MOST: u32 = 500;
/// The lines of a page when none are asked for.
const USUAL: u32 = 50;
/// The lines of each part of today.
const TODAY: usize = 100;

impl App {
    /// What is due, in order of urgency, with what needs a person on top.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn today(&self) -> Result<TodayView> {
        self.0.rest.reads("today");
        let now = self.0.clock.now();
        self.0.desk.ask(move |replica| today(replica, now)).await
    }

    /// A page of a list, the most urgent first.
    ///
    /// # Errors
    /// [`Error::BadInput`] for a page that is none.
    pub async fn list(&self, question: ListQuestion) -> Result<ListPage> {
        self.0.rest.reads(serde_json::to_string(&question).unwrap_or_default());
        let now = self.0.clock.now();
        self.0
            .desk
            .ask(move |replica| {
                let limit = question.limit.unwrap_or(USUAL).clamp(1, MOST) as usize;
                let after = question.after.clone();
                let found = replica.list(&filter(question, now)?, limit, after.as_deref())?;
                let items = cards(replica, found.items)?;
                Ok(ListPage { items, next: found.next, total: found.total as u64 })
            })
            .await
    }

    /// A page of the open filings of permits, the most urgent first.
    ///
    /// # Errors
    /// [`Error::BadInput`] for a page that is none.
    pub async fn permits(&self, question: ListQuestion) -> Result<PermitPage> {
        self.0.rest.reads("permits");
        let now = self.0.clock.now();
        self.0
            .desk
            .ask(move |replica| {
                let limit = question.limit.unwrap_or(USUAL).clamp(1, MOST) as usize;
                let after = question.after.as_deref().map(str::parse).transpose();
                let after = after.map_err(|_| Error::bad_input("after", "没有这一页"))?;
                let states = question.state.clone();
                // The case's own state and clocks do not narrow its filings.
                let asked = ListQuestion {
                    kind: Some(RecordKind::Case),
                    state: Vec::new(),
                    late: None,
                    due_before: None,
                    ..question.clone()
                };
                let late = (question.late == Some(true)).then_some(now);
                let asked = present::PermitQuestion {
                    filter: &filter(asked, now)?,
                    states: &states,
                    due_before: [question.due_before, late].into_iter().flatten().min(),
                    limit,
                    after: after.unwrap_or(0),
                };
                present::permit_page(replica, &asked)
            })
            .await
    }

    /// Everything about one record.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not on this device.
    pub async fn record(&self, id: RecordId) -> Result<RecordView> {
        self.0.rest.reads(id.to_string());
        let now = self.0.clock.now();
        let page = self.0.desk.ask(move |replica| present::record(replica, id, now)).await?;
        self.0.seen.note(id, &page.files);
        Ok(page)
    }

    /// A record as the server has confirmed it, without this device's pending
    /// work.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not on this device.
    pub async fn confirmed(&self, id: RecordId) -> Result<Value> {
        let now = self.0.clock.now();
        self.0
            .desk
            .ask(move |replica| {
                let record = replica.confirmed(id)?.ok_or(Error::NotFound { what: "record" })?;
                present::body(&replica.veiled(&record, now).0)
            })
            .await
    }

    /// The record that an id or a number names.
    ///
    /// # Errors
    /// [`Error::NotFound`] when none on this device has it.
    pub async fn find(&self, named: &str) -> Result<RecordId> {
        if let Ok(id) = named.parse() {
            return Ok(id);
        }
        let no = named.to_owned();
        self.0
            .desk
            .ask(move |replica| {
                let filter = Filter { search: Some(no.clone()), ..Filter::default() };
                let found = replica.list(&filter, MOST as usize, None)?;
                let exact = found.items.iter().find(|shown| shown.card.no == no);
                exact.map(|shown| shown.card.id).ok_or(Error::NotFound { what: "record" })
            })
            .await
    }

    /// The colleagues, or those with a role, by name.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn people(&self, role: Option<Role>) -> Result<Vec<PersonView>> {
        let mut people = self.0.desk.ask(|replica| Ok(replica.people()?)).await?;
        people.retain(|person| role.is_none_or(|role| person.roles.contains(&role)));
        people.sort_by(|a, b| (!a.active, &a.login).cmp(&(!b.active, &b.login)));
        Ok(people.into_iter().map(person_view).collect())
    }

    /// When a period of the plan is over, by the company's own calendar.
    ///
    /// # Errors
    /// When the rules have not arrived yet.
    pub async fn due(&self, question: DueQuestion) -> Result<DueView> {
        let rules = self.0.desk.ask(|replica| Ok(replica.rules()?)).await?;
        let term = rules.policy.rule(question.rule).term;
        let due = term.due(question.start, &rules.calendar);
        Ok(DueView {
            due_at: due.due_at,
            exclusive: due.exclusive,
            unit: term.unit,
            provisional: due.provisional,
            on_time: question.stop.map(|stop| on_time(stop, &due)),
        })
    }

    /// The sheet that the customer signs, with the optional lines at the
    /// places `chosen`.
    ///
    /// # Errors
    /// [`Error::NotFound`] while there is no budget to sign.
    pub async fn cost(&self, id: RecordId, chosen: Vec<u32>) -> Result<CostView> {
        self.0.rest.reads(format!("cost {id}"));
        self.0.desk.ask(move |replica| present::cost(replica, id, &chosen)).await
    }

    /// What the technical computations say to a form of `command` that is being
    /// written; nothing while it cannot be read.
    ///
    /// # Errors
    /// When the store cannot be asked, or the record is no case.
    pub async fn advise(
        &self,
        id: RecordId,
        command: CommandName,
        data: Value,
    ) -> Result<AdviceView> {
        self.0.rest.touch();
        let Ok(draft) = serde_json::from_value::<Draft>(data) else {
            return Ok(AdviceView::default());
        };
        let ask = move |replica: &mut Replica| {
            let items = replica.advise(id, command, &draft)?;
            Ok(AdviceView { confirmed: replica.rules()?.technique.confirmed, items })
        };
        self.0.desk.ask(ask).await
    }

    /// What a budget that is being written comes to, line by line; nothing is
    /// stored.
    ///
    /// # Errors
    /// [`Error::Refused`] while the data cannot be read as a budget.
    pub async fn estimate(&self, id: RecordId, data: Value) -> Result<EstimateView> {
        self.0.rest.touch();
        let now = self.0.clock.now();
        self.0
            .desk
            .ask(move |replica| {
                let name = CommandName::IssueBudget;
                let (id, command) = super::act::prepare(replica, Some(id), name, data)?;
                let Command::IssueBudget(budget) = command else {
                    return Err(Error::NotFound { what: "budget" });
                };
                present::estimate(replica, id, &budget, now)
            })
            .await
    }
}

fn today(replica: &mut Replica, now: Instant) -> Result<TodayView> {
    let end = end_of_today(now);
    // A notice is read, not worked off; it has a place of its own.
    let work = RecordKind::WORK.iter().copied().filter(|kind| *kind != RecordKind::Notice);
    let kinds = work.collect();
    let work = Filter { kinds, ..Filter::default() };
    let due = Filter { due_before: Some(end), ..work.clone() };
    let late = Filter { due_before: Some(now), ..work.clone() };
    let later = Filter { due_from: Some(end), ..work };
    let due_lines = replica.list(&due, TODAY, None)?;
    let later_lines = replica.list(&later, TODAY, None)?;
    let late = replica.list(&late, 1, None)?.total as u64;
    let counts = TodayCounts {
        late,
        soon: (due_lines.total as u64).saturating_sub(late),
        calm: later_lines.total as u64,
    };
    Ok(TodayView {
        attention: present::attention(replica)?,
        due: cards(replica, due_lines.items)?,
        later: cards(replica, later_lines.items)?,
        counts,
    })
}

/// The first instant that is not due today: a period that ends at 24:00 is
/// written as 00:00 of the day after and still belongs to today.
fn end_of_today(now: Instant) -> Instant {
    Instant::start_of(now.date()).plus_ms(DAY_MS + 1)
}

fn cards(replica: &mut Replica, lines: Vec<lantian_replica::ShownCard>) -> Result<Vec<CardView>> {
    lines.into_iter().map(|line| present::card(replica, line)).collect()
}

fn filter(question: ListQuestion, now: Instant) -> Result<Filter> {
    let kinds = match question.kind {
        Some(kind) => BTreeSet::from([kind]),
        None => BTreeSet::from([RecordKind::Lead, RecordKind::Case]),
    };
    let late = (question.late == Some(true)).then_some(now);
    let segment = question.segment.as_deref().map(segment).transpose()?;
    Ok(Filter {
        kinds,
        states: question.state.into_iter().collect(),
        segment,
        manager: question.manager,
        flag: question.flag,
        due_before: [question.due_before, late].into_iter().flatten().min(),
        search: question.search.filter(|text| !text.trim().is_empty()),
        ..Filter::default()
    })
}

fn segment(code: &str) -> Result<lantian_domain::case::Segment> {
    lantian_domain::case::Segment::parse(code)
        .ok_or_else(|| Error::bad_input("segment", "没有这种用户类别"))
}

fn person_view(person: Person) -> PersonView {
    PersonView {
        id: UserId(person.id.0),
        name: person.name,
        login: person.login,
        roles: person.roles.into_iter().collect(),
        org: person.org,
        active: person.active,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_belongs_to_the_day_that_it_ends() {
        let now = Instant::parse("2026-02-14T16:20:30+08:00").unwrap();
        let midnight = Instant::parse("2026-02-15T00:00:00+08:00").unwrap();
        assert!(midnight < end_of_today(now));
        assert!(midnight.plus_ms(1) >= end_of_today(now));
    }

    #[test]
    fn the_earlier_bound_counts() {
        let now = Instant(1_000);
        let question =
            ListQuestion { late: Some(true), due_before: Some(Instant(5)), ..Default::default() };
        assert_eq!(filter(question, now).unwrap().due_before, Some(Instant(5)));
        let question = ListQuestion { late: Some(true), ..Default::default() };
        assert_eq!(filter(question, now).unwrap().due_before, Some(now));
        let wrong = ListQuestion { segment: Some("villa".to_owned()), ..Default::default() };
        assert!(filter(wrong, now).is_err());
    }
}
