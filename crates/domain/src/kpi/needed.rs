//! Which events a report has to read.

/// Events that change nothing which an indicator counts; a report over the
/// log leaves them out. Whatever is not named here is read.
const LEFT_OUT: [&str; 9] = [
    "file_attached",
    "note_added",
    "survey_completed",
    "progress_reported",
    "contact_recorded",
    "lead_updated",
    "drawing_uploaded",
    "engineering_notified",
    "site_confirmed",
];

/// Whether an event of this type can change an indicator.
pub fn is_needed(event: &str) -> bool {
    !LEFT_OUT.contains(&event)
}
