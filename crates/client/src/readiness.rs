//! Is this tablet ready for the visits of today and the next working day?
//!
//! Words: a *visit* is a record that its person has to do something about in
//! these days: a clock of it ends, or an appointment lies in them. A *gap* is
//! what the tablet lacks for working on it without network.
//!
//! Invariant: everything here is a pure function of what was read; whoever
//! shows a visit as ready has looked at every need named in [`Gap`].

use std::collections::BTreeSet;

use lantian_domain::{
    calendar::Calendar,
    card::Card,
    case::CaseState,
    file::{FileKind, FileRef},
    ids::{RecordId, UserId},
    record::{Record, RecordKind, Rules},
    time::{DAY_MS, Date, Instant},
};
use lantian_sync::Weight;

use crate::view::{Gap, VisitDay};

/// A mirror that was complete this long ago is current.
pub(crate) const CURRENT_MS: i64 = 24 * 3_600_000;
/// The most visits looked at.
pub(crate) const MOST: usize = 50;

/// The days that are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    /// Now.
    pub(crate) now: Instant,
    /// The next working day after today.
    pub(crate) next: Date,
}

impl Days {
    /// The days from `now`: what is left of today, and the next working day.
    pub(crate) fn from(now: Instant, calendar: &Calendar) -> Self {
        let mut next = now.date();
        // No run of days off is longer than a fortnight.
        for _ in 0..14 {
            next = next.succ_opt().unwrap_or(next);
            if calendar.is_working_day(next) {
                break;
            }
        }
        Self { now, next }
    }

    /// The first instant after these days: a period that ends at 24:00 belongs
    /// to the day that it ends.
    pub(crate) fn end(self) -> Instant {
        Instant::start_of(self.next).plus_ms(DAY_MS + 1)
    }

    /// On which day something at `at` is done: what is late is done today.
    fn day_of(self, at: Instant) -> Option<VisitDay> {
        if at >= self.end() {
            None
        } else if at <= Instant::start_of(self.now.date()).plus_ms(DAY_MS) {
            Some(VisitDay::Today)
        } else {
            Some(VisitDay::Next)
        }
    }
}

/// Whether a record may be a visit of this person, by its line alone.
pub(crate) fn may_be_visit(card: &Card, own: UserId) -> bool {
    [card.holder, card.manager].contains(&Some(own)) || card.kind == RecordKind::Visit
}

/// Whether a record is a visit of this person, and on which day; one whose body
/// cannot be read is judged by its line.
pub(crate) fn visit(
    card: &Card,
    record: Option<&Record>,
    own: UserId,
    days: Days,
) -> Option<VisitDay> {
    let named = [card.holder, card.manager].contains(&Some(own));
    if !named && !matches!(record, Some(Record::Visit(visit)) if visit.visitor == Some(own)) {
        return None;
    }
    let upcoming = record.and_then(appointment).filter(|at| *at > days.now);
    let at = [card.due_at, upcoming].into_iter().flatten().min()?;
    days.day_of(at)
}

/// The states of a case in which the user may expect somebody.
pub(crate) const EXPECTED: [CaseState; 4] = [
    CaseState::Installed,
    CaseState::GasOnApplied,
    CaseState::AcceptanceTesting,
    CaseState::Rectifying,
];

/// When the user expects somebody.
fn appointment(record: &Record) -> Option<Instant> {
    let Record::Case(case) = record else { return None };
    let gas = case.gas.as_ref()?;
    if gas.on_at.is_some() {
        return None;
    }
    let again = gas.failures.last().map(|failed| failed.appointment);
    again.or_else(|| gas.application.as_ref()?.wished_at)
}

/// The files of a record that are needed on site: what is shown or signed
/// there, and what was seen there.
pub(crate) fn needed_files(record: &Record) -> Vec<&FileRef> {
    let mut seen = BTreeSet::new();
    let needed = record.files().iter().filter(|file| is_needed(file.kind));
    needed.filter(|file| seen.insert(file.id)).collect()
}

fn is_needed(kind: FileKind) -> bool {
    match kind {
        FileKind::Drawing
        | FileKind::Budget
        | FileKind::Signature
        | FileKind::Contract
        | FileKind::Permit
        | FileKind::Notice
        | FileKind::TestRecord
        | FileKind::PhotoSite
        | FileKind::PhotoTieIn
        | FileKind::PhotoMeter
        | FileKind::PhotoRoute
        | FileKind::PhotoRisk => true,
        FileKind::PhotoAppliance
        | FileKind::PhotoConstruction
        | FileKind::PhotoValve
        | FileKind::PhotoOther
        | FileKind::Material
        | FileKind::Recording
        | FileKind::Other => false,
    }
}

