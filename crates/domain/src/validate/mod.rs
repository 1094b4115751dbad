//! The validators of input (e.0): each returns the normalised value or a
//! coded fault; warnings are separate and never refuse.

pub mod address;
pub mod amount;
pub mod coordinates;
pub mod dates;
mod fault;
pub mod person_name;
pub mod phone;
pub mod project_code;
pub mod region;
pub mod resident_id;
pub mod uscc;
mod width;

pub use coordinates::GeoPoint;
pub use fault::{Caution, Checked, Fault, FaultCode};
