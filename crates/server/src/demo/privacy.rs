//! What persons asked of their own data, and the register: an assessment that
//! ends soon, an incident of a drill that is dealt with.

use chrono::{Days, Months};
use lantian_domain::{
    case::Channel,
    command::Command,
    event::{Change, Event},
    ids::{CommandId, DeviceId, RecordId},
    privacy::{
        breach::{CloseBreach, RecordBreach},
        register::{FileAssessment, PiRegister},
        request::{AnswerPiRequest, PiKind, ReceivePiRequest},
    },
    time::{DAY_MS, Instant},
};
use uuid::Uuid;

use super::people::Staff;
use crate::{
    error::{Error, Result},
    identity::accounts::{By, administrative},
    pipeline::{Act, Desk},
    store::Unit,
};

/// Plays them; how many commands that took.
///
/// # Errors
/// The store's; [`Error::Damaged`] when the rulebook refuses one.
pub(super) fn play(unit: &Unit<'_>, staff: &Staff, now: Instant) -> Result<u64> {
    let mut desk = Desk::open(unit)?;
    if crate::pipeline::find(unit, PiRegister::ID)?.is_none() {
        let opened = Event::PiRegisterOpened(Box::new(PiRegister::empty()));
        let stamp = administrative(By::default(), now.plus_ms(-30 * DAY_MS));
        desk.append(Change { record: PiRegister::ID, event: opened }, &stamp)?;
    }
    let answered = RecordId(Uuid::now_v7());
    let open = RecordId(Uuid::now_v7());
    let days = |ago: i64| now.plus_ms(-ago * DAY_MS);
    let given = [
        ("sec_admin1", PiRegister::ID, days(20), assessment(now)),
        ("sec_admin1", PiRegister::ID, days(12), breach(days(12))),
        ("sec_admin1", PiRegister::ID, days(11), closed()),
        ("service_lead1", answered, days(9), asked(PiKind::Access, "孙玉兰", "13703710021")),
        ("service_lead1", answered, days(7), answer()),
        ("service_lead1", open, days(3), asked(PiKind::Correct, "马建军", "13803710034")),
    ];
    let count = given.len() as u64;
    for (login, record, at, command) in given {
        let person = staff.person(login)?.clone();
        let (id, device) = (CommandId(Uuid::now_v7()), DeviceId(Uuid::nil()));
        let act = Act { id, person, device, record, at, received: at, command };
        if let Err(refusal) = desk.perform(&act)? {
            return Err(Error::damaged(format!(
                "the demo's privacy is refused: {} {:?}",
                refusal.code.as_str(),
                refusal.params
            )));
        }
    }
    desk.save()?;
    Ok(count)
}

fn assessment(now: Instant) -> Command {
    let today = now.date();
    Command::FileAssessment(FileAssessment {
        subject: "证件号码处理".to_owned(),
        done_on: today.checked_sub_months(Months::new(11)).unwrap_or(today),
        valid_to: today.checked_add_days(Days::new(40)).unwrap_or(today),
        conclusion: "证件号码只在确有需要时收集，界面遮蔽，查看留痕，风险可控".to_owned(),
        file: None,
    })
}

fn breach(found_at: Instant) -> Command {
    Command::RecordBreach(RecordBreach {
        found_at,
        kinds: "姓名、手机号码、用气地址".to_owned(),
        persons: 36,
        cause: "演练：一台平板在施工现场遗失两小时".to_owned(),
        harm: "可能收到骚扰电话".to_owned(),
        measures: "已注销设备；平板数据加密，无密码不能打开".to_owned(),
        advice: "留意陌生来电，不向来电者提供验证码".to_owned(),
        contact: "24小时客户服务热线".to_owned(),
    })
}

fn closed() -> Command {
    Command::CloseBreach(CloseBreach {
        no: 1,
        authority_told: false,
        persons_told: false,
        note: "演练结束：通知草稿齐全，无需实际发出".to_owned(),
    })
}

fn asked(kind: PiKind, name: &str, phone: &str) -> Command {
    Command::ReceivePiRequest(ReceivePiRequest {
        kind,
        name: name.to_owned(),
        phone: phone.to_owned(),
        identity: "预留手机验证码".to_owned(),
        channel: Channel::Hotline,
        about: None,
        text: "想知道贵公司保存了我的哪些信息，并请核对".to_owned(),
    })
}

fn answer() -> Command {
    Command::AnswerPiRequest(AnswerPiRequest {
        granted: true,
        text: "已提供所保存信息的清单".to_owned(),
        about: None,
        phone: None,
        name: None,
    })
}
