//! The vectors of domain.md h.1 and the laws of money.
