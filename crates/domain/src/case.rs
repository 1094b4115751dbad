//! 报装工单: the connection case, from demand to archive (domain c.2).
//!
//! Each part of a case has its own room: what it holds, the data of its
//! commands, and the rules of what may be done and what follows.

pub mod acceptance;
mod apply;
pub mod assignment;
pub mod basic;
pub mod budget;
pub mod closing;
pub mod construction;
pub mod contract;
pub mod design;
pub mod engineering;
pub mod fee;
pub mod four_zero;
pub mod gas_on;
pub mod gate;
pub mod intake;
mod judge;
pub mod material;
mod model;
pub mod outside;
pub mod permit;
mod person;
pub mod pre_service;
pub mod pressure;
pub mod progress;
pub mod proxy;
pub mod risk;
mod rules;
pub mod schedule;
pub mod settlement;
pub mod sharing;
pub mod signing;
pub mod survey;
pub mod suspension;
mod telling;
pub mod user_side;
mod work;

pub(crate) use apply::apply;
pub(crate) use judge::judge;
pub use model::{AcceptanceMode, Case, CaseKind, CaseState, Channel, Segment};
pub(crate) use rules::{from, possible};
