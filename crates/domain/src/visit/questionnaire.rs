//! The questionnaire of a return visit (domain i.3): fixed polite wording,
//! answers, score, and what becomes a ledger item of itself.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    coded::coded,
    ledger::{ItemKind, Severity},
    refusal::{Refusal, require},
};

/// What the visitor says first.
pub const OPENING: &str = "您好！我是新郑蓝天燃气有限公司客户服务人员，想对您家用气报装的服务做一次回访，大约需要三分钟。为保证服务质量，通话可能录音，您看可以吗？";
/// What the visitor says last.
pub const CLOSING: &str = "感谢您的配合和宝贵意见，我们会认真改进。如有需要请随时拨打24小时客户服务热线，祝您生活愉快，再见！";

const Q1: &str = "请问从您提出申请到安装完成，办理速度与我们的承诺相比，您满意吗？";
const Q2: &str = "请问您对客户经理的服务态度和服务过程满意吗？";
const Q3: &str = "请问您对安装质量和施工现场的整洁满意吗？";
const Q4: &str = "请问除费用确认单上的项目外，是否有人向您收取过其他费用？";
const Q5: &str = "请问您对办理过程中需要跑动的次数满意吗？";
const Q6: &str = "请问您现在用气时，气压和火焰情况您满意吗？";
const Q7: &str = "请问通气时，工作人员是否向您讲解了安全用气知识？";
const Q8: &str = "请问您对燃气表的使用和缴费方式清楚、满意吗？";
const Q9: &str = "请问您家中是否发现有漏气、软管老化等安全隐患？";
/// What is asked of needs and difficulties.
pub const Q10: &str = "请问您还有什么需求、困难或者建议吗？";

coded! {
    /// An answer on the scale; 5 is 非常满意.
    Mark {
        /// 非常满意
        VeryGood = "5",
        /// 满意
        Good = "4",
        /// 基本满意
        Fair = "3",
        /// 不满意
        Bad = "2",
        /// 非常不满意
        VeryBad = "1",
        /// 不适用
        NotApplicable = "na",
    }
}

impl Mark {
    /// Its value; nothing for a question that does not apply.
    pub fn points(self) -> Option<u32> {
        self.as_str().parse().ok()
    }

    /// Whether it asks for a remedy.
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Bad | Self::VeryBad)
    }
}

coded! {
    /// An answer to a question of fact.
    YesNo {
        /// 是
        Yes = "yes",
        /// 否
        No = "no",
    }
}

/// The answers; every question has one before the visit counts (V-4, R-45).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Answers {
    /// 安装过程：办理速度
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-script" = Q1, "x-group" = "installation"))]
    pub q1: Option<Mark>,
    /// 安装过程：客户经理服务
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-script" = Q2, "x-group" = "installation"))]
    pub q2: Option<Mark>,
    /// 安装过程：施工质量与整洁
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-script" = Q3, "x-group" = "installation"))]
    pub q3: Option<Mark>,
    /// 安装过程：是否被收取单外费用
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-script" = Q4, "x-group" = "installation"))]
    pub q4: Option<YesNo>,
    /// 安装过程：跑动次数
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-script" = Q5, "x-group" = "installation"))]
    pub q5: Option<Mark>,
    /// 用气情况：气压与火焰
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-script" = Q6, "x-group" = "gas_use"))]
    pub q6: Option<Mark>,
    /// 用气情况：是否讲解安全用气
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-script" = Q7, "x-group" = "gas_use"))]
    pub q7: Option<YesNo>,
    /// 用气情况：燃气表与缴费
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-script" = Q8, "x-group" = "gas_use"))]
    pub q8: Option<Mark>,
    /// 用气情况：是否有安全隐患
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-script" = Q9, "x-group" = "gas_use"))]
    pub q9: Option<YesNo>,
    /// What the user said besides, in his own words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-widget" = "text"))]
    pub words: Option<String>,
}

/// A mean of marks with two decimals, as `4.33`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u32);

impl Score {
    /// The mean of `marks`, rounded half up; nothing without marks.
    pub fn mean(marks: &[u32]) -> Option<Self> {
        let n = u32::try_from(marks.len()).ok().filter(|n| *n > 0)?;
        let sum: u32 = marks.iter().sum();
        Some(Self((sum * 200 + n) / (2 * n)))
    }

    /// In hundredths.
    pub fn hundredths(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Score {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let parsed = text.split_once('.').filter(|(_, part)| part.len() == 2).and_then(|(a, b)| {
            Some(Self(a.parse::<u32>().ok()?.checked_mul(100)? + b.parse::<u32>().ok()?))
        });
        parsed.ok_or_else(|| de::Error::custom("a score with two decimals, as 4.33"))
    }
}

impl JsonSchema for Score {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Score".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": r"^[1-5]\.[0-9]{2}$" })
    }
}

