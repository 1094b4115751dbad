//! Demands and gas-on applications through each of the channels.

use serde_json::json;

use crate::cast::{Case, Cast};
use crate::sheets;

/// Every channel but the project's own, with who came through it.
const SMALL: [(&str, &str); 6] = [
    ("gov_portal", "residential_scattered"),
    ("wechat_oa", "residential_scattered"),
    ("zaidexinzheng_app", "residential_scattered"),
    ("business_hall", "residential_scattered"),
    ("hotline", "residential_scattered"),
    ("on_site", "non_residential_micro"),
];

/// Households and a shop ask for gas, each through another channel; their
/// papers are all there.
pub fn demands(cast: &mut Cast) -> Vec<Case> {
    cast.company.close();
    let cases: Vec<_> = SMALL
        .iter()
        .enumerate()
        .map(|(number, (channel, segment))| {
            let demand = json!({
                "channel": channel, "kind": "application", "segment": segment,
                "external_serial": format!("JB-{number}"), "basic": sheets::basic_small(number, segment),
            });
            let id = cast.of("manager").create("submit_demand", demand);
            accept(cast, &id, segment);
            Case { id, segment, channel }
        })
        .collect();
    cast.company.open();
    cast.deliver("manager");
    cases
}

fn accept(cast: &Cast, id: &str, segment: &str) {
    let codes = match segment {
        "residential_scattered" => ["MT01", "MT02", "MT14", "MT23"],
        _ => ["MT04", "MT12", "MT13", "MT23"],
    };
    for code in codes {
        let came = json!({ "code": code, "source": "gov_share", "doc_no": format!("{code}-77"), "query_receipt": format!("CX-{code}") });
        cast.act("manager", "receive_material", id, came);
    }
    cast.act("manager", "accept_case", id, json!({}));
    cast.act("manager", "push_to_tech", id, json!({ "demand_m3h": "2.500" }));
}

/// Each case is applied for through its own channel, with the manager's help.
pub fn apply(cast: &Cast, cases: &[Case]) {
    for case in cases {
        let applied = json!({
            "channel": case.channel, "applicant": sheets::CONTACT,
            "external_serial": format!("TQ-{}", case.channel),
        });
        cast.act("manager", "submit_gas_on", &case.id, applied);
    }
    cast.deliver("manager");
    for case in cases {
        let body = cast.of("manager").confirmed(&case.id);
        assert_eq!(body["state"], "gas_on_applied", "{}", case.channel);
        assert_eq!(body["gas"]["application"]["channel"], case.channel);
    }
}
