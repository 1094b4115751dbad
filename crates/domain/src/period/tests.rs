//! The vectors of domain.md d.1 and d.2.
