//! What happens to a month's plan.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a plan answers for its own events and commands; the rest is not its affair"
)]

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    audience::Audience,
    card::{Card, blank, flags, haystack, urgent},
    command::{Command, CommandName as C},
    context::{Context, View},
    event::{Event, Stop},
    flow::{Flow, start, stop},
    ids::{RecordId, derived},
    privacy::{Field, retention::Class},
    record::{Record, RecordKind},
    refusal::{Code, Refusal, require},
    role::Role,
    stamp::Stamp,
    time::Instant,
    visit::{
        Account, Force, FreezeVisitMonth, Frozen, MonthEnded, MonthState, SegmentGroup, Task,
        TaskState, Visit, VisitMode, VisitMonth, Warned, Why,
        sample::{self, Candidate, Sample},
    },
    work::{Work, attach_or_note, kept},
};

/// The states from which a command on a plan may be given.
pub(crate) fn from(command: C) -> &'static [MonthState] {
    match command {
        C::FreezeVisitMonth => &[MonthState::Committed],
        C::WarnVisitMonth | C::EndVisitMonth => &[MonthState::Running],
        C::AttachFile | C::AddNote => MonthState::ALL,
        _ => &[],
    }
}

impl Work for VisitMonth {
    kept!();

    fn apply(&mut self, event: &Event, _stamp: &Stamp) {
        match event {
            Event::VisitMonthFrozen(frozen) => self.freeze(frozen),
            Event::VisitCounted(counted) => self.count(counted.visit, counted.mode),
            Event::VisitTaskUnreached(missed) => {
                self.note(missed.visit, missed.state, &missed.reason);
            }
            Event::VisitTaskReplaced(replaced) => {
                self.note(replaced.visit, TaskState::Replaced, &replaced.reason);
                self.reserve.retain(|account| account.case != replaced.by.case);
                self.tasks.push(replaced.by.clone());
            }
            Event::VisitMonthWarned(_) => self.behind = true,
            Event::VisitMonthEnded(ended) => {
                self.state = MonthState::Ended;
                self.secret = Some(ended.secret.clone());
                self.missed.clone_from(&ended.missed);
            }
            _ => {}
        }
    }

