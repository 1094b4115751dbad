//! What the system knows of the network: NetworkManager on Linux, asked over
//! the message bus. Elsewhere, and where nobody answers, nothing is known.

/// Whether the present network is metered; nothing where the system does not
/// know.
#[cfg(target_os = "linux")]
pub(super) fn is_metered() -> Option<bool> {
    use std::time::Duration;

    use dbus::blocking::{Connection, stdintf::org_freedesktop_dbus::Properties as _};

    const SERVICE: &str = "org.freedesktop.NetworkManager";
    const PLACE: &str = "/org/freedesktop/NetworkManager";

    let bus = Connection::new_system().ok()?;
    let place = bus.with_proxy(SERVICE, PLACE, Duration::from_millis(500));
    known(place.get(SERVICE, "Metered").ok()?)
}

/// Whether the present network is metered: not known on this system.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_metered() -> Option<bool> {
    None
}

/// NMMetered: 0 unknown, 1 yes, 2 no, 3 guessed yes, 4 guessed no. What it
/// guesses (a telephone's hotspot) is believed: a wrong guess costs a wait that
/// is shown, with a button against it.
#[cfg(target_os = "linux")]
fn known(answer: u32) -> Option<bool> {
    match answer {
        1 | 3 => Some(true),
        2 | 4 => Some(false),
        _ => None,
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::known;

    #[test]
    fn every_answer_of_the_system_is_understood() {
        let answers: Vec<Option<bool>> = (0..=5).map(known).collect();
        let (yes, no) = (Some(true), Some(false));
        assert_eq!(answers, [None, yes, no, yes, no, None]);
    }
}
