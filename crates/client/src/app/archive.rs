//! The archive package of a case (P-22): made by the server, written among the
//! person's downloads piece by piece, and checked with or without the server.
//!
//! Invariant: a package is said to be saved only after what lies on the disk
//! was read back and checked; a piece that does not fit its hash is no piece.

use std::{
    path::{Path, PathBuf},
    sync::PoisonError,
};

use lantian_domain::ids::RecordId;
use lantian_protocol::archive::{FILES, LOG, MANIFEST, Manifest, Package, RECORD, check, sha256};

use super::{App, Open, downloads};
use crate::{
    error::{Error, Result},
    transport::Failure,
    view::{ArchiveProgress, ArchiveView},
};

impl App {
    /// Saves the package of a case in a folder of its own among the person's
    /// downloads, and checks it there.
    ///
    /// # Errors
    /// The failure of the way, or the server's no; [`Error::BadInput`] when it
    /// cannot be saved. What was begun is taken away again.
    pub async fn archive_export(&self, case: RecordId) -> Result<ArchiveView> {
        self.0.rest.touch();
        let open = self.open()?;
        self.tell(case, 0, 0);
        let done = self.save_package(&open, case).await;
        self.set_archiving(None);
        let folder = done?;
        let read = beside(move || of_folder(&folder)).await?;
        let mut view = read.ok_or(Error::NotFound { what: "package" })?;
        view.registered = Some(true);
        Ok(view)
    }

    /// How far the export of a case is; nothing while none runs.
    pub fn archive_progress(&self, case: RecordId) -> Option<ArchiveProgress> {
        let held = self.0.archiving.lock().unwrap_or_else(PoisonError::into_inner).clone();
        held.filter(|progress| progress.case == case)
    }

    /// The packages of a case among the person's downloads, each checked
    /// against its own hashes and, with the server, against the company's
    /// audit.
    ///
    /// # Errors
    /// When no one is signed in.
    pub async fn archive_verify(&self, case: RecordId) -> Result<Vec<ArchiveView>> {
        self.0.rest.touch();
        let open = self.open()?;
        let within = self.downloads();
        let mut found = beside(move || {
            let all = packages(&within).into_iter().filter(|(_, said)| said.case == case);
            all.filter_map(|(folder, _)| of_folder(&folder)).collect::<Vec<_>>()
        })
        .await?;
        found.sort_by_key(|one| std::cmp::Reverse(one.made_at));
        let known = open.courier.transport.registered_archives(&open.courier.login, case).await;
        if let Ok(known) = known {
            for one in &mut found {
                one.registered = Some(known.iter().any(|said| said.manifest == one.manifest));
            }
        }
        Ok(found)
    }

    async fn save_package(&self, open: &Open, case: RecordId) -> Result<PathBuf> {
        let package = open.courier.transport.make_archive(&open.courier.login, case).await?;
        if !is_plain(&package.no) || !package.files.keys().all(|name| is_attachment(name)) {
            return Err(Failure::Unreadable.into());
        }
        let folder = downloads::make_folder(&self.downloads(), &package.no)?;
        if let Err(error) = self.fetch_package(open, case, &package, &folder).await {
            // Half a package must not be taken for one.
            let _ = std::fs::remove_dir_all(&folder);
            return Err(error);
        }
        Ok(folder)
    }

    async fn fetch_package(
        &self,
        open: &Open,
        case: RecordId,
        package: &Package,
        folder: &Path,
    ) -> Result<()> {
        let all = package.files.len() as u64;
        write(folder, RECORD, package.record.as_bytes())?;
        write(folder, LOG, package.log.as_bytes())?;
        for (done, name) in (0..).zip(package.files.keys()) {
            self.tell(case, done, all);
            let sha = sha_of(name);
            let transport = &open.courier.transport;
            let bytes = transport.archive_file(&open.courier.login, case, sha).await?;
            if sha256(&bytes) != sha {
                return Err(Failure::Unreadable.into());
            }
            write(folder, name, &bytes)?;
        }
        self.tell(case, all, all);
        write(folder, MANIFEST, package.manifest.as_bytes())
    }

    fn tell(&self, case: RecordId, done: u64, total: u64) {
        self.set_archiving(Some(ArchiveProgress { case, done, total }));
    }

    fn set_archiving(&self, progress: Option<ArchiveProgress>) {
        *self.0.archiving.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }
}

/// Whether a name is one that a folder can have, and leads nowhere else.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Whether a path is that of an attachment: `files/<sha256>.<ending>`.
fn is_attachment(path: &str) -> bool {
    let within = path.strip_prefix(FILES).and_then(|rest| rest.strip_prefix('/'));
    let parts = within.and_then(|name| name.split_once('.'));
    parts.is_some_and(|(sha, ending)| is_plain(sha) && is_plain(ending))
}

/// The hash that an attachment's path names.
fn sha_of(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(name);
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| std::fs::write(&path, bytes)).map_err(|error| downloads::unsaved(&error))
}

/// Reads and hashes beside the threads that answer.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Closing)
}

/// The folders that hold a package.
fn packages(within: &Path) -> Vec<(PathBuf, Manifest)> {
    let entries = std::fs::read_dir(within).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let folder = entry.path();
            let text = std::fs::read(folder.join(MANIFEST)).ok()?;
            Some((folder, serde_json::from_slice(&text).ok()?))
        })
        .collect()
}

/// A package on the disk, checked.
fn of_folder(folder: &Path) -> Option<ArchiveView> {
    let manifest = std::fs::read(folder.join(MANIFEST)).ok()?;
    let said: Manifest = serde_json::from_slice(&manifest).ok()?;
    let mut names = Vec::new();
    listed(folder, folder, &mut names);
    let report = check(&manifest, &names, |name| std::fs::read(folder.join(name)).ok())?;
    Some(ArchiveView {
        path: folder.display().to_string(),
        made_at: said.made_at,
        manifest: report.manifest,
        entries: report.entries as u64,
        absent: said.absent.len() as u64,
        holds: report.holds,
        faults: report.faults,
        registered: None,
    })
}

fn listed(root: &Path, folder: &Path, names: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            listed(root, &path, names);
        } else if let Ok(inside) = path.strip_prefix(root) {
            let parts: Vec<_> =
                inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            names.push(parts.join("/"));
        }
    }
}
