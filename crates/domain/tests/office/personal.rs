//! Commands about personal information as people would fill them in.

use lantian_domain::{
    case::Channel,
    command::Command,
    ids::RecordId,
    privacy::{
        breach::RecordBreach,
        register::FileAssessment,
        request::{PiKind, ReceivePiRequest},
    },
    time::Instant,
};

pub(crate) fn pi_request(kind: PiKind, about: Option<RecordId>) -> Command {
    Command::ReceivePiRequest(ReceivePiRequest {
        kind,
        name: "王小明".to_owned(),
        phone: "13800138000".to_owned(),
        identity: "预留手机验证码".to_owned(),
        channel: Channel::Hotline,
        about,
        text: "请告知保存了我的哪些信息".to_owned(),
    })
}

pub(crate) fn assessment(now: Instant) -> Command {
    let done_on = now.date();
    Command::FileAssessment(FileAssessment {
        subject: "证件号码处理".to_owned(),
        done_on,
        valid_to: done_on.checked_add_months(chrono::Months::new(12)).unwrap(),
        conclusion: "风险可控".to_owned(),
        file: None,
    })
}

pub(crate) fn breach(now: Instant) -> Command {
    Command::RecordBreach(RecordBreach {
        found_at: now,
        kinds: "姓名、手机号码".to_owned(),
        persons: 12,
        cause: "一台平板遗失".to_owned(),
        harm: "可能收到骚扰电话".to_owned(),
        measures: "已远程注销设备并更换密钥".to_owned(),
        advice: "留意陌生来电，不透露验证码".to_owned(),
        contact: "客户服务热线 0371-62690000".to_owned(),
    })
}
