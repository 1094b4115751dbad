//! Transfers against a model of the server, with seeded faults.
#![expect(clippy::wildcard_enum_match_arm, reason = "a test names what it is about")]

use lantian_protocol::file::Receipt;
use uuid::Uuid;

use super::*;

const T0: Instant = Instant(1_700_000_000_000);
const SIZE: u64 = 5 * CHUNK as u64 + 77;

fn file(n: u128) -> FileId {
    FileId(Uuid::from_u128(n))
}

fn state(n: u128, offset: u64, receipt: bool) -> UploadState {
    let receipt =
        receipt.then(|| Receipt { file: file(n), sha256: "00".repeat(32), at: T0, epoch: 1 });
    UploadState { file: file(n), offset, size: SIZE, receipt }
}

fn one() -> Transfers {
    let mut transfers = Transfers::new(1);
    transfers.handle(
        FileInput::Upload { file: file(1), size: SIZE, offset: None, weight: Weight::Light },
        T0,
    );
    transfers
}

#[test]
fn an_upload_is_offered_sent_in_chunks_and_done_with_its_receipt() {
    let mut transfers = one();
    assert_eq!(transfers.advance(T0, true), vec![FileEffect::Offer { file: file(1) }]);
    let mut sent = 0;
    while sent < SIZE {
        transfers.handle(FileInput::Upped { file: file(1), result: Ok(state(1, sent, false)) }, T0);
        let effects = transfers.advance(T0, true);
        let Some(FileEffect::SendChunk { offset, len, .. }) = effects.last() else {
            panic!("{effects:?}");
        };
        assert_eq!((*offset, *len), (sent, (SIZE - sent).min(CHUNK as u64)));
        sent += len;
    }
    transfers.handle(FileInput::Upped { file: file(1), result: Ok(state(1, SIZE, true)) }, T0);
    assert!(matches!(transfers.advance(T0, true)[..], [FileEffect::Done { .. }]));
    assert!(transfers.is_empty());
}

#[test]
fn a_35_f68_a_conflict_asks_for_the_offset_and_resumes() {
    let mut transfers = one();
    transfers.advance(T0, true);
    transfers.handle(FileInput::Upped { file: file(1), result: Ok(state(1, 0, false)) }, T0);
    transfers.advance(T0, true);
    let result = Err(FileFailure::Conflict);
    transfers.handle(FileInput::Upped { file: file(1), result }, T0);
    assert_eq!(transfers.advance(T0, true), vec![FileEffect::AskOffset { file: file(1) }]);
    let middle = CHUNK as u64;
    transfers.handle(FileInput::Upped { file: file(1), result: Ok(state(1, middle, false)) }, T0);
    let effects = transfers.advance(T0, true);
    assert!(matches!(effects[1], FileEffect::SendChunk { offset, .. } if offset == middle));
}

#[test]
fn f69_an_expired_upload_starts_again_from_the_local_copy() {
    let mut transfers = Transfers::new(1);
    let known =
        FileInput::Upload { file: file(1), size: SIZE, offset: Some(400), weight: Weight::Light };
    transfers.handle(known, T0);
    assert_eq!(transfers.advance(T0, true), vec![FileEffect::AskOffset { file: file(1) }]);
    let result = Err(FileFailure::Expired);
    transfers.handle(FileInput::Upped { file: file(1), result }, T0);
    let effects = transfers.advance(T0, true);
    let expected =
        [FileEffect::Progress { file: file(1), offset: 0 }, FileEffect::Offer { file: file(1) }];
    assert_eq!(effects, expected);
}

#[test]
fn a_37_a_file_that_is_refused_holds_back_no_other() {
    let mut transfers = Transfers::new(1);
    for n in 1..=4 {
        transfers.handle(
            FileInput::Upload {
                file: file(n),
                size: u64::try_from(n).unwrap(),
                offset: None,
                weight: Weight::Light,
            },
            T0,
        );
    }
    // Admitting twice is harmless; the small ones go first, two at a time.
    transfers.handle(
        FileInput::Upload { file: file(1), size: 1, offset: None, weight: Weight::Light },
        T0,
    );
    let first = transfers.advance(T0, true);
    let expected = [FileEffect::Offer { file: file(1) }, FileEffect::Offer { file: file(2) }];
    assert_eq!(first, expected);
    let result = Err(FileFailure::Refused("too_large".to_owned()));
    transfers.handle(FileInput::Upped { file: file(1), result }, T0);
    let effects = transfers.advance(T0, true);
    let trouble = FileEffect::Trouble { file: file(1), code: "too_large".to_owned() };
    assert_eq!(effects, [trouble, FileEffect::Offer { file: file(3) }]);
    assert_eq!(transfers.len(), 3);
}

