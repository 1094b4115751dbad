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
