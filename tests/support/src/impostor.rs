//! What may stand where the company's server should: a sign-in page, a silent
//! listener, a slow line.
//!
//! Invariant: each ends when its value is dropped.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// Something that listens at an address.
pub struct Impostor {
    address: SocketAddr,
    calls: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
}

impl Impostor {
    /// Answers every request with `answer`, byte for byte.
    pub fn answering(at: &str, answer: &str) -> Self {
        let answer = answer.to_owned();
        Self::listen(at, move |mut stream, _| {
            let mut request = [0_u8; 4096];
            let read = stream.read(&mut request);
            // The caller may have gone; that is its own affair.
            let _ = read.and_then(|_| stream.write_all(answer.as_bytes()));
            let _ = stream.shutdown(Shutdown::Both);
        })
    }

    /// Accepts every call and never says a word.
    pub fn silent(at: &str) -> Self {
        Self::listen(at, |stream, over| {
            while !over.load(Ordering::Relaxed) {
                thread::park_timeout(Duration::from_millis(20));
            }
            drop(stream);
        })
    }

    /// Passes everything on to `server`, late and in small pieces.
    pub fn slow(at: &str, server: &str, delay: Duration, piece: usize) -> Self {
        let server = server.to_owned();
        Self::listen(at, move |near, _| {
            let Ok(far) = TcpStream::connect(&server) else { return };
            let (Ok(near_too), Ok(far_too)) = (near.try_clone(), far.try_clone()) else { return };
            let back = thread::spawn(move || carry(far_too, near_too, delay, piece));
            carry(near, far, delay, piece);
            let _ = back.join();
        })
    }

    /// Where it listens, as `127.0.0.1:PORT`.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// How many calls it has had.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    fn listen(at: &str, serve: impl Fn(TcpStream, &AtomicBool) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(at).unwrap_or_else(|error| panic!("{at}: {error}"));
        let address = listener.local_addr().expect("it has an address");
        let (calls, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, end, serve) = (Arc::clone(&calls), Arc::clone(&over), Arc::new(serve));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if end.load(Ordering::Relaxed) {
                    return;
                }
                count.fetch_add(1, Ordering::Relaxed);
                let (serve, end) = (Arc::clone(&serve), Arc::clone(&end));
                thread::spawn(move || serve(stream, &end));
            }
        });
        Self { address, calls, over }
    }
}

impl Drop for Impostor {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // One last call lets the listener notice.
        let _ = TcpStream::connect(self.address);
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, delay: Duration, piece: usize) {
    let mut buffer = vec![0_u8; piece];
    while let Ok(read) = from.read(&mut buffer) {
        if read == 0 {
            break;
        }
        thread::park_timeout(delay);
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
