//! Personal information at the company: erasing a person from a record's log,
//! and the archive package of a case.

pub mod archive;
pub mod erase;
pub mod retention;
