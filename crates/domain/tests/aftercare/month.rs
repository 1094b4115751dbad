//! The plan of a month: population, quota, counting, warning, end.

use lantian_domain::{
    clock::{ClockState, RuleId},
    command::Command,
    event::Event,
    file::FileKind,
    refusal::Code,
    role::Role,
    time::Instant,
    visit::{
        CommitVisitMonth, EndVisitMonth, Force, MonthState, SegmentGroup, TaskState, VisitMonth,
        VisitState, WarnVisitMonth, Why,
        questionnaire::Mark,
        sample::{self, commitment},
    },
};

use crate::office::{
    Office,
    aftercare::{
        SECRET, account, accounts, answers, at, attempt, forced, freeze, march, month, on_site,
        reach, try_three_times, visits,
    },
};

const HOMES: SegmentGroup = SegmentGroup::Household;
const FIRMS: SegmentGroup = SegmentGroup::NonResidential;
const AGENT: Role = Role::VisitAgent;

fn end(office: &mut Office, id: lantian_domain::ids::RecordId) {
    office.now = at("2026-04-01T00:05:00+08:00");
    let reveal = EndVisitMonth { secret: SECRET.to_owned() };
    office.must(Role::Integration, id, &Command::EndVisitMonth(reveal));
}

#[test]
fn r_43_ten_reached_and_five_unanswered_of_101_miss_the_quota_of_eleven() {
    let mut office = Office::open();
    let id = month(&mut office, HOMES, accounts(HOMES, 101), Vec::new());
    assert_eq!(office.month(id).quota, 11);
    assert_eq!(office.month(id).clocks[0].org, "service_dept");
    let all = visits(&office, id);
    assert_eq!(all.len(), 11);
    for visit in &all[..10] {
        reach(&mut office, AGENT, *visit);
    }
    for _ in 0..5 {
        office.must(AGENT, all[10], &attempt(lantian_domain::visit::VisitMode::Phone));
    }
    assert_eq!(office.month(id).reached, 10, "attempts do not count");
    assert!(!office.month(id).is_met());
    end(&mut office, id);
    assert_eq!(office.month(id).clocks[0].state, ClockState::StoppedLate);
    assert_eq!(office.month(id).missed.len(), 1);
}

#[test]
fn r_43_the_eleventh_reached_visit_stops_the_clock_in_time() {
    let mut office = Office::open();
    let id = month(&mut office, HOMES, accounts(HOMES, 101), Vec::new());
    let clock = &office.month(id).clocks[0];
    assert_eq!((clock.rule, clock.due_at), (RuleId::D12, at("2026-04-01T00:00:00+08:00")));
    for visit in visits(&office, id) {
        assert_eq!(office.month(id).clocks[0].state, ClockState::Running);
        reach(&mut office, AGENT, visit);
    }
    assert_eq!(office.month(id).clocks[0].state, ClockState::StoppedOnTime);
    assert!(office.month(id).is_met());
}

#[test]
fn r_44_32_of_33_reached_miss_the_quota_and_the_missing_user_is_named() {
    let mut office = Office::open();
    let id = month(&mut office, FIRMS, accounts(FIRMS, 33), Vec::new());
    assert_eq!(office.month(id).quota, 33);
    let clock = &office.month(id).clocks[0];
    assert_eq!((clock.rule, clock.org.as_str()), (RuleId::D13, "market_dept"));
    let all = visits(&office, id);
    for visit in &all[1..] {
        reach(&mut office, Role::CounterClerk, *visit);
    }
    try_three_times(&mut office, Role::CounterClerk, all[0]);
    assert!(!office.month(id).is_met());
    end(&mut office, id);
    let missed = &office.month(id).missed;
    let name = office.visit(all[0]).account.name.clone();
    assert_eq!(missed.iter().map(|one| one.name.clone()).collect::<Vec<_>>(), [name]);
    assert!(missed[0].reason.is_some(), "with the reason");
    assert_eq!(office.month(id).clocks[0].state, ClockState::StoppedLate);
}

#[test]
fn r_46_v_5_a_department_without_a_visit_on_site_is_red_when_there_were_accounts() {
    let mut office = Office::open();
    let id = month(&mut office, HOMES, accounts(HOMES, 20), Vec::new());
    let all = visits(&office, id);
    reach(&mut office, AGENT, all[0]);
    assert!(office.month(id).on_site_red());
    let photo = office.attach(AGENT, all[1], FileKind::PhotoSite);
    let done = on_site(answers(Mark::Good), photo);
    office.must(AGENT, all[1], &Command::CompleteVisit(Box::new(done)));
    assert!(!office.month(id).on_site_red());
    assert_eq!((office.month(id).on_site, office.month(id).on_site_target), (1, 1));
    let mut office = Office::open();
    let id = month(&mut office, FIRMS, Vec::new(), Vec::new());
    assert!(!office.month(id).on_site_red(), "nobody was there to visit");
}

