//! The last entries of the synchronisation log, for the status page.
//!
//! Invariant: codes, counts and times alone; bounded.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use lantian_domain::time::Instant;

use crate::view::{LogEntry, LogLevel};

const KEPT: usize = 200;

/// What an entry's code means, for a reader of Chinese.
pub(crate) fn words(code: &str) -> &'static str {
    match code {
        "synced" => "同步完成",
        "offline" => "连接不上服务器，稍后自动重试；内容仍在本机",
        "timeout" => "服务器没有及时应答，稍后自动重试",
        "not_our_server" => "应答不是公司服务器发出的；请检查是否需要先登录该网络",
        "tls" => "服务器证书不被信任；请检查本机日期，或联系管理员",
        "sign_in_needed" | "unauthenticated" => "登录已过期，请重新登录",
        "revoked" => "本设备已被停用，请联系管理员",
        "busy" => "服务器繁忙，稍后自动重试",
        "server_error" => "服务器出现故障，稍后自动重试",
        "outdated" => "程序版本过旧，请更新后再同步",
        "unreadable_answer" => "服务器的应答无法读取，稍后自动重试",
        "epoch_changed" => "服务器数据已恢复到较早的备份，已送达的内容将再次上传",
        "cursor_ahead" => "服务器的数据比本机旧，已停止同步，请联系管理员",
        "device_full" => "本机存储已满，请先清理空间",
        _ => "同步未完成，稍后自动重试",
    }
}

/// The log, newest first.
#[derive(Default)]
pub(crate) struct Journal(Mutex<VecDeque<LogEntry>>);

impl Journal {
    /// Notes an entry; the same code again only raises the time.
    pub(crate) fn note(&self, at: Instant, level: LogLevel, code: &str, text: String) {
        tracing::info!(code, text, "sync");
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = entries.front_mut()
            && last.code == code
            && last.text == text
        {
            last.at = at;
            return;
        }
        entries.push_front(LogEntry { at, level, code: code.to_owned(), text });
        entries.truncate(KEPT);
    }

    /// All entries.
    pub(crate) fn entries(&self) -> Vec<LogEntry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_bounded_and_a_repeat_is_one_entry() {
        let journal = Journal::default();
        for at in 0..1_000 {
            journal.note(Instant(at), LogLevel::Info, "pushed", at.to_string());
        }
        journal.note(Instant(2_000), LogLevel::Warn, "offline", String::new());
        journal.note(Instant(3_000), LogLevel::Warn, "offline", String::new());
        let entries = journal.entries();
        assert_eq!(entries.len(), KEPT);
        assert_eq!((entries[0].at, entries[0].code.as_str()), (Instant(3_000), "offline"));
        assert_eq!(entries[1].text, "999");
    }
}