    fn judge<'a>(
        &self,
        record: &Record,
        _view: &View<'_>,
        command: &Command,
        cx: &'a Context<'a>,
    ) -> Result<Flow<'a>, Refusal> {
        self.possible(command.name(), cx)?;
        let mut flow = Flow::on(self.id, Some(record), cx);
        match command {
            Command::FreezeVisitMonth(given) => freeze(self, given, &mut flow)?,
            Command::WarnVisitMonth(_) => {
                let (reached, quota) = (self.reached, self.quota);
                flow.emit(Event::VisitMonthWarned(Warned { reached, quota }));
            }
            Command::EndVisitMonth(given) => {
                let fits = sample::commitment(&given.secret) == self.commitment;
                require(fits, || Refusal::field("secret", "not the one committed to"))?;
                let missed = self.unreached();
                let secret = given.secret.clone();
                flow.emit(Event::VisitMonthEnded(MonthEnded { secret, missed }));
                flow.emit_all(stop(&self.clocks, self.group.rule(), cx.now, Stop::Done));
            }
            _ => flow.emit_all(
                attach_or_note(&self.files, command)?.ok_or_else(|| Refusal::new(Code::State))?,
            ),
        }
        Ok(flow)
    }

    fn concerns(&self, command: C) -> bool {
        !from(command).is_empty()
    }

    fn possible(&self, command: C, cx: &Context<'_>) -> Result<(), Refusal> {
        require(from(command).contains(&self.state), || Refusal::new(Code::State))?;
        let in_time = match command {
            C::FreezeVisitMonth => cx.now >= Instant::start_of(self.month),
            C::EndVisitMonth => cx.now >= self.end(),
            C::WarnVisitMonth => !self.behind && self.is_behind(cx.now),
            _ => true,
        };
        require(in_time, || Refusal::new(Code::State).with("month", self.month))
    }

    fn next_steps(&self) -> &'static [C] {
        &[]
    }

    /// The plan names whom to visit; how to reach them stands in the visits.
    fn personal(&mut self, see: &mut dyn FnMut(Field, &mut String)) {
        let tasks = self.tasks.iter_mut().filter(|task| task.natural);
        tasks.for_each(|task| see(Field::Name, &mut task.name));
        let missed = self.missed.iter_mut().filter(|missed| missed.natural);
        missed.for_each(|missed| see(Field::Name, &mut missed.name));
        self.reserve.iter_mut().for_each(|account| account.personal(see));
    }

    fn is_personal(&self) -> bool {
        true
    }

    fn keeps(&self) -> Option<Class> {
        (self.state == MonthState::Ended).then_some(Class::Visit)
    }

    fn audience(&self) -> BTreeSet<Audience> {
        let lead = match self.group {
            SegmentGroup::Household => Role::ServiceLead,
            SegmentGroup::NonResidential => Role::CmLead,
        };
        [lead, Role::VisitAgent, Role::Inspector, Role::Leader]
            .into_iter()
            .map(Audience::Role)
            .collect()
    }

    fn card(&self) -> Card {
        let month = self.month.format("%Y-%m").to_string();
        let group = match self.group {
            SegmentGroup::Household => "民用户回访计划",
            SegmentGroup::NonResidential => "非居民用户回访计划",
        };
        let urgent = urgent(&self.clocks);
        Card {
            no: month.clone(),
            title: format!("{month} {group}"),
            subtitle: format!("{}/{}", self.reached, self.quota),
            state: self.state.as_str().to_owned(),
            due_at: urgent.map(|clock| clock.due_at),
            clock: urgent.map(|clock| clock.rule),
            flags: flags(&[
                ("behind", self.behind),
                ("quota_missed", self.state == MonthState::Ended && !self.is_met()),
                ("no_on_site", self.state == MonthState::Ended && self.on_site_red()),
            ]),
            search: haystack(&[&month, group]),
            ..blank(self.id, RecordKind::VisitMonth)
        }
    }
}

impl VisitMonth {
    fn freeze(&mut self, frozen: &Frozen) {
        self.state = MonthState::Running;
        self.basis = Some(frozen.basis);
        self.population = u32::try_from(frozen.population.len()).unwrap_or(u32::MAX);
        self.population_hash = Some(frozen.population_hash.clone());
        self.quota = frozen.quota;
        self.on_site_target = u32::from(self.population > 0);
        self.strata.clone_from(&frozen.strata);
        self.tasks.clone_from(&frozen.tasks);
        self.reserve.clone_from(&frozen.reserve);
    }

    /// An account counts once, however often and in whatever way it is reached
    /// (V-6); one that was forced counts on top of the quota.
    pub(super) fn count(&mut self, visit: RecordId, mode: VisitMode) {
        let Some(task) = self.tasks.iter_mut().find(|task| task.visit == visit) else { return };
        let first = task.state != TaskState::Reached;
        task.state = TaskState::Reached;
        task.note = None;
        if task.modes.insert(mode) && mode == VisitMode::OnSite {
            self.on_site += 1;
        }
        if first && task.why == Why::Forced {
            self.reached_forced += 1;
        } else if first {
            self.reached += 1;
        }
        self.on_site_target = (self.reached + self.reached_forced).div_ceil(10).max(1);
    }

    fn note(&mut self, visit: RecordId, state: TaskState, reason: &str) {
        let open = |task: &&mut Task| task.visit == visit && task.state != TaskState::Reached;
        if let Some(task) = self.tasks.iter_mut().find(open) {
            task.state = state;
            task.note = Some(reason.to_owned());
        }
    }
}

/// The identity of the visit of an account in a month.
pub(super) fn visit_id(month: RecordId, case: RecordId) -> RecordId {
    derived(month, &format!("visit/{case}"))
}

