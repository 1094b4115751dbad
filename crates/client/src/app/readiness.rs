//! The readiness of this tablet for the coming visits, and filling what lacks.

use std::collections::BTreeSet;

use lantian_domain::{
    card::Card,
    file::FileRef,
    ids::{RecordId, UserId},
    record::{Record, RecordKind, Rules},
    time::Instant,
};
use lantian_replica::{FileState, Filter, Replica};
use lantian_sync::{Haste, Input};

use super::App;
use crate::{
    courier::{Courier, Extent},
    drive::file::want,
    error::{Error, Result},
    present,
    readiness::{
        Days, EXPECTED, MOST, Need, Tablet, Visit, Wanted, gaps, may_be_visit, needed_files, visit,
    },
    view::{Gap, ReadinessView, VisitDay, VisitReady},
};

/// Lines of a list read at a time.
const PAGE: usize = 500;

/// A visit as it was read.
pub(crate) struct Found {
    ready: VisitReady,
    needs: Vec<Need>,
}

impl App {
    /// The visits of today and the next working day, with what the tablet
    /// lacks for each.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn readiness(&self) -> Result<ReadinessView> {
        self.0.rest.reads("readiness");
        let courier = self.open()?.courier.clone();
        let now = self.0.clock.now();
        let (days, found) = look(&courier, now).await?;
        let needs = || found.iter().flat_map(|one| &one.needs);
        let lacking = needs().filter(|need| !need.here);
        Ok(ReadinessView {
            next: days.next,
            files_needed: needs().count() as u64,
            files_here: needs().filter(|need| need.here).count() as u64,
            bytes_left: lacking.map(|need| need.file.size.saturating_sub(need.bytes)).sum(),
            visits: found.into_iter().map(|one| one.ready).collect(),
        })
    }

    /// Fetches what lacks: the lease, what is new, and every file, before other
    /// transfers. A person who asks for it wants the large ones too.
    ///
    /// # Errors
    /// The failure of the way, where nothing runs in the background.
    pub async fn make_ready(&self) -> Result<ReadinessView> {
        self.0.rest.touch();
        let open = self.open()?;
        let (_, found) = look(&open.courier, self.0.clock.now()).await?;
        if found.iter().any(|one| one.ready.gaps.contains(&Gap::Lease)) {
            // The server gives a lease with each renewal; without it the gap
            // stays, and is shown.
            let _ = open.courier.login.refresh(&open.courier.transport).await;
        }
        if let Some(driver) = &open.driver {
            driver.tell(Input::SyncNow).await;
            for (file, offset) in lacking(&found) {
                driver.tell(want(&open.courier, file, offset, Haste::Visit)).await;
            }
        } else {
            self.sync(Extent { push: true, pull: true, files: false }).await?;
            let (_, found) = look(&open.courier, self.0.clock.now()).await?;
            for (file, _) in lacking(&found) {
                fetch(&open.courier, file).await?;
            }
        }
        self.readiness().await
    }
}

/// Fetches a file; one that the company does not hold yet stays a gap.
async fn fetch(courier: &Courier, (record, file): (RecordId, FileRef)) -> Result<()> {
    use crate::transport::Failure;
    match courier.download(record, file).await {
        Err(Error::Way(Failure::Denied(problem))) if problem.status < 500 => Ok(()),
        other => other.map(|_| ()),
    }
}

/// Files that lack, with the bytes of each that are here.
fn lacking(found: &[Found]) -> Vec<Wanted> {
    let needs = found.iter().flat_map(|one| &one.needs).filter(|need| !need.here);
    needs.map(Need::wanted).collect()
}

/// What the background fetches by itself: large originals only over a network
/// that need not be spared.
pub(crate) async fn wanted(courier: &Courier, now: Instant) -> Result<Vec<Wanted>> {
    let (_, found) = look(courier, now).await?;
    let spares = courier.network.spares();
    let needs = found.iter().flat_map(|one| &one.needs).filter(|need| !need.here);
    let fetched = needs.filter(|need| need.is_light() || !spares);
    Ok(fetched.map(Need::wanted).collect())
}