#[test]
fn v_1_the_population_is_frozen_at_the_first_instant_with_a_hash_of_its_sorted_ids() {
    let mut office = Office::open();
    let people = accounts(HOMES, 12);
    let ids = people.iter().map(|one| one.case).collect();
    let mut turned = people.clone();
    turned.reverse();
    let id = month(&mut office, HOMES, turned, Vec::new());
    let hash = Some(sample::population_hash(&ids));
    assert_eq!(office.month(id).population_hash, hash);
    assert_eq!(office.month(id).population, 12);
    let again = office.judge(Role::Integration, id, &freeze(accounts(HOMES, 99), Vec::new()));
    assert_eq!(again.unwrap_err().code, Code::State, "frozen is frozen");
    assert_eq!(office.month(id).clocks[0].started_at, Instant::start_of(march()));
}

#[test]
fn v_1_accounts_of_the_other_group_are_refused() {
    let mut office = Office::open();
    let id = month(&mut office, HOMES, Vec::new(), Vec::new());
    assert_eq!(office.month(id).population, 0);
    let other = VisitMonth::id_of(march(), FIRMS);
    office.now = at("2026-02-20T09:00:00+08:00");
    let commit = CommitVisitMonth { month: march(), group: FIRMS, commitment: commitment(SECRET) };
    office.must(Role::Integration, other, &Command::CommitVisitMonth(commit));
    let early = office.judge(Role::Integration, other, &freeze(Vec::new(), Vec::new()));
    assert_eq!(early.unwrap_err().code, Code::State, "not before the month begins");
    office.now = Instant::start_of(march());
    let wrong = office.judge(Role::Integration, other, &freeze(accounts(HOMES, 3), Vec::new()));
    assert_eq!(wrong.unwrap_err().code, Code::Format);
}

#[test]
fn v_3_without_accounts_there_is_no_quota_no_clock_and_no_rate() {
    let mut office = Office::open();
    let id = month(&mut office, HOMES, Vec::new(), Vec::new());
    assert_eq!(office.month(id).quota, 0);
    assert_eq!(office.month(id).coverage_bp(), None);
    assert!(office.month(id).clocks.is_empty());
}

#[test]
fn v_4_only_a_reached_visit_with_both_groups_answered_counts() {
    let mut office = Office::open();
    let id = month(&mut office, HOMES, accounts(HOMES, 20), Vec::new());
    let visit = visits(&office, id)[0];
    office.must(AGENT, visit, &attempt(lantian_domain::visit::VisitMode::Phone));
    assert_eq!(office.month(id).reached, 0);
    let mut half = answers(Mark::Good);
    half.q6 = None;
    let done = crate::office::aftercare::by_phone(half);
    let no = office.judge(AGENT, visit, &Command::CompleteVisit(Box::new(done))).unwrap_err();
    assert_eq!((no.code, no.params["field"].as_str()), (Code::Format, "answers.q6"));
    reach(&mut office, AGENT, visit);
    assert_eq!(office.month(id).reached, 1);
    assert_eq!(office.month(id).coverage_bp(), Some(500));
}

#[test]
fn v_6_telephone_and_on_site_of_one_user_count_once_and_both_are_kept() {
    let mut office = Office::open();
    let id = month(&mut office, HOMES, accounts(HOMES, 20), Vec::new());
    let visit = visits(&office, id)[0];
    reach(&mut office, AGENT, visit);
    let photo = office.attach(AGENT, visit, FileKind::PhotoSite);
    let done = on_site(answers(Mark::Fair), photo);
    office.must(AGENT, visit, &Command::CompleteVisit(Box::new(done)));
    let task = office.month(id).task(visit).unwrap().clone();
    assert_eq!((task.state, task.modes.len()), (TaskState::Reached, 2));
    assert_eq!((office.month(id).reached, office.month(id).on_site), (1, 1));
    assert_eq!(office.visit(visit).results.len(), 2);
    let done = crate::office::aftercare::by_phone(answers(Mark::Good));
    let third = office.judge(AGENT, visit, &Command::CompleteVisit(Box::new(done)));
    assert_eq!(third.unwrap_err().code, Code::Duplicate);
}

#[test]
fn the_secret_is_committed_to_before_the_month_and_revealed_after_it() {
    let mut office = Office::open();
    let id = VisitMonth::id_of(march(), HOMES);
    let commit = CommitVisitMonth { month: march(), group: HOMES, commitment: commitment(SECRET) };
    let commit = Command::CommitVisitMonth(commit);
    office.now = Instant::start_of(march());
    let late = office.judge(Role::Integration, id, &commit).unwrap_err();
    assert_eq!(late.code, Code::Format, "day 1 is too late");
    let id = month(&mut office, HOMES, accounts(HOMES, 40), Vec::new());
    let log = serde_json::to_string(&office.log.iter().map(|(_, e, _)| e).collect::<Vec<_>>());
    assert!(!log.unwrap().contains(SECRET), "no event tells the secret before the end");
    office.now = at("2026-03-31T23:59:59+08:00");
    let reveal = |secret: &str| Command::EndVisitMonth(EndVisitMonth { secret: secret.to_owned() });
    let early = office.judge(Role::Integration, id, &reveal(SECRET)).unwrap_err();
    assert_eq!(early.code, Code::State);
    office.now = at("2026-04-01T00:00:00+08:00");
    let wrong = office.judge(Role::Integration, id, &reveal("another")).unwrap_err();
    assert_eq!(wrong.code, Code::Format);
    end(&mut office, id);
    let plan = office.month(id);
    assert_eq!((plan.state, plan.secret.as_deref()), (MonthState::Ended, Some(SECRET)));
    // Anybody can draw again from what is published.
    let seed = sample::seed(march(), plan.population_hash.as_ref().unwrap(), SECRET);
    let people: Vec<_> = accounts(HOMES, 40)
        .into_iter()
        .map(|one| sample::Candidate {
            id: one.case,
            manager: one.manager,
            contractor: one.contractor,
        })
        .collect();
    let drawn = sample::draw(&people, plan.quota, &seed).drawn;
    assert_eq!(plan.tasks.iter().map(|task| task.case).collect::<Vec<_>>(), drawn);
}

