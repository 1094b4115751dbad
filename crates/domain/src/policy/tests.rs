//! The table d.3 and the laws of a policy.
