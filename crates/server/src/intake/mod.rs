//! Intake of what outside systems push (domain j): 工改 projects and 多规合一
//! opinions, from JSON, CSV or XLSX.
//!
//! ```text
//! bytes ─ read ─► raw rows ─ normalise ─► receive_push commands ─ pipeline ─► row results
//! ```
//!
//! Words: a *push* is one file or request; a *row* is one entry of it; a *row
//! result* is what became of it. Invariant: a bad row never blocks the others,
//! and the same push taken twice changes nothing the second time.

pub(crate) mod archive_copy;
mod boundary;
mod clerk;
mod endpoint;
mod fault;
mod hand_over;
mod known;
mod opinion;
mod project;
mod push;
mod read;
mod result;
mod row;
mod run;
mod sheet;
mod table;
mod text;
mod value;
mod workbook;

pub use endpoint::{router, source_named};
pub use fault::{FileFault, RowFault};
pub use hand_over::HandOver;
pub(crate) use known::note_lead;
pub(crate) use read::rows_of;
pub use read::{Batch, read};
pub use result::{Effect, ImportReport, RowResult, Status, Warning};
pub use run::{ImportOrder, account, may_import, run_import};
pub(crate) use table::Layout;
pub use table::{Part, RawRow};
pub(crate) use value::{date, instant, text};

#[cfg(test)]
mod tests;

/// The largest file: 20 MB.
pub const MAX_BYTES: usize = 20 << 20;
/// The most rows of a file.
pub const MAX_ROWS: usize = 10_000;
