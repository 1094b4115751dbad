//! Site boundaries (用地红线) of 多规合一 pushes.
//!
//! Invariant: a boundary that is kept is a closed ring of at least three
//! corners with an area, whose sides touch only at their corners. All
//! arithmetic is in whole units of 1e-7 degree.

use lantian_domain::{
    lead::Source,
    time::Instant,
    validate::{CrsSource, GeoPoint},
};
use serde_json::Value;

use super::{
    fault::RowFault,
    push::{self, Push},
    row::Row,
    table::RawRow,
};

/// The field that holds the corners.
pub(crate) const FIELD: &str = "coords";
/// Corners of one boundary: crossing is checked for every pair of sides.
const MAX_CORNERS: usize = 2_000;

/// Normalises a boundary that came without an opinion in its push.
///
/// # Errors
/// [`RowFault`] when the code or the ring is wrong.
pub(crate) fn normalise(raw: &RawRow, batch_pushed_at: Option<Instant>) -> Result<Push, RowFault> {
    let mut row = Row::of(raw);
    let code = row.project_code()?;
    let number = row.text("jzwjxh").unwrap_or_default();
    let name = row.text("xmmc").unwrap_or_else(|| format!("项目 {code}"));
    let own_pushed_at = row.instant("pushed_at", "推送时间")?;
    let pushed_at = push::pushed_at(own_pushed_at, batch_pushed_at)?;
    let mut data =
        push::blank(Source::Duogui, format!("{code}/boundary/{number}"), pushed_at, name);
    data.updated_at = row.instant("gxsj", "更新时间")?;
    data.project_code = Some(code);
    data.boundary = points(&mut row)?;
    data.raw = row.rest();
    data.warnings = row.warnings.iter().map(|warning| warning.code.to_owned()).collect();
    Ok(Push { data, warnings: row.warnings })
}

/// Reads the corners and closes the ring; projected corners are kept as raw
/// text only.
///
/// # Errors
/// [`RowFault`] when they form no ring.
pub(crate) fn points(row: &mut Row<'_>) -> Result<Vec<GeoPoint>, RowFault> {
    let Some(Value::Array(corners)) = row.value(FIELD) else {
        return Err(RowFault::missing(FIELD, "界址点坐标"));
    };
    if corners.len() > MAX_CORNERS {
        return Err(fault(format!("界址点超过 {MAX_CORNERS} 个")));
    }
    let mut ring = Vec::with_capacity(corners.len() + 1);
    for corner in corners {
        let (lon, lat) =
            pair(corner).ok_or_else(|| fault("界址点应为 [经度, 纬度] 的列表".to_owned()))?;
        match row.point(FIELD, &lon, &lat, CrsSource::Cgcs2000) {
            Some(point) => ring.push(point),
            None => return Ok(Vec::new()),
        }
    }
    close(&mut ring);
    check(&ring)?;
    Ok(ring)
}

fn pair(corner: &Value) -> Option<(String, String)> {
    let [lon, lat, ..] = corner.as_array()?.as_slice() else { return None };
    let text = |value: &Value| match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    Some((text(lon)?, text(lat)?))
}

fn close(ring: &mut Vec<GeoPoint>) {
    ring.dedup_by(|a, b| xy(a) == xy(b));
    if let (Some(first), Some(last)) = (ring.first().copied(), ring.last())
        && xy(&first) != xy(last)
    {
        ring.push(first);
    }
}

fn check(ring: &[GeoPoint]) -> Result<(), RowFault> {
    // The closing corner repeats the first.
    if ring.len() < 4 {
        return Err(fault("用地红线至少要有 3 个不同的界址点".to_owned()));
    }
    let corners: Vec<(i128, i128)> = ring.iter().map(xy).collect();
    if crosses_itself(&corners) {
        return Err(fault("用地红线自相交;请核对界址点的顺序".to_owned()));
    }
    if doubled_area(&corners) == 0 {
        return Err(fault("用地红线的面积为零".to_owned()));
    }
    Ok(())
}

fn fault(message: String) -> RowFault {
    RowFault::rejected("E_BOUNDARY", FIELD, message)
}

fn xy(point: &GeoPoint) -> (i128, i128) {
    (i128::from(point.lon_e7.0), i128::from(point.lat_e7.0))
}

fn doubled_area(corners: &[(i128, i128)]) -> i128 {
    corners.windows(2).map(|side| side[0].0 * side[1].1 - side[1].0 * side[0].1).sum()
}

fn crosses_itself(corners: &[(i128, i128)]) -> bool {
    let sides: Vec<_> = corners.windows(2).map(|side| (side[0], side[1])).collect();
    let last = sides.len() - 1;
    // Three collinear corners have no area, which is told apart.
    if sides.len() == 3 {
        return false;
    }
    (0..sides.len()).any(|a| {
        (a + 1..sides.len()).any(|b| {
            let neighbours = b == a + 1 || (a == 0 && b == last);
            if neighbours { folds_back(&sides, a, b) } else { meet(sides[a], sides[b]) }
        })
    })
}

