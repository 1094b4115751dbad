//! The indicators as a workbook: figures, months, groups.

use lantian_domain::kpi::{Dimension, Line, Target, Unit, Value};

use super::{
    figures::Kpi,
    sheet::{self, Cell, Table},
};
use crate::error::Result;

/// The indicators as an XLSX file; names of customers are not in it.
///
/// # Errors
/// [`Error::Damaged`](crate::Error::Damaged) when it cannot be written.
pub fn workbook(kpi: &Kpi) -> Result<Vec<u8>> {
    sheet::workbook(&[figures(kpi), months(kpi), groups(kpi)])
}

fn figures(kpi: &Kpi) -> Table {
    let (from, to) = (kpi.report.from, kpi.report.to);
    Table {
        name: "指标".to_owned(),
        headers: headers(&[
            "编号",
            "名称",
            "单位",
            "数值(净)",
            "数值(毛)",
            "分子",
            "分母",
            "中位数",
            "P90",
            "目标",
            "是否达标",
            "起",
            "止",
        ]),
        rows: kpi
            .report
            .figures
            .iter()
            .map(|line| {
                let mut row = vec![
                    Cell::text(line.kpi.clone()),
                    Cell::text(name(&line.kpi, &line.part)),
                    Cell::text(unit(line.unit)),
                ];
                row.extend(numbers(&line.value));
                row.extend([
                    Cell::text(target(line)),
                    Cell::text(line.met.map_or("–", |met| if met { "达标" } else { "未达标" })),
                    Cell::text(from.to_string()),
                    Cell::text(to.to_string()),
                ]);
                row
            })
            .collect(),
    }
}

fn months(kpi: &Kpi) -> Table {
    let rows = kpi.report.figures.iter().flat_map(|line| {
        line.months.iter().filter(|month| !month.value.is_empty()).map(move |month| {
            let mut row = vec![
                Cell::text(line.kpi.clone()),
                Cell::text(name(&line.kpi, &line.part)),
                Cell::text(month.month.clone()),
            ];
            row.extend(numbers(&month.value));
            row
        })
    });
    Table {
        name: "趋势".to_owned(),
        headers: headers(&[
            "编号",
            "名称",
            "月份",
            "数值(净)",
            "数值(毛)",
            "分子",
            "分母",
            "中位数",
            "P90",
        ]),
        rows: rows.collect(),
    }
}

fn groups(kpi: &Kpi) -> Table {
    let rows = kpi.report.figures.iter().flat_map(|line| {
        line.groups.iter().map(move |group| {
            let mut row = vec![
                Cell::text(line.kpi.clone()),
                Cell::text(name(&line.kpi, &line.part)),
                Cell::text(dimension(group.by)),
                Cell::text(key(kpi, group.by, &group.key)),
            ];
            row.extend(numbers(&group.value));
            row
        })
    });
    Table {
        name: "分组".to_owned(),
        headers: headers(&[
            "编号",
            "名称",
            "维度",
            "分组",
            "数值(净)",
            "数值(毛)",
            "分子",
            "分母",
            "中位数",
            "P90",
        ]),
        rows: rows.collect(),
    }
}

fn headers(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// Net, gross, part, whole, median, ninth decile.
fn numbers(value: &Value) -> [Cell; 6] {
    let none = || Cell::Empty;
    match value {
        Value::Rate { on_time, late, open_breached, net, gross, .. } => [
            Cell::hundredths(*net),
            Cell::hundredths(*gross),
            Cell::Number(*on_time),
            Cell::Number(on_time + late + open_breached),
            none(),
            none(),
        ],
        Value::Share { part, whole, value } => [
            Cell::hundredths(*value),
            none(),
            Cell::Number(*part),
            Cell::Number(*whole),
            none(),
            none(),
        ],
        Value::Count { count } => [Cell::Number(*count), none(), none(), none(), none(), none()],
        Value::Spread { count, mean, median, p90 } => [
            Cell::hundredths(*mean),
            none(),
            none(),
            Cell::Number(*count),
            Cell::hundredths(*median),
            Cell::hundredths(*p90),
        ],
    }
}

fn target(line: &Line) -> String {
    let shown = |hundredths: i64| format!("{}.{:02}", hundredths / 100, hundredths % 100);
    match line.target {
        Some(Target::AtLeast(least)) => format!("≥{}", shown(least)),
        Some(Target::AtMost(most)) => format!("≤{}", shown(most)),
        None => "–".to_owned(),
    }
}

fn key(kpi: &Kpi, by: Dimension, key: &str) -> String {
    let person = || kpi.people.iter().find(|person| person.key == key);
    match by {
        Dimension::Person => person().map_or_else(|| key.to_owned(), |found| found.name.clone()),
        Dimension::Org
        | Dimension::Segment
        | Dimension::Channel
        | Dimension::Contractor
        | Dimension::Town
        | Dimension::Kind => words(key).to_owned(),
    }
}

fn dimension(by: Dimension) -> &'static str {
    match by {
        Dimension::Org => "部门",
        Dimension::Person => "责任人",
        Dimension::Segment => "用户类别",
        Dimension::Channel => "渠道",
        Dimension::Contractor => "施工单位",
        Dimension::Town => "乡镇街道",
        Dimension::Kind => "类别",
    }
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent => "%",
        Unit::Number => "个",
        Unit::Hours => "小时",
        Unit::Days => "日",
        Unit::WorkingDays => "工作日",
        Unit::Yuan => "元",
        Unit::Score => "分",
    }
}