#[test]
fn three_attempts_on_two_days_bring_the_next_of_the_reserve_and_nobody_chooses() {
    let mut office = Office::open();
    let id = month(&mut office, HOMES, accounts(HOMES, 40), Vec::new());
    assert_eq!((office.month(id).tasks.len(), office.month(id).reserve.len()), (4, 2));
    let next = office.month(id).reserve[0].case;
    let visit = visits(&office, id)[0];
    for _ in 0..4 {
        office.must(AGENT, visit, &attempt(lantian_domain::visit::VisitMode::Phone));
    }
    assert_eq!(office.visit(visit).state, VisitState::Attempting, "one half-day is not enough");
    office.now = at("2026-03-06T15:00:00+08:00");
    office.must(AGENT, visit, &attempt(lantian_domain::visit::VisitMode::Phone));
    let by = office.visit(visit).replaced_by.unwrap();
    assert_eq!(office.visit(visit).state, VisitState::Replaced);
    assert_eq!(office.visit(by).account.case, next);
    assert_eq!(office.visit(by).why, Why::Reserve);
    let task = office.month(id).task(visit).unwrap();
    assert_eq!(task.state, TaskState::Replaced);
    assert!(task.note.is_some(), "the reason is kept");
    assert_eq!(office.month(id).reserve.len(), 1);
}

#[test]
fn without_reserve_and_for_firms_the_visit_goes_on_site() {
    let mut office = Office::open();
    let id = month(&mut office, FIRMS, accounts(FIRMS, 2), Vec::new());
    let visit = visits(&office, id)[0];
    try_three_times(&mut office, Role::CounterClerk, visit);
    assert_eq!(office.visit(visit).state, VisitState::Escalated);
    assert_eq!(office.month(id).task(visit).unwrap().state, TaskState::Unreached);
    let photo = office.attach(Role::CounterClerk, visit, FileKind::PhotoSite);
    let done = on_site(answers(Mark::Good), photo);
    office.must(Role::CounterClerk, visit, &Command::CompleteVisit(Box::new(done)));
    assert_eq!(office.month(id).reached, 1);
}

#[test]
fn forced_visits_come_on_top_of_the_quota() {
    let mut office = Office::open();
    let other = account(HOMES, 900);
    let first = forced(other, Force::Complaint);
    let id = month(&mut office, HOMES, accounts(HOMES, 20), vec![first]);
    let plan = office.month(id);
    assert_eq!((plan.population, plan.quota, plan.tasks.len()), (20, 2, 3));
    let on_top = plan.tasks.iter().find(|task| task.why == Why::Forced).unwrap().visit;
    reach(&mut office, AGENT, on_top);
    assert_eq!((office.month(id).reached, office.month(id).reached_forced), (0, 1));
}

#[test]
fn day_20_with_less_than_60_percent_done_warns_once() {
    let mut office = Office::open();
    let id = month(&mut office, HOMES, accounts(HOMES, 100), Vec::new());
    let warn = Command::WarnVisitMonth(WarnVisitMonth {});
    let all = visits(&office, id);
    for visit in &all[..5] {
        reach(&mut office, AGENT, *visit);
    }
    office.now = at("2026-03-19T23:59:59+08:00");
    assert_eq!(office.judge(Role::Integration, id, &warn).unwrap_err().code, Code::State);
    office.now = at("2026-03-20T00:00:00+08:00");
    let events = office.must(Role::Integration, id, &warn);
    assert!(matches!(events[..], [Event::VisitMonthWarned(_)]));
    assert!(office.month(id).behind);
    assert_eq!(office.judge(Role::Integration, id, &warn).unwrap_err().code, Code::State);
    let mut office = Office::open();
    let id = month(&mut office, HOMES, accounts(HOMES, 100), Vec::new());
    for visit in &visits(&office, id)[..6] {
        reach(&mut office, AGENT, *visit);
    }
    office.now = at("2026-03-20T00:00:00+08:00");
    assert!(office.judge(Role::Integration, id, &warn).is_err(), "6 of 10 are 60 %");
}