/// What was read of the tablet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tablet {
    /// When the mirror was last complete.
    pub(crate) last_success: Option<Instant>,
    /// Records to be fetched whole.
    pub(crate) repairs: BTreeSet<RecordId>,
    /// Until when it opens without contact to the server.
    pub(crate) lease_until: Option<Instant>,
    /// Whether room runs short.
    pub(crate) low: bool,
}

/// A file that is needed, and how much of it is here.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Need {
    /// Of which record.
    pub(crate) record: RecordId,
    /// Which.
    pub(crate) file: FileRef,
    /// Whether the whole is here.
    pub(crate) here: bool,
    /// Bytes that are here.
    pub(crate) bytes: u64,
}

/// A file of a record, and the bytes of it that are here.
pub(crate) type Wanted = ((RecordId, FileRef), u64);

impl Need {
    /// What is to be fetched: the file of its record, and the bytes that are
    /// here.
    pub(crate) fn wanted(&self) -> Wanted {
        ((self.record, self.file.clone()), self.bytes)
    }

    /// Whether it is fetched by itself while the network is to be spared.
    pub(crate) fn is_light(&self) -> bool {
        Weight::of(self.file.kind, self.file.size) == Weight::Light
    }
}

/// A visit as it was read.
#[derive(Clone, Copy)]
pub(crate) struct Visit<'a> {
    /// Its record; nothing when it cannot be read.
    pub(crate) record: Option<&'a Record>,
    /// Which.
    pub(crate) id: RecordId,
    /// Commands on it that wait for a person.
    pub(crate) stopped: u32,
    /// The files that it needs.
    pub(crate) needs: &'a [Need],
}

/// What the tablet lacks for one visit, in the order in which a person would
/// ask.
pub(crate) fn gaps(visit: Visit<'_>, tablet: &Tablet, rules: &Rules, days: Days) -> Vec<Gap> {
    let Visit { record, id, stopped, needs } = visit;
    let mut gaps = Vec::new();
    let fresh = |at: Instant| days.now.since(at) <= CURRENT_MS;
    if record.is_none() || tablet.repairs.contains(&id) {
        gaps.push(Gap::Record);
    } else if !tablet.last_success.is_some_and(fresh) {
        gaps.push(Gap::Stale);
    }
    let missing = needs.iter().filter(|need| !need.here);
    let (files, bytes) = missing.fold((0, 0), |(files, bytes), need| {
        (files + 1, bytes + need.file.size.saturating_sub(need.bytes))
    });
    if files > 0 {
        gaps.push(Gap::Files { files, bytes });
    }
    if rules.policy.effective > days.next {
        gaps.push(Gap::Policy);
    }
    if rules.calendar.is_provisional(days.next) {
        gaps.push(Gap::Calendar);
    }
    let priced = |day| rules.prices.prices.iter().any(|price| price.is_valid(day));
    let prices = matches!(record, Some(Record::Case(_))) && !rules.prices.prices.is_empty();
    if prices && !priced(days.next) {
        gaps.push(Gap::Prices);
    }
    if tablet.lease_until.is_some_and(|until| until < days.end()) {
        gaps.push(Gap::Lease);
    }
    if tablet.low {
        gaps.push(Gap::Space);
    }
    if stopped > 0 {
        gaps.push(Gap::Refused { commands: stopped });
    }
    gaps
}

#[cfg(test)]
mod tests {
    use lantian_domain::{card::card, ids::FileId};
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn days(now: &str) -> Days {
        Days::from(at(now), &Calendar::official())
    }

    fn file(n: u128, kind: FileKind, size: u64) -> FileRef {
        FileRef {
            id: FileId(Uuid::from_u128(n)),
            kind,
            name: "a".to_owned(),
            mime: "image/jpeg".to_owned(),
            size,
            sha256: "0".repeat(64),
            taken_at: None,
            geo: None,
        }
    }

    fn need(n: u128, here: bool, bytes: u64) -> Need {
        let record = RecordId(Uuid::from_u128(1));
        Need { record, file: file(n, FileKind::Drawing, 1_000), here, bytes }
    }

    #[test]
    fn the_next_working_day_is_found_over_days_off() {
        // Friday before a weekend.
        let friday = days("2026-11-27T16:00:00+08:00");
        assert_eq!(friday.next.to_string(), "2026-11-30");
        assert_eq!(days("2026-11-30T08:00:00+08:00").next.to_string(), "2026-12-01");
        let when = |text: &str| friday.day_of(at(text));
        assert_eq!(when("2026-11-20T09:00:00+08:00"), Some(VisitDay::Today), "late");
        assert_eq!(when("2026-11-28T00:00:00+08:00"), Some(VisitDay::Today), "24:00 of today");
        assert_eq!(when("2026-11-30T17:00:00+08:00"), Some(VisitDay::Next));
        assert_eq!(when("2026-12-01T00:00:00+08:00"), Some(VisitDay::Next));
        assert_eq!(when("2026-12-01T09:00:00+08:00"), None);
    }

