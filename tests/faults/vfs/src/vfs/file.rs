//! One open file, watched.

use std::ffi::{c_int, c_void};
use std::slice;
use std::sync::Arc;

use rusqlite::ffi::{self, sqlite3_file as File, sqlite3_int64 as Offset};

use crate::tape::{Call, Fault, Op, Watch};

/// Our part of a file; the system's own lies behind it.
#[repr(C, align(8))]
pub(super) struct Watched {
    pub(super) base: File,
    /// Who watches it; freed on closing.
    pub(super) watch: *mut Option<(Arc<Watch>, Arc<str>)>,
}

pub(super) static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 3,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: Some(fetch),
    xUnfetch: Some(unfetch),
};

/// What SQLite is told of a fault.
pub(super) fn code_of(fault: Fault) -> c_int {
    match fault {
        Fault::Full => ffi::SQLITE_FULL,
        Fault::Write => ffi::SQLITE_IOERR_WRITE,
        Fault::Sync => ffi::SQLITE_IOERR_FSYNC,
        Fault::Read => ffi::SQLITE_IOERR_READ,
        Fault::ShortRead => ffi::SQLITE_IOERR_SHORT_READ,
    }
}

/// The system's file behind ours.
///
/// # Safety
/// `file` is a block that SQLite allotted for our file system.
pub(super) unsafe fn real_of(file: *mut File) -> *mut File {
    // SAFETY: the block has `size_of::<Watched>()` bytes and the system's own
    // behind them.
    unsafe { file.cast::<u8>().add(size_of::<Watched>()).cast() }
}

/// # Safety
/// `file` was opened by us and is not closed yet.
unsafe fn watch_of<'a>(file: *mut File) -> Option<&'a (Arc<Watch>, Arc<str>)> {
    // SAFETY: set when it was opened, freed when it is closed.
    unsafe { (*(*file.cast::<Watched>()).watch).as_ref() }
}

/// # Safety
/// As [`watch_of`].
unsafe fn struck(file: *mut File, call: Call) -> Option<Fault> {
    // SAFETY: by the caller.
    unsafe { watch_of(file) }.and_then(|(watch, name)| watch.fault(name, call))
}

/// # Safety
/// As [`watch_of`].
unsafe fn note(file: *mut File, op: impl FnOnce() -> Op) {
    // SAFETY: by the caller.
    if let Some((watch, name)) = unsafe { watch_of(file) } {
        watch.note(name, op());
    }
}

/// Calls the same method of the system's file.
macro_rules! pass_on {
    ($method:ident, $file:expr $(, $argument:expr)*) => {{
        let real = real_of($file);
        match (*(*real).pMethods).$method {
            Some(method) => method(real $(, $argument)*),
            None => ffi::SQLITE_IOERR,
        }
    }};
}

unsafe extern "C" fn close(file: *mut File) -> c_int {
    // SAFETY: SQLite closes a file once.
    unsafe {
        let code = pass_on!(xClose, file);
        if let Some((watch, name)) = watch_of(file) {
            watch.closed(name);
        }
        drop(Box::from_raw((*file.cast::<Watched>()).watch));
        (*file).pMethods = std::ptr::null();
        code
    }
}

unsafe extern "C" fn read(file: *mut File, to: *mut c_void, len: c_int, at: Offset) -> c_int {
    // SAFETY: `to` has room for `len` bytes.
    unsafe {
        match struck(file, Call::Read) {
            Some(Fault::ShortRead) => {
                let code = pass_on!(xRead, file, to, len, at);
                let room = slice::from_raw_parts_mut(to.cast::<u8>(), bytes(len));
                let half = room.len() / 2;
                room[half..].fill(0);
                if code == ffi::SQLITE_OK { ffi::SQLITE_IOERR_SHORT_READ } else { code }
            }
            Some(fault) => code_of(fault),
            None => pass_on!(xRead, file, to, len, at),
        }
    }
}

