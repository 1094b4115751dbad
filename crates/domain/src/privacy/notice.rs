//! 个人信息处理告知: what is said before anything is collected (P-02), by
//! version. A consent names the version that was shown.

use serde::Serialize;

/// One version of the notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Its version; a consent stores it.
    pub version: &'static str,
    /// Who processes.
    pub who: &'static str,
    /// What for and how.
    pub purpose: &'static str,
    /// Which kinds.
    pub kinds: &'static str,
    /// How long.
    pub retention: &'static str,
    /// What the person can ask for, and where.
    pub rights: &'static str,
}

/// Every version, newest last. A published one stays as it is.
pub const NOTICES: [Notice; 2] = [
    Notice {
        version: "PI-2026-1",
        who: "新郑蓝天燃气有限公司",
        purpose: "办理用气报装、签订和履行供用气合同",
        kinds: "姓名或单位名称、联系电话、用气地址",
        retention: "报装案卷保存三十年；未形成业务关系的，两年后删除",
        rights: "可以查阅、复制、更正、删除或撤回同意，向营业厅或客户服务热线提出",
    },
    Notice {
        version: "2026-11",
        who: "新郑蓝天燃气有限公司",
        purpose: "办理用气报装、签订和履行供用气合同，并按法律规定向政府部门报送",
        kinds: "姓名或单位名称、联系电话、用气地址；仅在办理确有需要并经单独同意时，才收集证件信息",
        retention: "报装案卷保存三十年；未形成业务关系的，两年后删除",
        rights: "可以查阅、复制、更正、删除、撤回同意或注销账户，向营业厅或客户服务热线提出，十五个工作日内答复",
    },
];

/// The notice in force.
pub const fn in_force() -> &'static Notice {
    &NOTICES[NOTICES.len() - 1]
}