type Side = ((i128, i128), (i128, i128));

/// Whether two neighbouring sides run back over each other.
fn folds_back(sides: &[Side], a: usize, b: usize) -> bool {
    let (first, second) = if b == a + 1 { (sides[a], sides[b]) } else { (sides[b], sides[a]) };
    let (shared, from, to) = (first.1, first.0, second.1);
    let (ux, uy) = (from.0 - shared.0, from.1 - shared.1);
    let (vx, vy) = (to.0 - shared.0, to.1 - shared.1);
    ux * vy == uy * vx && ux * vx + uy * vy > 0
}

fn meet(a: Side, b: Side) -> bool {
    let (d1, d2) = (turn(b.0, b.1, a.0), turn(b.0, b.1, a.1));
    let (d3, d4) = (turn(a.0, a.1, b.0), turn(a.0, a.1, b.1));
    if d1 * d2 < 0 && d3 * d4 < 0 {
        return true;
    }
    (d1 == 0 && within(b, a.0))
        || (d2 == 0 && within(b, a.1))
        || (d3 == 0 && within(a, b.0))
        || (d4 == 0 && within(a, b.1))
}

/// The sign of the turn at `q` on the way from `p` to `r`.
fn turn(p: (i128, i128), q: (i128, i128), r: (i128, i128)) -> i128 {
    ((q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0)).signum()
}

fn within(side: Side, point: (i128, i128)) -> bool {
    let spans = |a: i128, b: i128, x: i128| a.min(b) <= x && x <= a.max(b);
    spans(side.0.0, side.1.0, point.0) && spans(side.0.1, side.1.1, point.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::table::Part;
    use serde_json::json;

    fn read(corners: &Value) -> (Result<Vec<GeoPoint>, RowFault>, Vec<&'static str>) {
        let fields = json!({ "coords": corners }).as_object().unwrap().clone();
        let raw = RawRow { row: 1, line: None, part: Part::Boundaries, fields };
        let mut row = Row::of(&raw);
        let ring = points(&mut row);
        (ring, row.warnings.iter().map(|w| w.code).collect())
    }

    #[test]
    fn a_ring_is_closed() {
        let square = json!([
            [113.7390, 34.3940],
            [113.7412, 34.3940],
            [113.7412, 34.3958],
            [113.7390, 34.3958]
        ]);
        let (ring, warnings) = read(&square);
        let ring = ring.unwrap();
        assert_eq!((ring.len(), ring.first() == ring.last()), (5, true));
        assert_eq!(warnings, [""; 0]);
        let closed = json!([
            ["113.7390", "34.3940"],
            ["113.7412", "34.3940"],
            ["113.7412", "34.3958"],
            ["113.7390", "34.3940"]
        ]);
        assert_eq!(read(&closed).0.unwrap().len(), 4);
    }

    #[test]
    fn what_is_no_ring_is_rejected() {
        let check = |corners: Value, reason: &str| {
            let fault = read(&corners).0.unwrap_err();
            assert_eq!((fault.code, fault.field), ("E_BOUNDARY", "coords"));
            assert!(fault.message.contains(reason), "{corners}: {}", fault.message);
        };
        check(json!([[113.7, 34.3], [113.8, 34.4]]), "界址点");
        check(json!([[113.7, 34.3], [113.7, 34.3], [113.8, 34.4]]), "界址点");
        check(json!([[113.7, 34.3], "x"]), "界址点");
        check(json!([[113.70, 34.3], [113.71, 34.3], [113.72, 34.3]]), "面积");
        check(json!([[113.7, 34.3], [113.8, 34.4], [113.8, 34.3], [113.7, 34.4]]), "自相交");
        check(json!([[113.7, 34.3], [113.8, 34.3], [113.75, 34.3], [113.75, 34.4]]), "自相交");
        assert_eq!(read(&json!(null)).0.unwrap_err().code, "E_MISSING");
    }

    #[test]
    fn far_and_projected_corners_are_warnings() {
        let (ring, warnings) = read(&json!([[114.7, 34.3], [114.8, 34.3], [114.8, 34.4]]));
        assert_eq!((ring.unwrap().len(), warnings), (4, vec!["E_V06"]));
        let (ring, warnings) = read(&json!([
            [38_512_345.1, 3_807_654.2],
            [38_512_445.1, 3_807_654.2],
            [38_512_445.1, 3_807_754.2]
        ]));
        assert_eq!((ring.unwrap().len(), warnings), (0, vec!["E_V06"]));
    }
}