#[test]
fn nothing_starts_while_it_must_not_run() {
    let mut transfers = one();
    assert!(transfers.advance(T0, false).is_empty());
    assert!(!transfers.is_moving(file(1)));
    assert_eq!(transfers.progress(), (0, SIZE));
}

/// The server's side of one upload and one download.
struct World {
    transfers: Transfers,
    chance: Jitter,
    now: Instant,
    held: u64,
    offered: bool,
    here: u64,
    flying: Vec<FileEffect>,
    sent: u64,
    cuts: u64,
    done: (bool, bool),
}

impl World {
    fn draw(&mut self, most: u64) -> u64 {
        self.chance.around(2 * (most - 1)) - (most - 1)
    }

    fn take(&mut self, faults: bool) {
        for effect in self.transfers.advance(self.now, true) {
            match effect {
                FileEffect::Done { .. } => self.done.0 = true,
                FileEffect::Arrived { .. } => self.done.1 = true,
                FileEffect::Progress { .. } | FileEffect::Trouble { .. } => {}
                request => self.flying.push(request),
            }
        }
        if self.flying.is_empty() {
            return;
        }
        let at = usize::try_from(self.draw(self.flying.len() as u64)).unwrap();
        let request = self.flying.swap_remove(at);
        let lost = faults && self.draw(3) == 0;
        let input = self.answer(&request, lost);
        self.transfers.handle(input, self.now);
    }

    fn answer(&mut self, request: &FileEffect, lost: bool) -> FileInput {
        let up = |result| FileInput::Upped { file: file(1), result };
        let timeout = || FileFailure::Transport(Failure::Timeout);
        match request {
            FileEffect::Offer { .. } => {
                self.offered = true;
                up(if lost { Err(timeout()) } else { Ok(state(1, self.held, self.held == SIZE)) })
            }
            FileEffect::AskOffset { .. } if !self.offered => up(Err(FileFailure::Expired)),
            FileEffect::AskOffset { .. } => {
                up(if lost { Err(timeout()) } else { Ok(state(1, self.held, self.held == SIZE)) })
            }
            FileEffect::SendChunk { offset, .. } if *offset != self.held => {
                up(Err(FileFailure::Conflict))
            }
            FileEffect::SendChunk { len, .. } => {
                self.sent += len;
                // Lost on the way there, or on the way back.
                let arrived = !lost || self.draw(2) == 0;
                self.held += if arrived { *len } else { 0 };
                self.cuts += u64::from(lost);
                up(if lost { Err(timeout()) } else { Ok(state(1, self.held, self.held == SIZE)) })
            }
            FileEffect::Fetch { offset, len, .. } => {
                let result = if lost {
                    Err(timeout())
                } else {
                    self.here = self.here.max(offset + len);
                    Ok(self.here)
                };
                FileInput::Fetched { file: file(2), result }
            }
            other => panic!("no request: {other:?}"),
        }
    }
}

#[test]
fn a_32_i8_every_history_of_cuts_ends_with_both_files_whole() {
    for seed in 0..300 {
        let mut transfers = Transfers::new(seed);
        transfers.handle(
            FileInput::Upload { file: file(1), size: SIZE, offset: None, weight: Weight::Light },
            T0,
        );
        transfers.handle(
            FileInput::Download { file: file(2), size: SIZE, offset: 0, haste: Haste::Usual },
            T0,
        );
        let mut world = World {
            transfers,
            chance: Jitter::new(seed + 77),
            now: T0,
            held: 0,
            offered: false,
            here: 0,
            flying: Vec::new(),
            sent: 0,
            cuts: 0,
            done: (false, false),
        };
        for round in 0..2_000 {
            world.now = world.now.plus_ms(700);
            if round % 97 == 0 {
                world.flying.clear();
                world.transfers.handle(FileInput::Offline, world.now);
            }
            world.take(round < 200);
            if world.transfers.is_empty() && world.flying.is_empty() {
                break;
            }
        }
        world.take(false);
        assert_eq!(world.done, (true, true), "seed {seed}");
        // At most one chunk again for each cut.
        assert!(world.sent <= SIZE + world.cuts * CHUNK as u64, "seed {seed}");
    }
}

fn photo(n: u128) -> FileInput {
    FileInput::Upload { file: file(n), size: SIZE, offset: None, weight: Weight::Original }
}

fn starts(transfers: &mut Transfers) -> Vec<FileId> {
    let effects = transfers.advance(T0, true).into_iter();
    effects
        .filter_map(|effect| match effect {
            FileEffect::Offer { file }
            | FileEffect::AskOffset { file }
            | FileEffect::SendChunk { file, .. }
            | FileEffect::Fetch { file, .. } => Some(file),
            _ => None,
        })
        .collect()
}

