//! The offline evidence rule at its borders.
