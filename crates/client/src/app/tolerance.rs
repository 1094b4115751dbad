//! 容缺: which material, who promised, until when, what stays blocked.

use std::collections::BTreeSet;

use lantian_domain::{
    case::material::{ledger::ledger, statistics::Statistics},
    record::{Record, RecordKind},
    time::Instant,
};
use lantian_replica::{Filter, Replica};

use super::App;
use crate::{
    error::Result,
    present,
    view::{DebtView, DebtsView},
};

impl App {
    /// The ledger of debts of the cases on this device.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub async fn debts(&self) -> Result<DebtsView> {
        self.0.rest.reads("debts");
        let now = self.0.clock.now();
        self.0.desk.ask(move |replica| debts(replica, now)).await
    }
}

fn debts(replica: &Replica, now: Instant) -> Result<DebtsView> {
    let rules = replica.rules()?;
    let filter = Filter {
        kinds: BTreeSet::from([RecordKind::Case]),
        flag: Some("owed".to_owned()),
        ..Filter::default()
    };
    let mut records = Vec::new();
    for line in replica.list(&filter, usize::MAX - 1, None)?.items {
        records.extend(replica.shown(line.card.id)?);
    }
    let cases: Vec<_> = records
        .iter()
        .filter_map(|record| if let Record::Case(case) = &**record { Some(&**case) } else { None })
        .collect();
    let mut lines = Vec::new();
    for case in &cases {
        for line in ledger(case, now) {
            let manager_name = present::person(replica, line.manager)?;
            lines.push(DebtView { line, manager_name });
        }
    }
    lines.sort_by(|a, b| (a.line.due_on, &a.line.no).cmp(&(b.line.due_on, &b.line.no)));
    let figures = Statistics::of(cases, &rules.calendar, now);
    Ok(DebtsView { lines, figures })
}
