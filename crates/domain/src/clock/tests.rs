//! The clock rules CLK-1 to CLK-11.