/// What codes are called; what is no code stays as it is.
fn words(code: &str) -> &str {
    match code {
        "market_dept" => "市场开发部",
        "tech_dept" => "技术部",
        "eng_dept" => "工程部",
        "service_dept" => "客户服务部",
        "supervision" => "督查",
        "contractor" => "施工单位",
        "finance" => "财务部",
        "office" => "办公室",
        "it" => "信息部",
        "residential" => "居民用户",
        "residential_scattered" => "零星户",
        "non_residential" => "非居民用户",
        "non_residential_micro" => "小微商用户",
        "wechat_oa" => "微信公众号",
        "gov_portal" => "政务服务网",
        "zaidexinzheng_app" => "咱的新郑APP",
        "lantian_app" => "新郑蓝天APP",
        "business_hall" => "营业厅",
        "hotline" => "客户服务热线",
        "on_site" => "上门服务",
        "gov_hall" => "行政服务大厅窗口",
        "lead" => "前置转化",
        other => other,
    }
}

/// What an indicator's figure is called.
// tidy: allow-length — a table: one arm per figure
fn name(kpi: &str, part: &str) -> &'static str {
    match (kpi, part) {
        ("K-01", _) => "线索传递及时率",
        ("K-02", "rate") => "首次联系及时率",
        ("K-02", _) => "首次联系用时",
        ("K-03", _) => "五个工作日内通气率",
        ("K-04", "rate") => "勘察设计及时率",
        ("K-04", _) => "压力不满足工单",
        ("K-05", _) => "费用对接及时率",
        ("K-06", _) => "移交工程及时率",
        ("K-07", "contract") => "施工及时率(合同工期)",
        ("K-07", "scattered") => "施工及时率(零星户)",
        ("K-07", _) => "施工及时率(小微商)",
        ("K-08", "rate") => "24小时通气率",
        ("K-08", _) => "通气用时",
        ("K-09", _) => "24小时受理率",
        ("K-10", "from_lead") => "线索至通气天数",
        ("K-10", _) => "申请至通气天数",
        ("K-11", _) => "容缺受理占比",
        ("K-12", _) => "容缺补齐天数",
        ("K-13", "open") => "容缺逾期占比(在欠)",
        ("K-13", _) => "容缺逾期占比(已补)",
        ("K-14", _) => "二次告知",
        ("K-15", "rate") => "许可按期率",
        ("K-15", _) => "许可办理天数",
        ("K-16", _) => "恢复按期率",
        ("K-17", "materials") => "户均要件数",
        ("K-17", _) => "四零用户要件数",
        ("K-18", _) => "用户侧环节数",
        ("K-19", _) => "内部审批次数",
        ("K-20", "one_trip") => "最多跑一次达成率",
        ("K-20", "trips") => "跑动次数",
        ("K-20", _) => "四零用户跑动次数",
        ("K-21", _) => "民用户回访覆盖率",
        ("K-22", _) => "非居民用户回访覆盖率",
        ("K-23", "count") => "上门回访次数",
        ("K-23", _) => "上门回访占比",
        ("K-24", "rate") => "台账销号及时率",
        ("K-24", "open_overdue") => "台账逾期未销",
        ("K-24", "explained") => "台账解释销号",
        ("K-24", "planned") => "台账列入计划",
        ("K-24", _) => "台账重开率",
        ("K-25", "score") => "满意度得分",
        ("K-25", _) => "满意率",
        ("K-26", "installation") => "安装过程得分",
        ("K-26", _) => "用气情况得分",
        ("K-27", "received") => "投诉件数",
        ("K-27", "substantiated") => "投诉属实率",
        ("K-27", "per_100_gas_on") => "每百户通气投诉",
        ("K-27", _) => "投诉答复及时率",
        ("K-28", "share") => "差评率",
        ("K-28", _) => "差评核实及时率",
        ("K-29", "assessments") => "考核记录",
        ("K-29", _) => "取消评先资格",
        ("K-30", "applications") => "报装申请件数",
        ("K-30", _) => "线上申请占比",
        ("K-31", "late_evidence") => "迟到证据占比",
        ("K-31", "rejected") => "退回上传占比",
        ("K-31", _) => "时间异常",
        ("K-32", "days") => "每日关注率",
        ("K-32", _) => "处理线索数",
        ("K-33", _) => "红线外由用户付费工单",
        ("K-34", _) => "拦截禁收费用",
        ("K-35", "inside") => "用户费用(红线内)",
        ("K-35", "outside") => "用户费用(红线外)",
        ("K-35", _) => "用户费用合计",
        ("K-36", _) => "方案学习确认率",
        _ => "–",
    }
}
