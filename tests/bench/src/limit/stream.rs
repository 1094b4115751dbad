//! Documents over loopback TCP: as one compressed stream, or as frames.

use std::io::{BufWriter, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use anyhow::{Context, Result};

use super::Document;

/// The level that the product compresses its answers with.
pub(super) const LEVEL: i32 = 3;
pub(super) const BUFFER: usize = 1 << 17;

/// Serves every document once, compressed on the way, to one connection.
pub(super) fn serve_once(
    documents: &[Document],
) -> Result<(SocketAddr, thread::JoinHandle<Result<()>>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let texts: Vec<String> = documents.iter().map(|document| document.text().to_owned()).collect();
    let server = thread::spawn(move || {
        let (connection, _) = listener.accept()?;
        connection.set_nodelay(true)?;
        let mut packed = zstd::Encoder::new(BufWriter::with_capacity(BUFFER, connection), LEVEL)?;
        for text in &texts {
            packed.write_all(text.as_bytes())?;
            packed.write_all(b"\n")?;
        }
        packed.finish()?.flush()?;
        Ok(())
    });
    Ok((address, server))
}

/// A connection that sends small messages at once.
pub(super) fn connect(address: SocketAddr) -> Result<TcpStream> {
    let connection = TcpStream::connect(address)?;
    connection.set_nodelay(true)?;
    Ok(connection)
}

/// Sends `bytes` with their length in front.
pub(super) fn send(connection: &mut impl Write, bytes: &[u8]) -> Result<()> {
    let length = u32::try_from(bytes.len()).context("a frame of more than 4 GiB")?;
    let mut frame = length.to_le_bytes().to_vec();
    frame.extend_from_slice(bytes);
    connection.write_all(&frame)?;
    Ok(())
}

/// Receives what [`send`] sent; nothing when the other side has closed.
pub(super) fn receive(connection: &mut impl Read) -> Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match connection.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    let mut bytes = vec![0; u32::from_le_bytes(length) as usize];
    connection.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}
