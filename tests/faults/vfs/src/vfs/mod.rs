//! The file system that SQLite sees: the system's own, watched.
//!
//! Files that nobody watches pass through untouched. This is the one place of
//! the workspace with unsafe code of its own: SQLite's interface to file
//! systems is made of C functions and raw memory.
//!
//! Invariant: a file of ours is [`file::Watched`] followed by the system's own
//! file in the same block of memory, which SQLite allots by our `szOsFile`.
#![expect(unsafe_code, reason = "SQLite's interface to file systems is a C interface")]

mod file;

use std::ffi::{CStr, OsStr, c_char, c_int};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::ptr;
use std::sync::Once;

use rusqlite::ffi;

use crate::tape::{Call, Op, watch_of};
use file::{METHODS, Watched, real_of};

/// Puts the watched file system in the place of the default one.
///
/// # Panics
/// When SQLite does not take it.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: `sqlite3_initialize` may be called at any time; the default
        // file system lives as long as the program.
        let real = unsafe {
            ffi::sqlite3_initialize();
            ffi::sqlite3_vfs_find(ptr::null())
        };
        assert!(!real.is_null(), "SQLite has a default file system");
        // SAFETY: `real` is the registered default; a copy of it with our own
        // opening and removing calls the same functions with `real` as their
        // own, see `of`.
        let ours = unsafe {
            let mut ours = *real;
            ours.szOsFile += c_int::try_from(size_of::<Watched>()).expect("it is small");
            ours.pNext = ptr::null_mut();
            ours.zName = c"watched".as_ptr();
            ours.pAppData = real.cast();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            ours.xAccess = Some(access);
            ours.xFullPathname = Some(full_path);
            Box::into_raw(Box::new(ours))
        };
        // SAFETY: `ours` is never freed.
        let taken = unsafe { ffi::sqlite3_vfs_register(ours, 1) };
        assert_eq!(taken, ffi::SQLITE_OK, "SQLite takes the watched file system");
    });
}

/// The system's file system behind ours.
///
/// # Safety
/// `vfs` is the one that `install` made.
unsafe fn of(vfs: *mut ffi::sqlite3_vfs) -> *mut ffi::sqlite3_vfs {
    // SAFETY: `install` put it there.
    unsafe { (*vfs).pAppData.cast() }
}

/// # Safety
/// `name` is null or a C string of SQLite's.
unsafe fn path<'a>(name: *const c_char) -> Option<&'a Path> {
    // SAFETY: by the caller.
    let name = unsafe { name.as_ref().map(|_| CStr::from_ptr(name)) };
    name.map(|name| Path::new(OsStr::from_bytes(name.to_bytes())))
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives a block of our `szOsFile` bytes, which becomes a
    // `Watched` with the system's file behind it; the name outlives the file.
    unsafe {
        let watched: *mut Watched = file.cast();
        (*watched).base.pMethods = ptr::null();
        let path = path(name);
        let watch = path.and_then(watch_of);
        let fresh = path.is_some_and(|path| !path.exists());
        if let Some((watch, name)) = watch.as_ref().filter(|_| fresh)
            && let Some(fault) = watch.fault(name, Call::Write)
        {
            return file::code_of(fault);
        }
        let Some(open) = (*of(vfs)).xOpen else { return ffi::SQLITE_CANTOPEN };
        let code = open(of(vfs), name, real_of(file), flags, out);
        if !(*real_of(file)).pMethods.is_null() {
            if let Some((watch, name)) = &watch {
                if fresh {
                    watch.note(name, Op::Create);
                }
                watch.opened(name, fresh);
            }
            (*watched).watch = Box::into_raw(Box::new(watch));
            (*watched).base.pMethods = &raw const METHODS;
        }
        code
    }
}

unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    // SAFETY: the arguments are SQLite's own.
    unsafe {
        let watch = path(name).and_then(watch_of);
        if let Some(fault) = watch.as_ref().and_then(|(watch, name)| watch.fault(name, Call::Cut)) {
            return file::code_of(fault);
        }
        let Some(delete) = (*of(vfs)).xDelete else { return ffi::SQLITE_IOERR };
        let code = delete(of(vfs), name, sync);
        if let (ffi::SQLITE_OK, Some((watch, name))) = (code, watch) {
            watch.note(&name, Op::Delete { durable: sync != 0 });
        }
        code
    }
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { (*of(vfs)).xAccess.map_or(ffi::SQLITE_IOERR, |call| call(of(vfs), name, flags, out)) }
}

unsafe extern "C" fn full_path(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    len: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: passed on as it came.
    unsafe {
        (*of(vfs)).xFullPathname.map_or(ffi::SQLITE_IOERR, |call| call(of(vfs), name, len, out))
    }
}