/// The line of an account in the plan.
pub(super) fn task(month: RecordId, account: &Account, why: Why, forced: BTreeSet<Force>) -> Task {
    Task {
        visit: visit_id(month, account.case),
        case: account.case,
        no: account.no.clone(),
        name: account.name.clone(),
        natural: account.natural,
        why,
        forced,
        state: TaskState::Open,
        modes: BTreeSet::new(),
        note: None,
    }
}

/// The draw (domain i.2): strata, reserve, forced ones on top; one visit for
/// each account.
fn freeze(
    month: &VisitMonth,
    given: &FreezeVisitMonth,
    flow: &mut Flow<'_>,
) -> Result<(), Refusal> {
    let fits = sample::commitment(&given.secret) == month.commitment;
    require(fits, || Refusal::field("secret", "not the one committed to"))?;
    let ours = |account: &Account| SegmentGroup::of(account.segment) == month.group;
    let all = given.accounts.iter().chain(given.forced.iter().map(|forced| &forced.account));
    require(all.clone().all(ours), || Refusal::field("accounts", "of the other group"))?;
    let accounts: BTreeMap<RecordId, &Account> = all.map(|one| (one.case, one)).collect();
    let population: BTreeSet<RecordId> = given.accounts.iter().map(|one| one.case).collect();
    let (population_hash, drawn, quota) = drawn(month, given, &population);
    let reasons: BTreeMap<RecordId, &BTreeSet<Force>> =
        given.forced.iter().map(|forced| (forced.account.case, &forced.reasons)).collect();
    let why = match month.group {
        SegmentGroup::Household => Why::Quota,
        SegmentGroup::NonResidential => Why::All,
    };
    let chosen: BTreeSet<RecordId> = drawn.drawn.iter().copied().collect();
    let on_top = reasons.keys().filter(|case| !chosen.contains(case));
    let plan: Vec<(RecordId, Why)> = (drawn.drawn.iter().map(|case| (*case, why)))
        .chain(on_top.map(|case| (*case, Why::Forced)))
        .collect();
    let forced_of =
        |case: &RecordId| reasons.get(case).map_or_else(BTreeSet::new, |r| (*r).clone());
    let tasks: Vec<Task> = plan
        .iter()
        .map(|(case, why)| task(month.id, accounts[case], *why, forced_of(case)))
        .collect();
    let reserve = (drawn.reserve.iter())
        .filter(|case| !reasons.contains_key(case))
        .map(|case| accounts[case].clone())
        .collect();
    flow.emit(Event::VisitMonthFrozen(Box::new(Frozen {
        basis: given.basis,
        population: population.into_iter().collect(),
        population_hash,
        quota,
        strata: drawn.strata,
        tasks: tasks.clone(),
        reserve,
    })));
    if quota > 0 {
        let from = Instant::start_of(month.month);
        flow.emit(start(flow.cx, month.group.rule(), from, None));
    }
    for task in &tasks {
        let visit = Visit::planned(month, accounts[&task.case], task);
        flow.emit_on(task.visit, Event::VisitPlanned(Box::new(visit)));
    }
    Ok(())
}

/// Hash, draw and quota of a population.
fn drawn(
    month: &VisitMonth,
    given: &FreezeVisitMonth,
    population: &BTreeSet<RecordId>,
) -> (String, Sample, u32) {
    let hash = sample::population_hash(population);
    let quota = sample::quota(month.group, u32::try_from(population.len()).unwrap_or(u32::MAX));
    let seed = sample::seed(month.month, &hash, &given.secret);
    let candidates: Vec<Candidate> = given
        .accounts
        .iter()
        .map(|one| Candidate {
            id: one.case,
            manager: one.manager,
            contractor: one.contractor.clone(),
        })
        .collect();
    let drawn = sample::draw(&candidates, quota, &seed);
    (hash, drawn, quota)
}
