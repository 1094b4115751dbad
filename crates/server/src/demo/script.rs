//! From a story to its deeds with their instants.

use lantian_domain::{case::Channel, time::Instant};

use super::{
    hours::before,
    story::{Deed, Kind, Story},
};

/// A deed at its instant: which story, what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cue {
    /// When.
    pub(super) at: Instant,
    /// Which story.
    pub(super) story: usize,
    /// What.
    pub(super) deed: Deed,
}

/// Every deed of every story in order of time.
pub(super) fn cues(stories: &[Story], now: Instant) -> Vec<Cue> {
    let mut cues: Vec<Cue> =
        stories.iter().enumerate().flat_map(|(at, story)| timed(at, story, now)).collect();
    // Stable: deeds of one story at one instant keep their order.
    cues.sort_by_key(|cue| cue.at);
    cues
}

/// How much longer a slow story takes where a clock of 24 hours waits.
const SLOWNESS: i64 = 12;

fn timed(story_at: usize, story: &Story, now: Instant) -> Vec<Cue> {
    let mut at = if starts_hours(story.until) {
        now.plus_ms(-story.age * 60_000)
    } else {
        before(now, story.age)
    };
    let mut cues = Vec::new();
    for (deed, gap) in course(story).into_iter().rev() {
        cues.push(Cue { at, story: story_at, deed });
        let slow = story.is_slow() && is_first_of_its_clock(deed);
        at = before(at, if slow { gap * SLOWNESS } else { gap });
    }
    cues.reverse();
    cues
}

/// Whether a clock of 24 hours waits for this deed.
fn is_first_of_its_clock(deed: Deed) -> bool {
    matches!(deed, Deed::HandOver | Deed::Tolerate | Deed::Inspect)
}

/// Whether a clock of hours runs from this deed, so that its age has to be
/// what the cast says, be it at night.
fn starts_hours(deed: Deed) -> bool {
    matches!(
        deed,
        Deed::Push | Deed::HandOver | Deed::Call | Deed::Submit | Deed::AskTech | Deed::Apply
    )
}

/// A deed, and how many minutes after the one before it.
type Step = (Deed, i64);

/// The deeds of a story up to its last one.
fn course(story: &Story) -> Vec<Step> {
    let (after, aside) = aside(story.until);
    let mut course = Vec::new();
    for step in main(story) {
        course.push(step);
        if step.0 == after {
            break;
        }
    }
    course.extend(aside);
    course
}

/// Where the last deed leaves the ordinary course, and the deeds from there.
#[expect(clippy::wildcard_enum_match_arm, reason = "most deeds lie on the ordinary course")]
fn aside(until: Deed) -> (Deed, &'static [Step]) {
    match until {
        Deed::Call => (Deed::HandOver, &[(Deed::Call, 150)]),
        Deed::GiveUp => (
            Deed::HandOver,
            &[(Deed::Call, 120), (Deed::Call, 200), (Deed::Visit, 900), (Deed::GiveUp, 60)],
        ),
        Deed::NoDemand => (Deed::Reach, &[(Deed::NoDemand, 900)]),
        Deed::Reassign => (Deed::HandOver, &[(Deed::Reassign, 300)]),
        Deed::Refuse => (Deed::Submit, &[(Deed::Refuse, 240)]),
        Deed::AgreeRefusal => (Deed::Submit, &[(Deed::Refuse, 240), (Deed::AgreeRefusal, 120)]),
        Deed::Blocked => (Deed::AskTech, &[(Deed::Blocked, 120)]),
        Deed::Dispute => (Deed::Talk, &[(Deed::Dispute, 60)]),
        Deed::GroupPermits => (Deed::FilePermit, &[(Deed::GroupPermits, 200)]),
        Deed::AskCorrection => (Deed::FilePermit, &[(Deed::AskCorrection, 1440)]),
        Deed::ReviewPermit => (Deed::FilePermit, &[(Deed::ReviewPermit, 1440)]),
        Deed::SpecialPermit => (Deed::FilePermit, &[(Deed::SpecialPermit, 2880)]),
        Deed::RefusePermit => (Deed::FilePermit, &[(Deed::RefusePermit, 5760)]),
        Deed::Empower => (Deed::Tolerate, &[(Deed::Empower, 90)]),
        Deed::Fail => (Deed::Inspect, &[(Deed::Fail, 150)]),
        Deed::ClosedDoor => (Deed::PayRest, &[(Deed::ClosedDoor, 60)]),
        Deed::Withdraw => (Deed::LetOutBudget, &[(Deed::Withdraw, 600)]),
        Deed::AskPause => (Deed::Begin, &[(Deed::AskPause, 600)]),
        Deed::AgreePause => (Deed::Begin, &[(Deed::AskPause, 600), (Deed::AgreePause, 90)]),
        Deed::AskEnd => (Deed::Settle, &[(Deed::AskEnd, 2880)]),
        Deed::AgreeEnd => (Deed::Settle, &[(Deed::AskEnd, 2880), (Deed::AgreeEnd, 200)]),
        other => (other, &[]),
    }
}