#[test]
fn c_03_originals_wait_while_the_network_is_to_be_spared_and_go_when_it_changes() {
    // Both ways round: the rule was there before the photo, and the reverse.
    for rule_first in [true, false] {
        let mut transfers = Transfers::new(1);
        if rule_first {
            transfers.handle(FileInput::Spare { on: true }, T0);
        }
        transfers.handle(photo(1), T0);
        transfers.handle(FileInput::Spare { on: true }, T0);
        let light =
            FileInput::Upload { file: file(2), size: SIZE, offset: None, weight: Weight::Light };
        transfers.handle(light, T0);
        assert_eq!(starts(&mut transfers), [file(2)], "what a step needs goes over any network");
        assert_eq!(transfers.spared(), (1, SIZE));
        transfers.handle(FileInput::Cancel { file: file(2) }, T0);
        assert_eq!(transfers.due(), None, "nothing is due while all that is left waits");
        transfers.handle(FileInput::Hurry, T0);
        assert!(starts(&mut transfers).is_empty(), "nor by hurrying");
        transfers.handle(FileInput::Spare { on: false }, T0);
        assert_eq!(starts(&mut transfers), [file(1)], "another network, and it goes by itself");
        assert_eq!(transfers.spared(), (0, 0));
    }
}

#[test]
fn c_03_a_network_that_turns_metered_stops_an_original_at_its_next_chunk() {
    let mut transfers = Transfers::new(1);
    transfers.handle(photo(1), T0);
    assert_eq!(starts(&mut transfers), [file(1)]);
    // The rule turned while the offer was under way.
    transfers.handle(FileInput::Spare { on: true }, T0);
    transfers.handle(FileInput::Upped { file: file(1), result: Ok(state(1, 0, false)) }, T0);
    assert!(starts(&mut transfers).is_empty());
    transfers.handle(FileInput::Spare { on: false }, T0);
    assert_eq!(starts(&mut transfers), [file(1)]);
    // It was found only when the chunk was to start: no failure, no waiting.
    transfers.handle(FileInput::Spare { on: true }, T0);
    let spared = Err(FileFailure::Spared);
    transfers.handle(FileInput::Upped { file: file(1), result: spared }, T0);
    assert!(starts(&mut transfers).is_empty());
    transfers.handle(FileInput::Spare { on: false }, T0);
    let soon = T0.plus_ms(1_000);
    assert_eq!(transfers.advance(soon, true), [FileEffect::AskOffset { file: file(1) }]);
}

#[test]
fn c_03_this_time_all_the_same_sends_what_waits_and_nothing_later() {
    let mut transfers = Transfers::new(1);
    transfers.handle(FileInput::Spare { on: true }, T0);
    transfers.handle(photo(1), T0);
    transfers.handle(FileInput::Anyway, T0);
    transfers.handle(photo(2), T0);
    assert_eq!(starts(&mut transfers), [file(1)]);
    assert_eq!(transfers.spared(), (1, SIZE), "what came after waits");
}

#[test]
fn what_a_visit_needs_goes_before_everything_else() {
    let mut transfers = Transfers::new(1);
    let want = |n, size, haste| FileInput::Download { file: file(n), size, offset: 0, haste };
    for n in 1..=3 {
        transfers.handle(want(n, 10, Haste::Usual), T0);
    }
    transfers.handle(want(4, SIZE, Haste::Visit), T0);
    // What was wanted in its turn becomes urgent, and stays so.
    transfers.handle(want(3, 10, Haste::Visit), T0);
    transfers.handle(want(3, 10, Haste::Usual), T0);
    assert_eq!(starts(&mut transfers), [file(3), file(4)]);
}

#[test]
fn a_33_as_many_run_at_once_as_the_way_carries() {
    let mut transfers = Transfers::new(1);
    for n in 1..=20 {
        let size = 40 * CHUNK as u64;
        let want = FileInput::Download { file: file(n), size, offset: 0, haste: Haste::Usual };
        transfers.handle(want, T0);
    }
    let mut flying = starts(&mut transfers);
    let mut widths = vec![flying.len()];
    let mut done = BTreeMap::new();
    // Each chunk takes 20 s: twenty photos side by side would never arrive.
    for _ in 0..60 {
        let moved = flying.remove(0);
        transfers.handle(FileInput::Measured { bytes: CHUNK as u64, ms: 20_000 }, T0);
        let here = done.entry(moved).or_insert(0);
        *here += CHUNK as u64;
        transfers.handle(FileInput::Fetched { file: moved, result: Ok(*here) }, T0);
        flying.extend(starts(&mut transfers));
        widths.push(flying.len());
    }
    assert_eq!((widths[0], widths[2..].iter().max()), (2, Some(&1)), "{widths:?}");
    assert_eq!(done.len(), 2, "one file after the other, not all of them a little");
}
