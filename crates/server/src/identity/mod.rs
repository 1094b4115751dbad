//! Who may come in: accounts, passwords, devices, tokens, and the company's
//! recovery key.
//!
//! ```text
//! password ─► sign-in ─► device enrolled ─► tokens (access, refresh) ─► session
//!                                               ▲        │ proof by the device's key
//!                                               └────────┘
//! ```
//!
//! Words: a *family* is the line of refresh tokens from one sign-in; a
//! *security stamp* is the account's counter whose change ends every token.
//!
//! Invariant: no password and no token is stored or logged; who is unknown and
//! who mistypes are answered alike.

pub mod accounts;
pub mod attempts;
pub mod devices;
pub mod factor;
pub mod password;
pub mod recovery;
pub mod sign_in;
pub mod tokens;
