//! The states of a filing and what the authority's codes do to them (g.3).

use crate::coded::coded;

coded! {
    /// How a filing stands (g.3).
    PermitState {
        /// 拟办, from the survey
        Proposed = "proposed",
        /// 材料准备
        Drafting = "drafting",
        /// 已提交
        Filed = "filed",
        /// 补正
        Correction = "correction",
        /// 补正完成
        CorrectionDone = "correction_done",
        /// 受理
        Accepted = "accepted",
        /// 不予受理
        RejectedIntake = "rejected_intake",
        /// 审查中
        Reviewing = "reviewing",
        /// 特别程序
        Special = "special",
        /// 准予
        Granted = "granted",
        /// 不予许可
        Refused = "refused",
        /// 复议、诉讼中
        Appealed = "appealed",
        /// 撤回
        Withdrawn = "withdrawn",
        /// 已由变更许可取代
        Changed = "changed",
        /// 占用、挖掘中
        InUse = "in_use",
        /// 恢复完成
        Restored = "restored",
        /// 核销
        Closed = "closed",
        /// 过期未用
        Expired = "expired",
        /// 不需办理
        NotNeeded = "not_needed",
    }
}

coded! {
    /// What an authority answers, by the code of the national exchange
    /// standard (办理状态), and two answers that have none.
    AnswerCode {
        /// 2 撤回
        Retracted = "2",
        /// 3 受理
        Accepted = "3",
        /// 4 不予受理
        Declined = "4",
        /// 5 不受理
        NotAccepted = "5",
        /// 6 补正开始
        Correct = "6",
        /// 7 补正结束
        Corrected = "7",
        /// 8 审查
        Reviewing = "8",
        /// 9 特别程序开始
        SpecialBegins = "9",
        /// 10 特别程序结束
        SpecialEnds = "10",
        /// 11 办结, 通过
        Granted = "11",
        /// 12 办结, 容缺通过
        GrantedWithDebts = "12",
        /// 13 办结, 不通过
        Refused = "13",
        /// 14 撤件
        TakenBack = "14",
        /// 15 撤销
        Revoked = "15",
        /// 延长审查期限通知
        Extended = "extended",
        /// 许可证件送达
        Certificate = "certificate",
    }
}

impl AnswerCode {
    /// The number in the exchange standard, for those that have one.
    pub fn gov_code(self) -> Option<u8> {
        self.as_str().parse().ok()
    }

    /// Its name for Chinese readers.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Retracted => "撤回",
            Self::Accepted => "受理",
            Self::Declined => "不予受理",
            Self::NotAccepted => "不受理",
            Self::Correct => "补正告知",
            Self::Corrected => "补正完成",
            Self::Reviewing => "审查",
            Self::SpecialBegins => "特别程序开始",
            Self::SpecialEnds => "特别程序结束",
            Self::Granted => "准予许可",
            Self::GrantedWithDebts => "容缺准予许可",
            Self::Refused => "不予许可",
            Self::TakenBack => "撤件",
            Self::Revoked => "撤销",
            Self::Extended => "延长审查期限",
            Self::Certificate => "证件送达",
        }
    }

    /// Whether the permit is given, with or without debts.
    pub fn grants(self) -> bool {
        matches!(self, Self::Granted | Self::GrantedWithDebts)
    }
}

impl PermitState {
    /// The states that may follow (g.3). 补正 may also be asked for after
    /// acceptance, and a decision may come without a word of the review.
    pub fn next(self) -> &'static [Self] {
        match self {
            Self::Proposed => &[Self::Drafting, Self::NotNeeded],
            Self::Drafting => &[Self::Filed, Self::NotNeeded],
            Self::Filed => {
                &[Self::Accepted, Self::Correction, Self::RejectedIntake, Self::Withdrawn]
            }
            Self::Correction => &[Self::CorrectionDone, Self::RejectedIntake, Self::Withdrawn],
            Self::CorrectionDone => &[
                Self::Accepted,
                Self::Reviewing,
                Self::Correction,
                Self::RejectedIntake,
                Self::Withdrawn,
            ],
            Self::Accepted => &[
                Self::Reviewing,
                Self::Correction,
                Self::Special,
                Self::Granted,
                Self::Refused,
                Self::Withdrawn,
            ],
            Self::RejectedIntake | Self::Expired => &[Self::Drafting],
            Self::Reviewing => &[Self::Special, Self::Granted, Self::Refused, Self::Withdrawn],
            Self::Special => &[Self::Reviewing, Self::Withdrawn],
            Self::Granted => &[Self::InUse, Self::Changed, Self::Expired, Self::Withdrawn],
            Self::Refused => &[Self::Appealed],
            Self::Appealed => &[Self::Granted, Self::Refused],
            Self::InUse => &[Self::Restored, Self::Changed, Self::Withdrawn],
            Self::Restored => &[Self::Closed],
            Self::Withdrawn | Self::Changed | Self::Closed | Self::NotNeeded => &[],
        }
    }

    /// The state after the authority's answer; nothing when the answer does
    /// not fit.
    pub fn answered(self, code: AnswerCode) -> Option<Self> {
        use AnswerCode as A;
        let to = match code {
            A::Accepted => Self::Accepted,
            A::Declined | A::NotAccepted => Self::RejectedIntake,
            A::Correct => Self::Correction,
            A::Corrected => Self::CorrectionDone,
            A::Reviewing | A::SpecialEnds => Self::Reviewing,
            A::SpecialBegins => Self::Special,
            A::Granted | A::GrantedWithDebts => Self::Granted,
            A::Refused => Self::Refused,
            A::Retracted | A::TakenBack | A::Revoked => Self::Withdrawn,
            A::Extended => return self.is_under_review().then_some(self),
            A::Certificate => {
                return matches!(self, Self::Granted | Self::InUse).then_some(self);
            }
        };
        let ends = code == A::SpecialEnds;
        let fits =
            self.next().contains(&to) && (ends == (self == Self::Special && to != Self::Withdrawn));
        fits.then_some(to)
    }

    /// Whether the decision is being made.
    pub fn is_under_review(self) -> bool {
        matches!(self, Self::Accepted | Self::Reviewing | Self::Special)
    }

    /// Whether the authority has it and has not decided.
    pub fn is_with_authority(self) -> bool {
        matches!(self, Self::Filed | Self::Correction | Self::CorrectionDone | Self::Appealed)
            || self.is_under_review()
    }

    /// Whether nothing more happens to the filing and no work rests on it.
    pub fn is_void(self) -> bool {
        matches!(self, Self::Withdrawn | Self::Changed | Self::NotNeeded)
    }

    /// Whether something is still to be done about it.
    pub fn is_open(self) -> bool {
        !self.is_void() && !matches!(self, Self::Closed | Self::Refused | Self::Expired)
    }
}
