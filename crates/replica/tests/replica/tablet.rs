//! A tablet in a folder of its own, and the company beside it.

use age::secrecy::ExposeSecret as _;
use lantian_domain::{
    ids::{CommandId, DeviceId, OrgId, RecordId},
    role::Role,
    time::Instant,
};
use lantian_protocol::{Page, PushResponse};
use lantian_replica::{Enrolment, FileSecrets, Home, Replica, Saved, Submission};
use uuid::Uuid;

use crate::company::{Company, person};

pub(crate) const PIN: &str = "135790";

/// The tablet of the customer manager.
pub(crate) struct Tablet {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) home: Home,
    pub(crate) replica: Option<Replica>,
    pub(crate) company: Company,
    pub(crate) recovery: String,
}

impl Tablet {
    /// Enrolled, empty, nothing synchronised.
    pub(crate) fn fresh() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let identity = age::x25519::Identity::generate();
        let home = Home::take(&dir.path().join("data"), "test").unwrap();
        let enrolment = Enrolment {
            person: person(Role::CustomerManager),
            org: OrgId(Uuid::from_u128(1)),
            device: DeviceId(Uuid::from_u128(0xd0d0_0000_0000_0000_0000_0000_0000_0001)),
            device_name: "平板一".to_owned(),
            server: "https://baozhuang.example".to_owned(),
            device_seed: [7; 32],
            recovery_recipient: identity.to_public().to_string(),
        };
        let secrets = FileSecrets::new(dir.path().join("secrets"));
        let replica = home.create(&secrets, PIN, &enrolment).unwrap();
        Self {
            dir,
            home,
            replica: Some(replica),
            company: Company::open(),
            recovery: identity.to_string().expose_secret().to_owned(),
        }
    }

    /// With the company's rules and `leads` leads.
    pub(crate) fn with_leads(leads: u128) -> (Self, Vec<RecordId>) {
        let mut tablet = Self::fresh();
        let ids = (0..leads).map(|n| tablet.company.lead(n)).collect();
        tablet.pull();
        (tablet, ids)
    }

    pub(crate) fn secrets(&self) -> FileSecrets {
        FileSecrets::new(self.dir.path().join("secrets"))
    }

    pub(crate) fn replica(&mut self) -> &mut Replica {
        self.replica.as_mut().unwrap()
    }

    pub(crate) fn now(&self) -> Instant {
        self.company.now
    }

    /// Ends without closing anything, as a kill does, and opens again.
    pub(crate) fn killed(&mut self) {
        let replica = self.replica.take().unwrap();
        let dir = self.home.dir().to_owned();
        let copy = self.dir.path().join(format!("after-{}", Uuid::now_v7()));
        // What a kill leaves is what lies in the files at that moment: they
        // are copied away before the open stores can tidy up.
        copy_tree(&dir, &copy);
        drop(replica);
        self.home = Home::take(&copy, "test").unwrap();
        self.unlock();
    }

    pub(crate) fn unlock(&mut self) {
        let now = self.now();
        self.replica = Some(self.home.unlock(&self.secrets(), PIN, now).unwrap());
    }

    pub(crate) fn submit(
        &mut self,
        record: RecordId,
        command: lantian_domain::command::Command,
    ) -> Saved {
        self.company.now = self.company.now.plus_ms(1_000);
        let now = self.now();
        match self.replica().submit(record, command, now).unwrap() {
            Submission::Saved(saved) => saved,
            Submission::Refused(refusal) => panic!("refused: {refusal:?}"),
        }
    }

    pub(crate) fn next_page(&mut self) -> Page {
        let cursor = self.replica().cursor().unwrap();
        self.company.pull(cursor.as_ref(), usize::MAX)
    }

    pub(crate) fn pull(&mut self) {
        loop {
            let (page, now) = (self.next_page(), self.now());
            if !self.replica().apply_page(&page, now).unwrap().more {
                return self.repair();
            }
        }
    }

    fn repair(&mut self) {
        let ids = self.replica().repairs().unwrap();
        let items = ids.iter().filter_map(|id| self.company.whole(*id)).collect();
        let now = self.now();
        assert_eq!(self.replica().repair(items, now).unwrap(), 0);
    }

    /// One batch to the company; its answers are not told to the tablet.
    pub(crate) fn send(&mut self) -> PushResponse {
        let batch = self.replica().sendable(500).unwrap();
        self.company.push(&batch)
    }

    pub(crate) fn push(&mut self) -> usize {
        let (response, now) = (self.send(), self.now());
        self.replica().settle(&response, now).unwrap().settled
    }

    /// Until nothing moves any more.
    pub(crate) fn sync(&mut self) {
        while self.push() > 0 {}
        self.pull();
    }

    pub(crate) fn sendable(&mut self) -> Vec<CommandId> {
        self.replica().sendable_ids().to_vec()
    }

    /// The mirror is what the company shows to this reader (I3).
    pub(crate) fn assert_converged(&mut self) {
        let digest = self.replica().scope_digest().unwrap();
        assert_eq!((digest.records, digest.digest), self.company.digest());
    }
}

fn copy_tree(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_tree(&entry.path(), &target);
        } else if entry.file_name() != "holder.lock" {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
