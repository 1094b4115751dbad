//! The numbers that people say: of cases, ledger items, complaints. The server
//! gives them in order; a tablet's are provisional until then.

use crate::time::Instant;

/// A series of running numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// 报装工单: `XZLT-BZ-YYYYMMDD-NNNN`, from 1 every day.
    Case,
    /// 回访台账: `HF-YYYYMM-NNNN`, from 1 every month (domain i.4).
    Ledger,
    /// 投诉: `TS-YYYYMM-NNNN`, from 1 every month.
    Complaint,
}

impl Series {
    /// What the numbers of the series at `at` are counted under.
    pub fn key(self, at: Instant) -> String {
        let local = at.china();
        match self {
            Self::Case => local.format("%Y%m%d").to_string(),
            Self::Ledger => local.format("HF-%Y%m").to_string(),
            Self::Complaint => local.format("TS-%Y%m").to_string(),
        }
    }

    /// The number as people say it.
    pub fn write(self, at: Instant, n: u64) -> String {
        let key = self.key(at);
        match self {
            Self::Case => format!("XZLT-BZ-{key}-{n:04}"),
            Self::Ledger | Self::Complaint => format!("{key}-{n:04}"),
        }
    }
}

/// The number `place` places after `first`, for a command that makes several
/// records; a provisional number gets the place behind a stroke.
pub fn nth(first: &str, place: usize) -> String {
    if place == 0 {
        return first.to_owned();
    }
    let counted = first.rsplit_once('-').filter(|_| !first.starts_with("T-"));
    match counted.and_then(|(head, last)| Some((head, last.parse::<usize>().ok()?))) {
        Some((head, last)) => format!("{head}-{:04}", last + place),
        None => format!("{first}/{}", place + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_run_on_within_their_series() {
        let at = Instant::parse("2026-03-01T00:30:00+08:00").unwrap();
        assert_eq!(Series::Case.write(at, 7), "XZLT-BZ-20260301-0007");
        assert_eq!(Series::Ledger.write(at, 12), "HF-202603-0012");
        assert_eq!(Series::Complaint.write(at, 1), "TS-202603-0001");
        assert_eq!(nth("HF-202603-0009", 0), "HF-202603-0009");
        assert_eq!(nth("HF-202603-0009", 2), "HF-202603-0011");
        assert_eq!(nth("T-3fa1-0009", 1), "T-3fa1-0009/2");
    }
}
