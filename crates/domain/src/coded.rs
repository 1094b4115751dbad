//! Enumerations whose values have a stable code, as the specification writes
//! it: in storage, in scripts, in translation tables.

macro_rules! coded {
    (
        $(#[$doc:meta])* $name:ident {
            $($(#[$value_doc:meta])* $value:ident = $code:literal,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize,
            serde::Deserialize, schemars::JsonSchema,
        )]
        pub enum $name {
            $($(#[$value_doc])* #[serde(rename = $code)] $value,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$value,)+];

            /// The code as stored.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$value => $code,)+ }
            }

            /// The value with this code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == code)
            }
        }
    };
}

pub(crate) use coded;
