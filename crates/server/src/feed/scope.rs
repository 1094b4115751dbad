//! Who sees a record, as keys.
//!
//! A record that everybody sees has the key `*`. Otherwise it has one key for
//! all its roles together (`r:cm_lead,inspector`, in order) and one for each
//! person (`u:<id>`). Records of one state share the same role key, so that a
//! change renews few places and a scope is the union of few keys.
//!
//! Invariant: a key names the same audience for ever; whether a viewer sees it
//! depends on the key and the viewer alone.

use std::collections::BTreeSet;

use lantian_domain::{
    audience::{Audience, audience},
    record::{Person, Record},
};
use lantian_protocol::planted::{Bug, planted};
use sha2::{Digest as _, Sha256};

const EVERYONE: &str = "*";

/// The keys of a record, sorted.
pub fn keys_of(record: &Record) -> Vec<String> {
    let seen_by = audience(record);
    if seen_by.contains(&Audience::Everyone) {
        return vec![EVERYONE.to_owned()];
    }
    let mut roles = BTreeSet::new();
    let mut keys = Vec::new();
    for one in &seen_by {
        match one {
            Audience::Everyone => {}
            Audience::Role(role) => {
                roles.insert(role.as_str());
            }
            Audience::User(_) => keys.push(one.key()),
        }
    }
    if !roles.is_empty() {
        keys.push(format!("r:{}", roles.into_iter().collect::<Vec<_>>().join(",")));
    }
    keys.sort();
    keys
}

/// Somebody who may see records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    own: String,
    roles: BTreeSet<&'static str>,
    active: bool,
}

impl Viewer {
    /// The viewer that a directory entry describes.
    pub fn of(person: &Person) -> Self {
        Self {
            own: Audience::User(person.user()).key(),
            roles: person.roles.iter().map(|role| role.as_str()).collect(),
            active: person.active,
        }
    }

    /// Whether the viewer sees what has this key.
    pub fn sees(&self, key: &str) -> bool {
        if !self.active {
            return false;
        }
        match key.strip_prefix("r:") {
            Some(list) => list.split(',').any(|role| self.roles.contains(role)),
            None => key == EVERYONE || key == self.own,
        }
    }

    /// Whether the viewer sees what has one of these keys.
    pub fn sees_any<'k>(&self, keys: impl IntoIterator<Item = &'k String>) -> bool {
        keys.into_iter().any(|key| self.sees(key))
    }

    /// The keys in use that the viewer sees.
    pub fn keys(&self, in_use: &BTreeSet<String>) -> Vec<String> {
        in_use.iter().filter(|key| self.sees(key)).cloned().collect()
    }

    /// Names the grants under which a feed is served; other grants, other
    /// version. Fits 53 bits, so that every JSON reader keeps it whole.
    pub fn version(&self, grants: u64) -> u64 {
        if planted(Bug::GrantsUnseen) {
            return 1;
        }
        let mut hash = Sha256::new();
        hash.update(self.own.as_bytes());
        for role in &self.roles {
            hash.update([0]);
            hash.update(role.as_bytes());
        }
        hash.update([u8::from(self.active)]);
        hash.update(grants.to_be_bytes());
        let mut head = [0; 8];
        head.copy_from_slice(&hash.finalize()[..8]);
        u64::from_be_bytes(head) >> 11
    }
}

#[cfg(test)]
mod tests {
    use lantian_domain::{
        ids::RecordId,
        role::{OrgUnit, Role},
    };

    use super::*;

    fn person(roles: &[Role]) -> Person {
        Person {
            id: RecordId(uuid::Uuid::from_u128(7)),
            version: 1,
            login: "a".to_owned(),
            name: "甲".to_owned(),
            roles: roles.iter().copied().collect(),
            org: OrgUnit::MarketDept,
            active: true,
            policy_read: None,
        }
    }

    #[test]
    fn a_role_key_is_seen_by_each_of_its_roles_alone() {
        let lead = Viewer::of(&person(&[Role::CmLead]));
        assert!(lead.sees("r:cm_lead,inspector"));
        assert!(lead.sees("*"));
        assert!(lead.sees("u:00000000-0000-0000-0000-000000000007"));
        assert!(!lead.sees("r:inspector,cm"));
        assert!(!lead.sees("u:00000000-0000-0000-0000-000000000008"));
    }

    #[test]
    fn an_inactive_person_sees_nothing() {
        let gone = Viewer::of(&Person { active: false, ..person(&[Role::CmLead]) });
        assert!(!gone.sees("*") && !gone.sees("r:cm_lead"));
    }

    #[test]
    fn other_roles_or_grants_make_another_version() {
        let one = Viewer::of(&person(&[Role::CmLead]));
        let two = Viewer::of(&person(&[Role::CmLead, Role::Leader]));
        assert_ne!(one.version(1), one.version(2));
        assert_ne!(one.version(1), two.version(1));
        assert_eq!(one.version(1), one.clone().version(1));
    }

    #[test]
    fn a_directory_entry_is_for_everybody() {
        assert_eq!(keys_of(&Record::Person(Box::new(person(&[])))), ["*"]);
    }
}
