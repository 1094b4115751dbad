//! The official calendar, its checks and its laws.
