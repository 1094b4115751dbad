//! E-V10: dates that stand in relation to each other and to today.

use chrono::{Days, Months};

use super::{Fault, FaultCode};
use crate::time::Date;

/// How long before the acceptance of the case a survey may lie (pre-service).
pub const SURVEY_LEAD_DAYS: u64 = 30;
/// How far ahead a date may lie.
pub const MAX_YEARS_AHEAD: u32 = 5;

/// Checks that a date lies at most five years ahead.
///
/// # Errors
/// [`FaultCode::TooFarAhead`] under the field's name.
pub fn near(date: Date, today: Date, field: &str) -> Result<Date, Fault> {
    let last = today.checked_add_months(Months::new(12 * MAX_YEARS_AHEAD)).unwrap_or(Date::MAX);
    if date > last { Err(Fault::new(FaultCode::TooFarAhead, field)) } else { Ok(date) }
}

/// Checks that a period ends no earlier than it starts.
///
/// # Errors
/// [`FaultCode::EndBeforeStart`] under the end's name.
pub fn period(start: Date, end: Date, end_field: &str) -> Result<(Date, Date), Fault> {
    if end < start {
        return Err(Fault::new(FaultCode::EndBeforeStart, end_field));
    }
    Ok((start, end))
}

/// Checks that a survey lies no more than 30 days before the acceptance.
///
/// # Errors
/// [`FaultCode::SurveyTooEarly`].
pub fn survey(surveyed: Date, accepted: Date) -> Result<Date, Fault> {
    let first = accepted.checked_sub_days(Days::new(SURVEY_LEAD_DAYS)).unwrap_or(Date::MIN);
    if surveyed < first {
        return Err(Fault::new(FaultCode::SurveyTooEarly, "survey.date"));
    }
    Ok(surveyed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn five_years_ahead_and_no_day_more() {
        let today = day("2026-11-23");
        assert!(near(day("2031-11-23"), today, "d").is_ok());
        let fault = near(day("2031-11-24"), today, "planned_end").unwrap_err();
        assert_eq!(fault, Fault::new(FaultCode::TooFarAhead, "planned_end"));
        assert!(near(day("2028-02-29"), day("2024-02-29"), "d").is_ok());
        assert!(near(day("2029-03-01"), day("2024-02-29"), "d").is_err());
    }

    #[test]
    fn no_start_after_the_end() {
        assert!(period(day("2026-06-30"), day("2026-06-30"), "end").is_ok());
        let fault = period(day("2026-06-30"), day("2026-06-29"), "end").unwrap_err();
        assert_eq!(fault.code, FaultCode::EndBeforeStart);
    }

    #[test]
    fn a_survey_lies_at_most_thirty_days_before_the_acceptance() {
        assert!(survey(day("2026-03-01"), day("2026-03-31")).is_ok());
        let fault = survey(day("2026-02-28"), day("2026-03-31")).unwrap_err();
        assert_eq!(fault.code, FaultCode::SurveyTooEarly);
        assert!(survey(day("2026-04-10"), day("2026-03-31")).is_ok());
    }
}
