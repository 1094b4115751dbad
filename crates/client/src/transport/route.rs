//! The server's routes, below its address.

/// Signs in and enrols the device.
pub const SIGN_IN: &str = "v1/session";
/// Exchanges a refresh token.
pub const REFRESH: &str = "v1/session/refresh";
/// Sets another password.
pub const PASSWORD: &str = "v1/session/password";
/// Single records, for repair.
pub const RECORDS: &str = "v1/records";
/// Reads the feed.
pub const PULL: &str = "v1/feed";
/// Offers commands.
pub const PUSH: &str = "v1/commands";
/// The digest of the scope.
pub const DIGEST: &str = "v1/digest";
/// Server-sent events that wake the pull.
pub const WAKE: &str = "v1/wake";
/// Attachments.
pub const FILES: &str = "v1/files";
/// What a tablet accounts for.
pub const ACCOUNT: &str = "v1/account";
/// Which attachments the server lacks.
pub const HELD: &str = "v1/files/held";
/// Accounts.
pub const USERS: &str = "v1/admin/users";
/// Indicators and the monthly report.
pub const REPORTS: &str = "v1/reports";
/// Devices.
pub const DEVICES: &str = "v1/admin/devices";
/// Outside systems.
pub const CHANNELS: &str = "v1/admin/channels";
/// The audit log.
pub const AUDIT: &str = "v1/admin/audit";
/// What is due to be erased, and what was.
pub const RETENTION: &str = "v1/admin/retention";
/// Archive packages of cases.
pub const ARCHIVES: &str = "v1/archives";
/// What outside systems are told.
pub const DELIVERIES: &str = "v1/admin/deliveries";
