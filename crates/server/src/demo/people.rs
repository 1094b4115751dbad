//! The people of the demonstration company: every role at least once. All
//! names are made up.

use std::collections::BTreeMap;

use lantian_domain::{
    ids::UserId,
    record::Person,
    role::{
        OrgUnit::{
            self, Contractor, EngDept, External, Finance, GovHall, It, MarketDept, Office,
            ServiceDept, TechDept,
        },
        Role,
    },
    time::Instant,
};

use super::Account;
use crate::{
    error::{Error, Result},
    identity::{
        accounts::{self, NewAccount},
        password::Hashed,
    },
    store::Unit,
};

/// Login, name, role, department.
const PEOPLE: &[(&str, &str, Role, OrgUnit)] = &[
    ("hall1", "周敏", Role::HallClerk, GovHall),
    ("counter1", "郑雪", Role::CounterClerk, MarketDept),
    ("hotline1", "冯佳", Role::HotlineAgent, ServiceDept),
    ("manager1", "王建军", Role::CustomerManager, MarketDept),
    ("manager2", "李晓燕", Role::CustomerManager, MarketDept),
    ("cm_lead1", "张国栋", Role::CmLead, MarketDept),
    ("surveyor1", "刘志强", Role::Surveyor, TechDept),
    ("designer1", "陈思远", Role::Designer, TechDept),
    ("estimator1", "孙丽娜", Role::Estimator, TechDept),
    ("tech_lead1", "马骏", Role::TechLead, TechDept),
    ("eng_dispatcher1", "高峰", Role::EngDispatcher, EngDept),
    ("eng_lead1", "赵海涛", Role::EngLead, EngDept),
    ("contractor_lead1", "杨大勇", Role::ContractorLead, Contractor),
    ("site_supervisor1", "许静", Role::SiteSupervisor, EngDept),
    ("acceptance_inspector1", "郭涛", Role::AcceptanceInspector, EngDept),
    ("ignition_operator1", "胡斌", Role::IgnitionOperator, ServiceDept),
    ("permit_agent1", "林悦", Role::PermitAgent, MarketDept),
    ("visit_agent1", "何芳", Role::VisitAgent, ServiceDept),
    ("service_lead1", "罗文静", Role::ServiceLead, ServiceDept),
    ("finance_clerk1", "梁玉", Role::FinanceClerk, Finance),
    ("archivist1", "宋兰", Role::Archivist, Office),
    ("inspector1", "韩冰", Role::Inspector, Office),
    ("assessor1", "唐立", Role::Assessor, Office),
    ("leader1", "曹明远", Role::Leader, Office),
    ("sys_admin1", "系统管理员一", Role::SysAdmin, It),
    ("sec_admin1", "安全管理员一", Role::SecAdmin, It),
    ("audit_admin1", "审计管理员一", Role::AuditAdmin, It),
    ("gonggai1", "“工改”系统接口", Role::Integration, External),
    ("duogui1", "“多规合一”平台接口", Role::Integration, External),
    ("wechat1", "蓝天燃气微信公众号接口", Role::Integration, External),
    ("portal1", "新郑市政务服务网接口", Role::Integration, External),
    ("zaixinzheng1", "咱的新郑APP接口", Role::Integration, External),
    ("lantianapp1", "新郑蓝天APP接口", Role::Integration, External),
];

/// Who has not confirmed the plan yet, so that the lead's list shows somebody.
const UNREAD: &str = "site_supervisor1";

/// The people by login name.
#[derive(Clone, Debug)]
pub(super) struct Staff(BTreeMap<&'static str, Person>);

impl Staff {
    /// The person with this login name.
    pub(super) fn person(&self, login: &str) -> Result<&Person> {
        self.0.get(login).ok_or_else(|| Error::damaged(format!("the demo has no {login}")))
    }

    /// Those who have read the plan and may act, by their user id.
    pub(super) fn readers(&self) -> BTreeMap<UserId, &'static str> {
        let all = self.0.iter().filter(|(login, _)| **login != UNREAD);
        all.map(|(login, person)| (person.user(), *login)).collect()
    }

    /// The user id of the person with this login name.
    pub(super) fn user(&self, login: &str) -> Result<UserId> {
        self.person(login).map(Person::user)
    }

    /// The accounts, as they are printed.
    pub(super) fn accounts(&self) -> Vec<Account> {
        let account = |(login, ..): &(&str, &str, Role, OrgUnit)| {
            self.0.get(login).map(|person| Account {
                login: person.login.clone(),
                name: person.name.clone(),
                roles: person.roles.iter().map(|role| role.as_str()).collect(),
            })
        };
        PEOPLE.iter().filter_map(account).collect()
    }
}

/// Makes the accounts.
///
/// # Errors
/// The store's.
pub(super) fn hire(unit: &Unit<'_>, password: &Hashed, at: Instant) -> Result<Staff> {
    let mut staff = BTreeMap::new();
    for (login, name, role, org) in PEOPLE {
        let account = NewAccount {
            login: (*login).to_owned(),
            name: (*name).to_owned(),
            roles: [*role].into(),
            org: *org,
            password: password.clone(),
            one_time: false,
        };
        let hired = if *login == UNREAD {
            accounts::create(unit, account, at)?
        } else {
            accounts::create_reader(unit, account, at)?
        };
        staff.insert(*login, hired);
    }
    Ok(Staff(staff))
}
