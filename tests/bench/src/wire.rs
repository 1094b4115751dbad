//! A relay in front of the server that counts every byte of every connection,
//! and can be as slow and as unreliable as a network in the field.
//!
//! Words: a *count* is payload bytes of TCP: request lines, headers and
//! bodies, answers, and the events that wake tablets. A *line* is what the
//! relay is like: how far, how wide, and how long a connection lives.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

/// Bytes passed on at a time over a line with a width.
const PIECE: usize = 1_400;
/// Bytes on their way at the most in one direction of a line with a width; a
/// sender beyond it waits, as it does for a full window.
const WINDOW: usize = 64 << 10;

/// What a line is like.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Line {
    /// How long a byte is under way, one way.
    pub(crate) delay: Duration,
    /// Bytes per second each way; nothing for as fast as it goes.
    pub(crate) rate: Option<u64>,
    /// How long a connection lives.
    pub(crate) life: Option<Duration>,
}

/// A running relay; it serves until the process ends.
pub(crate) struct Wire {
    /// Where tablets connect.
    pub(crate) address: SocketAddr,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    up: AtomicU64,
    down: AtomicU64,
    /// Whether what passed last came from a tablet.
    asking: AtomicBool,
    turns: AtomicU64,
}

impl Counts {
    fn add(&self, up: bool, length: usize) {
        let counter = if up { &self.up } else { &self.down };
        counter.fetch_add(length as u64, Ordering::Relaxed);
        if !self.asking.swap(up, Ordering::Relaxed) && up {
            self.turns.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Wire {
    /// A relay to `server` on a free port.
    pub(crate) fn to(server: SocketAddr) -> Result<Self> {
        Self::over(Line::default(), server)
    }

    /// The same over a line.
    pub(crate) fn over(line: Line, server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let counts = Arc::new(Counts::default());
        let counters = Arc::clone(&counts);
        thread::spawn(move || {
            for tablet in listener.incoming().flatten() {
                if let Err(error) = relay(line, tablet, server, &counters) {
                    eprintln!("a connection was not relayed: {error:#}");
                }
            }
        });
        Ok(Self { address, counts })
    }

    /// Bytes so far, both ways together.
    pub(crate) fn bytes(&self) -> u64 {
        self.up() + self.counts.down.load(Ordering::Relaxed)
    }

    /// Bytes from tablets so far.
    pub(crate) fn up(&self) -> u64 {
        self.counts.up.load(Ordering::Relaxed)
    }

    /// Round trips so far: how often a tablet spoke after the server had.
    pub(crate) fn turns(&self) -> u64 {
        self.counts.turns.load(Ordering::Relaxed)
    }
}

fn relay(line: Line, tablet: TcpStream, server: SocketAddr, counts: &Arc<Counts>) -> Result<()> {
    let company = TcpStream::connect(server)?;
    tablet.set_nodelay(true)?;
    company.set_nodelay(true)?;
    let (from_tablet, from_company) = (tablet.try_clone()?, company.try_clone()?);
    if let Some(life) = line.life {
        let (tablet, company) = (tablet.try_clone()?, company.try_clone()?);
        thread::spawn(move || {
            thread::sleep(life);
            // One of them may have ended by itself.
            let _ = tablet.shutdown(Shutdown::Both);
            let _ = company.shutdown(Shutdown::Both);
        });
    }
    let ways = [(from_tablet, company, true), (from_company, tablet, false)];
    for (from, to, up) in ways {
        let counts = Arc::clone(counts);
        let count = move |length: usize| counts.add(up, length);
        if line.rate.is_none() && line.delay.is_zero() {
            thread::spawn(move || pass(from, to, count));
        } else {
            let under_way = Arc::new(UnderWay::default());
            let arriving = Arc::clone(&under_way);
            thread::spawn(move || send_off(line, from, &under_way, count));
            thread::spawn(move || arrive(to, &arriving));
        }
    }
    Ok(())
}

/// Passes bytes on until one side closes; that is no fault of the relay.
fn pass(mut from: TcpStream, mut to: TcpStream, count: impl Fn(usize)) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        count(length);
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    // The other side may be gone already.
    let _ = to.shutdown(Shutdown::Write);
}

/// The bytes under way in one direction, each piece with its arrival.
#[derive(Default)]
struct UnderWay {
    pieces: Mutex<Pieces>,
    moved: Condvar,
}

#[derive(Default)]
struct Pieces {
    queue: VecDeque<(Instant, Vec<u8>)>,
    bytes: usize,
    ended: bool,
}

/// Puts what one side sends on its way.
fn send_off(line: Line, mut from: TcpStream, under_way: &UnderWay, count: impl Fn(usize)) {
    let mut buffer = vec![0; PIECE];
    let mut free_at = Instant::now();
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        count(length);
        let width = line.rate.map_or(0.0, |rate| length as f64 / rate as f64);
        free_at = free_at.max(Instant::now()) + Duration::from_secs_f64(width);
        let mut pieces = under_way.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        while pieces.bytes > WINDOW && !pieces.ended {
            pieces = under_way.moved.wait(pieces).unwrap_or_else(PoisonError::into_inner);
        }
        pieces.bytes += length;
        pieces.queue.push_back((free_at + line.delay, buffer[..length].to_vec()));
        under_way.moved.notify_all();
    }
    under_way.pieces.lock().unwrap_or_else(PoisonError::into_inner).ended = true;
    under_way.moved.notify_all();
}

/// Hands over what has arrived, each piece at its time.
fn arrive(mut to: TcpStream, under_way: &UnderWay) {
    loop {
        let mut pieces = under_way.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        let piece = loop {
            if let Some(piece) = pieces.queue.pop_front() {
                break Some(piece);
            }
            if pieces.ended {
                break None;
            }
            pieces = under_way.moved.wait(pieces).unwrap_or_else(PoisonError::into_inner);
        };
        drop(pieces);
        let Some((at, bytes)) = piece else { break };
        thread::sleep(at.saturating_duration_since(Instant::now()));
        let failed = to.write_all(&bytes).is_err();
        let mut pieces = under_way.pieces.lock().unwrap_or_else(PoisonError::into_inner);
        pieces.bytes -= bytes.len();
        pieces.ended |= failed;
        under_way.moved.notify_all();
        if failed {
            break;
        }
    }
    // The other side may be gone already.
    let _ = to.shutdown(Shutdown::Write);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(line: Line) -> (Wire, TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let wire = Wire::over(line, listener.local_addr().unwrap()).unwrap();
        let tablet = TcpStream::connect(wire.address).unwrap();
        let (company, _) = listener.accept().unwrap();
        (wire, tablet, company)
    }

    #[test]
    fn every_byte_is_counted_both_ways() {
        let (wire, mut tablet, mut company) = pair(Line::default());
        tablet.write_all(b"hello").unwrap();
        let mut heard = [0; 5];
        company.read_exact(&mut heard).unwrap();
        company.write_all(b"you too").unwrap();
        let mut answer = [0; 7];
        tablet.read_exact(&mut answer).unwrap();
        assert_eq!((&heard, &answer), (b"hello", b"you too"));
        assert_eq!((wire.bytes(), wire.up(), wire.turns()), (12, 5, 1));
    }

    #[test]
    fn a_line_is_as_slow_as_it_says() {
        let (delay, rate) = (Duration::from_millis(40), Some(100_000));
        let (_wire, mut tablet, mut company) = pair(Line { delay, rate, life: None });
        let began = Instant::now();
        tablet.write_all(&[7; 10_000]).unwrap();
        company.read_exact(&mut [0; 10_000]).unwrap();
        let took = began.elapsed();
        assert!(took >= Duration::from_millis(135), "{took:?}");
        assert!(took < Duration::from_millis(2_000), "{took:?}");
    }

    #[test]
    fn a_connection_is_cut_at_the_end_of_its_life() {
        let life = Some(Duration::from_millis(50));
        let (_wire, mut tablet, _company) = pair(Line { life, ..Line::default() });
        assert_eq!(tablet.read(&mut [0; 1]).unwrap_or(0), 0);
    }
}
