//! `/v1/admin`: what administrators do.

pub(super) mod audit;
pub(super) mod channels;
pub(super) mod devices;
pub(super) mod retention;
pub(super) mod users;
