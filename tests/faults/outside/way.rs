//! Faults of the way to the server.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lantian_tests::impostor::Impostor;
use lantian_tests::outcome::OFFLINE;
use lantian_tests::{Company, Tablet};

use super::{Scene, coded};

const PORTAL: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\
Content-Length: 64\r\nConnection: close\r\n\r\n\
<html><body><form>Please sign in to this network</form></html>  ";
const REDIRECT: &str = "HTTP/1.1 302 Found\r\nLocation: http://portal.example/\r\n\
Content-Length: 0\r\nConnection: close\r\n\r\n";
const BROKEN: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\n\
Content-Length: 54\r\nRetry-After: 1\r\nConnection: close\r\n\r\n\
{\"status\":503,\"code\":\"unavailable\",\"detail\":\"later\" }  ";
const CUT: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
Content-Length: 5000\r\nConnection: close\r\n\r\n{\"outcomes\":[";

#[test]
fn a_server_that_is_down_is_offline_and_work_goes_on() {
    let mut scene = Scene::with_pending_act();
    scene.company.close();
    coded(&scene.tablet.run(&["sync"]).ended(OFFLINE), "offline");
    assert_eq!(scene.tablet.status()["online"], "offline");
    scene.still_pending();
    scene.company.open();
    scene.arrives();
}

#[test]
fn a_sign_in_page_of_the_network_is_not_our_server() {
    stands_in_place(PORTAL, "not_our_server");
}

#[test]
fn a_redirect_is_not_followed() {
    stands_in_place(REDIRECT, "not_our_server");
}

#[test]
fn a_server_with_a_fault_of_its_own_is_tried_again_later() {
    let mut scene = Scene::with_pending_act();
    scene.company.close();
    let impostor = Impostor::answering(scene.company.address(), BROKEN);
    let answer = scene.tablet.run(&["sync"]).ended(OFFLINE);
    assert!(matches!(answer["code"].as_str(), Some("busy" | "server_error")), "{answer}");
    drop(impostor);
    scene.still_pending();
    scene.company.open();
    scene.arrives();
}

#[test]
fn an_answer_that_is_cut_off_changes_nothing() {
    let mut scene = Scene::with_pending_act();
    scene.company.close();
    let impostor = Impostor::answering(scene.company.address(), CUT);
    scene.tablet.run(&["sync"]).ended(OFFLINE);
    drop(impostor);
    scene.still_pending();
    scene.company.open();
    scene.arrives();
}

fn stands_in_place(answer: &str, code: &str) {
    let mut scene = Scene::with_pending_act();
    scene.company.close();
    let impostor = Impostor::answering(scene.company.address(), answer);
    coded(&scene.tablet.run(&["sync"]).ended(OFFLINE), code);
    assert!(impostor.calls() > 0);
    drop(impostor);
    scene.still_pending();
    scene.company.open();
    scene.arrives();
}

#[test]
fn a_silent_server_is_given_up_in_bounded_time() {
    let mut scene = Scene::with_pending_act();
    scene.company.close();
    let impostor = Impostor::silent(scene.company.address());
    let start = Instant::now();
    coded(&scene.tablet.run(&["sync"]).ended(OFFLINE), "timeout");
    assert!(start.elapsed() < Duration::from_secs(150), "{:?}", start.elapsed());
    drop(impostor);
    scene.still_pending();
    scene.company.open();
    scene.arrives();
}

#[test]
fn a_slow_line_delivers_all_the_same() {
    let mut scene = Scene::with_pending_act();
    let address = scene.company.address().to_owned();
    // The company moves behind a slow line at the address that the tablet knows.
    scene.company.close();
    let mut company = Company::at(scene.company.data().to_owned());
    company.open();
    let delay = Duration::from_millis(60);
    let line = Impostor::slow(&address, company.address(), delay, 512);
    scene.arrives();
    assert!(line.calls() > 0);
}

/// The certificate for `localhost` that the client's own tests use.
fn certificate() -> (PathBuf, PathBuf) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/client/tests/tls");
    (folder.join("localhost.pem"), folder.join("localhost.key"))
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (pem, key) = certificate();
    let mut company = Company::demo_closed(folder.path()).with_tls(&pem, &key);
    company.open();
    let url = company.url().replace("127.0.0.1", "localhost");
    assert!(url.starts_with("https://"), "{url}");

    let doubtful = Tablet::blank(folder.path(), "manager1");
    coded(&doubtful.sign_in(&url).ended(OFFLINE), "tls");
    let other_name = Tablet::blank(folder.path(), "manager2").with_authority(&pem);
    coded(&other_name.sign_in(company.url()).ended(OFFLINE), "tls");

    let tablet = Tablet::blank(folder.path(), "manager1").with_authority(&pem);
    tablet.sign_in(&url).done();
    tablet.deliver();
}
