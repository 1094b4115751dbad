//! What an applicant reads: states and steps in words, masked names and
//! numbers (P-18).

use lantian_domain::case::{CaseState, material::notice::Message};

/// A state as an applicant understands it: what goes on inside the company is
/// one thing to them.
pub(super) fn state(state: CaseState) -> &'static str {
    use CaseState as S;
    match state {
        S::Submitted => "已提交,待受理",
        S::Accepted | S::PressureChecking | S::PressureBlocked => "已受理",
        S::SurveyDesign | S::Designed => "勘察设计中",
        S::FeeNegotiating => "费用对接中",
        S::FeeConfirmed | S::EngineeringReceived | S::ConstructionPreparing => "施工准备中",
        S::Constructing => "施工中",
        S::Installed => "安装完成,可申请通气",
        S::GasOnApplied | S::AcceptanceTesting | S::Rectifying => "验收通气中",
        S::GasOn | S::Archived => "已通气",
        S::NotAccepted => "不予受理",
        S::Withdrawn => "已撤回",
        S::Terminated => "已终止",
        S::Merged => "已并入其他工单",
    }
}

/// What comes next, and who does it.
pub(super) fn next(state: CaseState) -> Option<&'static str> {
    use CaseState as S;
    match state {
        S::Submitted => Some("客户经理将在 24 小时内受理并与您联系"),
        S::Accepted | S::PressureChecking | S::PressureBlocked => Some("安排现场勘察"),
        S::SurveyDesign | S::Designed => Some("出具施工图和预算后上门对接费用"),
        S::FeeNegotiating => Some("确认费用,签订合同"),
        S::FeeConfirmed | S::EngineeringReceived | S::ConstructionPreparing => Some("组织施工"),
        S::Constructing => Some("完成安装"),
        S::Installed => Some("请提交通气申请,客户经理可协助办理"),
        S::GasOnApplied | S::AcceptanceTesting | S::Rectifying => {
            Some("24 小时内完成验收通气,请保持电话畅通")
        }
        S::GasOn | S::Archived | S::NotAccepted | S::Withdrawn | S::Terminated | S::Merged => None,
    }
}

/// A message about papers as an applicant reads it (F-6, F-12).
pub(super) fn message(message: Message) -> &'static str {
    match message {
        Message::OneTimeNotice => "需补齐的材料已一次性告知",
        Message::SecondNotice => "因情况变化,需补齐的材料有更新",
        Message::Reminder => "请在期限前补齐材料",
        Message::Overdue => "材料已逾期,客户经理将与您联系",
        Message::Received => "已收到您的材料",
        Message::Complete => "材料已齐,无需再提供",
        Message::TakenOver => "材料改由公司收集,您无需提供",
        Message::Extended => "补齐材料的期限已延长",
    }
}

/// A name: its first character.
pub(super) fn name(name: &str) -> String {
    let mut chars = name.chars();
    let first: String = chars.by_ref().take(1).collect();
    format!("{first}{}", "*".repeat(chars.count().clamp(1, 3)))
}

/// A telephone number: the first three and the last four digits.
pub(super) fn phone(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    if digits.len() < 8 {
        return "*".repeat(digits.len().max(1));
    }
    let (head, tail) = (&digits[..3], &digits[digits.len() - 4..]);
    let hidden = "*".repeat(digits.len() - 7);
    format!("{}{hidden}{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_masked() {
        assert_eq!(name("王小明"), "王**");
        assert_eq!(name("李"), "李*");
        assert_eq!(name("新郑市某某餐饮有限公司"), "新***");
        assert_eq!(phone("13800138000"), "138****8000");
        assert_eq!(phone("0371-62690000"), "037******0000");
        assert_eq!(phone("1"), "*");
    }

    #[test]
    fn every_state_has_words_and_only_ends_have_no_next() {
        for state in CaseState::ALL {
            assert!(!super::state(*state).is_empty());
            assert_eq!(next(*state).is_none(), state.is_ended() || *state == CaseState::GasOn);
        }
    }
}
