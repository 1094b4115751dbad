//! The product: a company's server in this process, and tablets' own
//! applications over HTTPS on the loopback device.
//!
//! Invariant: everything goes the way that it goes for people; no measurement
//! reaches below the applications' faces, except to found a company with many
//! records.

mod company;
mod device;
mod served;
mod tablet;
mod way;

pub(crate) use company::{Company, login};
pub(crate) use device::Device;
pub(crate) use served::{SERVE, Served, serve};
pub(crate) use tablet::{TURN, Tablet};
pub(crate) use way::Way;

/// The login of the customer manager who holds every lead.
pub(crate) const MANAGER: &str = "manager1";
/// The login of the manager's superior, who sees the same leads.
pub(crate) const LEAD: &str = "cm_lead1";
/// The password of both.
const PASSWORD: &str = "benchmark-蓝天-2026";
