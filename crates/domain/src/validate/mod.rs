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

pub use address::{Address, address};
pub use amount::{LineKind, amount, check_amount};
pub use coordinates::{CrsSource, Degrees, GeoPoint, coordinates};
pub use fault::{Caution, Checked, Fault, FaultCode};
pub use person_name::person_name;
pub use phone::{Phone, PhoneKind, phone};
pub use project_code::project_code;
pub use region::region;
pub use resident_id::resident_id;
pub use uscc::{LicencePhoto, uscc};
pub(crate) use width::half_width;

#[cfg(test)]
mod tests;
