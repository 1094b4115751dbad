//! The whole application without a screen: sign-in, work offline,
//! synchronisation, files, administration.
//!
//! Words: an [`App`] is one device's application over one data folder; a
//! *view* is what a front end shows; the *desk* is the one thread that touches
//! the store; the *courier* carries work between store and server; the
//! *driver* runs the engine.
//!
//! Invariant: front ends decide nothing. Whatever the window or the command
//! line can do is one method of [`App`], and its errors have one outward form,
//! [`ApiError`].

mod app;
pub mod clock;
mod courier;
mod desk;
mod drive;
mod error;
mod home;
mod journal;
mod keyring;
mod network;
pub mod picture;
mod present;
mod readiness;
mod settings;
pub mod transport;
pub mod view;

pub use app::{App, Credentials, Kept, Options, StatusView, Wish, Work};
pub use courier::Extent;
pub use drive::Changed;
pub use error::{ApiError, Error, Result};
pub use home::{KeyStore, home};
pub use keyring::OsKeyring;
pub use lantian_domain as domain;
pub use lantian_replica::Error as StoreError;
pub use network::NetworkWish;
