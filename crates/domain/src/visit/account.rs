//! An account: whom a visitor visits, and what of it is about a person.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::Segment,
    ids::{RecordId, UserId},
    privacy::{Field, mask},
    time::Instant,
};

/// Who is not said to be an organisation is treated as a natural person.
pub(super) fn natural() -> bool {
    true
}

/// An account as its visitor needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// The case it came from.
    #[schemars(extend("x-widget" = "record"))]
    pub case: RecordId,
    /// The case's number.
    pub no: String,
    /// The user's name.
    pub name: String,
    /// Whether the user is a natural person; an organisation's name is public.
    #[serde(default = "natural")]
    pub natural: bool,
    /// The address.
    pub address: String,
    /// The telephone number.
    pub phone: String,
    /// The kind of user.
    pub segment: Segment,
    /// The customer manager of the case; never its visitor (SOD-4).
    #[schemars(extend("x-widget" = "person"))]
    pub manager: UserId,
    /// The contractor that built.
    pub contractor: String,
    /// When the installation was complete.
    pub completed_at: Instant,
}

impl Account {
    /// Shows `see` what it says of a natural person; somebody answers the
    /// telephone of an organisation, too.
    pub(super) fn personal(&mut self, see: &mut dyn FnMut(Field, &mut String)) {
        see(Field::Phone, &mut self.phone);
        if self.natural {
            see(Field::Name, &mut self.name);
            see(Field::Address, &mut self.address);
        }
    }

    /// Name and place as a list shows them (P-18).
    pub(super) fn in_a_list(&self) -> (String, String) {
        if self.natural {
            (mask::name(&self.name), mask::building(&self.address))
        } else {
            (self.name.clone(), self.address.clone())
        }
    }
}
