//! A 多规合一 preliminary opinion (domain j.2): its table headers and its
//! normal form.

use lantian_domain::{
    lead::{Opinion, Source},
    time::Instant,
};

use super::{
    fault::RowFault,
    push::{self, Push},
    row::Row,
    table::{Layout, RawRow},
};

/// The table form of the push.
pub(crate) const LAYOUT: Layout = Layout {
    headers: &[
        ("项目代码", "xmdm"),
        ("项目名称", "xmmc"),
        ("意见编号", "qqyjslbm"),
        ("办理单位", "bldwmc"),
        ("前期意见", "qqyj"),
        ("反馈时间", "fksj"),
        ("附件名称", "fjmc"),
        ("推送时间", "pushed_at"),
        ("办理人", "blr"),
        ("更新时间", "gxsj"),
    ],
    wanted: &["项目代码", "意见编号"],
    foreign: &["工程代码", "审批阶段"],
};

/// Characters kept of an opinion.
const MAX_TEXT: usize = 4_000;

/// Normalises an opinion.
///
/// # Errors
/// [`RowFault`] when a mandatory field is missing or wrong.
pub(crate) fn normalise(raw: &RawRow, batch_pushed_at: Option<Instant>) -> Result<Push, RowFault> {
    let mut row = Row::of(raw);
    let code = row.project_code()?;
    let no = row.need("qqyjslbm", "意见编号", 100)?;
    let name = row.need("xmmc", "项目名称", 200)?;
    let own_pushed_at = row.instant("pushed_at", "推送时间")?;
    let pushed_at = push::pushed_at(own_pushed_at, batch_pushed_at)?;
    let given_at = row.instant("fksj", "反馈时间")?;
    let changed_at = row.instant("gxsj", "更新时间")?;
    let mut data = push::blank(Source::Duogui, format!("{code}/{no}"), pushed_at, name);
    data.updated_at = changed_at.or(given_at);
    data.project_code = Some(code);
    data.region_code = row.region("xzqhdm")?;
    data.site_address = row.text("jsdd");
    data.builder_name = row.text("jsdw");
    data.opinion = Some(Opinion {
        no,
        office: row.text("bldwmc"),
        text: row.text("qqyj").map(|text| text.chars().take(MAX_TEXT).collect()),
        given_at,
        attachment: row.text("fjmc"),
    });
    data.raw = row.rest();
    data.warnings = row.warnings.iter().map(|warning| warning.code.to_owned()).collect();
    Ok(Push { data, warnings: row.warnings })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::table::Part;
    use serde_json::json;

    #[test]
    fn an_opinion_is_normalised_without_the_officials_name() {
        let fields = json!({
            "qqyjslbm": "QQ-2026-0007", "xmdm": "2611-410184-04-01-000001",
            "xmmc": "示例家园一期", "bldwmc": "新郑市自然资源和规划局", "blr": "李四",
            "fksj": "2026-11-22T16:00:00+08:00", "qqyj": "同意选址", "fjid": "F-1"
        });
        let raw = RawRow {
            row: 1,
            line: None,
            part: Part::Opinions,
            fields: fields.as_object().unwrap().clone(),
        };
        let at = Instant::parse("2026-11-23T10:00:00+08:00").unwrap();
        let data = normalise(&raw, Some(at)).unwrap().data;
        assert_eq!(data.source_key, "2611-410184-04-01-000001/QQ-2026-0007");
        assert_eq!(data.opinion.unwrap().text.as_deref(), Some("同意选址"));
        assert_eq!(data.raw.keys().collect::<Vec<_>>(), ["fjid"]);
    }
}
