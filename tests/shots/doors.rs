//! Every door that a person's role has, and the first record behind each list.

use std::path::Path;

use lantian_tests::window::{Scene, Window};
use serde_json::Value;

use crate::Opened;
use crate::picture::keep;
use crate::tour::env;

const SIZE: (u32, u32) = (1440, 900);
/// The doors that are in sight.
const DOORS: &str = "[data-testid^='nav-'][href]";

/// Takes the pictures.
pub async fn take(tablet: &Opened, out: &Path) {
    let (width, height) = SIZE;
    let scene = Scene::new(width, height);
    let window = scene.open(&tablet.home, |command| env(tablet, command)).await;
    window.resize(width, height).await;
    window.see("pin-0").await;
    window.enter_pin(&tablet.pin).await;
    window.see("nav-today").await;
    let mut doors = tags(&window, DOORS, "href").await;
    for group in tags(&window, "[data-testid^='group-']", "data-testid").await {
        window.tap(&group).await;
        window.settle("nav").await;
        for door in tags(&window, DOORS, "href").await {
            if !doors.contains(&door) {
                doors.push(door);
            }
        }
    }
    assert!(!doors.is_empty(), "the window has no doors");
    for (number, door) in doors.iter().map(|door| door.trim_start_matches('#')).enumerate() {
        let name = door.trim_start_matches('/').replace('/', "-");
        window.go(door).await;
        window.settle("main").await;
        keep(out, &format!("{:02}-{name}", number + 1), &window.picture().await);
        let cards = tags(&window, "main [data-testid^='card-']", "data-testid").await;
        if let Some(id) = cards.first().and_then(|tag| tag.strip_prefix("card-")) {
            window.go(&format!("/record/{id}")).await;
            window.settle("main").await;
            keep(out, &format!("{:02}-{name}-record", number + 1), &window.picture().await);
        }
    }
    window.close().await;
}

/// What the elements with this selector say in an attribute, in their order.
async fn tags(window: &Window, selector: &str, attribute: &str) -> Vec<String> {
    let code = "return [...document.querySelectorAll(arguments[0])]\
                .map((one) => one.getAttribute(arguments[1]))";
    let said = window.script(code, vec![selector.into(), attribute.into()]).await;
    let said = said.as_array().map_or(&[][..], Vec::as_slice);
    said.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}
