//! Handing imported leads over at once: to a named manager, or to the
//! one who has the fewest records, in turn.

use lantian_domain::{audience::Audience, ids::UserId, record::Person, role::Role};

use super::fault::{FileFault, FileResult};
use crate::{
    error::Result,
    store::{Accounts as _, Scopes as _, Unit},
};

/// The word that asks for the rule instead of a name.
const BY_RULE: &str = "auto";

/// To whom imported leads go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandOver {
    /// By rule: the active manager with the fewest records; of several, the
    /// first by login name.
    Fewest,
    /// To the manager with this login name.
    To(String),
}

impl HandOver {
    /// Reads `auto` or a login name.
    pub fn parse(text: &str) -> Self {
        if text == BY_RULE { Self::Fewest } else { Self::To(text.trim().to_lowercase()) }
    }
}

/// The managers among whom leads are shared out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Managers(Vec<(u64, Person)>);

impl Managers {
    /// The managers in question, with how many records each has.
    ///
    /// # Errors
    /// The store's; [`FileFault`] when there is nobody to hand over to.
    pub(crate) fn find(unit: &Unit<'_>, how: &HandOver) -> Result<FileResult<Self>> {
        let mut managers = Vec::new();
        for user in unit.users()? {
            let person = user.person;
            let wanted = match how {
                HandOver::Fewest => true,
                HandOver::To(login) => person.login == *login,
            };
            if wanted && person.active && person.roles.contains(&Role::CustomerManager) {
                managers.push((unit.count(&Audience::User(person.user()).key())?, person));
            }
        }
        if managers.is_empty() {
            let asked = match how {
                HandOver::Fewest => None,
                HandOver::To(login) => Some(login.as_str()),
            };
            return Ok(Err(FileFault::no_manager(asked)));
        }
        Ok(Ok(Self(managers)))
    }

    /// The manager whose turn it is; nobody when leads are not handed over.
    pub(crate) fn next(&self) -> Option<UserId> {
        self.least().map(|at| self.0[at].1.user())
    }

    /// Counts a lead that the manager whose turn it was has taken.
    pub(crate) fn taken(&mut self) {
        if let Some(at) = self.least() {
            self.0[at].0 += 1;
        }
    }

    fn least(&self) -> Option<usize> {
        let order = |at: &usize| (self.0[*at].0, &self.0[*at].1.login);
        (0..self.0.len()).min_by(|a, b| order(a).cmp(&order(b)))
    }
}