    #[test]
    fn nothing_lacks_where_everything_is_here() {
        let days = days("2026-11-27T16:00:00+08:00");
        let tablet = Tablet {
            last_success: Some(days.now.plus_ms(-3_600_000)),
            lease_until: Some(days.end()),
            ..Tablet::default()
        };
        let rules = Rules::seed();
        let record = Record::Rules(rules.clone().into());
        let id = record.id();
        let check = |record: Option<&Record>, stopped, needs: &[Need], tablet: &Tablet| {
            gaps(Visit { record, id, stopped, needs }, tablet, &rules, days)
        };
        let whole = [need(1, true, 1_000)];
        assert_eq!(check(Some(&record), 0, &whole, &tablet), []);
        let cut = [need(1, true, 1_000), need(2, false, 400), need(3, false, 0)];
        let files = Gap::Files { files: 2, bytes: 1_600 };
        assert_eq!(check(Some(&record), 0, &cut, &tablet), [files]);
        assert_eq!(check(None, 0, &[], &tablet), [Gap::Record]);
        let damaged = Tablet { repairs: [id].into(), ..tablet.clone() };
        assert_eq!(check(Some(&record), 0, &[], &damaged), [Gap::Record]);
        let old =
            Tablet { last_success: Some(days.now.plus_ms(-CURRENT_MS - 1)), ..tablet.clone() };
        assert_eq!(check(Some(&record), 0, &[], &old), [Gap::Stale]);
        let never = Tablet { last_success: None, ..tablet.clone() };
        assert_eq!(check(Some(&record), 0, &[], &never), [Gap::Stale]);
        // A lease that ends on the day itself is too short.
        let short = Tablet { lease_until: Some(days.end().plus_ms(-1)), ..tablet.clone() };
        assert_eq!(check(Some(&record), 0, &[], &short), [Gap::Lease]);
        let full = Tablet { low: true, ..tablet.clone() };
        assert_eq!(check(Some(&record), 3, &[], &full), [Gap::Space, Gap::Refused { commands: 3 }]);
    }

    #[test]
    fn rules_that_do_not_reach_that_day_are_gaps() {
        let soon = days("2026-11-27T16:00:00+08:00");
        let far = days("2031-11-27T16:00:00+08:00");
        let mut rules = Rules::seed();
        let record = Record::Rules(rules.clone().into());
        let tablet = Tablet { last_success: Some(soon.now), ..Tablet::default() };
        let check = |rules: &Rules, days: Days| {
            let tablet = Tablet { last_success: Some(days.now), ..tablet.clone() };
            let visit = Visit { record: Some(&record), id: record.id(), stopped: 0, needs: &[] };
            gaps(visit, &tablet, rules, days)
        };
        assert_eq!(check(&rules, soon), []);
        assert_eq!(check(&rules, far), [Gap::Calendar], "nobody has published that year");
        rules.policy.effective = soon.next.succ_opt().unwrap();
        assert_eq!(check(&rules, soon), [Gap::Policy]);
    }

    #[test]
    fn only_what_is_used_on_site_is_needed() {
        let needed: Vec<&str> = FileKind::ALL
            .iter()
            .filter(|kind| is_needed(**kind))
            .map(|kind| kind.as_str())
            .collect();
        assert!(needed.contains(&"drawing") && needed.contains(&"photo_tie_in"));
        assert!(!needed.contains(&"recording") && !needed.contains(&"photo_construction"));
    }

    #[test]
    fn a_record_without_a_time_or_of_somebody_else_is_no_visit() {
        let days = days("2026-11-27T16:00:00+08:00");
        let own = UserId(Uuid::from_u128(1));
        let record = Record::Rules(Rules::seed().into());
        let mut line = card(&record);
        assert_eq!(visit(&line, Some(&record), own, days), None);
        line.due_at = Some(days.now);
        assert_eq!(visit(&line, Some(&record), own, days), None);
        line.manager = Some(own);
        assert_eq!(visit(&line, Some(&record), own, days), Some(VisitDay::Today));
        line.holder = Some(UserId(Uuid::from_u128(2)));
        assert_eq!(
            visit(&line, Some(&record), own, days),
            Some(VisitDay::Today),
            "the manager goes along"
        );
        line.due_at = Some(days.end());
        assert_eq!(visit(&line, Some(&record), own, days), None);
    }
}
