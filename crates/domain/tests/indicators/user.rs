//! K-17 to K-20, K-33, K-35: what a connection asks of the user.

use lantian_domain::kpi::Figure;

use super::bench::{check, report};

#[test]
fn k_17_materials_asked_of_the_user_and_none_of_a_four_zero_user() {
    check(&[Figure::Materials, Figure::MaterialsFourZero]);
}

#[test]
fn k_18_steps_on_the_users_side() {
    check(&[Figure::UserSteps]);
}

#[test]
fn k_19_internal_approvals_of_a_case() {
    check(&[Figure::Approvals]);
}

#[test]
fn k_20_trips_and_at_most_one_trip() {
    check(&[Figure::OneTrip, Figure::Trips, Figure::TripsFourZero]);
}

#[test]
fn k_33_cases_in_which_a_user_pays_outside_the_boundary() {
    check(&[Figure::OutsidePaid]);
    assert_eq!(report().line(Figure::OutsidePaid).met, Some(false), "the target is none");
}

#[test]
fn k_35_cost_to_the_user_inside_and_outside_apart() {
    check(&[Figure::Cost, Figure::CostInside, Figure::CostOutside]);
    assert_eq!(report().line(Figure::CostOutside).met, Some(false), "the target is nothing");
}
