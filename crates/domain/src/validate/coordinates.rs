//! E-V06: coordinates as CGCS2000 longitude and latitude.
//!
//! Degrees are integers of 1e-7 degree, written as decimal text; no binary
//! fraction exists. The GPS of a tablet is WGS-84 and is taken as equal to
//! CGCS2000. A projected value of a government platform is recognised by its
//! magnitude and kept raw, never taken for degrees.

use std::{fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Caution, Checked, Fault, FaultCode};

/// Units of one degree.
pub const DEGREE_E7: i64 = 10_000_000;

const FIELD: &str = "geo";
const MAX_LON_E7: i64 = 180 * DEGREE_E7;
const MAX_LAT_E7: i64 = 90 * DEGREE_E7;
/// The plausible box of 新郑: west, east, south, north.
const BOX_E7: [i64; 4] = [1_134_500_000, 1_139_500_000, 342_500_000, 346_800_000];

/// Where a coordinate comes from; the stored pair is longitude and latitude
/// whatever the source was.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CrsSource {
    /// EPSG:4490 itself.
    Cgcs2000,
    /// The GPS of a device; equal to CGCS2000 for this purpose.
    #[default]
    Wgs84,
    /// The shifted datum of map displays.
    Gcj02,
    /// The shifted datum of one map maker.
    Bd09,
    /// Projected: 3-degree zone 38, central meridian 114° E.
    Cgcs2000Gk38,
}

/// An angle in 1e-7 degree, written as decimal text with seven decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Degrees(pub i64);

impl fmt::Display for Degrees {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (units, one) = (self.0.unsigned_abs(), DEGREE_E7.unsigned_abs());
        write!(f, "{sign}{}.{:07}", units / one, units % one)
    }
}

impl FromStr for Degrees {
    type Err = Fault;

    /// Reads decimal text; decimals beyond the seventh are rounded half up.
    fn from_str(text: &str) -> Result<Self, Fault> {
        read_e7(text.trim()).map(Self).ok_or_else(|| Fault::new(FaultCode::Format, FIELD))
    }
}

impl Serialize for Degrees {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Degrees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Degrees {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Degrees".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": r"^-?\d{1,10}(\.\d{1,15})?$" })
    }
}

/// A point on the ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct GeoPoint {
    /// Longitude in 1e-7 degree.
    #[serde(rename = "lon")]
    pub lon_e7: Degrees,
    /// Latitude in 1e-7 degree.
    #[serde(rename = "lat")]
    pub lat_e7: Degrees,
    /// The radius that the device vouches for, in decimetres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_dm: Option<u32>,
    /// Where the coordinate comes from.
    #[serde(default)]
    pub crs_source: CrsSource,
}

impl GeoPoint {
    /// A point from integers of 1e-7 degree.
    pub fn new(lon_e7: i64, lat_e7: i64, crs_source: CrsSource) -> Self {
        Self { lon_e7: Degrees(lon_e7), lat_e7: Degrees(lat_e7), accuracy_dm: None, crs_source }
    }
}

/// Checks a point.
///
/// # Errors
/// [`FaultCode::OutOfRange`] when the pair is no longitude and latitude.
pub fn coordinates(point: GeoPoint) -> Result<Checked<GeoPoint>, Fault> {
    let (lon, lat) = (point.lon_e7.0, point.lat_e7.0);
    if lon.abs() > MAX_LON_E7 || lat.abs() > MAX_LAT_E7 {
        return Err(Fault::new(FaultCode::OutOfRange, FIELD));
    }
    let [west, east, south, north] = BOX_E7;
    let inside = (west..=east).contains(&lon) && (south..=north).contains(&lat);
    Ok(Checked::with(point, (!inside).then_some(Caution::OutsidePlausibleBox)))
}

/// Whether an x value is projected metres instead of degrees of longitude.
pub fn is_projected(x: Degrees) -> bool {
    x.0 > MAX_LON_E7
}

fn read_e7(text: &str) -> Option<i64> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || whole.len() > 10 || part.len() > 30 {
        return None;
    }
    let kept: String = part.chars().chain("0000000".chars()).take(7).collect();
    let round_up = part.as_bytes().get(7).is_some_and(|digit| *digit >= b'5');
    let units: i64 = format!("{whole}{kept}").parse().ok()?;
    Some(sign * (units + i64::from(round_up)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(lon: &str, lat: &str) -> GeoPoint {
        GeoPoint::new(
            lon.parse::<Degrees>().unwrap().0,
            lat.parse::<Degrees>().unwrap().0,
            CrsSource::Wgs84,
        )
    }

    #[test]
    fn degrees_are_exact_decimals() {
        for (text, e7) in [
            ("113.7400000", 1_137_400_000),
            ("34.395", 343_950_000),
            ("-0.0000001", -1),
            ("113.73999995", 1_137_400_000),
            ("113.73999994", 1_137_399_999),
            ("180", 1_800_000_000),
        ] {
            assert_eq!(text.parse::<Degrees>().unwrap().0, e7, "{text}");
        }
        assert_eq!(Degrees(1_137_400_000).to_string(), "113.7400000");
        assert_eq!(Degrees(-1).to_string(), "-0.0000001");
        for text in ["", "113,74", "1e2", ".5", "5.", "113°", "12345678901"] {
            assert!(text.parse::<Degrees>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_point_is_stored_as_decimal_text() {
        let text =
            r#"{"lon":"113.7400000","lat":"34.3950000","accuracy_dm":120,"crs_source":"wgs84"}"#;
        let read: GeoPoint = serde_json::from_str(text).unwrap();
        assert_eq!(read.lon_e7, Degrees(1_137_400_000));
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
        assert!(serde_json::from_str::<GeoPoint>(r#"{"lon":113.74,"lat":34.395}"#).is_err());
    }

    #[test]
    fn a_point_outside_the_box_is_kept_with_a_caution() {
        assert!(coordinates(point("113.74", "34.395")).unwrap().cautions.is_empty());
        assert!(coordinates(point("113.45", "34.25")).unwrap().cautions.is_empty());
        for (lon, lat) in [("113.4499999", "34.4"), ("113.7", "34.6800001"), ("0", "0")] {
            let checked = coordinates(point(lon, lat)).unwrap();
            assert_eq!(checked.cautions, [Caution::OutsidePlausibleBox], "{lon} {lat}");
        }
    }

    #[test]
    fn projected_metres_are_never_degrees() {
        let metres = point("38476012.35", "3806321.07");
        assert!(is_projected(metres.lon_e7));
        assert!(!is_projected(point("113.74", "34.4").lon_e7));
        assert_eq!(coordinates(metres).unwrap_err().code, FaultCode::OutOfRange);
        // 经纬度写反: latitude and longitude exchanged.
        assert!(coordinates(point("34.395", "113.74")).is_err());
    }
}