/// Reads the visits of the person, the earliest first.
async fn look(courier: &Courier, now: Instant) -> Result<(Days, Vec<Found>)> {
    let lease_until = courier.login.lease_until().await;
    courier.desk.ask(move |replica| read(replica, now, lease_until)).await
}

fn read(
    replica: &mut Replica,
    now: Instant,
    lease_until: Option<Instant>,
) -> Result<(Days, Vec<Found>)> {
    let rules = match replica.rules() {
        Ok(rules) => rules,
        // Before the first synchronisation there are no visits either.
        Err(lantian_replica::Error::NoRules) => std::sync::Arc::new(Rules::seed()),
        Err(other) => return Err(other.into()),
    };
    let days = Days::from(now, &rules.calendar);
    let tablet = Tablet {
        last_success: present::last_success(replica)?,
        repairs: replica.repairs()?.into_iter().collect::<BTreeSet<_>>(),
        lease_until,
        low: replica.storage()?.low,
    };
    let own = UserId(replica.device().person.id.0);
    let mut found = Vec::new();
    for line in lines(replica, own, days)? {
        let record = replica.shown(line.id)?;
        let Some(day) = visit(&line, record.as_deref(), own, days) else { continue };
        let needs = record.as_deref().map_or(Ok(Vec::new()), |record| needs(replica, record))?;
        let stopped = replica.departure(line.id).stopped;
        let seen = Visit { record: record.as_deref(), id: line.id, stopped, needs: &needs };
        let gaps = gaps(seen, &tablet, &rules, days);
        found.push(Found { ready: ready(line, day, gaps, &needs), needs });
    }
    found.sort_by_key(|one| (one.ready.day, one.ready.due_at));
    found.truncate(MOST);
    Ok((days, found))
}

fn ready(line: Card, day: VisitDay, gaps: Vec<Gap>, needs: &[Need]) -> VisitReady {
    VisitReady {
        id: line.id,
        no: line.no,
        title: line.title,
        subtitle: line.subtitle,
        day,
        due_at: line.due_at,
        ready: gaps.is_empty(),
        gaps,
        files_here: needs.iter().filter(|need| need.here).count() as u64,
        files_needed: needs.len() as u64,
    }
}

/// The lines of what may be a visit: what is due in these days, and cases whose
/// user may expect somebody. No other body is read.
fn lines(replica: &Replica, own: UserId, days: Days) -> Result<Vec<Card>> {
    let work = RecordKind::WORK.iter().copied().filter(|kind| *kind != RecordKind::Notice);
    let due = Filter { kinds: work.collect(), due_before: Some(days.end()), ..Filter::default() };
    let expected = Filter {
        kinds: BTreeSet::from([RecordKind::Case]),
        states: EXPECTED.iter().map(|state| state.as_str().to_owned()).collect(),
        ..Filter::default()
    };
    let mut lines: Vec<Card> = Vec::new();
    for filter in [due, expected] {
        let mut after = None;
        loop {
            let page = replica.list(&filter, PAGE, after.as_deref())?;
            let own = page.items.into_iter().filter(|line| may_be_visit(&line.card, own));
            lines.extend(own.map(|line| line.card));
            after = page.next;
            if after.is_none() || lines.len() >= 4 * MOST {
                break;
            }
        }
    }
    let mut seen = BTreeSet::new();
    lines.retain(|line| seen.insert(line.id));
    Ok(lines)
}

fn needs(replica: &Replica, record: &Record) -> Result<Vec<Need>> {
    needed_files(record)
        .into_iter()
        .map(|file| {
            let (state, bytes) = replica.file_state(file)?;
            let here = !matches!(state, FileState::Remote | FileState::Downloading);
            Ok(Need {
                record: record.id(),
                file: file.clone(),
                here,
                bytes: if here { file.size } else { bytes },
            })
        })
        .collect()
}
