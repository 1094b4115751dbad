//! The themes of special inspections with their checklists (R-53: «对用户报装、
//! 容缺办理、服务态度等进行专项督查»).

use crate::coded::coded;

coded! {
    /// What a special inspection is about.
    Theme {
        /// 用户报装
        Connection = "connection",
        /// 容缺办理
        Tolerance = "tolerance",
        /// 服务态度
        Attitude = "attitude",
    }
}

coded! {
    /// A question of a checklist.
    Question {
        /// 平台推送的信息在24小时内传递给客户经理
        HandedOver = "handed_over",
        /// 客户经理在接收信息后24小时内与用户取得联系
        Contacted = "contacted",
        /// 全程由一名客户经理一对一跟踪办理
        OneManager = "one_manager",
        /// 压力满足后1日内完成现场勘察和施工图设计
        SurveyDesign = "survey_design",
        /// 1个工作日内上门完成费用对接,费用类型明确
        FeeTalk = "fee_talk",
        /// 按合同工期或规定工期完成施工
        Construction = "construction",
        /// 申请后24小时内完成验收通气
        GasOn = "gas_on",
        /// 容缺受理均有登记,缺项、责任人和期限明确
        Listed = "listed",
        /// 容缺材料不影响项目合法性和技术可靠性
        Tolerable = "tolerable",
        /// 所缺材料一次性告知,告知书有签收
        ToldOnce = "told_once",
        /// 容缺材料在期限内补齐
        InTime = "in_time",
        /// 到期前已提醒,逾期已处理
        Reminded = "reminded",
        /// 四零服务用户未被要求补交材料
        NotPassedOn = "not_passed_on",
        /// 用语文明礼貌,无推诿、刁难
        Polite = "polite",
        /// 未要求用户无故跑腿
        NoTrips = "no_trips",
        /// 未收受用户财物,未指定产品和施工单位
        NoGifts = "no_gifts",
        /// 用户的疑问和需求有回应
        Answered = "answered",
        /// 投诉和差评已逐件核实并反馈
        Complaints = "complaints",
    }
}

const CONNECTION: &[Question] = &[
    Question::HandedOver,
    Question::Contacted,
    Question::OneManager,
    Question::SurveyDesign,
    Question::FeeTalk,
    Question::Construction,
    Question::GasOn,
];
const TOLERANCE: &[Question] = &[
    Question::Listed,
    Question::Tolerable,
    Question::ToldOnce,
    Question::InTime,
    Question::Reminded,
    Question::NotPassedOn,
];
const ATTITUDE: &[Question] = &[
    Question::Polite,
    Question::NoTrips,
    Question::NoGifts,
    Question::Answered,
    Question::Complaints,
];

impl Theme {
    /// Its name in the words of the plan.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Connection => "用户报装专项督查",
            Self::Tolerance => "容缺办理专项督查",
            Self::Attitude => "服务态度专项督查",
        }
    }

    /// Its checklist, in order.
    pub fn checklist(self) -> &'static [Question] {
        match self {
            Self::Connection => CONNECTION,
            Self::Tolerance => TOLERANCE,
            Self::Attitude => ATTITUDE,
        }
    }

    /// Whether the whole frame is looked at: what was tolerated is listed
    /// without exception.
    pub fn lists_all(self) -> bool {
        self == Self::Tolerance
    }
}
