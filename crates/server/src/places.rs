//! Where the mirrors of the tablets stand that listen for wake-ups, as far as
//! this server has served them.
//!
//! A tablet that did not get what was served asks again by itself, and says
//! then where it stands. So a place may be wrong for a while and harms nothing:
//! what is told from a wrong place does not fit there, and is pulled.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use lantian_domain::ids::DeviceId;
use lantian_protocol::Cursor;

/// The places of listening tablets.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<HashMap<DeviceId, Place>>);

#[derive(Debug)]
struct Place {
    stands: Option<Cursor>,
    /// Open streams: a new one may begin before the old one is known to be cut.
    streams: usize,
}

impl Places {
    /// A tablet begins to listen, with its mirror where it says.
    pub(crate) fn open(&self, device: DeviceId, stands: Option<Cursor>) {
        let mut all = self.all();
        let place = all.entry(device).or_insert(Place { stands: None, streams: 0 });
        place.stands = stands;
        place.streams += 1;
    }

    /// A stream of the tablet has ended.
    pub(crate) fn close(&self, device: DeviceId) {
        let mut all = self.all();
        if let Some(place) = all.get_mut(&device) {
            place.streams = place.streams.saturating_sub(1);
            if place.streams == 0 {
                all.remove(&device);
            }
        }
    }

    /// The tablet was served up to here; one that does not listen is not kept.
    pub(crate) fn serve(&self, device: DeviceId, up_to: &Cursor) {
        if let Some(place) = self.all().get_mut(&device) {
            let older = place.stands.as_ref().is_some_and(|stands| {
                (stands.epoch, stands.scope) == (up_to.epoch, up_to.scope) && stands.seq > up_to.seq
            });
            if !older {
                place.stands = Some(up_to.clone());
            }
        }
    }

    /// Where the tablet's mirror stands.
    pub(crate) fn of(&self, device: DeviceId) -> Option<Cursor> {
        self.all().get(&device).and_then(|place| place.stands.clone())
    }

    fn all(&self) -> MutexGuard<'_, HashMap<DeviceId, Place>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seq: u64) -> Cursor {
        Cursor { epoch: 1, scope: 1, seq, snapshot: None, witness: None }
    }

    #[test]
    fn a_place_is_kept_as_long_as_somebody_listens_and_does_not_go_back() {
        let (places, device) = (Places::default(), DeviceId(uuid::Uuid::from_u128(7)));
        places.serve(device, &at(3));
        assert_eq!(places.of(device), None);
        places.open(device, Some(at(1)));
        places.serve(device, &at(5));
        places.serve(device, &at(4));
        assert_eq!(places.of(device), Some(at(5)));
        places.open(device, Some(at(5)));
        places.close(device);
        assert_eq!(places.of(device), Some(at(5)), "the newer stream goes on");
        places.close(device);
        assert_eq!(places.of(device), None);
    }
}
