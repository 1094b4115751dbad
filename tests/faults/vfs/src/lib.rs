//! A disk that fails, under the real stores: the tablet's replica over
//! SQLCipher and the company's store.
//!
//! ```text
//! replica, server ─► SQLite ─► vfs ─► the system's files
//!                               │
//!                               ▼
//!                             tape ─► disk ─► what a cut leaves ─► real opening, checks
//! ```
//!
//! Words: a *tape* is the list of operations that a workload did on its
//! files; a *cut* is a loss of power before one of them; what it *leaves* is
//! one of several states of the disk, by how much of what was not synced yet
//! reached it; a *promise* is what a store had said to be safe by then.
//!
//! Invariants checked after every cut: the stores open by the way a person
//! opens them, every promise is kept once, the databases are whole, and the
//! synchronisation comes to rest with equal digests (I1, I2, I3, I6).

pub mod chance;
pub mod cuts;
pub mod day;
pub mod disk;
pub mod failing;
pub mod recovery;
pub mod release;
pub mod sides;
pub mod stage;
pub mod tape;
pub mod vfs;
