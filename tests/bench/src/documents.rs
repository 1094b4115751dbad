//! The records of the benchmark: leads as the platforms push them, between 2
//! and 3 KB each once they are stored with their clocks and time line.
//!
//! Invariant: the same number makes the same lead, in every run.

use std::collections::BTreeMap;

use lantian_domain::{
    command::AddNote,
    lead::{ContactAttempt, ContactChannel, ContactResult, ReceivePush, Source},
    time::Instant,
};

const SURNAMES: [&str; 10] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴"];
const GIVEN: [&str; 10] = ["伟", "芳", "建国", "秀英", "敏", "静", "军", "丽萍", "强", "文博"];
const ROADS: [&str; 8] =
    ["人民路", "中华路", "新华路", "郑新路", "解放路", "金城路", "学院路", "轩辕路"];
const PROJECTS: [&str; 6] =
    ["安置小区一期", "商务中心", "中学迁建", "标准化厂房", "医院门诊楼", "美食广场"];
const REMARKS: [&str; 8] = [
    "场地北侧已有中压管道，距红线约八十米。",
    "地库范围较大，入户方式需与设计单位另行商定。",
    "建设单位要求与给水、热力同槽施工。",
    "穿越市政道路一处，需办理占道挖掘手续。",
    "一期先行用气，二期预留接口。",
    "现场临时围挡未拆除，车辆由南门进出。",
    "锅炉房拟设两台两吨蒸汽锅炉，峰值用气量待核。",
    "物业公司尚未确定，联系人以建设单位为准。",
];
/// Remarks of one project.
const REMARKS_EACH: usize = 2;

/// The push of lead number `n`, which reached the platform at `pushed_at`.
pub(crate) fn push(n: usize, pushed_at: Instant) -> ReceivePush {
    let mut chance = Chance(n as u64 ^ 0x5eed_2026);
    let project = format!("{}{}", chance.of(&ROADS), chance.of(&PROJECTS));
    let remarks: String = (0..REMARKS_EACH).map(|_| chance.of(&REMARKS)).collect();
    ReceivePush {
        source: Source::Gonggai,
        source_key: format!("bench-{n:06}"),
        pushed_at,
        updated_at: None,
        valid: true,
        project_code: Some(format!("2609-410184-04-01-{n:06}")),
        works_code: None,
        region_code: Some("410184".to_owned()),
        site_region: Some("410184".to_owned()),
        project_name: format!("新郑市{project}（{n}号）"),
        builder_name: Some(format!("新郑市{}置业有限公司", chance.of(&GIVEN))),
        builder_uscc: None,
        contact_name: Some(format!("{}{}", chance.of(&SURNAMES), chance.of(&GIVEN))),
        contact_phone: Some(format!("138{:08}", chance.below(100_000_000))),
        site_address: Some(format!(
            "河南省郑州市新郑市{}{}号",
            chance.of(&ROADS),
            chance.below(900) + 1
        )),
        geo: None,
        boundary: Vec::new(),
        planned_start: None,
        planned_finish: None,
        scale_note: Some(remarks),
        est_households: Some(u32::try_from(chance.below(2_000)).unwrap_or_default()),
        est_area_m2: Some(format!("{}.5", chance.below(200_000))),
        stage_code: Some("1".to_owned()),
        opinion: None,
        raw: BTreeMap::new(),
        warnings: Vec::new(),
    }
}

/// An attempt to reach the user of a lead, as every workload notes it.
pub(crate) fn attempt() -> ContactAttempt {
    ContactAttempt {
        channel: ContactChannel::Phone,
        result: ContactResult::NoAnswer,
        counterpart_role: None,
        summary: Some("两次拨打均无人接听，已发短信告知报装流程与资料清单".to_owned()),
        evidence: None,
        geo: None,
        at: None,
    }
}

/// A remark of the managers' superior.
pub(crate) fn remark() -> AddNote {
    AddNote { text: "已核对资料，请按期联系用户并补齐缺项".to_owned() }
}

/// A piece of text that stands in every lead of `n` that has this project:
/// what the search workload looks for.
pub(crate) fn searched(turn: usize) -> &'static str {
    PROJECTS[turn % PROJECTS.len()]
}

/// Numbers that look like chance and are the same every time (splitmix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let index = self.below(choices.len() as u64);
        choices[usize::try_from(index).unwrap_or_default()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_makes_the_same_lead() {
        let at = Instant(1_790_000_000_000);
        assert_eq!(push(7, at), push(7, at));
        assert_ne!(push(7, at).contact_phone, push(8, at).contact_phone);
    }
}
