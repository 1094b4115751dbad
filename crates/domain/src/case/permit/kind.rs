//! The kinds of permits and the papers that they ask for (g.1, g.2).

use crate::coded::coded;

coded! {
    /// Kinds of permits (g.1).
    PermitKind {
        /// 临时占用城市道路
        RoadOccupy = "road_occupy",
        /// 挖掘城市道路
        RoadDig = "road_dig",
        /// 依附城市道路建设管线
        PipeOnRoad = "pipe_on_road",
        /// 移植树木
        TreeMove = "tree_move",
        /// 砍伐树木
        TreeFell = "tree_fell",
        /// 临时占用绿地
        GreenOccupy = "green_occupy",
        /// 施工交通组织
        TrafficOrg = "traffic_org",
        /// 公路、铁路、水利穿越等
        Other = "other",
    }
}

impl PermitKind {
    /// Its name for Chinese readers.
    pub fn zh(self) -> &'static str {
        match self {
            Self::RoadOccupy => "临时占用城市道路",
            Self::RoadDig => "挖掘城市道路",
            Self::PipeOnRoad => "依附城市道路建设管线",
            Self::TreeMove => "移植树木",
            Self::TreeFell => "砍伐树木",
            Self::GreenOccupy => "临时占用绿地",
            Self::TrafficOrg => "施工交通组织",
            Self::Other => "穿越等其他许可",
        }
    }

    /// Whether it is about a city road.
    pub fn is_road(self) -> bool {
        matches!(self, Self::RoadOccupy | Self::RoadDig | Self::PipeOnRoad)
    }

    /// Whether it is about trees.
    pub fn is_tree(self) -> bool {
        matches!(self, Self::TreeMove | Self::TreeFell)
    }
}

coded! {
    /// Whether an authority approves or only records (decided by rule).
    Procedure {
        /// 审批
        Approval = "approval",
        /// 备案
        Record = "record",
    }
}

coded! {
    /// Papers that a filing brings along (g.2).
    PermitPaper {
        /// 申请表
        ApplicationForm = "application_form",
        /// 营业执照或身份证件
        ApplicantLicence = "applicant_licence",
        /// 授权委托书和代理人身份证件
        PowerOfAttorney = "power_of_attorney",
        /// 建设工程规划许可证
        PlanningPermit = "planning_permit",
        /// 施工图、范围示意图
        RangeSketch = "range_sketch",
        /// 施工方案(含交通、安全措施)
        ConstructionPlan = "construction_plan",
        /// 施工合同
        ContractorContract = "contractor_contract",
        /// 现状照片
        Photos = "photos",
        /// 移植、补植方案
        TransplantPlan = "transplant_plan",
        /// 树木、绿地权属人同意
        OwnerConsent = "owner_consent",
        /// 绿地恢复方案
        GreenRestoration = "green_restoration",
        /// 交通组织方案
        TrafficPlan = "traffic_plan",
        /// 政府批准文件
        GovernmentApproval = "government_approval",
        /// 其他
        Other = "other_paper",
    }
}
