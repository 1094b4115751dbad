//! The archive package of a case, saved by who keeps the archive and checked
//! with and without the server (P-22).

use std::path::{Path, PathBuf};

use lantian_client::{App, Credentials, Error, Work, transport::Failure, view::NewFile};
use lantian_domain::{command::CommandName, file::FileKind, ids::RecordId};
use serde_json::json;

use super::{
    company::{Company, PASSWORD, PIN},
    sync,
};

/// A tablet that saves into a folder of its own.
async fn tablet(company: &Company, login: &str) -> (App, PathBuf) {
    let mut options = company.options(login, Work::OnDemand);
    let downloads = options.home.with_extension("downloads");
    std::fs::create_dir(&downloads).unwrap();
    options.downloads = Some(downloads.clone());
    let app = App::new(options).unwrap();
    app.sign_in(company.url(), &Credentials::new(login, PASSWORD), PIN).await.unwrap();
    sync(&app).await;
    (app, downloads)
}

/// A case with an attachment, at the company.
async fn case(manager: &App) -> RecordId {
    let demand = json!({
        "channel": "on_site", "segment": "residential_scattered",
        "basic": {
            "party_type": "person", "name": "王小明", "phone": "13800138000",
            "address": "新郑市新华路66号院", "use_kind": "dwelling", "want": "new",
            "consent": {"text_version": "2026-11", "at": "2026-11-20T09:00:00+08:00"},
        },
    });
    let case = manager.submit(None, CommandName::SubmitDemand, demand).await.unwrap().record_id;
    let mut bytes = b"%PDF-1.4\n".to_vec();
    bytes.resize(300_000, b'x');
    let new = NewFile {
        id: case,
        kind: FileKind::Other,
        name: "现场.pdf".to_owned(),
        mime: String::new(),
        bytes,
        taken_at: None,
        geo: None,
    };
    manager.attach(new).await.unwrap();
    assert_eq!(sync(manager).await.files_up, 1);
    case
}

fn one_attachment(package: &Path) -> PathBuf {
    let mut files = std::fs::read_dir(package.join("files")).unwrap();
    files.next().unwrap().unwrap().path()
}

#[tokio::test(flavor = "multi_thread")]
async fn p_22_the_exported_package_of_a_case_verifies_by_hash_with_and_without_the_server() {
    let mut company = Company::open().await;
    let (manager, of_manager) = tablet(&company, "manager").await;
    let case = case(&manager).await;
    let (keeper, downloads) = tablet(&company, "lead").await;

    let denied = manager.archive_export(case).await.err();
    assert!(matches!(denied, Some(Error::Way(Failure::Denied(_)))), "{denied:?}");
    assert_eq!(std::fs::read_dir(&of_manager).unwrap().count(), 0, "nothing is left behind");
    assert!(manager.archive_progress(case).is_none());

    let made = keeper.archive_export(case).await.unwrap();
    assert!(made.holds && made.registered == Some(true) && made.absent == 0, "{made:?}");
    assert!(Path::new(&made.path).starts_with(&downloads));
    assert_eq!(made.entries, 3, "record, log and attachment");
    assert!(keeper.archive_progress(case).is_none());
    let again = keeper.archive_export(case).await.unwrap();
    assert_ne!(again.path, made.path, "nothing is overwritten");

    company.close().await;
    let offline = keeper.archive_verify(case).await.unwrap();
    assert_eq!(offline.len(), 2);
    assert!(offline.iter().all(|one| one.holds && one.registered.is_none()));
    let place = one_attachment(Path::new(&made.path));
    let mut bytes = std::fs::read(&place).unwrap();
    bytes[1_000] ^= 1;
    std::fs::write(&place, &bytes).unwrap();
    company.reopen().await;
    let found = keeper.archive_verify(case).await.unwrap();
    let changed = found.iter().find(|one| one.path == made.path).unwrap();
    assert!(!changed.holds && changed.registered == Some(true));
    assert!(changed.faults[0].starts_with("entry_differs files/"), "{:?}", changed.faults);
    assert!(found.iter().any(|one| one.path == again.path && one.holds));
}

#[tokio::test(flavor = "multi_thread")]
async fn r_09_the_page_of_a_record_says_when_it_was_last_in_step_with_the_company() {
    let mut company = Company::open().await;
    let manager = company.tablet("manager").await;
    let case = case(&manager).await;
    sync(&manager).await;
    let seen = manager.record(case).await.unwrap().synced_at;
    assert!(seen.is_some());
    company.close().await;
    assert!(manager.sync(super::ALL).await.is_err());
    assert_eq!(manager.record(case).await.unwrap().synced_at, seen, "offline it stays true");
    let fresh = json!({
        "channel": "on_site", "segment": "residential_scattered",
        "basic": {
            "party_type": "person", "name": "李明", "phone": "13800138001",
            "address": "新郑市新华路68号院", "use_kind": "dwelling", "want": "new",
            "consent": {"text_version": "2026-11", "at": "2026-11-20T09:00:00+08:00"},
        },
    });
    let new = manager.submit(None, CommandName::SubmitDemand, fresh).await.unwrap().record_id;
    assert_eq!(manager.record(new).await.unwrap().synced_at, None, "it is only here");
}