/// The ordinary course of a story, to its archive.
fn main(story: &Story) -> Vec<Step> {
    let mut course = beginning(story);
    course.extend(if story.kind.is_small() { small() } else { large(story.kind) });
    course
}

fn beginning(story: &Story) -> Vec<Step> {
    if story.begins_as_lead() {
        let mut course = vec![(Deed::Push, 0), (Deed::HandOver, 170)];
        if story.serial.is_multiple_of(3) {
            course.push((Deed::Call, 60));
        }
        course.extend([(Deed::Reach, 200), (Deed::Convert, 1300), (Deed::Accept, 25)]);
        return course;
    }
    let full = story.kind == Kind::Home && story.origin == Channel::BusinessHall;
    if full {
        let collect = [(Deed::CollectDesign, 15), (Deed::CollectContract, 10)];
        let mut course = vec![(Deed::Submit, 0)];
        course.extend(collect);
        course.push((Deed::Accept, 10));
        return course;
    }
    vec![(Deed::Submit, 0), (Deed::Tolerate, 190)]
}

/// One visit does for much of it.
fn small() -> Vec<Step> {
    vec![
        (Deed::AskTech, 35),
        (Deed::Pressure, 70),
        (Deed::Survey, 100),
        (Deed::CollectDesign, 15),
        (Deed::Draw, 80),
        (Deed::LetOutDrawing, 40),
        (Deed::Estimate, 55),
        (Deed::LetOutBudget, 30),
        (Deed::Talk, 70),
        (Deed::Settle, 25),
        (Deed::CollectContract, 15),
        (Deed::Contract, 20),
        (Deed::Hand, 30),
        (Deed::Pay, 45),
        (Deed::Arrange, 60),
        (Deed::Site, 60),
        (Deed::Begin, 900),
        (Deed::Indoor, 90),
        (Deed::Declare, 170),
        (Deed::Confirm, 30),
        (Deed::Apply, 35),
        (Deed::Inspect, 120),
        (Deed::Pass, 70),
        (Deed::CollectRest, 20),
        (Deed::PayRest, 10),
        (Deed::Ignite, 45),
        (Deed::Archive, 4320),
    ]
}

fn large(kind: Kind) -> Vec<Step> {
    let mut course = vec![
        (Deed::AskTech, 90),
        (Deed::Pressure, 110),
        (Deed::Survey, 200),
        (Deed::CollectDesign, 40),
        (Deed::Draw, 230),
        (Deed::LetOutDrawing, 60),
        (Deed::DraftPermit, 70),
        (Deed::Estimate, 60),
        (Deed::LetOutBudget, 50),
        (Deed::FilePermit, 90),
        (Deed::Talk, 150),
        (Deed::Settle, 45),
        (Deed::CollectContract, 200),
        (Deed::Contract, 300),
        (Deed::Hand, 80),
    ];
    if kind == Kind::Estate {
        course.push((Deed::Pay, 300));
    } else {
        course.push((Deed::Pay, 1500));
    }
    course.extend([
        (Deed::Arrange, 240),
        (Deed::GrantPermit, 2880),
        (Deed::Site, 1440),
        (Deed::Begin, 1300),
        (Deed::Dig, 1500),
        (Deed::Lay, 2900),
        (Deed::Fill, 2880),
        (Deed::RestoreRoad, 900),
        (Deed::Indoor, 3400),
        (Deed::CloseRoad, 400),
        (Deed::Declare, 2900),
        (Deed::Confirm, 120),
        (Deed::Apply, 240),
        (Deed::Inspect, 200),
        (Deed::Pass, 170),
        (Deed::CollectRest, 30),
        (Deed::PayRest, 20),
        (Deed::Ignite, 200),
        (Deed::Archive, 10_000),
    ]);
    course
}
