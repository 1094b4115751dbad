//! The server over real HTTP, in this process: each test has a company of its
//! own in a folder of its own, a clock that stands, and tablets that sign.

#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod account;
mod admin;
mod any_bytes;
mod audit;
mod channels;
mod company;
mod departures;
mod factor;
mod faults;
mod feed;
mod files;
mod intake;
mod outside;
mod push;
mod rating;
mod report;
mod restart;
mod sign_in;
mod signing;
mod tablet;
mod tls;
mod verify;
mod wake;
