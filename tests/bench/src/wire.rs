//! A relay in front of the server that counts every byte of every connection.
//!
//! Words: a *count* is payload bytes of TCP, both ways together: request
//! lines, headers and bodies, answers, and the events that wake tablets.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use anyhow::Result;

/// A running relay; it serves until the process ends.
pub(crate) struct Wire {
    /// Where tablets connect.
    pub(crate) address: SocketAddr,
    bytes: Arc<AtomicU64>,
}

impl Wire {
    /// A relay to `server` on a free port.
    pub(crate) fn to(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let bytes = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&bytes);
        thread::spawn(move || {
            for tablet in listener.incoming().flatten() {
                if let Err(error) = relay(tablet, server, &counter) {
                    eprintln!("a connection was not relayed: {error:#}");
                }
            }
        });
        Ok(Self { address, bytes })
    }

    /// Bytes so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

fn relay(tablet: TcpStream, server: SocketAddr, bytes: &Arc<AtomicU64>) -> Result<()> {
    let company = TcpStream::connect(server)?;
    tablet.set_nodelay(true)?;
    company.set_nodelay(true)?;
    let (from_tablet, from_company) = (tablet.try_clone()?, company.try_clone()?);
    for (from, to) in [(from_tablet, company), (from_company, tablet)] {
        let bytes = Arc::clone(bytes);
        thread::spawn(move || pass(from, to, &bytes));
    }
    Ok(())
}

/// Passes bytes on until one side closes; that is no fault of the relay.
fn pass(mut from: TcpStream, mut to: TcpStream, bytes: &AtomicU64) {
    let mut buffer = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        bytes.fetch_add(length as u64, Ordering::Relaxed);
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    // The other side may be gone already.
    let _ = to.shutdown(Shutdown::Write);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_counted_both_ways() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let wire = Wire::to(listener.local_addr().unwrap()).unwrap();
        let mut tablet = TcpStream::connect(wire.address).unwrap();
        let (mut company, _) = listener.accept().unwrap();
        tablet.write_all(b"hello").unwrap();
        let mut heard = [0; 5];
        company.read_exact(&mut heard).unwrap();
        company.write_all(b"you too").unwrap();
        let mut answer = [0; 7];
        tablet.read_exact(&mut answer).unwrap();
        assert_eq!((&heard, &answer), (b"hello", b"you too"));
        assert_eq!(wire.bytes(), 12);
    }
}