unsafe extern "C" fn write(file: *mut File, from: *const c_void, len: c_int, at: Offset) -> c_int {
    // SAFETY: `from` has `len` bytes.
    unsafe {
        let fault = struck(file, Call::Write);
        // A disk that becomes full takes what still fits.
        let fits = match fault {
            None => len,
            Some(Fault::Full) => len / 2,
            Some(fault) => return code_of(fault),
        };
        let code = pass_on!(xWrite, file, from, fits, at);
        if code == ffi::SQLITE_OK {
            let written = slice::from_raw_parts(from.cast::<u8>(), bytes(fits));
            note(file, || Op::Write { at: place(at), bytes: written.into() });
        }
        fault.map_or(code, code_of)
    }
}

unsafe extern "C" fn truncate(file: *mut File, size: Offset) -> c_int {
    // SAFETY: the file is open.
    unsafe {
        if let Some(fault) = struck(file, Call::Cut) {
            return code_of(fault);
        }
        let code = pass_on!(xTruncate, file, size);
        if code == ffi::SQLITE_OK {
            note(file, || Op::Truncate { len: place(size) });
        }
        code
    }
}

unsafe extern "C" fn sync(file: *mut File, flags: c_int) -> c_int {
    // SAFETY: the file is open.
    unsafe {
        if let Some(fault) = struck(file, Call::Sync) {
            note(file, || Op::SyncFailed);
            return code_of(fault);
        }
        let code = pass_on!(xSync, file, flags);
        if code == ffi::SQLITE_OK {
            note(file, || Op::Sync);
        }
        code
    }
}

unsafe extern "C" fn fetch(file: *mut File, at: Offset, len: c_int, to: *mut *mut c_void) -> c_int {
    // SAFETY: the file is open; a null page makes SQLite read by `xRead`,
    // where a fault can strike.
    unsafe {
        if watch_of(file).is_some() {
            *to = std::ptr::null_mut();
            return ffi::SQLITE_OK;
        }
        pass_on!(xFetch, file, at, len, to)
    }
}

unsafe extern "C" fn unfetch(file: *mut File, at: Offset, page: *mut c_void) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { pass_on!(xUnfetch, file, at, page) }
}

unsafe extern "C" fn file_size(file: *mut File, size: *mut Offset) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { pass_on!(xFileSize, file, size) }
}

unsafe extern "C" fn lock(file: *mut File, level: c_int) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { pass_on!(xLock, file, level) }
}

unsafe extern "C" fn unlock(file: *mut File, level: c_int) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { pass_on!(xUnlock, file, level) }
}

unsafe extern "C" fn check_reserved_lock(file: *mut File, held: *mut c_int) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { pass_on!(xCheckReservedLock, file, held) }
}

unsafe extern "C" fn file_control(file: *mut File, op: c_int, argument: *mut c_void) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { pass_on!(xFileControl, file, op, argument) }
}

unsafe extern "C" fn sector_size(file: *mut File) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { pass_on!(xSectorSize, file) }
}

unsafe extern "C" fn characteristics(file: *mut File) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { pass_on!(xDeviceCharacteristics, file) }
}

unsafe extern "C" fn shm_map(
    file: *mut File,
    page: c_int,
    size: c_int,
    extend: c_int,
    to: *mut *mut c_void,
) -> c_int {
    // SAFETY: passed on as it came. The index of the log is made anew from
    // the log after every cut, so that its content is no part of a disk.
    unsafe { pass_on!(xShmMap, file, page, size, extend, to) }
}

unsafe extern "C" fn shm_lock(file: *mut File, at: c_int, n: c_int, flags: c_int) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { pass_on!(xShmLock, file, at, n, flags) }
}

unsafe extern "C" fn shm_barrier(file: *mut File) {
    // SAFETY: passed on as it came.
    unsafe {
        let real = real_of(file);
        if let Some(barrier) = (*(*real).pMethods).xShmBarrier {
            barrier(real);
        }
    }
}

unsafe extern "C" fn shm_unmap(file: *mut File, delete: c_int) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { pass_on!(xShmUnmap, file, delete) }
}

fn bytes(len: c_int) -> usize {
    usize::try_from(len).unwrap_or(0)
}

fn place(at: Offset) -> usize {
    usize::try_from(at).unwrap_or(0)
}