/// Something in the answers that becomes a ledger item of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which question, as `q4`.
    pub question: &'static str,
    /// What it is about.
    pub kind: ItemKind,
    /// How urgent it is.
    pub severity: Severity,
    /// The matter in words.
    pub text: String,
}

impl Answers {
    fn installation(&self) -> [(&'static str, Option<Mark>); 4] {
        [("q1", self.q1), ("q2", self.q2), ("q3", self.q3), ("q5", self.q5)]
    }

    fn gas_use(&self) -> [(&'static str, Option<Mark>); 2] {
        [("q6", self.q6), ("q8", self.q8)]
    }

    /// The marks given, in the order of the questions.
    pub fn marks(&self) -> Vec<(&'static str, Mark)> {
        let all = self.installation().into_iter().chain(self.gas_use());
        all.filter_map(|(question, mark)| Some((question, mark?))).collect()
    }

    /// The mean of the marks of both groups.
    pub fn score(&self) -> Option<Score> {
        Score::mean(&points(&self.marks()))
    }

    /// The means of the installation group and of the gas-use group.
    pub fn group_scores(&self) -> (Option<Score>, Option<Score>) {
        let mean = |group: &[(&'static str, Option<Mark>)]| {
            let points: Vec<_> =
                group.iter().filter_map(|(_, mark)| mark.as_ref()?.points()).collect();
            Score::mean(&points)
        };
        (mean(&self.installation()), mean(&self.gas_use()))
    }

    /// Whether the user is satisfied: at least 4.00, and no mark of 2 or less.
    pub fn is_satisfied(&self) -> bool {
        let bad = self.marks().iter().any(|(_, mark)| mark.is_bad());
        !bad && self.score().is_some_and(|score| score.hundredths() >= 400)
    }

    /// Requires an answer to every question, and a mark in both groups.
    pub(crate) fn require_whole(&self) -> Result<(), Refusal> {
        for (question, mark) in self.installation().into_iter().chain(self.gas_use()) {
            require(mark.is_some(), || Refusal::field(&path(question), "missing"))?;
        }
        for (question, told) in [("q4", self.q4), ("q7", self.q7), ("q9", self.q9)] {
            require(told.is_some(), || Refusal::field(&path(question), "missing"))?;
        }
        let (installation, gas_use) = self.group_scores();
        require(installation.is_some(), || Refusal::field("answers.q1", "the group has no mark"))?;
        require(gas_use.is_some(), || Refusal::field("answers.q6", "the group has no mark"))
    }

    /// What becomes a ledger item of itself: each matter its own (LG-1).
    pub fn findings(&self, needs: Option<&str>) -> Vec<Finding> {
        let mut all: Vec<Finding> = self
            .marks()
            .into_iter()
            .filter(|(_, mark)| mark.is_bad())
            .map(|(question, mark)| self.finding(question, Severity::Normal, mark.as_str()))
            .collect();
        let told = [("q4", self.q4, YesNo::Yes), ("q7", self.q7, YesNo::No)];
        for (question, _, answer) in told.iter().filter(|(_, given, bad)| *given == Some(*bad)) {
            all.push(self.finding(question, Severity::Normal, answer.as_str()));
        }
        if self.q9 == Some(YesNo::Yes) {
            all.push(self.finding("q9", Severity::Urgent, "yes"));
        }
        if let Some(needs) = needs.map(str::trim).filter(|text| !text.is_empty()) {
            all.push(Finding {
                question: "q10",
                kind: ItemKind::Need,
                severity: Severity::Normal,
                text: needs.to_owned(),
            });
        }
        all
    }

    fn finding(&self, question: &'static str, severity: Severity, answer: &str) -> Finding {
        let (kind, matter) = match question {
            "q1" => (ItemKind::Installation, "办理速度不满意"),
            "q2" => (ItemKind::Attitude, "客户经理服务不满意"),
            "q3" => (ItemKind::Installation, "施工质量或整洁不满意"),
            "q4" => (ItemKind::Cost, "被要求支付费用确认单以外的费用"),
            "q5" => (ItemKind::Installation, "跑动次数不满意"),
            "q6" => (ItemKind::GasUse, "气压或火焰不满意"),
            "q7" => (ItemKind::Safety, "未讲解安全用气"),
            "q8" => (ItemKind::GasUse, "燃气表或缴费不满意"),
            _ => (ItemKind::Safety, "发现安全隐患"),
        };
        let mut text = format!("{matter}（{answer}）");
        if let Some(words) = self.words.as_deref().filter(|words| !words.trim().is_empty()) {
            text.push('：');
            text.push_str(words.trim());
        }
        Finding { question, kind, severity, text }
    }
}

fn points(marks: &[(&'static str, Mark)]) -> Vec<u32> {
    marks.iter().filter_map(|(_, mark)| mark.points()).collect()
}

fn path(question: &str) -> String {
    format!("answers.{question}")
}
