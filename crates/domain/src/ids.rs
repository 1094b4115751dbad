//! Identifiers, each its own type, so that none is taken for another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
            JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(
    /// A record: lead, case, directory entry, reference set.
    RecordId
);
id!(
    /// A command; one command has one effect, however often it arrives.
    CommandId
);
id!(
    /// A person with an account.
    UserId
);
id!(
    /// An enrolled device.
    DeviceId
);
id!(
    /// A company in a shared deployment.
    OrgId
);
id!(
    /// An attachment as referred to by commands; its content is named by hash.
    FileId
);
id!(
    /// A filing for a permit, within its case.
    FilingId
);
id!(
    /// A power of attorney, within its case.
    PowerId
);

/// The identity of a record that a rule makes out of `parent`: the same for
/// everybody who judges the command, and another one for each `label`, which
/// says what it is, as `ledger/q4` (UUID version 5, RFC 9562).
pub fn derived(parent: RecordId, label: &str) -> RecordId {
    RecordId(Uuid::new_v5(&parent.0, label.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_derived_hangs_on_parent_and_label_alone() {
        let parent = RecordId(Uuid::from_u128(7));
        let other = RecordId(Uuid::from_u128(8));
        assert_eq!(derived(parent, "ledger/q4"), derived(parent, "ledger/q4"));
        assert_ne!(derived(parent, "ledger/q4"), derived(parent, "ledger/q5"));
        assert_ne!(derived(parent, "ledger/q4"), derived(other, "ledger/q4"));
        assert_eq!(derived(parent, "x").0.get_version_num(), 5);
    }
}
