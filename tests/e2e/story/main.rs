//! The main job, end to end: a lead pushed by the government's platform
//! becomes a gas connection, over the real programs and HTTP, most of it
//! without network, with tablets killed in between.
//!
//! Words: the *project* is the case that comes of the pushed lead; the *small
//! cases* are single households and a shop that came through the channels;
//! the *cast* is the company with everybody's tablet.

mod cast;
mod channels;
mod construction;
mod ending;
mod fee;
mod intake;
mod sheets;
mod technical;

use cast::Cast;

#[test]
fn a_pushed_lead_becomes_a_gas_connection() {
    let mut cast = Cast::enrol();

    // The hall imports, the manager works on site without network.
    let lead = intake::push_and_hand_over(&mut cast);
    let project = intake::on_site(&mut cast, &lead);
    let small = channels::demands(&mut cast);
    let cases: Vec<_> = [project.clone()].into_iter().chain(small.clone()).collect();

    // Pressure, survey, drawing, budget.
    technical::pressure(&cast, &cases);
    technical::survey(&mut cast, &cases);
    technical::design(&cast, &cases);
    technical::budget(&cast, &cases);

    // The confirmation that a newer budget made stale, and its redoing.
    fee::small_cases(&mut cast, &small);
    fee::project(&mut cast, &project);

    // Engineering, construction, completion.
    intake::owed_materials_come(&cast, &project);
    construction::hand_over(&cast, &cases);
    construction::prepare(&cast, &cases, &project);
    construction::build(&cast, &cases);

    // Gas, through each of the channels, accepted and lit without network.
    channels::apply(&cast, &cases);
    ending::acceptance(&mut cast, &cases, &project);
    ending::ignition(&mut cast, &cases);

    ending::clocks(&cast, &lead, &project, &small);
    ending::other_ends(&mut cast);
    ending::nobody_else_knows(&mut cast, &lead, &cases);
}
